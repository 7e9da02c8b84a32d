"""Who cites what, by keys and in words: what is withdrawn leaves no link without a successor. Pure.

An item cites another by a key (``voir_aussi``, ``outils``, ``competences``, ``chapitre``, and ``remplace_par`` of a
tombstone) or by a Markdown link of its words (``[le PASS](/outils/pass-iae)``). A tombstone cites by ``remplace_par``
alone: its words are of the past.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from sys import intern

from referentiel.criteria.document import Document
from referentiel.criteria.items import is_withdrawn
from referentiel.criteria.merging import KEY, SECTION
from referentiel.criteria.paths import ROOT, Kind, kind_and_key, path_of, tree

CITING: Mapping[str, Kind] = {
    "voir_aussi": Kind.CRITERION,
    "outils": Kind.TOOL,
    "competences": Kind.SKILL,
    "chapitre": Kind.CHAPTER,
}
REPLACED_BY = "remplace_par"
ITEMS = (Kind.CHAPTER, Kind.CRITERION, Kind.PAGE, Kind.TERM, Kind.TOOL, Kind.SKILL)
"""The kinds that can cite, be cited and be withdrawn; the presentation of the text only cites, in its words"""
_IN_WORDS = re.compile(r"\]\(<?(?:/travail)?/(chapitres|criteres|pages|glossaire|outils|competences)/#?([A-Za-z0-9-]+)")


@dataclass(frozen=True, slots=True)
class Link:
    """One item cites another. ``part`` is the key or the section that does, named as merges name it."""

    source: str
    part: str
    target: str

    @property
    def in_words(self) -> bool:
        return self.part.startswith(SECTION)


def links_of(path: str, document: Document) -> tuple[Link, ...]:
    """What an item cites, each once a part."""
    found = dict.fromkeys(_by_keys(path, document))
    if not is_withdrawn(document):
        found |= dict.fromkeys(_by_words(path, document))
    return tuple(found)


def _by_keys(path: str, document: Document) -> Iterator[Link]:
    try:
        own = kind_and_key(tree(path)[1])[0]
    except ValueError:
        return
    if own not in ITEMS:
        return
    keys = {REPLACED_BY: own} if is_withdrawn(document) else {**CITING, REPLACED_BY: own}
    for key, kind in keys.items():
        for value in document.values(key):
            try:
                yield Link(path, intern(f"{KEY}{key}"), intern(path_of(kind, value)))
            except ValueError:
                continue


def _by_words(path: str, document: Document) -> Iterator[Link]:
    for section in document.sections:
        if "](" in section.body:
            for folder, key in _IN_WORDS.findall(section.body):
                try:
                    yield Link(path, intern(f"{SECTION}{section.title}"), intern(path_of(Kind(folder), key)))
                except ValueError:
                    continue


def citing(texts: Mapping[str, str], targets: Iterable[str]) -> Iterator[Link]:
    """All links to these items. No text is asked for when there are none of them, nor those of files that cannot cite.

    Only the files that hold the key of one are read as documents: about 1 µs for each other.
    """
    wanted = {target: _key(target) for target in targets}
    keys = set(wanted.values())
    for path in texts if wanted else ():
        if not may_cite(path):
            continue
        text = texts[path]
        if any(key in text for key in keys):
            yield from (link for link in links_of(path, Document.read(text, path)) if link.target in wanted)


def unsettled(texts: Mapping[str, str], changes: Mapping[str, Document]) -> tuple[Link, ...]:
    """The links that these changes would leave without a successor, all files as they will stand.

    A link to what is withdrawn needs ``remplace_par``, or to be changed with it. A criterion needs a chapter that is
    there, whatever replaces its own. Whoever begins to cite an item that is withdrawn is told too.
    """
    after = _After(texts, changes)
    gone = {path for path, document in changes.items() if is_withdrawn(document) and _was_there(texts, path, document)}
    found = dict.fromkeys(link for link in citing(after, gone) if not _settled(link, changes[link.target]))
    for path, document in changes.items():
        before = set(links_of(path, Document.read(texts[path], path))) if path in texts else set()
        for link in links_of(path, document):
            if link not in before and link.target not in gone and not _stands(after, link):
                found[link] = None
    return tuple(found)


def _was_there(texts: Mapping[str, str], path: str, document: Document) -> bool:
    """Whether this makes an item a tombstone, or takes away what replaced it."""
    if path not in texts:
        return True
    before = Document.read(texts[path], path)
    return not is_withdrawn(before) or before.values(REPLACED_BY) != document.values(REPLACED_BY)


def _settled(link: Link, target: Document) -> bool:
    return link.part != f"{KEY}chapitre" and bool(target.values(REPLACED_BY))


def _stands(texts: "_After", link: Link) -> bool:
    """Whether a new link leads to an item in force. Words may lead to what has a successor."""
    text = texts.get(link.target)
    if text is None:
        return True
    target = Document.read(text, link.target)
    return not is_withdrawn(target) or (link.in_words and bool(target.values(REPLACED_BY)))


def may_cite(path: str) -> bool:
    """Whether links are read in this file: translations and decisions have none of their own."""
    prefix, local = tree(path)
    return not prefix.startswith("traductions/") and (path == ROOT or local.partition("/")[0] in _FOLDERS)


_FOLDERS = frozenset(kind.value for kind in ITEMS)


def _key(path: str) -> str:
    return kind_and_key(path)[1]


class _After(Mapping[str, str]):
    """The text as it will stand."""

    def __init__(self, texts: Mapping[str, str], changes: Mapping[str, Document]) -> None:
        self._texts, self._changes = texts, changes

    def __getitem__(self, path: str) -> str:
        return self._changes[path].text if path in self._changes else self._texts[path]

    def __iter__(self) -> Iterator[str]:
        yield from self._texts
        yield from (path for path in self._changes if path not in self._texts)

    def __len__(self) -> int:
        return sum(1 for _ in self)
