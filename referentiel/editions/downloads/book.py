"""An edition in reading order, as one book: the headings, what each passage says, and nothing of how it looks. Pure.

Every form that is read from the first page to the last is made from these parts, so that none of them leaves a sentence
out or puts it elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from referentiel.criteria.document import Document
from referentiel.criteria.items import is_withdrawn
from referentiel.criteria.paths import Kind
from referentiel.criteria.rendering import plain_lines
from referentiel.criteria.vocabulary import PLAIN_TEXT, STATEMENT, Certainty, EvidenceHolder, Level, Step, anchor
from referentiel.criteria.vocabulary import State as ItemState
from referentiel.dates import long_date
from referentiel.editions.downloads.blocks import Block, blocks, paragraphs
from referentiel.editions.edition import Edition
from referentiel.editions.material import Material
from referentiel.editions.mentions import LICENCE
from referentiel.editions.summary import CriterionLine, ItemLine

DRAFT_PLAIN_TEXT = "Brouillon : des personnes concernées n’ont pas encore relu ce texte."
TO_CHECK = "À vérifier : ce contenu n’est pas encore sûr."


class Role(StrEnum):
    """What a part is, so that a form may give it a look of its own."""

    FRONT = "front"
    CHAPTER = "chapter"
    CRITERION = "criterion"
    STATEMENT = "statement"
    PLAIN_TEXT = "plain text"
    SECTION = "section"
    PAGE = "page"
    LIST = "list"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Part:
    """One heading and what stands under it until the next one.

    ``level`` is 1 for a chapter, 2 for a criterion, 3 for its sections. ``facts`` are words and their label, said
    before the body; ``body`` is Markdown as it is stored, ``remark`` plain words said after it. ``anchor`` is unique in
    the book.
    """

    role: Role
    level: int
    anchor: str
    title: str
    code: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    body: str = ""
    remark: str = ""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The body as the site shows it: an easy text, or an easy title, has lines of plain words and no marks."""
        if self.role in (Role.PLAIN_TEXT, Role.CHAPTER):
            return paragraphs(plain_lines(self.body))
        return blocks(self.body)


def facts_of(edition: Edition) -> tuple[tuple[str, str], ...]:
    """What each form says of its edition, label and words: number, status, dates, licence, commit, how to check."""
    facts = [
        ("Édition", f"{edition.number}, {edition.status}"),
        ("Publiée le", long_date(edition.published)),
        ("Applicable le", long_date(edition.applies)),
        ("Licence", LICENCE),
        ("Empreinte du texte", edition.commit),
    ]
    if edition.site:
        facts.append(("Pour vérifier", edition.verification_address))
    return tuple(facts)


def parts(material: Material) -> Iterator[Part]:
    """The book: presentation, chapters with their criteria, pages, glossary, tools, skills. Withdrawn ones keep their
    place and say that they are."""
    root = material.document(Kind.REFERENTIAL, "")
    if root is not None:
        yield from _sections(root, 1, "texte")
    for chapter in material.summary.chapters:
        document = material.document(Kind.CHAPTER, chapter.code)
        yield Part(Role.CHAPTER, 1, chapter.code, chapter.title, chapter.code, body=chapter.easy_title)
        if document is not None:
            yield from _sections(document, 2, chapter.code)
        for line in chapter.criteria:
            yield from _criterion(material, line)
    for page in material.summary.pages:
        document = material.document(Kind.PAGE, page.key)
        yield Part(Role.PAGE, 1, f"page-{page.key}", page.title)
        if document is not None:
            yield from _sections(document, 2, f"page-{page.key}")
    yield Part(Role.LIST, 1, "glossaire", "Les mots expliqués")
    for term in material.summary.terms:
        yield from _item(material, Kind.TERM, term, "mot")
    yield Part(Role.LIST, 1, "outils", "Les outils")
    for tool in material.summary.tools:
        yield from _item(material, Kind.TOOL, tool, "outil")
    yield Part(Role.LIST, 1, "competences", "Les compétences")
    for skill in material.summary.skills:
        yield from _item(material, Kind.SKILL, skill, "competence")
    if material.summary.tombstones:
        yield Part(Role.LIST, 1, "retires", "Les textes retirés")
    for gone in material.summary.tombstones:
        yield from _item(material, gone.kind, gone.line, f"retire-{gone.kind.value}")


