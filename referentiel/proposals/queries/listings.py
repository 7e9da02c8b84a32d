"""Lists of proposals: filtered, in pages, on one item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import ColumnElement, CompoundSelect, Integer, Select, String, bindparam, func, select

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.paths import corrected_by
from referentiel.database import session
from referentiel.dates import day
from referentiel.permissions import College
from referentiel.proposals.delays import days_left
from referentiel.proposals.errata import awaited
from referentiel.proposals.models import Proposal, Revision, RevisionFile
from referentiel.proposals.states import CLOSED, DECIDED, OPEN, ProposalKind, State

AWAITING = OPEN | {State.IN_DECISION}
"""The states in which an answer is still to come"""

GROUPS: dict[str, frozenset[State]] = {
    "ouvertes": AWAITING,
    "en-discussion": frozenset({State.IN_DISCUSSION}),
    "en-decision": frozenset({State.IN_DECISION}),
    "decidees": DECIDED,
    "closes": CLOSED | {State.INADMISSIBLE},
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for. ``group`` is a key of :data:`GROUPS` or the value of a state; empty: everything."""

    group: str = ""
    college: College | None = None
    code: str = ""
    words: str = ""
    late: bool = False

    @property
    def states(self) -> frozenset[State]:
        if self.group in GROUPS:
            return GROUPS[self.group]
        return frozenset(state for state in State if state.value == self.group) or frozenset(State)


