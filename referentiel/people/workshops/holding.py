"""Collective sessions: one person opens, a second one agrees, cards are printed, people come in, it closes."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from referentiel.criteria.characters import clean
from referentiel.database import session, writing
from referentiel.errors import N_, Expired, Invalid, Refused
from referentiel.journal.actions import audit
from referentiel.people.cards import codes
from referentiel.people.cards.issuing import NOTHING_OPENS, PrintedCard, add_cards
from referentiel.people.cards.seats import has_seat
from referentiel.people.cards.tries import count_wrong_try, forget_tries, refuse_while_waiting
from referentiel.people.cards.visits import Entered, Origin, Visit, Written, come_again, open_account
from referentiel.people.models import MOST_SEATS, Card, Person, Structure, Workshop
from referentiel.people.workshops import codes as workshop_codes
from referentiel.permissions import Action, College, may, require

LONGEST_TITLE = 120
LONGEST_LIFE = timedelta(days=60)
"""Between the day when a session is prepared and its end"""

MOST_CRITERIA = 12
CARDS_A_SEAT = 2
"""A sheet may be lost once"""

ASK_FOR_A_CARD = N_("Demandez une carte à la personne qui vous accueille, ou écrivez vos quatre mots.")


def open_workshop(
    title: str,
    *,
    criteria: Sequence[str],
    among: Collection[str],
    place: str,
    structure_id: int | None,
    seats: int,
    ends_at: datetime,
    by: Person,
    at: datetime,
    secret: bytes,
) -> Workshop:
    """Open a session until ``ends_at``, on some of the criteria in force, ``among``. One write.

    From the employers' college it lets nobody in until a second person, of another college, agreed; and it names the
    structure of those who come, which that person is shown. Raises
    :class:`Invalid` on ``title``, ``criteria``, ``place``, ``structure``, ``seats`` or ``ends_on``.
    """
    require(by, Action.OPEN_WORKSHOP)
    if not title.strip():
        raise Invalid(N_("Donnez un titre à la séance."), field="title")
    kept_title = clean(title, field="title", limit=LONGEST_TITLE, lines=False)
    kept_place = clean(place, field="place", limit=LONGEST_TITLE, lines=False) if place.strip() else ""
    _check(criteria, among, seats, ends_at, at)
    if structure_id is None and by.college == College.SIAE:
        # Without it nothing would keep the employers away from the words of their own employees.
        raise Invalid(N_("Choisissez la structure d’où viennent les salariés."), field="structure")
    with writing() as rows:
        if structure_id is not None and rows.get(Structure, structure_id) is None:
            raise Invalid(N_("Choisissez une des structures de la liste."), field="structure")
        nonce, code = _free_code(secret)
        workshop = Workshop(
            title=kept_title,
            criteria=list(criteria),
            place=kept_place,
            structure_id=structure_id,
            seats=seats,
            opened_by_id=by.id,
            opened_by_college=by.college,
            nonce=nonce,
            code=code,
            created_at=at,
            ends_at=ends_at,
        )
        rows.add(workshop)
        rows.flush()
        _note("opened", workshop, by, at, seats=seats)
    return workshop


def agree_to_workshop(workshop: Workshop, *, by: Person, at: datetime) -> None:
    """Hold this session with who opened it: from then on it lets people in. Twice changes nothing. One write."""
    with writing():
        if workshop.second_id == by.id:
            return
        require(by, Action.AGREE_TO_WORKSHOP, workshop)
        _still_open(workshop, at)
        if workshop.second_college is not None:
            raise Refused(N_("Une autre personne a déjà accepté de tenir cette séance."))
        workshop.second_id, workshop.second_college, workshop.confirmed_at = by.id, by.college, at
        _note("agreed", workshop, by, at)


def close_workshop(workshop: Workshop, *, by: Person, at: datetime) -> None:
    """End a session before its time: its code lets nobody in any more. Twice changes nothing. One write."""
    with writing():
        require(by, Action.HOLD_WORKSHOP, workshop)
        if workshop.closed_at is None and workshop.ends_at > at:
            workshop.closed_at = at
            _note("closed", workshop, by, at)


def print_workshop_cards(
    workshop: Workshop, count: int, *, by: Person, at: datetime, secret: bytes
) -> tuple[PrintedCard, ...]:
    """Cards of this session: what opens with one keeps its structure, never shown. One write.

    Twice as many as seats at most: cards are public figures, and a heap of them would be a heap of voices.
    """
    numbers = [Written.new(secret) for _ in range(count)]
    with writing():
        require(by, Action.PRINT_CARDS, workshop)
        _still_open(workshop, at)
        printed = session.scalar(select(func.count(Card.id)).where(Card.workshop_id == workshop.id)) or 0
        left = CARDS_A_SEAT * workshop.seats - printed
        if count > left:
            raise Invalid(
                N_("Il reste %(left)s cartes à imprimer pour cette séance : deux par place, au plus."),
                field="count",
                left=left,
            )
        cards = add_cards(numbers, _origin(workshop), by_id=by.id, at=at, secret=secret)
        _note("cards_printed", workshop, by, at, count=count)
    return cards


def enter_by_code(
    signs: str, *, secret: bytes, at: datetime, life: timedelta, instead_of: str | None, browser: str | None
) -> Entered:
    """Come in with the six signs of a session: a new account, while it lasts and has a seat. One write.

    The answer is the same for a code that never was, one that is over and one that is full: :class:`Invalid` on
    ``code``. Past five wrong tries its locator waits: :class:`TooOften`.
    """
    locator = workshop_codes.locator_of(signs, secret)
    refuse_while_waiting(locator, at)
    visit = Visit(secret, at, life, instead_of, browser, Written.new(secret), way="code")
    with writing() as rows:
        workshop = rows.scalar(select(Workshop).where(Workshop.code == workshop_codes.looked_up(signs, secret)))
        if workshop is not None and lets_in(workshop, at) and (entered := _sit(workshop, visit)):
            forget_tries(locator)
            return entered
        count_wrong_try(locator, at)
    raise Invalid(NOTHING_OPENS, field=codes.FIELD)


def enter_by_key(
    workshop_id: int,
    key: str,
    *,
    secret: bytes,
    at: datetime,
    life: timedelta,
    instead_of: str | None,
    browser: str | None,
) -> Entered:
    """Come in by the QR of the poster, which holds 128 bits of its own. One write.

    Who holds the key is told why it opens nothing: raises :class:`Expired`.
    """
    visit = Visit(secret, at, life, instead_of, browser, Written.new(secret), way="code")
    with writing():
        entered = _sit(door(workshop_id, key, secret=secret, at=at), visit)
    if entered is None:
        raise _full()
    return entered


def require_seat(workshop: Workshop) -> None:
    """Raises :class:`Expired` when every seat is taken, for the page that the poster opens. One query."""
    if not has_seat(workshop.id):
        raise _full()


def lets_in(workshop: Workshop, at: datetime) -> bool:
    """Whether its code works now, seats apart: agreed to where it must be, neither closed nor over. Pure."""
    agreed = workshop.opened_by_college != College.SIAE or workshop.second_college is not None
    return agreed and not is_over(workshop, at)


def is_over(workshop: Workshop, at: datetime) -> bool:
    """Closed, or past its end. Pure."""
    return workshop.closed_at is not None or workshop.ends_at <= at


def may_agree(workshop: Workshop, *, by: Person, at: datetime) -> bool:
    """Whether this person could be the second one, now."""
    free = workshop.second_college is None and not is_over(workshop, at)
    return free and bool(may(by, Action.AGREE_TO_WORKSHOP, workshop))


def door(workshop_id: int, key: str, *, secret: bytes, at: datetime) -> Workshop:
    """The session that the QR of a poster opens, seats apart. Raises :class:`Expired`. One query."""
    workshop = session.get(Workshop, workshop_id) if workshop_id < 2**31 else None
    if workshop is None or not workshop_codes.is_key(key, workshop.nonce, secret):
        raise Expired(N_("Ce carré n’ouvre rien."), way_out=ASK_FOR_A_CARD)
    if not lets_in(workshop, at):
        raise Expired(N_("Cette séance n’est pas ouverte, ou elle est finie."), way_out=ASK_FOR_A_CARD)
    return workshop


def _full() -> Expired:
    return Expired(N_("Toutes les places de cette séance sont prises."), way_out=ASK_FOR_A_CARD)


def _check(criteria: Sequence[str], among: Collection[str], seats: int, ends_at: datetime, at: datetime) -> None:
    if not criteria or not set(criteria) <= set(among):
        raise Invalid(N_("Choisissez au moins un critère parmi ceux qui sont en vigueur."), field="criteria")
    if len(criteria) > MOST_CRITERIA:
        raise Invalid(
            N_("Choisissez %(most)s critères au plus : au-delà, personne n’a le temps de répondre."),
            field="criteria",
            most=MOST_CRITERIA,
        )
    if not 1 <= seats <= MOST_SEATS:
        raise Invalid(N_("Écrivez un nombre de places entre 1 et %(most)s."), field="seats", most=MOST_SEATS)
    if ends_at <= at:
        raise Invalid(N_("Ce moment est déjà passé : choisissez un jour et une heure à venir."), field="ends_on")
    if ends_at > at + LONGEST_LIFE:
        raise Invalid(N_("Une séance se prépare au plus deux mois avant."), field="ends_on")


def _free_code(secret: bytes) -> tuple[bytes, str]:
    """A nonce and what finds its code; drawn again when a session had that code already (once in millions)."""
    while True:
        nonce = secrets.token_bytes(workshop_codes.NONCE)
        signs = workshop_codes.read(workshop_codes.code_of(nonce, secret)) or ""
        code = workshop_codes.looked_up(signs, secret)
        if session.scalar(select(Workshop.id).where(Workshop.code == code)) is None:
            return nonce, code


def _sit(workshop: Workshop, visit: Visit) -> Entered | None:
    """The account that this form has just opened, or a new one on a free seat; None when there is none left."""
    again = come_again(visit)
    if again is not None:
        return again
    return open_account(_origin(workshop), visit) if has_seat(workshop.id) else None


def _origin(workshop: Workshop) -> Origin:
    return Origin(structure_id=workshop.structure_id, workshop_id=workshop.id)


def _still_open(workshop: Workshop, at: datetime) -> None:
    if is_over(workshop, at):
        raise Refused(N_("Cette séance est finie. Ouvrez-en une autre."))


def _note(event: str, workshop: Workshop, by: Person, at: datetime, **details: int) -> None:
    audit(f"workshop.{event}", f"workshop:{workshop.id}", by_id=by.id, at=at, details=details)
