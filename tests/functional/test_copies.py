"""The editions copied to a folder: a site that needs no server, and says to the letter what was sealed."""

import gzip
import hashlib
import http.client
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest
from sqlalchemy import select

from referentiel.app import create_app
from referentiel.cli import main
from referentiel.config import Settings
from referentiel.database import db, session
from referentiel.editions import queries
from referentiel.editions.copies.writing import MARK, copy
from referentiel.errors import Refused, Unknown
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.web import stores
from tests.cast import PEOPLE, Someone, environment
from tests.conftest import fill
from tests.edition_lives import adopted, published, second_edition
from tests.nginx import needed, nginx
from tests.pages import headings, identifiers, labels, names, parse, third_parties

pytestmark = pytest.mark.xdist_group("copies")

DAY = date(2026, 11, 22)
SITE = "http://127.0.0.1:8000"
DOCUMENTED = Path(__file__).parents[2] / "docs" / "nginx" / "copie.conf"


@pytest.fixture
def place(library: Library, amina: Someone, chloe: Someone, denis: Someone, tmp_path: Path) -> Path:
    """A copy of two editions, with the library that they come from."""
    second_edition(library, amina.person, chloe.person, denis.person)
    copy(library, tmp_path / "copie", site=SITE, day=DAY)
    return tmp_path / "copie"


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, made once for the tests that only read files."""
    folder = tmp_path_factory.mktemp("copied")
    app = create_app(fill(folder / "instance"))
    with app.app_context():
        known = {person.email: person for person in session.scalars(select(Person)) if person.email}
        bruno, chloe, denis = (known[str(PEOPLE[name]["email"])] for name in ("bruno", "chloe", "denis"))
        adopted(stores.library(), bruno, chloe, denis)
        published(stores.library(), denis, chloe)
        copy(stores.library(), folder / "copie", site=SITE, day=DAY)
        session.remove()
        db.engine.dispose()
    return folder / "copie"


def test_each_page_is_whole_and_each_of_its_links_leads_to_a_file_of_the_copy(copied: Path) -> None:
    pages = [path for path in copied.rglob("*.html") if "scelle" not in path.parts]
    assert len(pages) > 130
    for path in pages:
        page = path.read_text(encoding="utf-8")
        root = parse(page)
        for check in (identifiers, headings, names, labels, third_parties):
            assert list(check(root, "")) == [], path
        for address in links(page):
            address = address.partition("#")[0].partition("?")[0]
            if address and not urlsplit(address).scheme:
                assert (path.parent / address).is_file(), (path, address)


def links(page: str) -> list[str]:
    return [piece.partition('"')[0] for piece in page.split(' href="')[1:]]


def test_a_page_of_the_copy_is_the_sealed_page_with_ways_out_of_it(library: Library, place: Path) -> None:
    shelf = queries.shelf_of(library)
    for edition in shelf.editions():
        folder = place / "editions" / str(edition.number)
        for path in ("criteres/E4.html", "pages/methode.html", "glossaire.html"):
            sealed = (shelf.path / str(edition.number) / "scelle" / "pages-seules" / path).read_text(encoding="utf-8")
            said = sealed.partition('<body class="alone">')[2]
            assert said in (folder / path).read_text(encoding="utf-8")
        for path, digest in edition.manifest.items():
            assert hashlib.sha256((folder / "scelle" / path).read_bytes()).hexdigest() == digest


def test_an_older_edition_leads_to_the_newer_one_and_says_its_own_words(copied: Path) -> None:
    old = (copied / "editions/2026.0/criteres/E4.html").read_text(encoding="utf-8")
    new = (copied / "editions/2026.1/criteres/E4.html").read_text(encoding="utf-8")
    assert 'href="../../2026.1/index.html"' in old
    assert "préparé un mois avant" not in old
    assert "préparé un mois avant" in new
    assert "Une édition plus récente" not in new


def test_the_command_that_the_copy_gives_checks_its_sealed_files(copied: Path, tmp_path: Path) -> None:
    folder = tmp_path / "2026.1"
    shutil.copytree(copied / "editions/2026.1", folder)
    page = (folder / "telecharger.html").read_text(encoding="utf-8")
    command = page.partition("<pre><code>")[2].partition("</code>")[0]
    assert run(command, folder / "scelle").returncode == 0
    sealed = folder / "scelle/criteres/E4.md"
    sealed.write_bytes(sealed.read_bytes().replace(b"Tout", b"Nul"))
    done = run(command, folder / "scelle")
    assert done.returncode != 0
    assert b"criteres/E4.md" in done.stdout


def run(command: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, check=False, capture_output=True)


def test_each_compressed_file_is_the_file_beside_it(copied: Path) -> None:
    found = list(copied.rglob("*.gz"))
    assert len(found) > 100
    for path in found:
        data = path.with_suffix("").read_bytes()
        assert gzip.decompress(path.read_bytes()) == data
        assert brotli.decompress(path.with_suffix(".br").read_bytes()) == data


def test_the_same_copy_twice_is_the_same_to_the_byte(library: Library, place: Path, tmp_path: Path) -> None:
    copy(library, tmp_path / "autre", site=SITE, day=DAY)
    assert digests(tmp_path / "autre") == digests(place)


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_copy_of_before_is_replaced_and_nothing_of_it_stays(library: Library, place: Path) -> None:
    (place / "ancien.html").write_text("ancien", encoding="utf-8")
    copy(library, place, ["2026.0"], site=SITE, day=DAY)
    assert not (place / "ancien.html").exists()
    assert [folder.name for folder in (place / "editions").iterdir()] == ["2026.0"]
    assert [path.name for path in place.parent.glob(".copie*")] == []


def test_a_folder_of_somebody_is_never_written_into(library: Library, tmp_path: Path) -> None:
    photos = tmp_path / "disque" / "photos"
    photos.mkdir(parents=True)
    (photos / "vacances.jpg").write_bytes(b"x")
    with pytest.raises(Refused, match="autre dossier"):
        copy(library, photos, site=SITE, day=DAY)
    assert [path.name for path in photos.parent.rglob("*") if path.is_file()] == ["vacances.jpg"]


def test_a_link_stays_and_the_folder_that_it_names_is_written(library: Library, tmp_path: Path) -> None:
    link, real = tmp_path / "servi", tmp_path / "disque"
    link.symlink_to("disque")
    for _ in range(2):
        copy(library, link, site=SITE, day=DAY)
        assert link.is_symlink()
        assert (real / MARK).exists()
        assert sorted(path.name for path in tmp_path.iterdir() if path in (link, real) or "-avant" in path.name) == [
            "disque",
            "servi",
        ]


@pytest.mark.parametrize("number", ["2031.1", "..", "2026.0/../..", "", "2026.0\n"])
def test_an_edition_that_does_not_exist_is_refused_and_leaves_nothing(
    library: Library, tmp_path: Path, number: str
) -> None:
    with pytest.raises(Unknown):
        copy(library, tmp_path / "copie", [number], site=SITE, day=DAY)
    assert list(tmp_path.glob("*copie*")) == []


def test_a_copy_that_cannot_be_finished_leaves_the_one_of_before(library: Library, place: Path) -> None:
    before = digests(place)
    (queries.shelf_of(library).path / "2026.1/scelle/criteres/E4.md").unlink()
    with pytest.raises(OSError, match="E4"):
        copy(library, place, site=SITE, day=DAY)
    assert digests(place) == before


def test_the_command_writes_the_copy_and_says_how_many_files(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    main(["export", "--static", str(tmp_path / "usb")])
    assert "fichiers dans" in capsys.readouterr().out
    assert (tmp_path / "usb" / MARK).exists()
    with pytest.raises(SystemExit) as left:
        main(["export", "--static", str(tmp_path / "usb"), "--edition", "1999.1"])
    assert left.value.code == 1
    assert "Cette édition n’existe pas" in capsys.readouterr().err


@pytest.fixture
def served(copied: Path, tmp_path: Path) -> Iterator[str]:
    lines = DOCUMENTED.read_text(encoding="utf-8").replace("/srv/copie", str(copied))
    with nginx(tmp_path / "nginx", lines) as address:
        yield address


@needed
def test_nginx_gives_the_copy_compressed_beforehand(copied: Path, served: str) -> None:
    for path, kind in {
        "/": "text/html",
        "/editions/2026.1/criteres/E4.html": "text/html",
        "/editions/2026.1/recherche/mots.js": "application/javascript",
        "/editions/2026.1/scelle/criteres/E4.md": "text/plain",
        "/editions/2026.1/scelle/referentiel.zip": "application/zip",
    }.items():
        connection = http.client.HTTPConnection(urlsplit(served).netloc, timeout=30)
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        data = answer.read()
        assert answer.status == 200, path
        assert answer.headers["Content-Type"].startswith(kind), path
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        if answer.headers["Content-Encoding"] == "gzip":
            data = gzip.decompress(data)
        file = copied / (path.lstrip("/") or "index.html")
        assert data == file.read_bytes()
        assert (answer.headers["Content-Encoding"] == "gzip") == file.with_name(f"{file.name}.gz").exists()
