"""Sealed files: the same bytes everywhere, nothing half published, one changed byte is named."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from referentiel.commands.init import CONTENT
from referentiel.criteria.document import Document
from referentiel.criteria.rendering import plain_lines
from referentiel.editions.edition import STARTING_STATUS, Edition, in_force, newer_than
from referentiel.editions.numbering import Number
from referentiel.editions.sealing import sealing, tidying, verification
from referentiel.editions.sealing.building import build
from referentiel.editions.sealing.sealing import manifest, recover, seal
from referentiel.editions.sealing.tidying import faults
from referentiel.editions.shelf import PUBLISHED, Shelf
from referentiel.editions.summary import Card, Summary
from referentiel.errors import Busy, FileError, Refused, Unknown
from referentiel.library.failures import Failpoints
from referentiel.library.library import Library

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
FIRST = Number(2026, 0)


def described(library: Library, number: Number = FIRST, **more: object) -> Edition:
    facts: dict[str, object] = {
        "number": number,
        "commit": library.head(),
        "previous": "",
        "published": date(2026, 1, 5),
        "applies": date(2026, 1, 5),
        "status": STARTING_STATUS,
        "note": "",
        "audit": "0" * 64,
        "builder": "referentiel 0.1.0",
        "versions": "jinja2 3",
    }
    return Edition(**(facts | more))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library.create(tmp_path_factory.mktemp("texts") / "library.git", CONTENT, at=AT)


@pytest.fixture(scope="module")
def files(texts: Library) -> dict[str, bytes]:
    return build(texts, described(texts))


@pytest.fixture
def house(tmp_path: Path) -> Library:
    """A library of three small files: sealing it takes a moment."""
    content = tmp_path / "content"
    for path in ("referentiel.md", "chapitres/E.md", "criteres/E4.md", "LICENCE"):
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_bytes((CONTENT / path).read_bytes())
    return Library.create(tmp_path / "library.git", content, at=AT)


@pytest.fixture
def folder(house: Library) -> Path:
    return house.path.parent / "editions"


# --- what is sealed


def test_every_text_is_sealed_as_it_is_in_the_library(texts: Library, files: dict[str, bytes]) -> None:
    tree = texts.files(texts.head())
    assert {path: files[path].decode() for path in tree} == {path: texts.text(blob) for path, blob in tree.items()}


@pytest.mark.parametrize("form", ["referentiel.html", "referentiel.json"])
def test_every_plain_sentence_of_every_criterion_is_in_each_format_in_order(
    form: str, texts: Library, files: dict[str, bytes]
) -> None:
    data = json.loads(files["referentiel.json"])
    order = [criterion["code"] for chapter in data["chapitres"] for criterion in chapter["criteres"]]
    assert len(order) == len(set(order)) == sum(path.startswith("criteres/") for path in texts.files(texts.head()))
    whole = files[form].decode().replace("&#39;", "'")
    place = 0
    for code in order:
        document = Document.read(texts.read(f"criteres/{code}.md").text)
        for line in plain_lines(document.section("Facile à lire") or ""):
            found = whole.find(line, place)
            assert found >= 0, f"{code}: {line}"
            place = found


def test_each_criterion_has_a_page_that_says_its_edition(files: dict[str, bytes]) -> None:
    page = files["criteres/E4.html"].decode()
    assert "<h1>Passer d’une étape à l’autre sans trou</h1>" in page
    assert f"Édition 2026.0, {STARTING_STATUS}" in page
    assert "n’ont pas encore relu ce texte" in page
    assert "<script" not in page
    assert "style=" not in page


def test_each_download_says_that_it_is_neither_law_nor_control(files: dict[str, bytes]) -> None:
    said = "n’est ni une règle de droit, ni un contrôle"
    assert said in files["referentiel.html"].decode()
    assert said in json.loads(files["referentiel.json"])["avertissement"]
    with zipfile.ZipFile(BytesIO(files["referentiel.zip"])) as archive:
        assert said in archive.read("referentiel-2026.0/LISEZ-MOI.txt").decode()
        assert archive.testzip() is None


def test_the_whole_page_needs_nothing_else(files: dict[str, bytes]) -> None:
    whole = files["referentiel.html"].decode()
    for word in (" src=", "<link", "<script", "url(", "@import"):
        assert word not in whole


def test_the_summary_is_read_back_as_it_was_sealed(texts: Library, files: dict[str, bytes]) -> None:
    tree = texts.files(texts.head())
    summary = Summary.of(tree, lambda path: Card.of(Document.read(texts.text(tree[path]), path)))
    assert Summary.from_data(json.loads(files["sommaire.json"])) == summary
    assert summary.blobs == tree
    assert [chapter.code for chapter in summary.chapters] == list("ABCDEFG")
    assert [line.code for line in summary.chapters[4].criteria] == ["E1", "E2", "E3", "E4", "E5", "E6"]
    before, after = summary.neighbours("E1")
    assert before is not None
    assert after is not None
    assert (before.code, after.code) == ("D5", "E2")


# --- the same bytes

BUILD = """
import sys
from datetime import date
from pathlib import Path
from referentiel.editions.sealing.building import build
from referentiel.editions.sealing.sealing import manifest
from referentiel.library.failures import Failpoints
from referentiel.library.library import Library
from tests.unit.test_sealing import described
library = Library.open(Path(sys.argv[1]))
for path, digest in manifest(build(library, described(library))).items():
    print(digest, path)
