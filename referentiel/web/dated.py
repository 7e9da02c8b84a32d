"""The text of a day: the edition that was in force then, its decisions, what to say when there was none."""

from collections.abc import Iterable
from datetime import date, timedelta

from flask import request

from referentiel.criteria.paths import Kind, path_of
from referentiel.dates import day
from referentiel.editions import queries
from referentiel.editions.edition import Edition, in_force
from referentiel.errors import N_, Unknown
from referentiel.library.library import Library
from referentiel.library.models import Version
from referentiel.library.queries import history
from referentiel.web.clock import now
from referentiel.web.contents import day_of
from referentiel.web.origins import Act, act
from referentiel.web.stores import library
from referentiel.web.texts import ItemText, State, edition_state

FARTHEST = timedelta(days=366)
"""How far ahead a text can be asked for: editions are announced a few months before they apply"""


class NoSuchDay(Unknown):
    """There is no text for the day of ``?le=``; ``asked`` is None when it is no day. The page offers another."""

    def __init__(self, message: str, *, asked: date | None = None, first: Edition | None = None) -> None:
        super().__init__(message)
        self.asked = asked
        self.first = first


class NotThatDay(NoSuchDay):
    """A text was in force that day, without this page."""


def asked_state() -> State | None:
    """The text in force today, or on the day of ``?le=``. None before the first edition. Raises NoSuchDay."""
    raw, today = request.args.get("le", ""), day(now())
    published = queries.all_editions(library())
    if not raw:
        edition = in_force(published, today)
        return edition_state(library(), edition) if edition else None
    asked = _day(raw, published)
    edition = in_force(published, asked)
    if edition is None:
        if not published:
            return None
        raise NoSuchDay(N_("Aucune édition n’était en vigueur ce jour-là."), asked=asked, first=published[0])
    if asked > today + FARTHEST:
        raise NoSuchDay(
            N_("Personne ne sait encore quel texte s’appliquera ce jour-là."), asked=asked, first=published[0]
        )
    return edition_state(library(), edition, asked=asked, ahead=asked > today)


def decisions_behind(library: Library, state: State, kind: Kind, key: str) -> tuple[Act, ...]:
    """The decisions that made an item as this state has it, the last first. Two queries."""
    last = queries.commit_numbers([state.commit]).get(state.commit, 0)
    return _acts(library, (version for version in history(path_of(kind, key)) if version.number <= last))


def decisions_of(library: Library, edition: Edition) -> tuple[Act, ...]:
    """The decisions that an edition brought, the last first; none for the first of all. One query."""
    previous = next((one for one in queries.all_editions(library) if str(one.number) == edition.previous), None)
    if previous is None:
        return ()
    return _acts(library, reversed(queries.versions_between(previous.commit, edition.commit)))


def to_come(library: Library, state: State) -> Edition | None:
    """The last edition that is published and does not apply yet, for who reads the text in force today."""
    if state.asked or state.is_draft:
        return None
    last = queries.latest(library)
    return last if last is not None and last.applies > day(now()) else None


def same_in_force(state: State, text: ItemText) -> Edition | None:
    """The edition in force, when the draft that is read says of this item what that edition says."""
    edition = queries.in_force(library(), now()) if state.is_draft else None
    return edition if edition and queries.summary_of(library(), edition).blobs.get(text.path) == text.blob else None


def _day(raw: str, published: tuple[Edition, ...]) -> date:
    try:
        return day_of(raw)
    except Unknown as error:
        raise NoSuchDay(error.message, first=published[0] if published else None) from None


def _acts(library: Library, versions: Iterable[Version]) -> tuple[Act, ...]:
    head = library.head()
    numbers = dict.fromkeys(version.decision for version in versions if version.decision)
    found = (act(library, number, at=head) for number in numbers)
    return tuple(one for one in found if one is not None)
