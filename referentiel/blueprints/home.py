"""The first page: three doors, the edition in force, and what goes on now. Every figure comes from a query."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, render_template

from referentiel.criteria.vocabulary import Level
from referentiel.dates import day
from referentiel.editions.edition import Edition
from referentiel.editions.queries import all_editions, in_force, open_plan, summary_of
from referentiel.editions.summary import Summary
from referentiel.proposals.queries import latest_decisions
from referentiel.proposals.queries.promises import promises
from referentiel.web.clock import now
from referentiel.web.guard import public
from referentiel.web.stores import library, settings

blueprint = Blueprint("home", __name__)

DECISIONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class InForce:
    """The edition in force in a few figures; ``changes`` is the number of criteria that differ from ``previous``."""

    edition: Edition
    criteria: int
    chapters: int
    imperative: int
    previous: str
    changes: int


@blueprint.get("/")
@public
def page() -> str:
    at = now()
    return render_template(
        "home/page.html",
        text=_in_force(at),
        plan=open_plan(),
        coming=_coming(at),
        promises=promises(at=at, since=date(day(at).year, 1, 1)),
        since=date(day(at).year, 1, 1),
        decisions=latest_decisions(DECISIONS_SHOWN),
        settings=settings(),
    )


def _in_force(at: datetime) -> InForce | None:
    edition = in_force(library(), at)
    if edition is None:
        return None
    summary = summary_of(library(), edition)
    previous = next((e for e in all_editions(library()) if str(e.number) == edition.previous), None)
    return InForce(
        edition=edition,
        criteria=len(summary.in_force),
        chapters=len(summary.chapters),
        imperative=sum(line.level == Level.IMPERATIVE for line in summary.in_force),
        previous=edition.previous if previous else "",
        changes=_changes(summary_of(library(), previous), summary) if previous else 0,
    )


def _coming(at: datetime) -> Edition | None:
    """The last edition that is published and does not apply yet."""
    published = all_editions(library())
    return published[-1] if published and not published[-1].applies_on(day(at)) else None


def _changes(before: Summary, after: Summary) -> int:
    """Criteria that were added, withdrawn or reworded from one edition to the next."""
    return len({code for code, _blob in _texts(before) ^ _texts(after)})


def _texts(summary: Summary) -> set[tuple[str, str]]:
    return {(line.code, line.blob) for line in summary.criteria}
