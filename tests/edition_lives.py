"""Editions brought to a state by the real actions, each on its day."""

from collections.abc import Mapping
from datetime import timedelta

from referentiel.dates import day
from referentiel.editions.edition import Edition
from referentiel.editions.models import EditionPlan
from referentiel.editions.preparing import actions
from referentiel.editions.sealing.press import Press
from referentiel.editions.sealing.publishing import seal_confirmed
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.proposals.states import ProposalKind
from tests.proposal_lives import ago, decided, in_discussion

PRESS = Press("http://127.0.0.1:8000", ("html", "json", "zip"))
REWORDED = {"Énoncé": "Tout passage vers une autre structure est préparé un mois avant, avec la personne."}


def adopted(
    library: Library,
    by: Person,
    editor: Person,
    second: Person,
    *,
    days: float = 12,
    path: str = "criteres/E4.md",
    sections: Mapping[str, str] = REWORDED,
    **more: object,
) -> None:
    """A change proposed, discussed and signed twice so many days ago."""
    proposal = in_discussion(library, by, editor, days=days + 45, path=path, sections=dict(sections), **more)
    decided(library, proposal, editor, second, days=days)


def withdrawn(
    library: Library,
    by: Person,
    editor: Person,
    second: Person,
    *,
    days: float = 12,
    path: str = "criteres/G7.md",
    successor: str = "G6",
) -> None:
    """A criterion withdrawn, another named in its place, signed twice so many days ago."""
    said, keys = {"Raison du retrait": "Il fait double emploi."}, {"remplace_par": (successor,)}
    kind = ProposalKind.WITHDRAW
    adopted(library, by, editor, second, days=days, path=path, sections=said, keys=keys, kind=kind)


def announced(publisher: Person, *, days: float = 80, closing: float = 40) -> EditionPlan:
    """Announced so many days ago, with its closing day ``closing`` days ago."""
    return actions.announce(closing=day(ago(closing)), by=publisher, at=ago(days))


def prepared(library: Library, publisher: Person, *, days: float = 5, in_days: int = 0, note: str = "") -> EditionPlan:
    """Announced, then prepared so many days ago, to apply ``in_days`` days from today."""
    plan = announced(publisher)
    applies = day(ago(0)) + timedelta(days=in_days)
    return actions.prepare(library, plan, applies=applies, note=note, by=publisher, at=ago(days))


def published(
    library: Library, publisher: Person, second: Person, *, days: float = 4, in_days: int = 0, note: str = ""
) -> Edition:
    """Prepared, confirmed by somebody of another college, sealed."""
    plan = prepared(library, publisher, days=days, in_days=in_days, note=note)
    actions.confirm(library, plan, by=second, at=ago(days))
    (edition,) = seal_confirmed(library, PRESS, at=ago(days))
    return edition


def second_edition(
    library: Library, by: Person, editor: Person, second: Person, *, in_days: int = 0, note: str = ""
) -> Edition:
    """A change of E4 is adopted, then published beside the first edition."""
    adopted(library, by, editor, second)
    return published(library, second, editor, in_days=in_days, note=note)
