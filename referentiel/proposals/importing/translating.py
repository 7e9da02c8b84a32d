"""What a form would have said of each imported file, so that a proposal brings it like any other. Pure.

What no form can say (a note of the front matter, an unknown key, another order of the sections) is refused with its
line: the next wording, which is written in a form, would lose it without a word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from referentiel.criteria.document import Document
from referentiel.criteria.items import is_withdrawn, title_of
from referentiel.criteria.links import CITING, REPLACED_BY, links_of
from referentiel.criteria.merging import KEY, ORDER, SECTION, touched
from referentiel.criteria.paths import Kind, in_order, kind_and_key, path_of
from referentiel.criteria.vocabulary import WITHDRAWAL, State
from referentiel.proposals.importing.places import line_of, named
from referentiel.proposals.importing.report import Report, Verdict
from referentiel.proposals.sheets import Part, Value
from referentiel.proposals.states import ItemVerb
from referentiel.proposals.wording.layouts import (
    AFTER,
    CHAPTER,
    KEYS,
    KNOWN,
    LISTS,
    RANKED,
    keys_of,
    sections_of,
)
from referentiel.proposals.wording.places import like

RANK = f"{KEY}rang"
_PLACE = frozenset({RANK, f"{KEY}{CHAPTER}"})
_FOLLOWING = frozenset({f"{KEY}chapitres", f"{KEY}licence"})
"""What the file at the root says of others"""
_NUMBERED_BY_US = "sa clé sera donnée à l’adoption"


@dataclass(frozen=True, slots=True)
class Piece:
    """One imported file that changes something: what a form says of it, and how it must stand afterwards."""

    part: Part
    imported: Document
    """As it was imported: its path and its lines are those of the report"""
    wanted: Document
    """The same, under the names that new items have until they are adopted"""


def pieces_of(imported: Mapping[str, Document], texts: Mapping[str, str], report: Report) -> list[Piece]:
    """The files that change something, existing ones first. Each line of the report is said here."""
    after = {**texts, **{path: document.text for path, document in imported.items()}}
    changed = [path for path, document in imported.items() if _changes(path, document, texts, report)]
    changed.sort(key=lambda path: (path not in texts, _precedence(path), *_rank(imported[path]), in_order(path)))
    names = _names([path for path in changed if path not in texts])
    for link in (link for path in changed for link in links_of(path, imported[path])):
        if link.in_words and link.target in names:
            words = (
                f"{named(link.part)} : ce lien mène à un texte nouveau, dont la clé n’est pas encore donnée. Ôtez-le."
            )
            report.refuse(link.source, words, line_of(imported[link.source], link.part))
    pieces = []
    for path in changed:
        document = imported[path]
        base = Document.read(texts[path], path) if path in texts else None
        wanted = _renamed(document, names) if names else document
        verb = _verb(base, document, texts, after, report)
        if verb is None:
            continue
        target = path_of(kind_and_key(path)[0], names[path]) if base is None else path
        part = _part(verb, target, base, wanted)
        if AFTER in part.keys or verb is ItemVerb.MOVE:
            place = _predecessor(document, after)
            named_so = names.get(f"{kind_and_key(path)[0].value}/{place}.md", place)
            part = Part(verb, target, part.sections, {**part.keys, AFTER: named_so})
        pieces.append(Piece(part, document, wanted))
        _say(report, base, document)
    return pieces


def differences(piece: Piece, made: Document) -> list[str]:
    """The parts of an imported file that its proposal would not bring."""
    new = piece.part.verb is ItemVerb.CREATE
    free = {RANK} | ({f"{KEY}code", ORDER} if new else set())
    return sorted(part for part in touched(made, piece.wanted) - free if not _same(part, made, piece.wanted))


def _changes(path: str, document: Document, texts: Mapping[str, str], report: Report) -> bool:
    """Whether a file is there to be proposed. What is the same, or may not be proposed, is said at once."""
    base = texts.get(path)
    same = base is not None and (base == document.text or not touched(Document.read(base, path), document))
    if same:
        report.say(Verdict.SAME, path)
        return False
    try:
        kind = kind_and_key(path)[0]
    except ValueError:
        report.refuse(path, "les traductions et les annexes ne passent pas par une proposition : retirez ce fichier.")
        return False
    if kind in KNOWN and not (base and touched(Document.read(base, path), document) <= _FOLLOWING):
        return True
    words = {
        Kind.DECISION: "une décision se signe ici, elle ne s’importe pas : retirez ce fichier.",
        Kind.ERRATUM: "un erratum se propose sur son édition, il ne s’importe pas : retirez ce fichier.",
    }
    follows = "l’ordre des chapitres suit leurs places, et la licence ne change pas par import : retirez ce fichier."
    report.refuse(path, words.get(kind, follows))
    return False


def _verb(
    base: Document | None, document: Document, texts: Mapping[str, str], after: Mapping[str, str], report: Report
) -> ItemVerb | None:
    path = document.file
    if base is None:
        if is_withdrawn(document):
            report.refuse(path, "un texte nouveau ne peut pas être déjà retiré.", document.line_of("etat"))
            return None
        return ItemVerb.CREATE
    if is_withdrawn(document):
        if kind_and_key(path)[0] is Kind.REFERENTIAL:
            report.refuse(path, "ce texte se change, il ne se retire pas : ôtez cette ligne.", document.line_of("etat"))
            return None
        if is_withdrawn(base) and base.values(REPLACED_BY) == document.values(REPLACED_BY):
            report.refuse(path, "ce texte est retiré : il ne change plus.", line_of(document, _first(base, document)))
            return None
        return ItemVerb.WITHDRAW
    if is_withdrawn(base):
        return ItemVerb.RESTORE
    parts = touched(base, document)
    if not parts & _PLACE or not _moved(base, document, texts, after):
        if parts <= {RANK}:
            report.say(Verdict.SAME, path, "au même rang parmi les autres.", document.line_of("rang"))
            return None
        return ItemVerb.MODIFY
    if parts - _PLACE:
        words = "ce texte change de place et de mots : apportez d’abord sa place, puis ses mots, en deux fois."
        report.refuse(path, words, line_of(document, min(parts & _PLACE)))
        return None
    return ItemVerb.MOVE


def _first(base: Document, document: Document) -> str:
    return min(touched(base, document), key=lambda part: line_of(document, part))


def _moved(base: Document, document: Document, texts: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether it stands elsewhere among those that were there: a new neighbour moves nobody."""
    if kind_and_key(base.file)[0] not in RANKED:
        return False
    if base.value(CHAPTER) != document.value(CHAPTER):
        return True
    return _predecessor(base, texts, among=after) != _predecessor(document, after, among=texts)


