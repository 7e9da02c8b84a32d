"""A correction asked for a published edition: which words of it are wrong, and what to read instead. Pure.

The texts that it is written from are those of the sealed edition, with the errata that it has already.
"""

from collections.abc import Iterator, Mapping

from referentiel.comments.anchors import Anchor, Target, quote
from referentiel.criteria.changes import ChangeClass, check_class
from referentiel.criteria.document import Document
from referentiel.criteria.erratum import (
    EDITION,
    REASON,
    REPLACES,
    RIGHT,
    SECTION,
    TEXT,
    TITLE,
    WRONG,
    Erratum,
    standing,
)
from referentiel.criteria.items import check
from referentiel.criteria.paths import Kind, corrected_by, errata_folder, in_order, path_of
from referentiel.errors import N_, FileError, Invalid
from referentiel.proposals.sheets import Sheet, Value, key_field, section_field

LONGEST_PASSAGE = 2_000
"""A passage, not a section: who wants to write a text again asks for a change, not for an erratum"""
BOLD = "**"
CITED, READ, WHERE = section_field(WRONG), section_field(RIGHT), key_field(SECTION)


def item_of(path: str) -> str:
    """The file of the item that an erratum corrects: codes of chapters are letters alone."""
    code = corrected_by(path)[1]
    return path_of(Kind.CRITERION if len(code) > 1 else Kind.CHAPTER, code)


def sections_of(sealed: Document) -> tuple[str, ...]:
    """Where errata may be: the title, then the sections of the sealed text that say something."""
    return (TITLE, *(section.title for section in sealed.sections if section.title and section.body))


def written(sheet: Sheet, path: str, texts: Mapping[str, str], problems: list[Invalid]) -> Document | None:
    """The erratum that a clean sheet asks for; None when what is wrong with it went to ``problems``."""
    sealed = _sealed(path, texts)
    if sealed is None:
        problems.append(Invalid(N_("Ce texte n’est pas dans cette édition."), field="changes"))
        return None
    section = _text(sheet.keys.get(SECTION, ""))
    known = section in sections_of(sealed)
    if not known:
        problems.append(Invalid(N_("Choisissez la rubrique où est l’erreur."), field=WHERE))
    quotation, missing = "", [*_missing(sheet, WRONG, CITED), *_missing(sheet, RIGHT, READ)]
    if known and not any(fault.field == CITED for fault in missing):
        try:
            quotation = _quoted(sealed, section, sheet.sections[WRONG])
        except Invalid as fault:
            problems.append(fault)
    problems += missing
    return None if problems else _made(sheet, path, section, quotation, texts)


def _missing(sheet: Sheet, title: str, field: str) -> Iterator[Invalid]:
    typed = sheet.sections.get(title, "").strip()
    if not typed and title == WRONG:
        yield Invalid(N_("Recopiez les mots qui sont faux."), field=field)
    elif not typed:
        yield Invalid(
            N_("Écrivez ce qu’il faut lire. Pour ôter des mots, citez aussi ceux qui les entourent."), field=field
        )
    elif len(typed) > LONGEST_PASSAGE:
        yield Invalid(
            N_("Ce passage est trop long : %(max)s signes au plus. Citez seulement les mots à corriger."),
            field=field,
            max=LONGEST_PASSAGE,
        )


def faults(document: Document, change_class: ChangeClass, texts: Mapping[str, str]) -> Iterator[Invalid]:
    """What is wrong with an erratum, whoever wrote its last words, beside the sealed text and the errata it has."""
    try:
        check(document.file, document.text)
        erratum = Erratum.of(document)
    except FileError as fault:
        yield Invalid(N_("Le texte ne peut pas être lu : %(what)s"), field="changes", what=fault.message)
        return
    sealed = _sealed(document.file, texts)
    if sealed is None or not erratum.stands_in(sealed):
        yield Invalid(
            N_("Ce passage n’est pas dans cette édition : recopiez les mots tels qu’ils y sont."), field=CITED
        )
        return
    before, others = sealed, _beside(document.file, texts)
    for other in others:
        if other.name in erratum.replaces:
            before = other.corrects(before)
        elif other.overlaps(erratum):
            yield _taken(other)
            return
    if erratum.is_about_title and "\n" in erratum.corrected:
        yield Invalid(N_("Un titre tient sur une seule ligne."), field=READ)
    elif erratum.corrects(sealed).text == before.text:
        yield _same(erratum, others)
    else:
        try:
            check_class(change_class, before, erratum.corrects(sealed))
        except Invalid as fault:
            yield Invalid(fault.message, field=fault.field or "change_class", way_out=fault.way_out, **fault.values)


