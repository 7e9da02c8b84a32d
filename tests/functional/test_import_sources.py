"""What an import may be made of: nothing that leads out of it, deceives, hides or swells is ever read."""

import io
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from referentiel.library.library import Library
from referentiel.proposals.importing.actions import examine
from referentiel.proposals.importing.report import Report, Verdict
from referentiel.proposals.importing.sources import LONGEST_FILE, MOST_FILES, WHOLE, files_of
from tests.importing import Content, write, zipped
from tests.patience import patience

E4 = "criteres/E4.md"
TEXT = "---\ncode: E4\n---\n"

HOSTILE_NAMES = (
    ".gitmodules",
    ".git/config",
    "content/.GIT/hooks/x",
    "../x.md",
    "CON.md",
    "pages/con.md",
    "/etc/passwd",
    "C:/criteres/E4.md",
    "criteres\\E4.md",
    "criteres//E4.md",
    "./criteres/E4.md",
    "criteres/../criteres/E4.md",
    "criteres/E4.md/",
    "criteres/E4.MD",
    "criteres/e4.md",
    "criteres/E4.md.exe",
    "criteres/E\u0301.md",
    "pages/methode\u202e.md",
    "pages/caf\u00e9.md",
    "pages/a\x07b.md",
    "pages/" + "a" * 230 + ".md",
    "autre/E4.md",
    "criteres/nouveau-1.md",
    "traductions/fr/../../x.md",
)


def looked_at(source: Path) -> tuple[dict[str, bytes], list[str]]:
    report = Report()
    with patience(20):
        found = files_of(source, report)
    return dict(found), [f"{line.path} : {line.words}" for line in report.lines if line.verdict is Verdict.REFUSED]


def entry(name: str, *, mode: int = stat.S_IFREG | 0o644, flags: int | None = None) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    if flags is not None:
        made.flag_bits = flags
    return made


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_that_is_not_one_of_ours_is_refused_in_a_zip(name: str, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "texte.zip", [(entry(name), TEXT), (entry(E4), TEXT)])
    found, refused = looked_at(archive)
    assert found == {}
    assert refused
    assert all(line.isprintable() for line in refused), "what a terminal shows moves no cursor"


@pytest.mark.parametrize(
    "name", [n for n in HOSTILE_NAMES if "\\" not in n and n == os.path.normpath(n) and not n.startswith(("/", ".."))]
)
def test_a_name_that_is_not_one_of_ours_is_refused_in_a_folder(name: str, tmp_path: Path) -> None:
    place = write(tmp_path / "texte", {name: TEXT, "glossaire/aci.md": TEXT})
    assert looked_at(place)[0] == {}
    assert looked_at(place)[1]


def test_a_name_that_is_no_text_at_all_is_refused(tmp_path: Path) -> None:
    place = write(tmp_path / "texte", {E4: TEXT})
    (place / os.fsdecode(b"criteres/E\xff.md")).write_text(TEXT)
    (line,) = looked_at(place)[1]
    assert line == "criteres/E\\udcff.md : ce nom n’est pas en UTF-8 : renommez le fichier."
    archive = tmp_path / "texte.zip"
    zipped(archive, {"criteres/Eyy.md": TEXT})
    archive.write_bytes(archive.read_bytes().replace(b"Eyy", b"E\x82\xff"))
    assert "UTF-8" in looked_at(archive)[1][0]
    zipped(archive, {"criteres/E4yyy.md": TEXT})
    archive.write_bytes(archive.read_bytes().replace(b"E4yyy.md", b"E4.md\0.x"))
    assert looked_at(archive)[0] == {}
    assert looked_at(archive)[1]


def test_links_and_what_is_no_file_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(TEXT)
    makers: tuple[Callable[[Path], object], ...] = (
        lambda place: place.symlink_to(secret),
        lambda place: place.hardlink_to(secret),
        lambda place: place.symlink_to(tmp_path),
        os.mkfifo,
    )
    for number, make in enumerate(makers):
        place = write(tmp_path / f"texte-{number}", {"glossaire/aci.md": TEXT})
        (place / "criteres").mkdir()
        make(place / E4)
        found, refused = looked_at(place)
        assert found == {}
        assert refused[0].startswith(E4)
    place = tmp_path / "dossier"
    place.mkdir()
    (place / "criteres").symlink_to(tmp_path)
    assert "c’est un lien" in looked_at(place)[1][0]


@pytest.mark.parametrize(
    "mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644, stat.S_IFDIR | 0o755]
)
def test_what_is_no_file_in_a_zip_is_refused(mode: int, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "texte.zip", [(entry(E4, mode=mode), "/etc/passwd")])
    assert looked_at(archive)[0] == {}
    assert looked_at(archive)[1][0].startswith(E4)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = zipped(tmp_path / "deux.zip", [(E4, TEXT), (E4, "autre\n")])
    assert "deux fichiers ont ce nom" in looked_at(twice)[1][0]
    alike = {"annexes/dep-2A/pages/a.md": TEXT, "annexes/dep-2a/pages/a.md": TEXT}
    assert "aux majuscules près" in looked_at(zipped(tmp_path / "pareils.zip", alike))[1][0]
    assert "aux majuscules près" in looked_at(write(tmp_path / "pareils", alike))[1][0]


