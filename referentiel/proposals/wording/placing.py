"""Where new and moved items stand among their like, and the ranks that this gives, theirs and others'."""

from collections.abc import Mapping

from referentiel.criteria.document import Document
from referentiel.criteria.items import is_withdrawn
from referentiel.criteria.paths import ROOT, Kind, kind_and_key
from referentiel.errors import N_, Invalid
from referentiel.proposals.sheets import Part, key_field
from referentiel.proposals.states import ItemVerb
from referentiel.proposals.wording.layouts import AFTER, CHAPTER, RANKED
from referentiel.proposals.wording.places import like, place_of, put_after


def placed(
    parts: tuple[Part, ...], documents: Mapping[str, Document], texts: Mapping[str, str], problems: list[Invalid]
) -> dict[str, Document]:
    """The same documents with their ranks, and those of the items that they push; the main one stays first."""
    made = dict(documents)
    for place, part in enumerate(parts):
        kind = kind_and_key(part.path)[0]
        if kind not in RANKED or part.verb not in (ItemVerb.CREATE, ItemVerb.MOVE):
            continue
        if kind is Kind.CRITERION and not _in_a_chapter(made, part, texts):
            problems.append(Invalid(N_("Choisissez un chapitre."), field=key_field(CHAPTER, place)))
            continue
        try:
            _place(part, kind, made, texts)
        except LookupError:
            problems.append(Invalid(N_("Choisissez une place dans ce chapitre."), field=key_field(AFTER, place)))
    return made


def _place(part: Part, kind: Kind, made: dict[str, Document], texts: Mapping[str, str]) -> None:
    after = part.keys.get(AFTER, "")
    document = made[part.path]
    now = {**{path: texts[path] for path in texts if path.startswith(f"{kind.value}/")}}
    now |= {path: one.text for path, one in made.items() if path.startswith(f"{kind.value}/")}
    chapter = document.value(CHAPTER) or ""
    if part.verb is ItemVerb.MOVE and _stays(part, document, texts, after):
        return
    others = like(now, kind, chapter, but=part.path)
    if part.verb is ItemVerb.CREATE and not after:
        # The last one, unless somebody says where.
        after = others[-1].key if others else ""
    rank, pushed = put_after(others, after if isinstance(after, str) else "")
    made[part.path] = document.with_value("rang", str(rank))
    for path, other in pushed.items():
        moved = made[path] if path in made else Document.read(texts[path], path)
        made[path] = moved.with_value("rang", str(other))
    if kind is Kind.CHAPTER and part.verb is ItemVerb.MOVE:
        _reorder(part, made, texts, after if isinstance(after, str) else "")


def _stays(part: Part, document: Document, texts: Mapping[str, str], after: object) -> bool:
    """Whether an item is asked to stand where it stands."""
    before = Document.read(texts[part.path], part.path)
    return before.value(CHAPTER) == document.value(CHAPTER) and place_of(before, texts) == after


def _reorder(part: Part, made: dict[str, Document], texts: Mapping[str, str], after: str) -> None:
    """The order of the chapters is said by the root of the text."""
    if ROOT not in texts:
        return
    root = made[ROOT] if ROOT in made else Document.read(texts[ROOT], ROOT)
    own = kind_and_key(part.path)[1]
    order = [code for code in root.values("chapitres") if code != own]
    if own in root.values("chapitres") and (not after or after in order):
        order.insert(order.index(after) + 1 if after else 0, own)
        made[ROOT] = root.with_value("chapitres", order)


def _in_a_chapter(made: Mapping[str, Document], part: Part, texts: Mapping[str, str]) -> bool:
    """Whether a criterion goes to a chapter in force, or to one that this proposal makes."""
    path = f"{Kind.CHAPTER.value}/{made[part.path].value(CHAPTER) or ''}.md"
    if path in made:
        return not is_withdrawn(made[path])
    return path in texts and not is_withdrawn(Document.read(texts[path], path))
