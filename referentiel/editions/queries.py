"""Reads of the editions: those published, from their files alone; those to come, from the database."""

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path

from sqlalchemy import Select, bindparam, func, select

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.document import Document
from referentiel.criteria.merging import touched
from referentiel.database import session
from referentiel.dates import PARIS, day
from referentiel.editions import edition as editions
from referentiel.editions.edition import Edition
from referentiel.editions.models import CarriedOver, EditionPlan, PlanState
from referentiel.editions.numbering import Change, next_number
from referentiel.editions.shelf import SEALED, Shelf
from referentiel.editions.summary import NOT_LISTED, Card, Summary
from referentiel.errors import N_, Refused
from referentiel.library.library import Library
from referentiel.library.models import Version
from referentiel.proposals.models import Proposal
from referentiel.proposals.states import DECIDED, ProposalKind, State

FOLDER = "editions"

# A proposal in one of these has had no answer yet.
WAITING = (State.SUBMITTED, State.TO_COMPLETE, State.IN_DISCUSSION, State.IN_DECISION)


def shelf_of(library: Library) -> Shelf:
    """The folder of the editions stands beside the library, in the instance."""
    return Shelf(library.path.parent / FOLDER)


def all_editions(library: Library) -> tuple[Edition, ...]:
    """The published editions, oldest first. No Git, no SQL: one ``stat`` an edition."""
    return shelf_of(library).editions()


def edition(library: Library, number: str) -> Edition:
    """One published edition. Raises Unknown."""
    return shelf_of(library).edition(number)


def latest(library: Library) -> Edition | None:
    """The last published, whether it applies already or not."""
    published = all_editions(library)
    return published[-1] if published else None


def in_force(library: Library, at: datetime) -> Edition | None:
    """The latest edition whose application date has come on that day in Paris. None before the first."""
    return editions.in_force(all_editions(library), day(at))


def summary_of(library: Library, edition: Edition) -> Summary:
    """The table of contents of a published edition, from its sealed file; kept."""
    return _sealed_summary(shelf_of(library).path / str(edition.number) / SEALED / "sommaire.json", edition.commit)


def summary_at(library: Library, commit: str) -> Summary:
    """The table of contents at a commit, from Git; kept. Costs about 0.2 ms a file that was never read, 2 µs then."""
    return _summary_at(library, commit)


@lru_cache(maxsize=2)
def _sealed_summary(path: Path, _commit: str) -> Summary:
    return Summary.from_data(json.loads(path.read_bytes()))


@lru_cache(maxsize=2)
def _summary_at(library: Library, commit: str) -> Summary:
    files = library.files(commit).outside(*NOT_LISTED)
    return Summary.of(files, lambda path: _card(library, path, files[path]))


@lru_cache(maxsize=2_000)
def _card(library: Library, path: str, blob: str) -> Card:
    """Kept by file: an adoption changes one, and the contents of the draft are made again from the others' cards."""
    return Card.of(Document.read(library.text(blob), path))


def open_plan() -> EditionPlan | None:
    """The edition to come, if one is announced. One SQL query."""
    return session.scalars(select(EditionPlan).where(EditionPlan.state != PlanState.SEALED)).first()


def plan(id: int) -> EditionPlan | None:
    return session.get(EditionPlan, id)


def unanswered(plan: EditionPlan) -> Sequence[Proposal]:
    """The proposals that came by the closing day and that nobody has answered nor carried over, oldest first.

    While one is left, the edition is not sealed. An erratum is asked of an edition that is published already: it keeps
    no other from being sealed. One SQL query.
    """
    carried = select(CarriedOver.proposal_id).where(CarriedOver.plan_id == plan.id)
    query = (
        select(Proposal)
        .where(
            Proposal.state.in_(WAITING),
            Proposal.kind != ProposalKind.ERRATUM,
            Proposal.submitted_at < end_of_closing(plan),
            Proposal.id.not_in(carried),
        )
        .order_by(Proposal.submitted_at, Proposal.id)
    )
    return session.scalars(query).all()


def later(plan: EditionPlan) -> Sequence[Proposal]:
    """The proposals that came after the closing day: the next edition will have them. One SQL query."""
    query = (
        select(Proposal)
        .where(
            Proposal.state.in_(WAITING),
            Proposal.kind != ProposalKind.ERRATUM,
            Proposal.submitted_at >= end_of_closing(plan),
        )
        .order_by(Proposal.submitted_at, Proposal.id)
    )
    return session.scalars(query).all()


def decided_since(plan: EditionPlan) -> Sequence[Proposal]:
    """The proposals that came in time and whose decision took effect after the edition was prepared."""
    if plan.prepared_at is None:
        return ()
    query = (
        select(Proposal)
        .where(
            Proposal.state.in_(DECIDED - {State.POSTPONED, State.REFUSED}),
            Proposal.kind != ProposalKind.ERRATUM,
            Proposal.submitted_at < end_of_closing(plan),
            Proposal.decided_at > plan.prepared_at,
        )
        .order_by(Proposal.id)
    )
    return session.scalars(query).all()


def end_of_closing(plan: EditionPlan) -> datetime:
    """The first instant at which it is too late: midnight in Paris after the closing day."""
    return datetime.combine(plan.closing + timedelta(days=1), time(), PARIS)


def number_for(library: Library, commit: str, at: datetime) -> str:
    """The number that an edition of this commit would bear if it were published on that day.

    Raises Refused when nothing has changed since the last edition. Costs what :func:`changes_between` costs.
    """
    last = latest(library)
    if last is not None and last.commit == commit:
        raise Refused(N_("Rien n’a changé depuis l’édition %(number)s."), number=last.number)
    changes = changes_between(library, last.commit if last else None, commit)
    return str(next_number(last.number if last else None, changes, published=day(at)))


def changes_between(library: Library, before: str | None, after: str) -> list[Change]:
    """What each adoption changed from one commit to another, file by file, in the order of history.

    Costs one SQL query and two reads a changed file. ``before`` None is the empty library: nothing to compare.
    """
    if before is None:
        return []
    return [
        Change(
            path=version.path,
            change_class=ChangeClass(version.change_class),
            parts=touched(_document(library, version.before_blob), _document(library, version.blob)),
        )
        for version in versions_between(before, after)
        if version.change_class
    ]


def versions_between(before: str, after: str) -> Sequence[Version]:
    """The versions of files that the commits after ``before``, up to ``after``, made; oldest first. One SQL query."""
    start, end = (
        select(func.coalesce(func.max(Version.number), 0)).where(Version.commit == commit).scalar_subquery()
        for commit in (before, after)
    )
    query = select(Version).where(Version.number > start, Version.number <= end).order_by(Version.seq)
    return session.scalars(query).all()


def commit_numbers(commits: Sequence[str]) -> dict[str, int]:
    """The place of each commit in the history of ``main``, the root being 1. One SQL query."""
    return dict(session.execute(_commit_numbers(), {"commits": list(commits)}).all())


@cache
def _commit_numbers() -> Select[str, int]:
    """Built once: building it costs more than running it."""
    some = Version.commit.in_(bindparam("commits", expanding=True))
    return select(Version.commit, func.max(Version.number)).where(some).group_by(Version.commit)


def _document(library: Library, blob: str | None) -> Document | None:
    return Document.read(library.text(blob)) if blob else None