def test_an_archive_that_swells_is_refused_before_it_is_unfolded(tmp_path: Path) -> None:
    huge = zipped(tmp_path / "bombe.zip", {f"glossaire/a{n}.md": b"a" * LONGEST_FILE for n in range(100)})
    assert huge.stat().st_size < 100_000
    assert "dépasse 20 Mo" in looked_at(huge)[1][0]
    dense = zipped(tmp_path / "dense.zip", {f"glossaire/a{n}.md": b"a" * LONGEST_FILE for n in range(30)})
    assert "dépasse 20 Mo" in looked_at(dense)[1][0], "too many times larger than it is"
    long = zipped(tmp_path / "long.zip", [(E4, os.urandom(LONGEST_FILE).hex())])
    assert "dépasse 512 Ko" in looked_at(long)[1][0]


def test_an_archive_that_lies_about_its_sizes_gives_nothing(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "texte.zip", {E4: b"a" * 4_000_000})
    said, true = struct.pack("<I", 10), struct.pack("<I", 4_000_000)
    assert archive.read_bytes().count(true) == 2
    archive.write_bytes(archive.read_bytes().replace(true, said))
    found, refused = looked_at(archive)
    assert max(map(len, found.values()), default=0) <= 10
    assert refused


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "un.zip", {"criteres/E4.md": TEXT, "criteres/E5.md": TEXT}).read_bytes())
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    (tmp_path / "un.zip").write_bytes(data)
    assert looked_at(tmp_path / "un.zip")[1]


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    many = zipped(tmp_path / "nombreux.zip", {f"glossaire/a{n}.md": b"" for n in range(MOST_FILES + 1)})
    assert "plus de 5000 fichiers" in looked_at(many)[1][0]


def test_a_folder_and_an_archive_have_the_same_size_at_most(tmp_path: Path) -> None:
    place = tmp_path / "texte"
    write(place, {f"glossaire/a{n}.md": b"a" * LONGEST_FILE for n in range(WHOLE // LONGEST_FILE + 1)})
    assert "dépasse 20 Mo" in looked_at(place)[1][0]
    write(tmp_path / "long", {E4: b"a" * (LONGEST_FILE + 1)})
    assert "dépasse 512 Ko" in looked_at(tmp_path / "long")[1][0]
    with (tmp_path / "gros.zip").open("wb") as file:
        file.truncate(WHOLE + 1)
    assert "dépasse 20 Mo" in looked_at(tmp_path / "gros.zip")[1][0]


def test_what_is_encrypted_damaged_or_no_zip_is_refused(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "texte.zip", {E4: TEXT}).read_bytes()
    central = whole.index(b"PK\x01\x02")
    encrypted = bytearray(whole)
    encrypted[6] |= 1
    encrypted[central + 8] |= 1
    damaged = bytearray(whole)
    damaged[whole.index(b"E4.md") + 7] ^= 0xFF
    unknown = bytearray(whole)
    unknown[8], unknown[central + 10] = 97, 97
    cases: dict[str, tuple[Content, str]] = {
        "chiffre": (bytes(encrypted), "chiffré"),
        "abime": (bytes(damaged), "abîmé"),
        "inconnu": (bytes(unknown), "zip ordinaire"),
        "coupe": (whole[:-30], "pas un zip lisible"),
        "vide": (b"", "pas un zip lisible"),
        "texte": (b"Un texte.", "pas un zip lisible"),
    }
    for name, (content, words) in cases.items():
        write(tmp_path, {f"{name}.zip": content})
        found, refused = looked_at(tmp_path / f"{name}.zip")
        assert found == {}
        assert words in refused[0], name
    os.mkfifo(tmp_path / "tuyau.zip")
    assert "ni un dossier ni un fichier" in looked_at(tmp_path / "tuyau.zip")[1][0]


def test_a_folder_around_the_text_is_left_out_and_what_stands_beside_it_is_said(tmp_path: Path) -> None:
    files = {f"texte-2026/{E4}": TEXT, "texte-2026/LICENCE": "Licence", "texte-2026/LISEZ-MOI.txt": "Lisez"}
    assert set(looked_at(zipped(tmp_path / "texte.zip", files))[0]) == {E4, "LICENCE", "LISEZ-MOI.txt"}
    assert set(looked_at(zipped(tmp_path / "seul.zip", {E4: TEXT}))[0]) == {E4}


def test_an_empty_import_brings_nothing(library: Library, tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    with zipfile.ZipFile(tmp_path / "vide.zip", "w"):
        pass
    for source in (tmp_path / "vide", tmp_path / "vide.zip"):
        made = examine(library, source)
        assert (made.report.lines, made.path) == ([], "")
    assert io.BytesIO((tmp_path / "vide.zip").read_bytes()).read(2) == b"PK"
