"""What a text still lacks before it is published: told to who prepares an edition, and stops nobody. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from referentiel.criteria.document import Document
from referentiel.criteria.items import is_withdrawn, title_of
from referentiel.criteria.links import links_of
from referentiel.criteria.paths import Kind, code_of, kind_and_key, tree
from referentiel.criteria.placed import Placed
from referentiel.criteria.vocabulary import SECTIONS, Labelled
from referentiel.errors import N_

HANDOVER = "Passage de relais"
_ACRONYM = re.compile(r"(?<![\w/.@-])[A-ZÀÂÉÈÊÎÔÛÇ]{2,}(?:-[A-Z]{2,})*(?![\w/@])")
_ADDRESS = re.compile(r"\]\([^)]*\)|https?://\S+|`[^`]*`")
_CODE = re.compile(r"[A-Z][0-9]{0,3}")


class Gap(Labelled):
    """A kind of thing that is missing, in the order in which a reader would suffer from it."""

    WRONG_WORDS = "wrong_words", N_("Mots qu’un erratum corrige, et que le texte dit encore")
    BEFORE_ADOPTION = "before_adoption", N_("Ce que le texte dit de lui-même, comme avant toute adoption")
    BROKEN_LINK = "broken_link", N_("Renvois vers un texte qui n’existe pas ou qui est retiré")
    STALE_PLAIN_TEXT = "stale", N_("Énoncés changés après leur texte facile à lire")
    MISSING_SECTION = "missing_section", N_("Rubriques qui manquent")
    NO_HANDOVER = "no_handover", N_("Critères sans passage de relais")
    NO_SKILL = "no_skill", N_("Critères sans compétence")
    UNKNOWN_ACRONYM = "unknown_acronym", N_("Sigles que le glossaire n’explique pas")


@dataclass(frozen=True, slots=True)
class Lack(Placed):
    """One thing that is missing from one text. ``what`` names it: titles of sections, paths, an acronym."""

    gap: Gap
    path: str
    title: str
    what: tuple[str, ...] = ()


def report(documents: Mapping[str, Document], stale: Collection[str] = ()) -> dict[Gap, list[Lack]]:
    """What is missing from the texts in force, by kind; ``stale`` are the paths whose plain text is older than what it
    says plainly. Costs about 0.3 ms a text."""
    known = {path: document for path, document in documents.items() if not tree(path)[0] and _is_text(path)}
    found: dict[Gap, list[Lack]] = {gap: [] for gap in Gap}
    explained = _explained(known)
    for path, document in sorted(known.items(), key=lambda entry: _place(entry[0])):
        if not is_withdrawn(document):
            for gap, what in _lacks(path, document, known, explained, path in stale):
                found[gap].append(Lack(gap, path, title_of(document) or kind_and_key(path)[1], what))
    return found


def _lacks(
    path: str, document: Document, known: Mapping[str, Document], explained: frozenset[str], is_stale: bool
) -> Iterator[tuple[Gap, tuple[str, ...]]]:
    broken = dict.fromkeys(link.target for link in links_of(path, document) if _leads_nowhere(link.target, known))
    if broken:
        yield Gap.BROKEN_LINK, tuple(map(code_of, broken))
    if is_stale:
        yield Gap.STALE_PLAIN_TEXT, ()
    if kind_and_key(path)[0] is Kind.CRITERION:
        missing = [kind.title for kind in SECTIONS if not (document.section(kind.title) or "").strip()]
        if others := tuple(title for title in missing if title != HANDOVER):
            yield Gap.MISSING_SECTION, others
        if HANDOVER in missing:
            yield Gap.NO_HANDOVER, ()
        if not document.values("competences"):
            yield Gap.NO_SKILL, ()
    if unknown := tuple(sorted(_acronyms(document) - explained)):
        yield Gap.UNKNOWN_ACRONYM, unknown


def _leads_nowhere(target: str, known: Mapping[str, Document]) -> bool:
    return target not in known or is_withdrawn(known[target])


def _explained(known: Mapping[str, Document]) -> frozenset[str]:
    """The acronyms that a term of the glossary, or a tool by its name, explains."""
    names: set[str] = set()
    for path, document in known.items():
        if kind_and_key(path)[0] in {Kind.TERM, Kind.TOOL} and not is_withdrawn(document):
            told = [title_of(document), document.value("developpe") or "", *document.values("anciens_noms")]
            names.update(acronym for name in told for acronym in _ACRONYM.findall(name))
    return frozenset(names)


def _acronyms(document: Document) -> set[str]:
    """Words of capitals that people read; a code such as ``C4`` is none, nor is an address."""
    words = (word for section in document.sections for word in _ACRONYM.findall(_ADDRESS.sub(" ", section.body)))
    return {word for word in words if not _CODE.fullmatch(word)}


def _is_text(path: str) -> bool:
    try:
        return kind_and_key(path)[0] not in {Kind.DECISION, Kind.ERRATUM}
    except ValueError:
        return False


def _place(path: str) -> tuple[int, str, int]:
    """Criteria first, ``C4`` before ``C10``."""
    kind, key = kind_and_key(path)
    if kind is Kind.CRITERION:
        return 0, key[:1], int(key[1:] or 0)
    return 1, path, 0
