"""The other items of the text, typed like criteria, and the check of any file by its path."""

import re
import unicodedata
from dataclasses import dataclass

from referentiel.criteria.characters import unwelcome
from referentiel.criteria.criterion import Criterion, all_matching, matching, one_of, required, whole_number
from referentiel.criteria.document import Document
from referentiel.criteria.erratum import Erratum
from referentiel.criteria.paths import NEW, Kind, is_allowed, is_new, kind_and_key, tree
from referentiel.criteria.vocabulary import PLAIN_TEXT, Certainty, State
from referentiel.errors import FileError

_CHAPTER = re.compile(rf"[A-Z]|{NEW}")
_KEY = re.compile(r"[A-Z]|[a-z0-9-]+")
_ROME = re.compile(r"[A-Z][0-9]{4}")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


@dataclass(frozen=True, slots=True)
class Referential:
    """The one file at the root: title, licence, order of the chapters."""

    title: str
    licence: str
    status: str
    chapters: tuple[str, ...]
    document: Document

    @classmethod
    def of(cls, document: Document) -> "Referential":
        return cls(
            title=required(document, "titre"),
            licence=required(document, "licence"),
            status=document.value("statut") or "",
            chapters=all_matching(document, "chapitres", _CHAPTER, "A"),
            document=document,
        )


@dataclass(frozen=True, slots=True)
class Chapter:
    code: str
    title: str
    plain_title: str
    rank: int
    document: Document

    @classmethod
    def of(cls, document: Document) -> "Chapter":
        return cls(
            code=matching(document, "code", _CHAPTER, "E"),
            title=required(document, "titre"),
            plain_title=document.value("titre_facile") or "",
            rank=whole_number(document, "rang", default=0),
            document=document,
        )


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    rank: int
    document: Document

    @classmethod
    def of(cls, document: Document) -> "Page":
        return cls(required(document, "titre"), whole_number(document, "rang", default=0), document)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the glossary. ``former_names`` are the old names it answers to; ``valid_from`` is a year or a date."""

    name: str
    expansion: str
    former_names: tuple[str, ...]
    valid_from: str
    certainty: Certainty
    document: Document

    @classmethod
    def of(cls, document: Document) -> "Term":
        return cls(
            name=required(document, "terme"),
            expansion=document.value("developpe") or "",
            former_names=document.values("anciens_noms"),
            valid_from=_date(document, "valable_depuis"),
            certainty=one_of(Certainty, document, "certitude", default=Certainty.TO_CHECK),
            document=document,
        )

    @property
    def definition(self) -> str:
        return self.document.section("Définition") or self.document.section("") or ""


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    opened_by: str
    former_names: tuple[str, ...]
    valid_from: str
    valid_to: str
    certainty: Certainty
    document: Document

    @classmethod
    def of(cls, document: Document) -> "Tool":
        return cls(
            name=required(document, "nom"),
            opened_by=document.value("ouvert_par") or "",
            former_names=document.values("anciens_noms"),
            valid_from=_date(document, "valable_depuis"),
            valid_to=_date(document, "valable_jusqu"),
            certainty=one_of(Certainty, document, "certitude", default=Certainty.TO_CHECK),
            document=document,
        )

    @property
    def plain_text(self) -> str:
        return self.document.section(PLAIN_TEXT) or ""


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill; ``rome`` is its code in the national repertory, empty where it is not known."""

    name: str
    rome: str
    certainty: Certainty
    document: Document

    @classmethod
    def of(cls, document: Document) -> "Skill":
        return cls(
            name=required(document, "nom"),
            rome=matching(document, "rome", _ROME, "K1801") if document.value("rome") else "",
            certainty=one_of(Certainty, document, "certitude", default=Certainty.TO_CHECK),
            document=document,
        )

    @property
    def plain_text(self) -> str:
        return self.document.section(PLAIN_TEXT) or ""


Item = Referential | Chapter | Criterion | Page | Term | Tool | Skill | Erratum

_READERS: dict[Kind, type[Item]] = {
    Kind.REFERENTIAL: Referential,
    Kind.CHAPTER: Chapter,
    Kind.CRITERION: Criterion,
    Kind.PAGE: Page,
    Kind.TERM: Term,
    Kind.TOOL: Tool,
    Kind.SKILL: Skill,
    Kind.ERRATUM: Erratum,
}
_NAME_KEYS = ("titre", "terme", "nom")


def is_withdrawn(document: Document) -> bool:
    """Whether an item, of whatever kind, is a tombstone."""
    return document.value("etat") == State.WITHDRAWN


def title_of(document: Document) -> str:
    """The name under which an item is listed, whatever its kind; empty when it has none."""
    return next((value for key in _NAME_KEYS if (value := document.value(key))), "")


def check(path: str, text: str) -> Document:
    """Validate a file by its path: its place, its characters, its form, its closed lists. Raises FileError.

    A criterion that waits for its code (``criteres/nouveau-42.md``) is valid here, though the library refuses it.
    """
    prefix, local = tree(path)
    try:
        kind, key = kind_and_key(local)
    except ValueError:
        raise FileError(path, 1, "ce fichier n’a pas de place ici : vérifiez son dossier et son nom.") from None
    if not is_allowed(path) and not is_new(path):
        raise FileError(path, 1, "ce fichier n’a pas de place ici : vérifiez son dossier et son nom.")
    document = Document.read(text, path)
    _check_characters(path, text)
    reader = _READERS.get(kind)
    if reader is not None and not prefix.startswith("traductions/"):
        item = reader.of(document)
        # Any item may become a tombstone, which says what replaces it.
        one_of(State, document, "etat", default=State.IN_FORCE)
        if not isinstance(item, Criterion):
            all_matching(document, "remplace_par", _KEY, "aller-vers")
        if isinstance(item, Criterion | Chapter) and item.code != key:
            line = document.line_of("code")
            raise FileError(path, line, f"le code « {item.code} » et le nom du fichier diffèrent : écrivez « {key} ».")
    return document


def _check_characters(path: str, text: str) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        problem = unwelcome(line)
        if problem:
            raise FileError(path, number, f"retirez {problem}.")
    if not unicodedata.is_normalized("NFC", text):
        lines = text.split("\n")
        number = next((n for n, line in enumerate(lines, 1) if not unicodedata.is_normalized("NFC", line)), 1)
        raise FileError(path, number, "des accents sont écrits en deux caractères : enregistrez le fichier en NFC.")


def _date(document: Document, key: str) -> str:
    value = document.value(key) or ""
    if value and not _DATE.fullmatch(value):
        message = f"« {key}: {value[:60]} » n’est pas une date, par exemple « {key}: 2024-09-01 »."
        raise FileError(document.file, document.line_of(key), message)
    return value
