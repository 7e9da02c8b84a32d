"""From the bytes of an import to documents: each fault with its file and its line. Pure."""

import re
from collections.abc import Mapping

from referentiel.criteria.document import Document
from referentiel.criteria.items import check
from referentiel.errors import FileError
from referentiel.journal.changes import unclean
from referentiel.proposals.importing.report import Report
from referentiel.proposals.importing.sources import ASIDE, Files

NOTE = "LISEZ-MOI.txt"
_COMMIT = re.compile(r"^Texte : ([0-9a-f]{40})$", re.MULTILINE)


def documents_of(files: Files, known: Mapping[str, str], report: Report) -> dict[str, Document]:
    """Path → document. A file with the bytes that we have (``known``) is not questioned: it is read as ours was."""
    found = {}
    for path, content in files.items():
        if path in ASIDE:
            continue
        try:
            text = content.decode()
            found[path] = Document.read(text, path) if known.get(path) == text else _checked(path, text)
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            report.refuse(path, "le texte n’est pas en UTF-8 : enregistrez-le dans ce codage.", line)
        except FileError as error:
            report.refuse(path, error.message, error.line)
    return found


def commit_named(files: Files) -> str:
    """The version of the text that our own archives say they hold; empty when nothing says it."""
    match = _COMMIT.search(files.get(NOTE, b"").decode(errors="replace"))
    return match[1] if match else ""


def _checked(path: str, text: str) -> Document:
    document = check(path, text)
    if not text.endswith("\n"):
        raise FileError(path, text.count("\n") + 1, "ajoutez une fin de ligne à la dernière ligne.")
    fault = unclean(text)
    if fault:
        raise FileError(path, 1, f"{fault}.")
    return document
