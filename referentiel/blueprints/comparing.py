"""Compare two states of the text: what was added, changed, withdrawn, in words and figures, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from flask import Blueprint, get_template_attribute, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.paths import Kind, path_of
from referentiel.criteria.rendering import packed, unpacked
from referentiel.criteria.vocabulary import StructureType
from referentiel.dates import PARIS, day
from referentiel.editions import differences, queries
from referentiel.editions.differences import ItemChange, Why
from referentiel.editions.edition import Edition, in_force
from referentiel.editions.summary import Summary
from referentiel.errors import N_, Unknown
from referentiel.library.cache import Cache
from referentiel.proposals.queries.lines import Line, lines
from referentiel.proposals.states import Step
from referentiel.web import origins
from referentiel.web.clock import now
from referentiel.web.contents import day_of
from referentiel.web.guard import public
from referentiel.web.language import LANGUAGE
from referentiel.web.stores import library

blueprint = Blueprint("comparing", __name__)

DRAFT = "travail"
NEWS_SHOWN = 60

# What a reader must know first comes first.
ORDER = ("added", "removed", "substance", "clarity", "typo", "moved")


@dataclass(frozen=True)
class Side:
    """One of the two states: what the address calls it, what the screen calls it, its commit."""

    name: str
    commit: str
    edition: Edition | None

    @property
    def words(self) -> str:
        if self.edition is None:
            return str(_("la version de travail"))
        return str(_("l’édition\u00a0%(number)s", number=self.edition.number))


@dataclass(frozen=True)
class Changed:
    """One item that differs, and why."""

    item: ItemChange
    why: Why
    acts: tuple[origins.Act, ...]

    @property
    def kind_of_change(self) -> str:
        """The key under which it is counted: added, substance, clarity, typo, moved or removed."""
        if self.item.status != "changed":
            return self.item.status
        return (self.why.change_class or ChangeClass.CLARITY).value


@dataclass(frozen=True)
class Difference:
    """What differs between two commits, the weightiest first, then by path; how many criteria in force do not."""

    changed: tuple[Changed, ...]
    same: int


@dataclass(frozen=True)
class Changes:
    """Everything that differs, sorted for the page; ``shown`` are the criteria that concern the structure asked for."""

    criteria: tuple[Changed, ...]
    shown: tuple[Changed, ...]
    elsewhere: tuple[Changed, ...]
    others: tuple[Changed, ...]


@dataclass(frozen=True)
class News:
    """Since a day: what was decided and is in no edition in force yet, what was asked for. The latest first."""

    decided: tuple[Line, ...]
    asked: tuple[Line, ...]


_found: Cache[tuple[str, str], Difference] = Cache(6)
_details: Cache[tuple[str, ...], bytes] = Cache(500_000, len)
"""Packed: about forty comparisons of two editions."""


@blueprint.get("/comparer")
@public
def compare() -> ResponseReturnValue:
    """``de`` and ``a`` each name an edition or the draft; ``structure`` keeps what concerns one type."""
    published = queries.all_editions(library())
    if not published:
        raise Unknown(N_("Aucune édition n’est encore publiée : il n’y a rien à comparer."))
    return _page(published, *_sides(published, request.args.get("de", ""), request.args.get("a", "")))


@blueprint.get("/depuis/<on>")
@public
def since(on: str) -> ResponseReturnValue:
    """What changed in the text in force since a day, what was decided and proposed since; from the first edition for a
    day before it."""
    asked = day_of(on)
    published = queries.all_editions(library())
    today = in_force(published, day(now()))
    before = in_force(published, asked) or (published[0] if published and asked < published[0].applies else None)
    if before is None or today is None:
        raise Unknown(N_("Aucune édition n’était en vigueur ce jour-là."))
    return _page(published, _of(before), _of(today), since=asked, news=_news(asked, today))


def _news(asked: date, today: Edition) -> News:
    """Two statements."""
    start = datetime.combine(asked, time(), PARIS)
    found = lines(steps=(Step.SUBMIT, Step.SIGN), since=start, limit=NEWS_SHOWN)
    sealed = library().files(today.commit)
    decided = [line for line in found if line.decision and path_of(Kind.DECISION, str(line.decision)) not in sealed]
    return News(tuple(decided), tuple(line for line in found if line.step is Step.SUBMIT))


def _page(
    published: tuple[Edition, ...],
    before: Side,
    after: Side,
    *,
    since: date | None = None,
    news: News | None = None,
) -> str:
    """The comparison of two states; ``since`` is the day that led to them, ``news`` what is not in them yet."""
    structure = request.args.get("structure", "")
    structure = structure if structure in {kind.value for kind in StructureType} else ""
    difference = _difference(before, after)
    changes = _changes(difference.changed, structure)
    return render_template(
        "comparing/compare.html",
        since=since,
        news=news,
        before=before,
        after=after,
        published=published[::-1],
        structure=structure,
        structures=[(kind.value, _(kind.label)) for kind in StructureType],
        changes=changes,
        counts=Counter(one.kind_of_change for one in changes.shown),
        same=difference.same,
        detail=_detail(before, after, structure, changes),
    )


def _changes(changed: Sequence[Changed], structure: str) -> Changes:
    criteria = tuple(one for one in changed if one.item.kind is Kind.CRITERION)
    return Changes(
        criteria=criteria,
        shown=tuple(one for one in criteria if one.item.concerns(structure)),
        elsewhere=tuple(one for one in criteria if not one.item.concerns(structure)),
        others=tuple(one for one in changed if one.item.kind is not Kind.CRITERION),
    )


def _detail(before: Side, after: Side, structure: str, changes: Changes) -> str:
    """Rendered once for two commits, a structure and a language."""
    macro = get_template_attribute("comparing/parts.html", "detail")
    key = (before.commit, after.commit, before.name, after.name, structure, LANGUAGE)
    return unpacked(_details.get(key, lambda _key: packed(macro(before, after, structure, changes))))


def _of(edition: Edition) -> Side:
    return Side(str(edition.number), edition.commit, edition)


def _sides(published: tuple[Edition, ...], de: str, a: str) -> tuple[Side, Side]:
    """The two states that the address names; the last edition and what came before it when it names none."""
    last, head = published[-1], library().head()
    if not a:
        a = DRAFT if last.commit != head or len(published) == 1 or de == str(last.number) else str(last.number)
    after = _side(published, a, head)
    if not de:
        earlier = after.edition.previous if after.edition else str(last.number)
        de = earlier or str(published[0].number)
    return _side(published, de, head), after


def _side(published: tuple[Edition, ...], name: str, head: str) -> Side:
    if name == DRAFT:
        return Side(DRAFT, head, None)
    edition = next((edition for edition in published if str(edition.number) == name), None)
    if edition is None:
        raise Unknown(N_("Cette édition n’existe pas."))
    return _of(edition)


def _difference(before: Side, after: Side) -> Difference:
    """Found once for two commits, by two queries, then kept."""
    if before.commit == after.commit:
        return Difference((), len(_summary(after).in_force))
    pair = before.commit, after.commit
    numbers = queries.commit_numbers(pair)
    if len(numbers) < 2:  # History is not listed up to there yet: what is found now is not the last word.
        return _compare(before, after, numbers)
    return _found.get(pair, lambda _key: _compare(before, after, numbers))


def _compare(before: Side, after: Side, numbers: Mapping[str, int]) -> Difference:
    older, newer = sorted((before.commit, after.commit), key=lambda commit: numbers.get(commit, 0))
    why = differences.reasons(queries.versions_between(older, newer))
    found, head = [], library().head()
    for item in differences.between(library(), before.commit, after.commit):
        behind = why.get(item.path, Why())
        acts = (origins.act(library(), number, at=head) for number in behind.decisions)
        found.append(Changed(item, behind, tuple(act for act in acts if act is not None)))
    changed = tuple(sorted(found, key=lambda one: ORDER.index(one.kind_of_change)))
    codes = {one.item.key for one in changed if one.item.kind is Kind.CRITERION}
    return Difference(changed, sum(line.code not in codes for line in _summary(after).in_force))


def _summary(side: Side) -> Summary:
    return queries.summary_of(library(), side.edition) if side.edition else queries.summary_at(library(), side.commit)
