"""What was typed, made fit to be stored: each field by its own limit, each fault by its own field."""

from collections.abc import Mapping
from dataclasses import replace

from referentiel.criteria.characters import clean
from referentiel.criteria.document import Document, stored
from referentiel.errors import N_, Invalid
from referentiel.proposals.sheets import (
    LONGEST_KEY,
    LONGEST_PLAIN,
    LONGEST_PROPOSAL,
    LONGEST_REASON,
    LONGEST_SECTION,
    LONGEST_TITLE,
    Part,
    Sheet,
    Value,
    key_field,
    section_field,
)


def only_changed(sections: Mapping[str, str], base: Document | None) -> dict[str, str]:
    """Leave out the sections that nobody touched: they are neither cleaned nor counted."""
    if base is None:
        return dict(sections)
    return {title: text for title, text in sections.items() if stored(text) != (base.section(title) or "")}


def cleaned(sheet: Sheet, bases: Mapping[str, Document | None], path: str, problems: list[Invalid]) -> Sheet:
    """The sheet with every field clean; ``path`` is that of the main item, ``bases`` what each item starts from."""
    title = tidy(sheet.title, "title", LONGEST_TITLE, problems, lines=False)
    if not title.strip():
        problems.append(Invalid(N_("Donnez un titre à votre proposition."), field="title"))
    reason = tidy(sheet.reason, "reason", LONGEST_REASON, problems)
    if not reason.strip():
        problems.append(Invalid(N_("Dites pourquoi : il manque la raison."), field="reason"))
    made = replace(
        sheet,
        title=" ".join(title.split()),
        reason=reason,
        plain_change=tidy(sheet.plain_change, "plain_change", LONGEST_PLAIN, problems),
        sections=tidy_sections(only_changed(sheet.sections, bases.get(path)), 0, problems),
        keys=_tidy_keys(sheet.keys, 0, problems),
        more=tuple(_tidy_part(part, bases, place, problems) for place, part in enumerate(sheet.more, 1)),
    )
    if made.length > LONGEST_PROPOSAL:
        problems.append(
            Invalid(
                N_("La proposition est trop longue : %(max)s signes au plus en tout."),
                field="changes",
                max=LONGEST_PROPOSAL,
            )
        )
    return made


def tidy_sections(sections: Mapping[str, str], place: int, problems: list[Invalid]) -> dict[str, str]:
    return {name: tidy(text, section_field(name, place), LONGEST_SECTION, problems) for name, text in sections.items()}


def tidy(text: str, field_name: str, limit: int, problems: list[Invalid], lines: bool = True) -> str:
    try:
        return clean(text, field=field_name, limit=limit, lines=lines) if text.strip() else ""
    except Invalid as fault:
        problems.append(fault)
        return text


def _tidy_part(part: Part, bases: Mapping[str, Document | None], place: int, problems: list[Invalid]) -> Part:
    sections = tidy_sections(only_changed(part.sections, bases.get(part.path)), place, problems)
    return replace(part, sections=sections, keys=_tidy_keys(part.keys, place, problems))


def _tidy_keys(keys: Mapping[str, Value], place: int, problems: list[Invalid]) -> dict[str, Value]:
    def line(text: str, key: str) -> str:
        return tidy(text, key_field(key, place), LONGEST_KEY, problems, lines=False)

    return {
        key: line(value, key) if isinstance(value, str) else tuple(line(item, key) for item in value)
        for key, value in keys.items()
    }
