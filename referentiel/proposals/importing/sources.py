"""The files of a folder or of a zip, as bytes. Whatever could lead out of it, deceive or swell is refused before it is
read, and again while it is."""

import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

from referentiel.criteria.paths import Kind, is_allowed
from referentiel.proposals.importing.report import Report, Verdict

WHOLE = 20 * 1024 * 1024
"""Bytes of a whole import, as it is sent and as it unfolds"""
LONGEST_FILE = 512 * 1024
MOST_FILES = 5_000
MOST_RATIO = 200
"""How many times smaller than its content a zip may be"""
LONGEST_NAME = 200
ASIDE = frozenset({"LICENCE", "LISEZ-MOI.txt", "EMPREINTES.txt"})
"""What stands beside the text, at its root, and is not a part of it"""
_OURS = frozenset({kind.value for kind in Kind} | {"traductions", "annexes"})
_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENTRY = b"PK\x01\x02"
_ENCRYPTED, _IN_UTF8 = 0x1, 0x800

Files = Mapping[str, bytes]


def files_of(source: Path, report: Report) -> Files:
    """Path → bytes, the paths as the library writes them. What is refused is in the report, and is not read."""
    found = _of_folder(source, report) if source.is_dir() else _of_archive(source, report)
    return {} if report.refused else found


def fault_of_name(name: str) -> str:
    """Why nothing of this name is read, in French; an empty string when it may be."""
    if not name.isprintable() or not name.isascii():
        return _unreadable(name)
    parts = name.split("/")
    if "\\" in name or name.startswith("/") or re.match("[A-Za-z]:", name) or {"", ".", ".."} & set(parts):
        return "ce nom mène hors de l’import : donnez un chemin simple, comme « criteres/E4.md »."
    if any(part.lower() == ".git" or part.startswith(".") for part in parts):
        return "un fichier caché n’entre pas : donnez le texte seul (« git archive --format=zip -o texte.zip HEAD »)."
    if any(_DEVICES.fullmatch(part) for part in parts):
        return "ce nom est réservé par certains ordinateurs : changez-le."
    if len(name) > LONGEST_NAME:
        return f"ce nom est trop long : {LONGEST_NAME} signes au plus."
    return ""


def _unreadable(name: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in name):
        return "ce nom n’est pas en UTF-8 : renommez le fichier."
    if not unicodedata.is_normalized("NFC", name):
        return "les accents de ce nom sont écrits en deux caractères : renommez le fichier."
    return "ce nom contient un caractère qui n’entre pas dans une adresse : lettres sans accent, chiffres et tirets."


def shown(name: str) -> str:
    """A name as a terminal may print it: what is hidden or would move the cursor is written out."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape", "replace").decode() for one in name)


def _named(names: Iterable[str], report: Report) -> dict[str, str]:
    """Name → path in the text. A folder around everything, as archives have one, is left out."""
    names = list(names)
    around = _around(names)
    found: dict[str, str] = {}
    seen: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        path = name.removeprefix(around)
        fault = fault_of_name(path)
        if not fault and path in ASIDE and path not in taken:
            taken.add(path)
            report.say(Verdict.ASIDE, path, "à côté du texte : n’est pas repris.")
            found[name] = path
            continue
        if not fault and not is_allowed(path):
            fault = "ce nom n’est pas celui d’un fichier du référentiel : renommez-le, ou retirez-le."
        same = seen.setdefault(path.casefold(), path)
        if not fault and (same != path or path in taken):
            fault = f"deux fichiers ont ce nom, aux majuscules près ({shown(same)}) : gardez-en un."
        if fault:
            report.refuse(shown(name), fault)
        else:
            found[name] = path
            taken.add(path)
    return found


def _around(names: list[str]) -> str:
    first = {name.partition("/")[0] for name in names}
    alone = first.pop() if len(first) == 1 else ""
    if alone in _OURS or not _FOLDER.fullmatch(alone) or not all("/" in name for name in names):
        return ""
    return f"{alone}/"


def _of_folder(folder: Path, report: Report) -> dict[str, bytes]:
    names = []
    for name, fault in _walk(folder):
        if fault:
            report.refuse(shown(name), fault)
        else:
            names.append(name)
        if len(names) > MOST_FILES:
            report.refuse(shown(folder.name), f"ce dossier a plus de {MOST_FILES} fichiers.")
            return {}
    paths = _named(names, report)
    found: dict[str, bytes] = {}
    if report.refused:
        return found
    left = WHOLE
    for name, path in paths.items():
        content = _read_file(folder / name, path, report)
        left -= len(content)
        if left < 0:
            report.refuse(shown(folder.name), _too_large())
            return {}
        found[path] = content
    return found


def _walk(folder: Path, before: str = "") -> Iterator[tuple[str, str]]:
    """Name and fault of each file under a folder. No link is followed."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            name = f"{before}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if fault_of_name(name):
                    yield f"{name}/", fault_of_name(name)
                else:
                    yield from _walk(Path(entry.path), f"{name}/")
            elif entry.is_symlink():
                yield name, "c’est un lien : mettez le fichier lui-même à sa place."
            elif not entry.is_file(follow_symlinks=False):
                yield name, "ce n’est pas un fichier ordinaire : retirez-le."
            else:
                yield name, ""