def _criterion(material: Material, line: CriterionLine) -> Iterator[Part]:
    document = material.document(Kind.CRITERION, line.code)
    if document is None:
        return
    facts = [("Niveau", _label(Level, line.level)), ("Étape", _label(Step, line.step))]
    facts.append(("Pour", ", ".join(line.structures)))
    facts.append(("Preuve détenue par", _holders(document)))
    for label, kind, key in (("Outils", Kind.TOOL, "outils"), ("Compétences", Kind.SKILL, "competences")):
        facts.append((label, ", ".join(_titles(material, kind, document.values(key)))))
    also = (material.summary.criterion(code) for code in document.values("voir_aussi"))
    facts.append(("Voir aussi", ", ".join(f"{other.code} {other.title}" for other in also if other)))
    if line.withdrawn:
        facts.insert(0, ("État", ItemState.WITHDRAWN.label))
        facts.append(("Remplacé par", ", ".join(document.values("remplace_par"))))
    said = tuple((label, words) for label, words in facts if words)
    yield Part(Role.CRITERION, 2, line.code, line.title, line.code, facts=said)
    yield from _sections(document, 3, line.code)


def _item(material: Material, kind: Kind, line: ItemLine, prefix: str) -> Iterator[Part]:
    document = material.document(kind, line.key)
    if document is None:
        return
    facts = [
        ("En toutes lettres", document.value("developpe") or ""),
        ("Ouvert par", document.value("ouvert_par") or ""),
        ("Code ROME", document.value("rome") or ""),
        ("Autrefois", ", ".join(document.values("anciens_noms"))),
    ]
    if is_withdrawn(document):
        facts.insert(0, ("État", ItemState.WITHDRAWN.label))
        facts.append(("Remplacé par", ", ".join(_titles(material, kind, document.values("remplace_par")))))
    said = tuple((label, words) for label, words in facts if words)
    remark = TO_CHECK if line.certainty == Certainty.TO_CHECK else ""
    where = f"{prefix}-{line.key}"
    yield Part(Role.ITEM, 2, where, line.title, facts=said, remark=remark)
    for section in _sections(document, 3, where):
        # A word and what it means: the name of the section would come between them.
        yield replace(section, level=0, anchor="", title="") if kind is Kind.TERM else section


def _sections(document: Document, level: int, prefix: str) -> Iterator[Part]:
    """Each section that says something; the words before the first heading stand under the heading above."""
    for section in document.sections:
        if not section.body:
            continue
        if section.title == PLAIN_TEXT:
            role, remark = Role.PLAIN_TEXT, DRAFT_PLAIN_TEXT
        else:
            role, remark = (Role.STATEMENT if section.title == STATEMENT else Role.SECTION), ""
        where = f"{prefix}-{anchor(section.title)}" if section.title else ""
        title = section.title.replace("'", "’")
        yield Part(role, level if title else 0, where, title, body=section.body, remark=remark)


def _label(closed_list: type[Level] | type[Step], value: str) -> str:
    try:
        return closed_list(value).label
    except ValueError:
        return value


def _holders(document: Document) -> str:
    known = {holder.value: holder.label.lower() for holder in EvidenceHolder}
    return ", ".join(known.get(value, value) for value in document.values("preuve_detenue_par"))


def _titles(material: Material, kind: Kind, keys: tuple[str, ...]) -> list[str]:
    found = ((key, material.summary.item(kind, key)) for key in keys)
    return [line.title if line else key for key, line in found]
