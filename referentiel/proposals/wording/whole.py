"""The whole of a proposal: each of its items by its verb, their places, and what they leave behind them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from referentiel.criteria.changes import ChangeClass, check_class
from referentiel.criteria.document import Document
from referentiel.criteria.items import check
from referentiel.criteria.paths import is_new, kind_and_key
from referentiel.criteria.vocabulary import WITHDRAWAL
from referentiel.errors import N_, FileError, Invalid
from referentiel.proposals.sheets import MOST_PARTS, Incomplete, Part, Sheet, section_field
from referentiel.proposals.states import ItemVerb, ProposalKind
from referentiel.proposals.wording import errata
from referentiel.proposals.wording.cleaning import cleaned, only_changed, tidy_sections
from referentiel.proposals.wording.layouts import KNOWN, VERBS
from referentiel.proposals.wording.placing import placed
from referentiel.proposals.wording.settling import check_merge, check_split, left_behind, successors
from referentiel.proposals.wording.sheets_of import FIRST_VERB
from referentiel.proposals.wording.verbs import write_part

__all__ = ["Change", "Written", "amend", "main_verb", "write"]
_ASKED = frozenset({ProposalKind.MODIFY, ProposalKind.MOVE, ProposalKind.ERRATUM})
"""The verbs whose class of change is asked; the others are of substance"""


@dataclass(frozen=True, slots=True)
class Change:
    """One item as it was read, none for a new one, and as it would stand."""

    path: str
    before: Document | None
    after: Document

    @property
    def is_one(self) -> bool:
        return self.before is None or self.before.text != self.after.text


@dataclass(frozen=True, slots=True)
class Written:
    """The new text of each file, the main one first, and the sheet cleaned; ``problems`` say what to correct first."""

    changes: tuple[Change, ...]
    sheet: Sheet
    change_class: ChangeClass
    problems: tuple[Invalid, ...]

    def sound(self) -> tuple[Change, ...]:
        """The changes. Raises :class:`Incomplete` when something is to be corrected."""
        if self.problems or not self.changes:
            raise Incomplete(self.problems)
        return self.changes


def main_verb(kind: ProposalKind, sheet: Sheet) -> ItemVerb:
    """What a proposal does to its main item."""
    if kind is ProposalKind.SPLIT and sheet.verb is ItemVerb.WITHDRAW:
        return ItemVerb.WITHDRAW
    return FIRST_VERB.get(kind, ItemVerb.MODIFY)


def write(kind: ProposalKind, sheet: Sheet, *, path: str, texts: Mapping[str, str]) -> Written:
    """Apply a sheet to the text as its author read it, path → text. Every fault is found, not only the first.

    ``path`` is the main item; a new one has that of an item which waits for its code. Raises nothing: faults are in
    ``problems``.
    """
    if kind is ProposalKind.ERRATUM:
        return _erratum(sheet, path, texts)
    problems: list[Invalid] = []
    parts = _parts(kind, sheet, path)
    bases = {part.path: _base(part, texts) for part in parts}
    tidied = cleaned(sheet, bases, path, problems)
    change_class = _class(kind, tidied, problems)
    if not problems:
        _check_parts(parts, problems)
    if problems:
        return Written((), tidied, change_class, tuple(problems))
    parts = successors(kind, _parts(kind, tidied, path))
    documents = _written(parts, bases, tidied.reason, problems)
    if not problems:
        documents = placed(parts, documents, texts, problems)
    if not problems:
        problems += _faults(kind, parts, documents, texts)
    changes = tuple(
        Change(one, bases[one] if one in bases else Document.read(texts[one], one), document)
        for one, document in documents.items()
    )
    if not problems:
        problems += _class_faults(change_class, changes)
    return Written(() if problems else changes, tidied, change_class, tuple(problems))


def _erratum(sheet: Sheet, path: str, texts: Mapping[str, str]) -> Written:
    """A correction of a sealed text, beside it: one file, and nothing of the draft."""
    problems: list[Invalid] = []
    tidied = cleaned(sheet, {}, path, problems)
    change_class = _class(ProposalKind.ERRATUM, tidied, problems)
    document = errata.written(tidied, path, texts, problems)
    if document is not None and not problems:
        problems += errata.faults(document, change_class, texts)
    changes = (Change(path, None, document),) if document is not None and not problems else ()
    return Written(changes, tidied, change_class, tuple(problems))


def amend(wording: Document, sections: Mapping[str, str], path: str, place: int = 0) -> Document:
    """A proposed wording with sections corrected by an editor; ``place`` is that of the item in its proposal.

    Raises :class:`Incomplete` with the field of each section that cannot be kept.
    """
    problems: list[Invalid] = []
    required = {section.title for section in KNOWN.get(kind_and_key(path)[0], ()) if section.required}
    document = wording
    # The reason of a tombstone may be corrected too: it is a text like another here.
    for title, text in tidy_sections(only_changed(sections, wording), place, problems).items():
        if not text.strip() and title in required | {WITHDRAWAL}:
            problems.append(
                Invalid(
                    N_("La rubrique « %(title)s » ne peut pas être vide."),
                    field=section_field(title, place),
                    title=title,
                )
            )
        elif wording.section(title) is not None or text.strip():
            document = document.with_section(title, text.strip("\n") or None)
    if not problems:
        problems += _form_faults(path, document)
    if problems:
        raise Incomplete(problems)
    return document


def _parts(kind: ProposalKind, sheet: Sheet, path: str) -> tuple[Part, ...]:
    return (Part(main_verb(kind, sheet), path, sheet.sections, sheet.keys), *sheet.more)


def _base(part: Part, texts: Mapping[str, str]) -> Document | None:
    if part.verb is ItemVerb.CREATE or part.path not in texts:
        return None
    return Document.read(texts[part.path], part.path)


def _class(kind: ProposalKind, sheet: Sheet, problems: list[Invalid]) -> ChangeClass:
    """Adding, withdrawing, bringing back, merging or splitting is always a change of substance."""
    if kind not in _ASKED:
        return ChangeClass.SUBSTANCE
    try:
        return ChangeClass(sheet.change_class)
    except ValueError:
        problems.append(Invalid(N_("Dites quelle sorte de changement c’est."), field="change_class"))
        return ChangeClass.SUBSTANCE


def _check_parts(parts: tuple[Part, ...], problems: list[Invalid]) -> None:
    """What no form of ours sends, and what two windows may."""
    seen: set[str] = set()
    for part in parts:
        if not _can_be(part):
            problems.append(Invalid(N_("Ce formulaire n’est pas complet. Rouvrez la page et recommencez.")))
            return
        if part.path in seen:
            problems.append(
                Invalid(
                    N_("« %(key)s » est deux fois dans votre proposition : gardez-le une fois."),
                    field="changes",
                    key=kind_and_key(part.path)[1],
                )
            )
        seen.add(part.path)
    if len(parts) > MOST_PARTS:
        problems.append(
            Invalid(
                N_("Une proposition touche %(max)s textes au plus : faites-en deux."), field="changes", max=MOST_PARTS
            )
        )


def _can_be(part: Part) -> bool:
    try:
        verbs = VERBS.get(kind_and_key(part.path)[0], ())
    except ValueError:
        return False
    return part.verb in verbs and is_new(part.path) == (part.verb is ItemVerb.CREATE)


def _written(
    parts: tuple[Part, ...], bases: Mapping[str, Document | None], reason: str, problems: list[Invalid]
) -> dict[str, Document]:
    documents = {}
    for place, part in enumerate(parts):
        try:
            documents[part.path] = write_part(part, bases[part.path], place, problems, reason=reason)
        except Invalid as fault:
            problems.append(fault)
    return documents


def _faults(
    kind: ProposalKind, parts: tuple[Part, ...], documents: Mapping[str, Document], texts: Mapping[str, str]
) -> Iterator[Invalid]:
    """What is wrong with the whole once each item is written."""
    for path, document in documents.items():
        yield from _form_faults(path, document)
    if kind is ProposalKind.MERGE:
        yield from check_merge(parts)
    if kind is ProposalKind.SPLIT:
        yield from check_split(parts)
    yield from left_behind(parts, documents, texts)


def _form_faults(path: str, document: Document) -> Iterator[Invalid]:
    try:
        check(path, document.text)
    except FileError as fault:
        yield Invalid(N_("Le texte ne peut pas être lu : %(what)s"), field="changes", what=fault.message)


def _class_faults(claimed: ChangeClass, changes: tuple[Change, ...]) -> Iterator[Invalid]:
    """A correction of several files is one in each of them."""
    for change in changes:
        try:
            check_class(claimed, change.before, change.after)
        except Invalid as fault:
            yield Invalid(fault.message, field=fault.field or "change_class", way_out=fault.way_out, **fault.values)
            return