def _read_file(place: Path, path: str, report: Report) -> bytes:
    """What the walk saw may have been replaced since: what is opened is looked at again."""
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        report.refuse(path, f"ce fichier ne peut pas être lu ({error.strerror}).")
        return b""
    with open(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            report.refuse(path, "ce n’est pas un fichier ordinaire : retirez-le.")
            return b""
        if state.st_nlink > 1:
            report.refuse(path, "c’est un lien vers un autre fichier du disque : mettez une copie à sa place.")
            return b""
        return _within(file.read(LONGEST_FILE + 1), path, report)


def _of_archive(archive: Path, report: Report) -> dict[str, bytes]:
    label = shown(archive.name)
    if not archive.is_file():
        report.refuse(label, "ce n’est ni un dossier ni un fichier ordinaire.")
        return {}
    with archive.open("rb") as file:
        data = file.read(WHOLE + 1)
    if len(data) > WHOLE:
        report.refuse(label, _too_large())
        return {}
    if data.count(_ENTRY) > MOST_FILES:
        report.refuse(label, f"cette archive a plus de {MOST_FILES} fichiers.")
        return {}
    try:
        with zipfile.ZipFile(BytesIO(data)) as opened:
            entries = opened.infolist()
            _check_entries(label, entries, len(data), report)
            if report.refused:
                return {}
            return _read_entries(opened, [one for one in entries if not one.is_dir()], report)
    except _BROKEN:
        report.refuse(label, "ce fichier n’est pas un zip lisible : faites l’archive de nouveau.")
        return {}


def _read_entries(opened: zipfile.ZipFile, entries: list[zipfile.ZipInfo], report: Report) -> dict[str, bytes]:
    paths = _named([one.orig_filename for one in entries], report)
    if report.refused:
        return {}
    found = {}
    for one in entries:
        path = paths[one.orig_filename]
        found[path] = _within(_unfolded(opened, one, path, report), path, report)
    return found


def _check_entries(label: str, entries: list[zipfile.ZipInfo], size: int, report: Report) -> None:
    """What the directory of the archive says, before anything is unfolded."""
    total = sum(one.file_size for one in entries)
    if total > WHOLE or total > MOST_RATIO * max(size, 1):
        report.refuse(label, _too_large())
    for one in entries:
        kind = stat.S_IFMT(one.external_attr >> 16)
        name = one.orig_filename
        fault = ""
        if kind == stat.S_IFLNK:
            fault = "c’est un lien : mettez le fichier lui-même à sa place."
        elif kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (kind == stat.S_IFDIR) > one.is_dir():
            fault = "ce n’est pas un fichier ordinaire : retirez-le."
        elif one.flag_bits & _ENCRYPTED:
            fault = "ce fichier est chiffré : faites une archive sans mot de passe."
        elif one.compress_type not in _METHODS:
            fault = "ce fichier est compressé d’une façon que nous ne lisons pas : faites un zip ordinaire."
        elif one.file_size > LONGEST_FILE:
            fault = _too_long()
        elif one.is_dir():
            fault = fault_of_name(name.rstrip("/")) or ("un dossier ne contient rien." if one.file_size else "")
        elif not name.isascii() and not one.flag_bits & _IN_UTF8:
            fault = "ce nom n’est pas en UTF-8 : renommez le fichier."
        if fault:
            report.refuse(shown(name), fault)


def _unfolded(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, report: Report) -> bytes:
    try:
        with opened.open(entry) as stream:
            return stream.read(LONGEST_FILE + 1)
    except _BROKEN:
        report.refuse(path, "ce fichier est abîmé dans l’archive : faites-la de nouveau.")
        return b""


def _within(content: bytes, path: str, report: Report) -> bytes:
    if len(content) > LONGEST_FILE:
        report.refuse(path, _too_long())
        return b""
    return content


def _too_large() -> str:
    return f"l’import dépasse {WHOLE // 1024 // 1024} Mo, une fois déplié : donnez le texte seul, ou en plusieurs fois."


def _too_long() -> str:
    return f"ce fichier dépasse {LONGEST_FILE // 1024} Ko : ce n’est pas un texte du référentiel."