def _made(sheet: Sheet, path: str, section: str, quotation: str, texts: Mapping[str, str]) -> Document:
    item, edition = item_of(path), corrected_by(path)[0]
    front: dict[str, str | list[str]] = {
        EDITION: edition,
        TEXT: item.removesuffix(".md"),
        SECTION: section,
    }
    sections = {WRONG: quotation, RIGHT: sheet.sections[RIGHT].strip(), REASON: sheet.reason}
    made = Erratum.of(Document.make(front, sections, path))
    # It takes the place of those whose whole passage it quotes; another one is told, and refused.
    replaced = [one.name for one in _beside(path, texts) if made.overlaps(one) and one.quotation in made.quotation]
    return made.document.with_value(REPLACES, replaced) if replaced else made.document


def _beside(path: str, texts: Mapping[str, str]) -> tuple[Erratum, ...]:
    """The errata of the same item in the same edition that nobody replaced, in the order of their adoption."""
    edition, code = corrected_by(path)
    prefix = f"{errata_folder(edition)}/{code}-"
    names = sorted((one for one in texts if one.startswith(prefix) and one != path), key=in_order)
    return standing(Erratum.of(Document.read(texts[name], name)) for name in names)


def _quoted(sealed: Document, section: str, typed: str) -> str:
    """The words of the sealed text that were meant, to the letter. Raises :class:`Invalid`."""
    body = (sealed.value(TITLE) if section == TITLE else sealed.section(section)) or ""
    try:
        found = quote(Anchor(Target.EDITION, "", section), body, typed)
    except Invalid as fault:
        raise Invalid(
            N_("Ces mots ne sont pas dans cette rubrique de l’édition : recopiez-les tels qu’ils y sont."), field=CITED
        ) from fault
    words = _with_marks(found)
    if body.count(words) > 1:
        raise Invalid(
            N_("Ces mots y sont plusieurs fois : ajoutez ceux d’avant ou d’après, pour dire lesquels."), field=CITED
        )
    if words.count(BOLD) % 2:
        raise Invalid(N_("Ces mots coupent en deux un passage en gras : citez-le entier."), field=CITED)
    return words


def _with_marks(found: Anchor) -> str:
    """The passage with the marks of bold that touch it, when it would otherwise keep one of the two alone."""
    words = found.quotation
    if words.count(BOLD) % 2 and found.before.endswith(BOLD):
        words = BOLD + words
    if words.count(BOLD) % 2 and found.after.startswith(BOLD):
        words += BOLD
    return words


def _taken(other: Erratum) -> Invalid:
    return Invalid(
        N_("L’erratum %(name)s corrige déjà ces mots : citez tout son passage, « %(words)s »."),
        field=CITED,
        name=other.name,
        words=other.quotation,
    )


def _same(erratum: Erratum, others: tuple[Erratum, ...]) -> Invalid:
    known = next((one for one in others if one.name in erratum.replaces), None)
    if known is None:
        return Invalid(N_("Ces mots sont ceux de l’édition : écrivez ce qu’il faut lire à la place."), field=READ)
    return Invalid(
        N_("L’erratum %(name)s dit déjà cela : il n’y a rien de plus à corriger ici."), field=READ, name=known.name
    )


def _sealed(path: str, texts: Mapping[str, str]) -> Document | None:
    item = item_of(path)
    return Document.read(texts[item], item) if item in texts else None


def _text(value: Value) -> str:
    return value if isinstance(value, str) else "".join(value)