def _predecessor(document: Document, texts: Mapping[str, str], among: Mapping[str, str] | None = None) -> str:
    """The key of the one that it follows, among those of its chapter; empty when it is the first."""
    kind, key = kind_and_key(document.file)
    chapter = document.value(CHAPTER) or key[:1] if kind is Kind.CRITERION else ""
    here, before = (*_rank(document), key), ""
    for one in like(texts, kind, chapter, but=document.file):
        if (one.rank, one.key) < here and (among is None or _beside(one.path, kind, chapter, among)):
            before = one.key
    return before


def _beside(path: str, kind: Kind, chapter: str, texts: Mapping[str, str]) -> bool:
    if path not in texts:
        return False
    own = Document.read(texts[path], path).value(CHAPTER) or kind_and_key(path)[1][:1]
    return kind is not Kind.CRITERION or own == chapter


def _rank(document: Document) -> tuple[int]:
    value = document.value("rang") or ""
    return (int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 10_000,)


def _precedence(path: str) -> int:
    """A new chapter is made before its criteria."""
    return list(Kind).index(kind_and_key(path)[0])


def _names(new: Sequence[str]) -> dict[str, str]:
    """Path → the key that a new item bears until it is adopted."""
    return {path: "nouveau-1" if place == 1 else f"nouveau-1-{place}" for place, path in enumerate(new, 1)}


def _renamed(document: Document, names: Mapping[str, str]) -> Document:
    """The same file, whose keys cite new items by the names that they bear until then."""
    kind = kind_and_key(document.file)[0]
    for key, cited in {**CITING, REPLACED_BY: kind}.items():
        old = document.values(key)
        new = [names.get(f"{cited.value}/{value}.md", value) for value in old]
        if list(old) != new:
            document = document.with_value(key, new[0] if document.value(key) == old[0] else new)
    if document.file in names and document.value("code") is not None:
        document = document.with_value("code", names[document.file])
    return document


def _part(verb: ItemVerb, target: str, base: Document | None, wanted: Document) -> Part:
    kind = kind_and_key(target)[0]
    if verb is ItemVerb.WITHDRAW:
        return Part(
            verb,
            target,
            {WITHDRAWAL: wanted.section(WITHDRAWAL) or ""},
            {REPLACED_BY: wanted.values(REPLACED_BY)},
        )
    if verb is ItemVerb.MOVE:
        return Part(verb, target, {}, {CHAPTER: wanted.value(CHAPTER) or ""} if kind is Kind.CRITERION else {})
    parts = None if base is None else touched(base, wanted)
    sections = {
        section.title: wanted.section(section.title) or ""
        for section in sections_of(verb, kind, base)
        if (parts is None and wanted.section(section.title) is not None)
        or (parts is not None and f"{SECTION}{section.title}" in parts)
    }
    keys: dict[str, Value] = {
        key: wanted.values(key) if key in LISTS else wanted.value(key) or ""
        for key in (keys_of(verb, kind) if base is None else KEYS[kind])
        if key != AFTER and (parts is None or f"{KEY}{key}" in parts)
    }
    if base is None and kind in RANKED:
        keys[AFTER] = ""
    return Part(verb, target, sections, keys)


def _say(report: Report, base: Document | None, document: Document) -> None:
    if base is None:
        report.say(Verdict.NEW, document.file, f"« {title_of(document)} » ; {_NUMBERED_BY_US}.", 1)
        return
    for part in sorted(touched(base, document), key=lambda one: line_of(document, one)):
        gone = part.startswith(SECTION) and document.section(part.removeprefix(SECTION)) is None
        report.say(Verdict.CHANGED, document.file, named(part) + (", retirée" if gone else ""), line_of(document, part))


def _same(part: str, made: Document, wanted: Document) -> bool:
    """Whether two spellings say one thing: an empty value and none, a list in another order, in force and unsaid."""
    if not part.startswith(KEY):
        return False
    key = part.removeprefix(KEY)
    if key in LISTS:
        return set(made.values(key)) == set(wanted.values(key))
    default = {"etat": State.IN_FORCE.value}.get(key, "")
    return (made.value(key) or default) == (wanted.value(key) or default)
