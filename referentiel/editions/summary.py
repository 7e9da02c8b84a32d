"""The table of contents of one state of the text: what there is, in which order, and under which blob. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from referentiel.criteria.document import Document
from referentiel.criteria.items import title_of
from referentiel.criteria.paths import PRESENTATION, ROOT, Kind, kind_and_key, path_of
from referentiel.criteria.vocabulary import State, anchor

LAST = 10_000
NOT_LISTED = (Kind.DECISION.value, Kind.ERRATUM.value)
"""Folders that have lists of their own, and grow for ever"""


@dataclass(frozen=True, slots=True)
class Card:
    """What lists need of one file: a few words, which can be kept for every file when the files cannot."""

    rank: int
    title: str
    easy_title: str
    chapter: str
    level: str
    step: str
    structures: tuple[str, ...]
    state: str
    certainty: str
    status: str
    licence: str
    chapters: tuple[str, ...]

    @classmethod
    def of(cls, document: Document) -> "Card":
        def value(key: str) -> str:
            return document.value(key) or ""

        return cls(
            rank=rank(document),
            title=title_of(document),
            easy_title=value("titre_facile"),
            chapter=value("chapitre"),
            level=value("niveau"),
            step=value("etape"),
            structures=document.values("structures"),
            state=value("etat"),
            certainty=value("certitude"),
            status=value("statut"),
            licence=value("licence"),
            chapters=document.values("chapitres"),
        )


class _Found(NamedTuple):
    key: str
    blob: str
    card: Card


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion as lists show it. ``structures`` are the types concerned; ``blob`` is the exact text."""

    code: str
    title: str
    chapter: str
    level: str
    step: str
    structures: tuple[str, ...]
    state: str
    blob: str

    @property
    def withdrawn(self) -> bool:
        return self.state == State.WITHDRAWN


@dataclass(frozen=True, slots=True)
class ChapterLine:
    """A chapter with its criteria in reading order, the withdrawn ones included."""

    code: str
    title: str
    easy_title: str
    blob: str
    criteria: tuple[CriterionLine, ...]
    withdrawn: bool = False

    @property
    def in_force(self) -> tuple[CriterionLine, ...]:
        return tuple(criterion for criterion in self.criteria if not criterion.withdrawn)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A page, a term, a tool or a skill. ``certainty`` is empty when the file does not say."""

    key: str
    title: str
    certainty: str
    blob: str


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An item withdrawn: no list shows it, its page stays. A criterion withdrawn keeps its place among the others."""

    kind: Kind
    line: ItemLine