"""


def test_another_process_folder_zone_language_and_seed_give_the_same_bytes(
    texts: Library, files: dict[str, bytes], tmp_path: Path
) -> None:
    expected = "".join(f"{digest} {path}\n" for path, digest in manifest(files).items())
    elsewhere = {
        "PYTHONHASHSEED": "4242",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONUTF8": "1",
    }
    answer = subprocess.run(
        [sys.executable, "-c", BUILD, str(texts.path)],
        cwd=tmp_path,
        env=os.environ | elsewhere,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout == expected


# --- the seal


def test_the_seal_is_read_back_as_it_is_written(texts: Library) -> None:
    edition = described(texts, note="Deux changements.", previous="2025.3", manifest={"a/b.md": "0" * 64})
    assert Edition.read("2026.0", edition.message) == edition


def test_git_and_the_folder_tell_the_same_edition(house: Library, folder: Path) -> None:
    sealed = seal(house, folder, described(house), at=AT)
    (tag,) = house.editions()
    assert Edition.of(tag.number, tag.header, tag.manifest) == sealed == Shelf(folder).edition("2026.0")
    assert tag.commit == sealed.commit
    assert faults(folder, sealed) == []


def test_anyone_can_check_a_file_with_its_digest(house: Library, folder: Path) -> None:
    sealed = seal(house, folder, described(house), at=AT)
    for path, digest in sealed.manifest.items():
        assert hashlib.sha256(Path(Shelf(folder).sealed("2026.0", path)).read_bytes()).hexdigest() == digest


def test_one_byte_flipped_is_named(house: Library, folder: Path) -> None:
    sealed = seal(house, folder, described(house), at=AT)
    victim = folder / "2026.0" / "scelle" / "criteres" / "E4.html"
    victim.chmod(0o644)
    data = bytearray(victim.read_bytes())
    data[40] ^= 1
    victim.write_bytes(data)
    (folder / "2026.0" / "scelle" / "intrus.txt").write_text("x")
    assert faults(folder, sealed) == ["criteres/E4.html", "intrus.txt"]


def test_the_same_number_twice_leaves_the_first_untouched(house: Library, folder: Path) -> None:
    first = seal(house, folder, described(house), at=AT)
    with pytest.raises((OSError, Refused)):
        seal(house, folder, described(house, note="autre"), at=AT)
    assert faults(folder, first) == []
    assert Shelf(folder).edition("2026.0") == first


def test_a_number_that_goes_backwards_is_refused_with_what_to_do(house: Library, folder: Path) -> None:
    newer = seal(house, folder, described(house, number=Number(2026, 2)), at=AT)
    for number in (FIRST, Number(2026, 1), Number(2025, 9), Number(2026, 1, 4)):
        with pytest.raises(Refused, match=r"avant celui de la dernière édition, 2026\.2 : préparez-la"):
            seal(house, folder, described(house, number=number), at=AT)
    assert [str(edition.number) for edition in Shelf(folder).editions()] == ["2026.2"]
    assert faults(folder, newer) == []
    assert sorted(path.name for path in folder.iterdir()) == [".verrou", "2026.2"]


def test_a_number_that_only_git_remembers_is_not_used_twice(house: Library, folder: Path) -> None:
    seal(house, folder, described(house), at=AT)
    tidying.remove(folder / "2026.0")
    with pytest.raises(Refused, match=r"2026\.0 existe déjà"):
        seal(house, folder, described(house, note="autre"), at=AT)
    assert house.edition("2026.0").header.get("note") is None


def test_building_holds_nothing_that_a_writer_waits_for(house: Library, folder: Path) -> None:
    free: list[str] = []

    def step(name: str) -> None:
        if name in ("built", "written"):
            with house.writing():
                free.append(name)

    seal(house, folder, described(house), at=AT, step=step)
    assert free == ["built", "written"]


def test_a_library_that_is_held_too_long_leaves_nothing_and_is_asked_again(house: Library, folder: Path) -> None:
    house.patience = 0.1
    other = Library.open(house.path)
    with other.writing(), pytest.raises(Busy):
        seal(house, folder, described(house), at=AT)
    assert sorted(path.name for path in folder.iterdir()) == [".verrou"]
    assert house.editions() == ()
    seal(house, folder, described(house), at=AT)


def test_whatever_a_value_holds_it_stays_on_its_line_of_the_seal(texts: Library) -> None:
    hostile = "Un.\n\n0000  criteres/E4.md\r\x0bcommit: autre\u2028status: faux\x85site: x"
    edition = described(texts, note=hostile, status=hostile, manifest={"a/b.md": "0" * 64})
    read = Edition.read("2026.0", edition.message)
    assert (read.commit, read.site, dict(read.manifest)) == (edition.commit, "", {"a/b.md": "0" * 64})
    assert read.note == read.status == "Un. 0000 criteres/E4.md commit: autre status: faux site: x"


# --- crashes


class Crash(BaseException):
    """The process dies here."""


def dies_at(name: str) -> Failpoints:
    def step(reached: str) -> None:
        if reached == name:
            raise Crash

    return step


@pytest.mark.parametrize("step", ["written", "in place"])
def test_a_crash_before_the_tag_publishes_nothing_and_is_cleaned(house: Library, folder: Path, step: str) -> None:
    with pytest.raises(Crash):
        seal(house, folder, described(house), at=AT, step=dies_at(step))
    assert [path for path in folder.iterdir() if path.is_dir()], "the crash came too early to leave anything"
    assert Shelf(folder).editions() == ()
    recover(house, folder)
    assert not [path for path in folder.iterdir() if path.is_dir()]
    seal(house, folder, described(house), at=AT)
    assert [str(edition.number) for edition in Shelf(folder).editions()] == ["2026.0"]


def test_a_crash_just_after_the_tag_is_finished(house: Library, folder: Path) -> None:
    with pytest.raises(Crash):
        seal(house, folder, described(house), at=AT, step=dies_at("tagged"))
    assert Shelf(folder).editions() == ()
    recover(house, folder)
    assert [str(edition.number) for edition in Shelf(folder).editions()] == ["2026.0"]


def test_a_lost_folder_is_built_again_from_its_tag(house: Library, folder: Path) -> None:
    sealed = seal(house, folder, described(house), at=AT)
    kept = (folder / "2026.0" / "scelle" / "criteres" / "E4.html").read_bytes()
    tidying.remove(folder / "2026.0")
    recover(house, folder)
    assert faults(folder, sealed) == []
    assert (folder / "2026.0" / "scelle" / "criteres" / "E4.html").read_bytes() == kept


def test_what_cannot_be_built_the_same_is_refused_and_nothing_moves(
    house: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(house, folder, described(house), at=AT)
    (folder / "2026.0" / PUBLISHED).unlink()
    victim = folder / "2026.0" / "scelle" / "criteres" / "E4.html"
    victim.chmod(0o644)
    victim.write_text("abîmé")
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "build", lambda *_: {"criteres/E4.html": b"other"})
        with pytest.raises(sealing.NotTheSame):
            recover(house, folder)
    assert victim.read_text() == "abîmé"
    recover(house, folder)
    assert "Passer d’une étape" in victim.read_text()


def test_a_full_disk_leaves_nothing_visible(house: Library, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            seal(house, folder, described(house), at=AT)
    assert Shelf(folder).editions() == ()
    assert house.editions() == ()
    seal(house, folder, described(house), at=AT)


def test_a_criterion_that_cannot_be_read_stops_the_seal_and_says_where(
    house: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Library, "text", lambda *_: "pas d’en-tête\n")
        with pytest.raises(FileError, match=r"ligne 1"):
            seal(house, folder, described(house), at=AT)
    assert Shelf(folder).editions() == ()


def test_verify_names_what_disagrees_and_mends_it(house: Library, folder: Path) -> None:
    seal(house, folder, described(house), at=AT)
    assert list(verification.check(house)) == []
    place = folder / "2026.0"
    victim = place / "scelle" / "criteres" / "E4.html"
    victim.chmod(0o644)
    victim.write_text("abîmé")
    (place / "sceau").chmod(0o644)
    (place / "sceau").write_text("commit: autre\n")
    shutil.copytree(place, folder / "2027.1")
    found = [str(finding) for finding in verification.check(house)]
    assert len(found) == 3, found
    assert any("criteres/E4.html" in line for line in found)
    assert any("sceau" in line for line in found)
    assert any("2027.1" in line for line in found)
    sealing.mend(house, folder)
    assert list(verification.check(house)) == []
    tidying.remove(place)
    assert "le dossier manque" in str(*verification.check(house))
    sealing.mend(house, folder)
    assert list(verification.check(house)) == []


# --- the shelf

HOSTILE = [
    *("../library.git/HEAD", "..", ".", "", "/etc/passwd", "criteres/../../sceau", "criteres/E4", "criteres/e4.md"),
    *("--output=/tmp/pwn", "-n1", "HEAD", ":/m", "main^{/secret}", "%00", "$(touch /tmp/x)", "criteres/E4.md\x00"),
]


@pytest.mark.parametrize("path", HOSTILE)
def test_no_name_from_outside_reaches_the_disk(house: Library, folder: Path, path: str) -> None:
    seal(house, folder, described(house), at=AT)
    shelf = Shelf(folder)
    with pytest.raises(Unknown):
        shelf.sealed("2026.0", path)
    with pytest.raises(Unknown):
        shelf.frame("2026.0", "fr", path + "x")
    with pytest.raises(Unknown):
        shelf.edition(path)


def test_a_folder_that_is_no_edition_is_not_on_the_shelf(tmp_path: Path) -> None:
    for name in ("2026.01", "-x", "v1..2", "deadbeef" * 5, ".building-2026.0"):
        (tmp_path / name).mkdir()
        (tmp_path / name / PUBLISHED).touch()
    assert Shelf(tmp_path).editions() == ()
    assert Shelf(tmp_path / "nowhere").editions() == ()


def test_in_force_is_the_latest_whose_day_has_come() -> None:
    def one(number: Number, published: date, applies: date) -> Edition:
        return Edition(number, "c" * 40, "", published, applies, "", "", "", "", "")

    first = one(Number(2026, 0), date(2026, 1, 5), date(2026, 1, 5))
    second = one(Number(2026, 1), date(2026, 5, 1), date(2026, 6, 1))
    both = (first, second)
    assert in_force(both, date(2026, 1, 4)) is None
    assert in_force(both, date(2026, 1, 5)) is first
    assert in_force(both, date(2026, 5, 31)) is first
    assert in_force(both, date(2026, 6, 1)) is second
    assert newer_than(both, first.number) == (second,)
