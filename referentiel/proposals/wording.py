"""What a person types, turned into the new text of a file: pure.

Only what differs is recorded: a field left as it was keeps its bytes, so that the change touches what the person
changed and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from referentiel.criteria.changes import ChangeClass, check_class
from referentiel.criteria.characters import clean
from referentiel.criteria.document import Document, stored
from referentiel.criteria.items import check
from referentiel.criteria.paths import Kind, kind_and_key, path_of
from referentiel.criteria.vocabulary import (
    SECTIONS,
    WITHDRAWAL,
    Level,
    SectionKind,
    State,
    Step,
    StructureType,
    anchor,
)
from referentiel.errors import N_, FileError, Invalid
from referentiel.proposals.sheets import (
    LONGEST_KEY,
    LONGEST_PLAIN,
    LONGEST_PROPOSAL,
    LONGEST_REASON,
    LONGEST_SECTION,
    LONGEST_TITLE,
    Incomplete,
    Sheet,
    key_field,
    section_field,
)
from referentiel.proposals.states import ProposalKind

__all__ = ["Sheet", "Written", "amend", "section_field", "sections_of", "sheet_of", "write"]

CLOSED: Mapping[str, frozenset[str]] = {
    "niveau": frozenset(Level),
    "etape": frozenset(Step),
    "structures": frozenset(StructureType),
}


@dataclass(frozen=True, slots=True)
class Written:
    """The new text of the file and the sheet cleaned; ``problems`` says what must be corrected first."""

    document: Document | None
    sheet: Sheet
    change_class: ChangeClass
    problems: tuple[Invalid, ...]

    def sound(self) -> Document:
        """The document. Raises :class:`Incomplete` when something is to be corrected."""
        if self.problems or self.document is None:
            raise Incomplete(self.problems)
        return self.document


def sections_of(kind: ProposalKind, base: Document | None) -> tuple[SectionKind, ...]:
    """The sections that a form shows: those of every criterion, then those of this file alone, in its order."""
    if kind is ProposalKind.WITHDRAW:
        return (SectionKind(WITHDRAWAL, anchor(WITHDRAWAL), required=True),)
    known = {section.title for section in SECTIONS}
    own = (section.title for section in base.sections) if base is not None else ()
    return (*SECTIONS, *(SectionKind(title, anchor(title)) for title in own if title and title not in known))


def sheet_of(base: Document, kind: ProposalKind = ProposalKind.MODIFY) -> Sheet:
    """The form before anybody types: the text as it is."""
    if kind is ProposalKind.WITHDRAW:
        return Sheet(keys={"remplace_par": base.values("remplace_par")})
    return Sheet(
        sections={section.title: section.body for section in base.sections if section.title},
        keys={
            "titre": base.value("titre") or "",
            "niveau": base.value("niveau") or "",
            "etape": base.value("etape") or "",
            "structures": base.values("structures"),
        },
    )


def write(
    kind: ProposalKind,
    base: Document | None,
    sheet: Sheet,
    *,
    path: str = "",
    rank: int = 0,
    codes: frozenset[str] = frozenset(),
) -> Written:
    """Apply a sheet to a file. Every fault is found, not only the first.

    ``base`` is the file as it was read, none for a new criterion, which gets ``path`` and ``rank``. ``codes`` are the
    criteria in force, among which a withdrawn one finds its replacement. Raises nothing: faults are in ``problems``.
    """
    problems: list[Invalid] = []
    cleaned = _cleaned(_only_changed(sheet, base), problems)
    if cleaned.length > LONGEST_PROPOSAL:
        problems.append(
            Invalid(
                N_("La proposition est trop longue : %(max)s signes au plus en tout."),
                field="changes",
                max=LONGEST_PROPOSAL,
            )
        )
    change_class = _class(kind, cleaned, problems)
    document = None
    if not problems:
        try:
            document = _WRITERS[kind](base, cleaned, path, rank, codes, problems)
        except Invalid as fault:
            problems.append(fault)
    if document is not None and not problems:
        _verify(path or (base.file if base is not None else ""), document, problems)
        if kind is ProposalKind.MODIFY and base is not None and not problems:
            _verify_class(change_class, base, document, problems)
    return Written(None if problems else document, cleaned, change_class, tuple(problems))


def amend(wording: Document, sections: Mapping[str, str], path: str) -> Document:
    """A proposed wording with sections corrected by an editor.

    Raises :class:`Invalid` with the field of the section that cannot be kept.
    """
    problems: list[Invalid] = []
    sheet = _only_changed(Sheet("-", "-", sections=sections), wording)
    cleaned = _cleaned(sheet, problems)
    document = _sections(wording, cleaned, sections_of(ProposalKind.MODIFY, wording), problems)
    if not problems:
        _verify(path, document, problems)
    if problems:
        raise Incomplete(problems)
    return document


def _only_changed(sheet: Sheet, base: Document | None) -> Sheet:
    """Leave out the sections that nobody touched: they are neither cleaned nor counted."""
    if base is None:
        return sheet
    touched = {title: text for title, text in sheet.sections.items() if stored(text) != (base.section(title) or "")}
    return replace(sheet, sections=touched)


def _cleaned(sheet: Sheet, problems: list[Invalid]) -> Sheet:
    def tidy(text: str, field_name: str, limit: int, lines: bool = True) -> str:
        try:
            return clean(text, field=field_name, limit=limit, lines=lines) if text.strip() else ""
        except Invalid as fault:
            problems.append(fault)
            return text

    title = tidy(sheet.title, "title", LONGEST_TITLE, lines=False)
    if not title.strip():
        problems.append(Invalid(N_("Donnez un titre à votre proposition."), field="title"))
    reason = tidy(sheet.reason, "reason", LONGEST_REASON)
    if not reason.strip():
        problems.append(Invalid(N_("Dites pourquoi : il manque la raison."), field="reason"))
    return replace(
        sheet,
        title=" ".join(title.split()),
        reason=reason,
        plain_change=tidy(sheet.plain_change, "plain_change", LONGEST_PLAIN),
        sections={name: tidy(text, section_field(name), LONGEST_SECTION) for name, text in sheet.sections.items()},
        keys={
            key: tidy(value, key_field(key), LONGEST_KEY, lines=False)
            if isinstance(value, str)
            else tuple(tidy(item, key_field(key), LONGEST_KEY, lines=False) for item in value)
            for key, value in sheet.keys.items()
        },
    )


def _class(kind: ProposalKind, sheet: Sheet, problems: list[Invalid]) -> ChangeClass:
    """Adding or withdrawing a criterion is always a change of substance."""
    if kind is not ProposalKind.MODIFY:
        return ChangeClass.SUBSTANCE
    try:
        return ChangeClass(sheet.change_class)
    except ValueError:
        problems.append(Invalid(N_("Dites quelle sorte de changement c’est."), field="change_class"))
        return ChangeClass.SUBSTANCE


def _verify(path: str, document: Document, problems: list[Invalid]) -> None:
    try:
        check(path, document.text)
    except FileError as fault:
        problems.append(Invalid(N_("Le texte ne peut pas être lu : %(what)s"), field="changes", what=fault.message))


def _verify_class(claimed: ChangeClass, base: Document, document: Document, problems: list[Invalid]) -> None:
    try:
        check_class(claimed, base, document)
    except Invalid as fault:
        problems.append(
            Invalid(fault.message, field=fault.field or "change_class", way_out=fault.way_out, **fault.values)
        )


def _keys(document: Document, sheet: Sheet, problems: list[Invalid]) -> Document:
    for key, value in sheet.keys.items():
        name = key_field(key)
        if key == "titre":
            if not value:
                problems.append(Invalid(N_("Un critère a un titre."), field=name))
        elif key in CLOSED:
            chosen = (value,) if isinstance(value, str) else value
            if not chosen or not CLOSED[key].issuperset(chosen):
                problems.append(Invalid(N_("Choisissez dans la liste."), field=name))
                continue
        else:
            continue
        if not value and key == "titre":
            continue
        document = document.with_value(key, value)
    return document


def _sections(document: Document, sheet: Sheet, shown: Sequence[SectionKind], problems: list[Invalid]) -> Document:
    for section in shown:
        typed = sheet.sections.get(section.title)
        if typed is None:
            continue
        body, before = stored(typed), document.section(section.title)
        if not body and section.required:
            problems.append(
                Invalid(
                    N_("La rubrique « %(title)s » ne peut pas être vide."),
                    field=section_field(section.title),
                    title=section.title,
                )
            )
        elif body != (before or ""):
            document = document.with_section(section.title, body or None)
    return document


def _modify(
    base: Document | None, sheet: Sheet, path: str, rank: int, codes: frozenset[str], problems: list[Invalid]
) -> Document:
    if base is None:
        raise ValueError("a change needs a text to start from")
    document = _keys(base, sheet, problems)
    return _sections(document, sheet, sections_of(ProposalKind.MODIFY, base), problems)


def _create(
    base: Document | None, sheet: Sheet, path: str, rank: int, codes: frozenset[str], problems: list[Invalid]
) -> Document:
    key = kind_and_key(path)[1]
    chapter = sheet.keys.get("chapitre", "")
    if not isinstance(chapter, str) or not _is_chapter(chapter):
        problems.append(Invalid(N_("Choisissez un chapitre."), field=key_field("chapitre")))
    front: dict[str, str | Sequence[str]] = {
        "code": key,
        "titre": "",
        "chapitre": chapter,
        "rang": str(rank),
        "niveau": "",
        "etape": "",
        "structures": (),
        "outils": (),
        "competences": (),
        "preuve_detenue_par": (),
        "voir_aussi": (),
        "etat": State.IN_FORCE.value,
    }
    document = Document.make(front, {section.title: "" for section in SECTIONS if section.required}, path)
    given = replace(sheet, keys={"titre": "", "niveau": "", "etape": "", "structures": (), **sheet.keys})
    filled = {**{section.title: "" for section in SECTIONS if section.required}, **sheet.sections}
    document = _keys(document, given, problems)
    return _sections(document, replace(sheet, sections=filled), SECTIONS, problems)


def _withdraw(
    base: Document | None, sheet: Sheet, path: str, rank: int, codes: frozenset[str], problems: list[Invalid]
) -> Document:
    if base is None:
        raise ValueError("a withdrawal needs a text to start from")
    if base.value("etat") == State.WITHDRAWN:
        problems.append(Invalid(N_("Ce critère est déjà retiré."), field="changes"))
    own = kind_and_key(base.file)[1]
    given = sheet.keys.get("remplace_par", ())
    replacements = (given,) if isinstance(given, str) and given else tuple(given)
    for code in replacements:
        if code == own:
            problems.append(
                Invalid(N_("Un critère ne peut pas être remplacé par lui-même."), field=key_field("remplace_par"))
            )
        elif code not in codes:
            problems.append(
                Invalid(N_("Le critère « %(code)s » n’est pas en vigueur."), field=key_field("remplace_par"), code=code)
            )
    document = base.with_value("etat", State.WITHDRAWN.value).with_value("remplace_par", replacements or None)
    # The tombstone says why in its own words, or else in those of the proposal.
    told = replace(sheet, sections={WITHDRAWAL: sheet.sections.get(WITHDRAWAL, "").strip() or sheet.reason})
    return _sections(document, told, sections_of(ProposalKind.WITHDRAW, base), problems)


def _is_chapter(key: str) -> bool:
    try:
        return bool(path_of(Kind.CHAPTER, key))
    except ValueError:
        return False


_Writer = Callable[[Document | None, Sheet, str, int, frozenset[str], list[Invalid]], Document]
_WRITERS: Mapping[ProposalKind, _Writer] = {
    ProposalKind.MODIFY: _modify,
    ProposalKind.CREATE: _create,
    ProposalKind.WITHDRAW: _withdraw,
}