@dataclass(frozen=True, slots=True)
class Row:
    """One proposal as lists show it. ``left`` is the number of days before the promised answer, ``window_left`` before
    the end of the discussion; none once given, or once it is over.
    """

    number: int
    title: str
    path: str
    code: str
    kind: ProposalKind
    state: State
    college: College
    change_class: ChangeClass
    submitted_on: date
    window_ends: date | None
    decision_due: date
    decision_number: int | None
    left: int | None
    window_left: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. ``number`` and ``count`` are at least 1."""

    rows: tuple[Row, ...]
    total: int
    number: int
    count: int


def listing(filters: Filters, *, at: datetime, page: int = 1, size: int = 20) -> Page:
    """Proposals that the filters keep, latest first. Two statements."""
    kept = _kept(filters, day(at))
    total = session.scalar(select(func.count()).select_from(Proposal).where(*kept)) or 0
    count = max(1, -(-total // size))
    rows = _rows(select(Proposal).where(*kept).limit(size).offset((page - 1) * size), day(at)) if page <= count else ()
    return Page(rows, total, page, count)


def numbered(
    filters: Filters, *, at: datetime, before: int | None = None, size: int = 50
) -> tuple[tuple[Row, ...], int]:
    """Proposals that the filters keep, highest number first, from below ``before`` on; and how many there are in all.

    A number never moves: who reads page after page meets each one once. Two statements.
    """
    kept = _kept(filters, day(at))
    total = session.scalar(select(func.count()).select_from(Proposal).where(*kept)) or 0
    if before is not None:
        kept.append(Proposal.id < before)
    found = session.scalars(select(Proposal).where(*kept).order_by(Proposal.id.desc()).limit(size))
    return tuple(row_of(one, day(at)) for one in found), total


def all_numbers() -> Sequence[int]:
    """The numbers of all proposals, in their order. One statement."""
    return session.scalars(select(Proposal.id).order_by(Proposal.id)).all()


def on_item(path: str, *, at: datetime | None = None, open_only: bool = True, limit: int = 20) -> tuple[Row, ...]:
    """Proposals that touch one file of the text, or that created it, latest first. One statement.

    Without ``at`` no row says how many days are left.
    """
    states = AWAITING if open_only else frozenset(State)
    rows = session.scalars(_on_item(), {"path": path, "states": list(states), "limit": limit})
    return tuple(row_of(proposal, day(at) if at else None) for proposal in rows)


def rivals(proposal: Proposal, *, at: datetime, limit: int = 20) -> tuple[Row, ...]:
    """The other proposals still to be answered that touch a text that this one touches, latest first. One statement."""
    if proposal.kind is ProposalKind.ERRATUM:
        beside = awaited(*corrected_by(proposal.path))
        return tuple(row_of(one, day(at)) for one in beside if one.id != proposal.id)[:limit]
    paths = [file.path for file in proposal.revision.files]
    found = session.scalars(_rivals(), {"paths": paths, "own": proposal.id, "states": list(AWAITING), "limit": limit})
    return tuple(row_of(one, day(at)) for one in found)


def open_count() -> int:
    """How many are neither decided nor closed. One statement."""
    return session.scalar(select(func.count()).select_from(Proposal).where(Proposal.state.in_(AWAITING))) or 0


def row_of(proposal: Proposal, today: date | None) -> Row:
    """A proposal as lists show it; sends nothing."""
    return Row(
        number=proposal.id,
        title=proposal.title,
        path=proposal.path,
        code=proposal.code,
        kind=proposal.kind,
        state=proposal.state,
        college=proposal.college,
        change_class=proposal.change_class,
        submitted_on=day(proposal.submitted_at),
        window_ends=proposal.window_ends,
        decision_due=proposal.decision_due,
        decision_number=proposal.decision_number,
        left=days_left(proposal.decision_due, today) if today and proposal.state in AWAITING else None,
        window_left=_window_left(proposal, today),
    )


def _window_left(proposal: Proposal, today: date | None) -> int | None:
    if today is None or proposal.window_ends is None or proposal.state is not State.IN_DISCUSSION:
        return None
    left = days_left(proposal.window_ends, today)
    return left if left >= 0 else None


def _rows(query: Select[Proposal], today: date | None) -> tuple[Row, ...]:
    return tuple(row_of(proposal, today) for proposal in session.scalars(_latest_first(query)))


def _latest_first(query: Select[Proposal]) -> Select[Proposal]:
    return query.order_by(Proposal.submitted_at.desc(), Proposal.id.desc())


@cache
def _on_item() -> Select[Proposal]:
    """Built once: building it costs more than running it."""
    path = bindparam("path", type_=String)
    created = select(Proposal.id).where(Proposal.adopted_path == path)
    return _awaited(_touching(RevisionFile.path == path).union(created))


@cache
def _rivals() -> Select[Proposal]:
    """Built once, like the other."""
    here = _touching(RevisionFile.path.in_(bindparam("paths", expanding=True)))
    return _awaited(here.distinct()).where(Proposal.id != bindparam("own", type_=Integer))


def _awaited(numbers: Select[int] | CompoundSelect[int]) -> Select[Proposal]:
    """Joined, so that SQLite starts from these few and not from all that is open."""
    few = numbers.subquery()
    awaited = Proposal.state.in_(bindparam("states", expanding=True))
    kept = select(Proposal).join(few, few.c.id == Proposal.id).where(awaited)
    return _latest_first(kept).limit(bindparam("limit", type_=Integer))


def _touching(kept: ColumnElement[bool]) -> Select[int]:
    """The numbers of the proposals whose present wording has a file of these."""
    return (
        select(Proposal.id)
        .join(Revision, (Revision.proposal_id == Proposal.id) & (Revision.number == Proposal.revision_number))
        .join(RevisionFile, RevisionFile.revision_id == Revision.id)
        .where(kept)
    )


def _kept(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    kept: list[ColumnElement[bool]] = [Proposal.state.in_(filters.states)]
    if filters.college is not None:
        kept.append(Proposal.college == filters.college)
    if filters.code:
        # An erratum is found by the code of what it corrects.
        corrects = Proposal.path.like(f"errata/%/{_escaped(filters.code.upper())}-%", escape="\\")
        kept.append((func.upper(Proposal.code) == filters.code.upper()) | corrects)
    for word in filters.words.split()[:8]:
        kept.append(Proposal.title.ilike(f"%{_escaped(word)}%", escape="\\"))
    if filters.late:
        kept.append(Proposal.decision_due < today)
        kept.append(Proposal.state.in_(AWAITING))
    return kept


def _escaped(word: str) -> str:
    """A word that stands for itself in a pattern."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