@dataclass(frozen=True)
class Summary:
    """The whole of one state of the text, without its words. ``tombstones`` hold what is withdrawn, but criteria."""

    title: str
    status: str
    licence: str
    blob: str
    chapters: tuple[ChapterLine, ...]
    pages: tuple[ItemLine, ...]
    terms: tuple[ItemLine, ...]
    tools: tuple[ItemLine, ...]
    skills: tuple[ItemLine, ...]
    tombstones: tuple[Tombstone, ...] = ()

    @cached_property
    def criteria(self) -> tuple[CriterionLine, ...]:
        """All criteria in reading order, withdrawn ones included."""
        return tuple(criterion for chapter in self.chapters for criterion in chapter.criteria)

    @cached_property
    def _by_code(self) -> dict[str, CriterionLine]:
        return {criterion.code: criterion for criterion in self.criteria}

    @cached_property
    def blobs(self) -> dict[str, str]:
        """Path → blob of everything listed: what the library's own list says, without walking its folders."""
        found = {ROOT: self.blob} if self.blob else {}
        found |= {path_of(Kind.CHAPTER, chapter.code): chapter.blob for chapter in self.chapters if chapter.blob}
        found |= {path_of(Kind.CRITERION, line.code): line.blob for line in self.criteria}
        for kind in (Kind.PAGE, Kind.TERM, Kind.TOOL, Kind.SKILL):
            found |= {path_of(kind, item.key): item.blob for item in self.items(kind)}
        return found | {path_of(gone.kind, gone.line.key): gone.line.blob for gone in self.tombstones}

    @cached_property
    def in_force(self) -> tuple[CriterionLine, ...]:
        return tuple(criterion for criterion in self.criteria if not criterion.withdrawn)

    @cached_property
    def _places(self) -> dict[str, int]:
        """Code → how many criteria in force stand before it."""
        before = 0
        places = {}
        for line in self.criteria:
            places[line.code] = before
            before += not line.withdrawn
        return places

    def criterion(self, code: str) -> CriterionLine | None:
        return self._by_code.get(code)

    def chapter(self, code: str) -> ChapterLine | None:
        return next((chapter for chapter in self.chapters if chapter.code == code), None)

    def neighbours(self, code: str) -> tuple[CriterionLine | None, CriterionLine | None]:
        """The criteria in force before and after this one; a withdrawn one has the neighbours that it would have."""
        place = self._places.get(code)
        if place is None:
            return None, None
        here = self.in_force
        after = place + 1 if place < len(here) and here[place].code == code else place
        return (here[place - 1] if place else None), (here[after] if after < len(here) else None)

    def items(self, kind: Kind) -> tuple[ItemLine, ...]:
        """The texts of a kind that are in force; of the presentation there is one, under the title of the whole."""
        if kind is Kind.REFERENTIAL:
            return (ItemLine(PRESENTATION, self.title, "", self.blob),) if self.blob else ()
        return {Kind.PAGE: self.pages, Kind.TERM: self.terms, Kind.TOOL: self.tools, Kind.SKILL: self.skills}[kind]

    def item(self, kind: Kind, key: str) -> ItemLine | None:
        """An item of this kind, withdrawn or not."""
        gone = (one.line for one in self.tombstones if one.kind is kind)
        return next((item for item in (*self.items(kind), *gone) if item.key == key), None)

    def is_withdrawn(self, kind: Kind, key: str) -> bool:
        return any(one.kind is kind and one.line.key == key for one in self.tombstones)

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON; :meth:`from_data` gives the same summary back."""
        return {
            "titre": self.title,
            "statut": self.status,
            "licence": self.licence,
            "blob": self.blob,
            "chapitres": [
                {
                    "code": chapter.code,
                    "titre": chapter.title,
                    "titre_facile": chapter.easy_title,
                    "blob": chapter.blob,
                    "criteres": [
                        {
                            "code": line.code,
                            "titre": line.title,
                            "niveau": line.level,
                            "etape": line.step,
                            "structures": list(line.structures),
                            "etat": line.state,
                            "blob": line.blob,
                        }
                        for line in chapter.criteria
                    ],
                }
                | ({"etat": State.WITHDRAWN.value} if chapter.withdrawn else {})
                for chapter in self.chapters
            ],
            **{
                kind.value: [
                    {"cle": item.key, "titre": item.title, "certitude": item.certainty, "blob": item.blob}
                    for item in self.items(kind)
                ]
                for kind in (Kind.PAGE, Kind.TERM, Kind.TOOL, Kind.SKILL)
            },
            **({"retires": [_gone_data(gone) for gone in self.tombstones]} if self.tombstones else {}),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Summary":
        def items(kind: Kind) -> tuple[ItemLine, ...]:
            return tuple(ItemLine(i["cle"], i["titre"], i["certitude"], i["blob"]) for i in data[kind.value])

        return cls(
            title=data["titre"],
            status=data["statut"],
            licence=data["licence"],
            blob=data["blob"],
            chapters=tuple(_chapter_from_data(chapter) for chapter in data["chapitres"]),
            pages=items(Kind.PAGE),
            terms=items(Kind.TERM),
            tools=items(Kind.TOOL),
            skills=items(Kind.SKILL),
            tombstones=tuple(
                Tombstone(Kind(i["genre"]), ItemLine(i["cle"], i["titre"], i["certitude"], i["blob"]))
                for i in data.get("retires", ())
            ),
        )

    @classmethod
    def of(cls, files: Mapping[str, str], card: Callable[[str], Card]) -> "Summary":
        """Sum up a tree. ``files`` maps path → blob; ``card`` says what lists need of the file at a path.

        Translations, annexes, decisions and errata are other lists: they are left out. A criterion whose chapter does
        not exist stands in a chapter that bears its code as a title, so that nothing can vanish from the contents.
        """
        found: dict[Kind, list[_Found]] = {kind: [] for kind in Kind}
        for path in sorted(path for path in files if path.partition("/")[0] not in NOT_LISTED):
            try:
                kind, key = kind_and_key(path)
            except ValueError:
                continue
            found[kind].append(_Found(key, files[path], card(path)))
        root = found[Kind.REFERENTIAL][0] if found[Kind.REFERENTIAL] else None
        return cls(
            title=root.card.title if root else "",
            status=root.card.status if root else "",
            licence=root.card.licence if root else "",
            blob=root.blob if root else "",
            chapters=_chapters(found[Kind.CHAPTER], found[Kind.CRITERION], root.card.chapters if root else ()),
            pages=_items(found[Kind.PAGE]),
            terms=_items(found[Kind.TERM]),
            tools=_items(found[Kind.TOOL]),
            skills=_items(found[Kind.SKILL]),
            tombstones=tuple(_tombstones(found)),
        )


def _chapter_from_data(data: Mapping[str, Any]) -> ChapterLine:
    lines = tuple(
        CriterionLine(
            line["code"],
            line["titre"],
            data["code"],
            line["niveau"],
            line["etape"],
            tuple(line["structures"]),
            line["etat"],
            line["blob"],
        )
        for line in data["criteres"]
    )
    gone = data.get("etat") == State.WITHDRAWN
    return ChapterLine(data["code"], data["titre"], data["titre_facile"], data["blob"], lines, gone)


def _gone_data(gone: Tombstone) -> dict[str, str]:
    line = gone.line
    return {
        "genre": gone.kind.value,
        "cle": line.key,
        "titre": line.title,
        "certitude": line.certainty,
        "blob": line.blob,
    }


def _chapters(chapters: list[_Found], criteria: list[_Found], order: tuple[str, ...]) -> tuple[ChapterLine, ...]:
    lines: dict[str, list[tuple[int, str, CriterionLine]]] = {}
    for one in criteria:
        line = _criterion(one.key, one.blob, one.card)
        lines.setdefault(line.chapter, []).append((one.card.rank, one.key, line))
    known = {one.key: one for one in chapters}
    codes = [code for code in order if code in known]
    codes += sorted((code for code in known if code not in order), key=lambda code: (known[code].card.rank, code))
    made = []
    for code in [*codes, *sorted(code for code in lines if code not in known)]:
        inside = tuple(line for _, _, line in sorted(lines.get(code, []), key=lambda entry: entry[:2]))
        if code in known:
            card, blob = known[code].card, known[code].blob
            gone = card.state == State.WITHDRAWN
            if inside or not gone:
                made.append(ChapterLine(code, card.title or code, card.easy_title, blob, inside, gone))
        else:
            made.append(ChapterLine(code, code, "", "", inside))
    return tuple(made)


def _criterion(code: str, blob: str, card: Card) -> CriterionLine:
    return CriterionLine(
        code=code,
        title=card.title or code,
        chapter=card.chapter or code[:1],
        level=card.level,
        step=card.step,
        structures=card.structures,
        state=card.state or State.IN_FORCE.value,
        blob=blob,
    )


def _tombstones(found: Mapping[Kind, list[_Found]]) -> Iterator[Tombstone]:
    """What is withdrawn and stands in no list: a chapter with criteria in it, withdrawn like it, keeps its place."""
    chapters = {one.card.chapter or one.key[:1] for one in found[Kind.CRITERION]}
    for kind in (Kind.CHAPTER, Kind.PAGE, Kind.TERM, Kind.TOOL, Kind.SKILL):
        for one in found[kind]:
            if one.card.state == State.WITHDRAWN and not (kind is Kind.CHAPTER and one.key in chapters):
                line = ItemLine(one.key, one.card.title or one.key, one.card.certainty, one.blob)
                yield Tombstone(kind, line)


def _items(found: list[_Found]) -> tuple[ItemLine, ...]:
    in_force = (one for one in found if one.card.state != State.WITHDRAWN)
    placed = sorted(in_force, key=lambda one: (one.card.rank, _sortable(one.card.title or one.key), one.key))
    return tuple(ItemLine(one.key, one.card.title or one.key, one.card.certainty, one.blob) for one in placed)


def rank(document: Document) -> int:
    """The place that the file asks for among its like; at the end when it asks for none."""
    value = document.value("rang") or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else LAST


def _sortable(title: str) -> str:
    """A French order good enough for a list of terms: without accents or case."""
    return anchor(title)
