"""An erratum: a correction of a sealed edition, which stands beside it. The edition's own bytes never move.

Its file, ``errata/2026.1/E4-1.md``, says which words of which edition are wrong, and what to read instead::

    ---
    edition: 2026.1
    texte: criteres/E4
    rubrique: Énoncé                ``titre`` when the title is wrong
    remplace: [E4-1]                the errata of the same passage that it takes the place of, when there are
    date: 2026-06-01                the day of the second signature
    decision: 17
    ---

    ## Au lieu de                   the words of the sealed text, to the letter
    ## Lire
    ## Raison

The day and the number of the decision are written when it takes effect, as codes are: a proposal has neither.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, is_new, kind_and_key, tree
from referentiel.criteria.placed import Placed
from referentiel.criteria.vocabulary import anchor
from referentiel.errors import FileError

WRONG, RIGHT, REASON = "Au lieu de", "Lire", "Raison"
EDITION, TEXT, SECTION, REPLACES, DATE, DECISION = "edition", "texte", "rubrique", "remplace", "date", "decision"
TITLE = "titre"
"""What stands for a section when the words are those of the title; no section of ours begins with a small letter"""
CORRECTED = (Kind.CRITERION, Kind.CHAPTER)
"""What errata may be about: what has a code"""

_TEXT = re.compile(r"(?:criteres/[A-Z][0-9]{1,3}|chapitres/[A-Z])")
_NAME = re.compile(r"[A-Z][0-9]{0,3}-[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class Erratum(Placed):
    """One correction. ``path`` is the file of the item, ``section`` the title of one of its sections or :data:`TITLE`.

    ``quotation`` are the words of the sealed text, ``corrected`` those to read instead, ``replaces`` the names of the
    errata that this one takes the place of. Only one that is adopted has a day and a decision.
    """

    name: str
    edition: str
    path: str
    section: str
    quotation: str
    corrected: str
    reason: str
    replaces: tuple[str, ...]
    on: date | None
    decision: int | None
    document: Document

    @classmethod
    def of(cls, document: Document) -> "Erratum":
        """Read a document as an erratum. Raises FileError with the line and what to do."""
        kind, key = kind_and_key(tree(document.file)[1])
        if kind is not Kind.ERRATUM:
            raise FileError(document.file, 1, "ce fichier n’est pas un erratum.")
        edition, _, name = key.partition("/")
        text = _value(document, TEXT)
        if not _TEXT.fullmatch(text):
            raise _fault(document, TEXT, "dites quel texte, par exemple « texte: criteres/E4 ».")
        if _value(document, EDITION) != edition or text.rpartition("/")[2] != name.partition("-")[0]:
            raise _fault(document, EDITION, "l’édition, le texte et le nom du fichier diffèrent.")
        for other in document.values(REPLACES):
            if not _NAME.fullmatch(other) or other.partition("-")[0] != name.partition("-")[0]:
                raise _fault(document, REPLACES, "dites quel erratum, par exemple « remplace: [E4-1] ».")
        for title in (WRONG, RIGHT):
            if not document.section(title):
                line = document.line_of_section(title)
                raise FileError(document.file, line, f"la rubrique « {title} » manque ou est vide : écrivez-la.")
        adopted = not is_new(document.file)
        return cls(
            name=name,
            edition=edition,
            path=f"{text}.md",
            section=_value(document, SECTION),
            quotation=document.section(WRONG) or "",
            corrected=document.section(RIGHT) or "",
            reason=document.section(REASON) or "",
            replaces=document.values(REPLACES),
            on=_day(document) if adopted else None,
            decision=_number(document) if adopted else None,
            document=document,
        )

    @property
    def number(self) -> int:
        """Its place among the errata of this item in this edition; 0 until it is adopted."""
        return 0 if is_new(self.document.file) else int(self.name.rpartition("-")[2])

    @property
    def cancels(self) -> bool:
        """True when it gives the sealed words back: the errata that it replaces were mistaken."""
        return self.quotation == self.corrected

    @property
    def is_about_title(self) -> bool:
        return self.section == TITLE

    def overlaps(self, other: "Erratum") -> bool:
        """Whether both correct the same words of the same edition: one passage is in the other."""
        same = (self.edition, self.path, self.section) == (other.edition, other.path, other.section)
        return same and (self.quotation in other.quotation or other.quotation in self.quotation)

    def corrects(self, sealed: Document) -> Document:
        """The text of the item as it is to be read. The words are where the sealed text has them first."""
        if self.is_about_title:
            title = sealed.value(TITLE) or ""
            return sealed.with_value(TITLE, title.replace(self.quotation, self.corrected, 1))
        body = sealed.section(self.section) or ""
        return sealed.with_section(self.section, body.replace(self.quotation, self.corrected, 1))

    def stands_in(self, sealed: Document) -> int:
        """How many times its words are in that section of the sealed text; once, or the erratum is none."""
        body = sealed.value(TITLE) if self.is_about_title else sealed.section(self.section)
        return (body or "").count(self.quotation)

    @property
    def anchor(self) -> str:
        """The address of the section in the page of the item; empty for its title, at the top."""
        return "" if self.is_about_title else anchor(self.section)


def standing(errata: Iterable[Erratum]) -> tuple[Erratum, ...]:
    """Those that no other one replaced, in their order."""
    known = tuple(errata)
    gone = {(one.edition, name) for one in known for name in one.replaces}
    return tuple(one for one in known if (one.edition, one.name) not in gone)


def taken(mine: Erratum, adopted: Iterable[Erratum]) -> Erratum | None:
    """The adopted erratum that this one did not know when it was written, and that corrects the same words."""
    known = standing(adopted)
    names = {one.name for one in known}
    for other in known:
        if other.overlaps(mine) and other.name not in mine.replaces:
            return other
    # What it meant to replace was replaced by another meanwhile.
    late = set(mine.replaces) - names
    return next((other for other in known if late.intersection(other.replaces)), None)


def _value(document: Document, key: str) -> str:
    value = document.value(key)
    if not value:
        raise _fault(document, key, "cette ligne manque ou est vide : écrivez-la.")
    return value


def _day(document: Document) -> date:
    try:
        return date.fromisoformat(_value(document, DATE))
    except ValueError:
        raise _fault(document, DATE, "ce n’est pas une date, par exemple « date: 2026-06-01 ».") from None


def _number(document: Document) -> int:
    value = _value(document, DECISION)
    if not re.fullmatch(r"[1-9][0-9]{0,8}", value):
        raise _fault(document, DECISION, "ce n’est pas un numéro de décision, par exemple « decision: 17 ».")
    return int(value)


def _fault(document: Document, key: str, message: str) -> FileError:
    return FileError(document.file, document.line_of(key), f"« {key} » : {message}")
