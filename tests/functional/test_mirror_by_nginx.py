"""The public repository given by nginx, by the very lines that the guide tells operators to include."""

import http.client
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from referentiel.config import Settings
from referentiel.library import mirror
from referentiel.library.library import Library
from tests.functional.test_mirror import HOSTILE, adopt  # noqa: F401 (a fixture)
from tests.git_hands import git, references, tried
from tests.nginx import needed, nginx

DOCUMENTED = Path(__file__).parents[2] / "docs" / "nginx" / "git.conf"
AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

pytestmark = needed


@pytest.fixture
def folder(library: Library, settings: Settings) -> Path:
    place = settings.instance / mirror.FOLDER
    mirror.refresh(library, place, at=AT)
    return place


@pytest.fixture
def site(folder: Path, settings: Settings, tmp_path: Path) -> Iterator[str]:
    lines = DOCUMENTED.read_text(encoding="utf-8")
    assert lines.count("alias /srv/referentiel-public/mirror/") == 2
    lines = lines.replace("/srv/referentiel-public/mirror/", f"{(settings.instance / mirror.FOLDER).absolute()}/")
    with nginx(tmp_path / "nginx", f"{lines}\nlocation / {{ return 404; }}") as address:
        yield address


def answer(site: str, path: str, **headers: str) -> http.client.HTTPResponse:
    """The address as it is written: no client tidies it."""
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=30)
    connection.putrequest("GET", f"/git/referentiel.git/{path}".encode().decode("latin-1"), skip_host=False)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    return connection.getresponse()


def test_clone_pull_and_verify_through_nginx(
    site: str,
    folder: Path,
    library: Library,
    adopt: Callable[[], str],  # noqa: F811
    tmp_path: Path,
) -> None:
    address = f"{site}/git/referentiel.git"
    git("clone", "--quiet", address, str(tmp_path / "clone"))
    git("clone", "--quiet", "--mirror", address, str(tmp_path / "tout"))
    tag = library.edition("2026.0").tag_id
    assert references(tmp_path / "tout") == {"refs/heads/main": library.head(), "refs/tags/editions/2026.0": tag}
    for second in range(6):
        head = adopt()
        mirror.refresh(library, folder, at=AT + timedelta(seconds=second))
        git("pull", "--quiet", inside=tmp_path / "clone")
        assert git("rev-parse", "HEAD", inside=tmp_path / "clone") == head
    git("fsck", "--full", "--strict", inside=tmp_path / "clone")
    assert "shallow" in tried("clone", "--depth", "1", address, str(tmp_path / "court")).stderr


def test_lists_are_never_kept_and_packs_always(site: str, folder: Path) -> None:
    (pack,) = (folder / mirror.NAME / "objects" / "pack").glob("*.pack")
    for path in ("HEAD", "info/refs", "info/refs?service=git-upload-pack", "objects/info/packs"):
        listed = answer(site, path)
        assert listed.status == 200
        assert listed.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert listed.headers["Cache-Control"] == "no-cache"
        assert listed.headers["ETag"] is None
        assert listed.headers["Last-Modified"] is None
    for suffix, kind in ((".pack", "packed-objects"), (".idx", "packed-objects-toc")):
        given = answer(site, f"objects/pack/{pack.stem}{suffix}")
        assert (given.status, given.headers["Content-Type"]) == (200, f"application/x-git-{kind}")
        assert "immutable" in given.headers["Cache-Control"]
        assert given.read() == pack.with_suffix(suffix).read_bytes()
        same = answer(site, f"objects/pack/{pack.stem}{suffix}", If_None_Match=given.headers["ETag"])
        assert same.status == 304


def test_nginx_gives_no_other_file(site: str) -> None:
    for path in HOSTILE:
        if path == "info//refs":
            continue  # nginx reads two slashes as one
        assert answer(site, path.replace("é", "%C3%A9")).status in {400, 404}, path


def test_the_guide_includes_these_lines() -> None:
    guide = (DOCUMENTED.parents[1] / "guide" / "exploitant.md").read_text(encoding="utf-8")
    assert "docs/nginx/git.conf" in guide
