"""A criterion as pages and rules read it: its document, typed and checked against the closed lists."""

import re
from dataclasses import dataclass
from typing import TypeVar

from referentiel.criteria.document import Document
from referentiel.criteria.paths import NEW
from referentiel.criteria.vocabulary import (
    PLAIN_TEXT,
    QUESTION,
    SECTIONS,
    STATEMENT,
    WITHDRAWAL,
    EvidenceHolder,
    Labelled,
    Level,
    State,
    Step,
    StructureType,
)
from referentiel.errors import FileError

_CODE = re.compile(rf"[A-Z][0-9]{{1,3}}|{NEW}")
_CHAPTER = re.compile(rf"[A-Z]|{NEW}")
_SLUG = re.compile(r"[a-z0-9-]+")

L = TypeVar("L", bound=Labelled)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. ``rank`` orders it within its chapter; a withdrawn one stays, with its reason."""

    code: str
    title: str
    chapter: str
    rank: int
    level: Level
    step: Step
    structures: tuple[StructureType, ...]
    tools: tuple[str, ...]
    skills: tuple[str, ...]
    evidence_held_by: tuple[EvidenceHolder, ...]
    see_also: tuple[str, ...]
    state: State
    replaced_by: tuple[str, ...]
    document: Document

    @classmethod
    def of(cls, document: Document) -> "Criterion":
        """Read a document as a criterion. Raises FileError on what the closed lists refuse."""
        state = one_of(State, document, "etat", default=State.IN_FORCE)
        for kind in SECTIONS:
            if kind.required and not document.section(kind.title):
                line = document.line_of_section(kind.title)
                raise FileError(document.file, line, f"la rubrique « {kind.title} » manque ou est vide : écrivez-la.")
        return cls(
            code=matching(document, "code", _CODE, "E4"),
            title=required(document, "titre"),
            chapter=matching(document, "chapitre", _CHAPTER, "E"),
            rank=whole_number(document, "rang"),
            level=one_of(Level, document, "niveau"),
            step=one_of(Step, document, "etape"),
            structures=some_of(StructureType, document, "structures"),
            tools=all_matching(document, "outils", _SLUG, "pass-iae"),
            skills=all_matching(document, "competences", _SLUG, "demander-de-l-aide"),
            evidence_held_by=some_of(EvidenceHolder, document, "preuve_detenue_par"),
            see_also=all_matching(document, "voir_aussi", _CODE, "E2"),
            state=state,
            replaced_by=all_matching(document, "remplace_par", _CODE, "G3"),
            document=document,
        )

    @property
    def statement(self) -> str:
        return self.document.section(STATEMENT) or ""

    @property
    def plain_text(self) -> str:
        return self.document.section(PLAIN_TEXT) or ""

    @property
    def question(self) -> str:
        """What an employee is asked about this criterion; empty when nothing is."""
        return self.document.section(QUESTION) or ""

    @property
    def withdrawal_reason(self) -> str:
        return self.document.section(WITHDRAWAL) or ""

    @property
    def withdrawn(self) -> bool:
        return self.state is State.WITHDRAWN


def required(document: Document, key: str) -> str:
    """A key's value, which must be there."""
    value = document.value(key)
    if not value:
        raise FileError(document.file, document.line_of(key), f"la clé « {key} » manque ou est vide : écrivez-la.")
    return value


def matching(document: Document, key: str, form: re.Pattern[str], example: str) -> str:
    """A required value of one form."""
    value = required(document, key)
    if not form.fullmatch(value):
        message = f"« {key}: {value[:60]} » n’a pas la forme attendue, par exemple « {key}: {example} »."
        raise FileError(document.file, document.line_of(key), message)
    return value


def all_matching(document: Document, key: str, form: re.Pattern[str], example: str) -> tuple[str, ...]:
    """A list, perhaps empty or absent, of values of one form."""
    for item in document.values(key):
        if not form.fullmatch(item):
            message = f"« {item[:60]} », dans « {key} », n’a pas la forme attendue, par exemple « {example} »."
            raise FileError(document.file, document.line_of(key), message)
    return document.values(key)


def whole_number(document: Document, key: str, default: int | None = None) -> int:
    """A whole number from 0 to 99999."""
    value = document.value(key)
    if value is None and default is not None:
        return default
    if value is None or not re.fullmatch(r"[0-9]{1,5}", value):
        message = f"« {key} » est un nombre entier, par exemple « {key}: 40 »."
        raise FileError(document.file, document.line_of(key), message)
    return int(value)


def one_of(kind: type[L], document: Document, key: str, default: L | None = None) -> L:
    """A value of a closed list."""
    if default is not None and document.value(key) is None:
        return default
    return _member(kind, required(document, key), document, key)


def some_of(kind: type[L], document: Document, key: str) -> tuple[L, ...]:
    """A list, perhaps empty or absent, of values of a closed list."""
    return tuple(_member(kind, item, document, key) for item in document.values(key))


def _member(kind: type[L], value: str, document: Document, key: str) -> L:
    member = next((member for member in kind if member.value == value), None)
    if member is None:
        known = ", ".join(kind)
        message = f"« {value[:60]} » n’est pas une valeur de « {key} » ; choisissez parmi : {known}."
        raise FileError(document.file, document.line_of(key), message)
    return member
