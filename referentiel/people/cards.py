"""Cards and return words: how somebody without e-mail comes in, and comes back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select, update

from referentiel.database import session, writing
from referentiel.errors import N_, Expired, Invalid, TooOften
from referentiel.journal.actions import audit
from referentiel.people import codes
from referentiel.people.keys import digest, token
from referentiel.people.models import Card, Person, ReturnWords, Session, WrongTry
from referentiel.people.pseudonyms import new_pseudonym
from referentiel.people.sessions import add_session
from referentiel.permissions import Action, College, require

CARD_LIFE = timedelta(days=180)
DOUBLE_PRESS = timedelta(minutes=2)
"""How long the browser that used a card up may press again and come in to the same account"""

SQUARE_BITS = 128

NOTHING_OPENS = N_(
    "Ce code n’ouvre rien. Vérifiez-le signe par signe. Si vous êtes déjà venu·e, écrivez vos quatre mots. "
    "Sinon, demandez une autre carte."
)


@dataclass(frozen=True)
class PrintedCard:
    """What is printed, and kept nowhere: the number written two ways, and the token of the QR."""

    code: str
    words: tuple[str, ...]
    square: str


@dataclass(frozen=True)
class Entered:
    """Who came in: the raw id of the new session; the return words when the account is new."""

    person_id: int
    token: str
    return_words: tuple[str, ...] | None


@dataclass(frozen=True)
class Visit:
    """What coming in needs besides the card."""

    secret: bytes
    at: datetime
    life: timedelta
    instead_of: str | None
    browser: str | None


def print_cards(
    count: int, *, college: College, by: Person | None, at: datetime, secret: bytes, structure_id: int | None = None
) -> tuple[PrintedCard, ...]:
    """Make cards; each opens one new account within 180 days. ``by`` is None at the console. One write."""
    if by is not None:
        require(by, Action.PRINT_CARDS)
    by_id = by.id if by else None
    with writing():
        printed = tuple(
            _add_card(college, structure_id=structure_id, by_id=by_id, at=at, secret=secret) for _ in range(count)
        )
        audit("cards.printed", f"college:{college.value}", by_id=by_id, at=at, details={"count": count})
    return printed


def enter(
    text: str,
    *,
    secret: bytes,
    at: datetime,
    life: timedelta,
    instead_of: str | None = None,
    browser: str | None = None,
) -> Entered:
    """Come in with a card, which opens a new account, or come back with return words. One write.

    ``browser`` is the key of the browser: pressing twice comes in once. The answer is the same for a wrong, an expired
    and a used code: :class:`Invalid` on ``code``. Past five wrong tries the locator waits: :class:`TooOften`.
    """
    number = codes.read(text)
    locator, _ = codes.halves(number)
    _refuse_while_waiting(locator, at)
    card = session.scalar(select(Card).where(Card.locator == locator))
    words = session.scalar(select(ReturnWords).where(ReturnWords.locator == locator))
    kept = card.secret if card else words.secret if words else None
    returning_id = words.person_id if words else None
    right = codes.matches(number, kept, secret)
    with writing() as rows:
        visit = Visit(secret, at, life, instead_of, browser)
        if right and card is not None and (entered := _enter_with(card, visit)):
            rows.execute(delete(WrongTry).where(WrongTry.locator == locator))
            return entered
        back = rows.get(Person, returning_id) if right and returning_id is not None else None
        if back is not None and back.active:
            rows.execute(delete(WrongTry).where(WrongTry.locator == locator))
            raw = add_session(back.id, way="words", at=at, life=life, instead_of=instead_of)
            return Entered(back.id, raw, None)
        _count_wrong_try(locator, at)
    raise Invalid(NOTHING_OPENS, field=codes.FIELD)


def enter_by_square(
    square: str,
    *,
    secret: bytes,
    at: datetime,
    life: timedelta,
    instead_of: str | None = None,
    browser: str | None = None,
) -> Entered:
    """Come in by the QR of a card, which holds 128 bits of its own. Raises :class:`Expired`. One write."""
    with writing() as rows:
        card = rows.scalar(select(Card).where(Card.square == digest(square)))
        visit = Visit(secret, at, life, instead_of, browser)
        if card is not None and (entered := _enter_with(card, visit)):
            return entered
    raise Expired(
        N_("Cette carte n’ouvre rien, ou elle a déjà servi. Si vous êtes déjà venu·e, écrivez vos quatre mots."),
        way_out=N_("Sinon, demandez une autre carte à la personne qui vous l’a donnée."),
    )


def make_return_words(*, by: Person, at: datetime, secret: bytes) -> tuple[str, ...]:
    """Four new words for somebody without e-mail; the former ones stop working. Shown once. One write."""
    if by.email is not None:
        raise Invalid(N_("Vous avez une adresse e-mail : revenez par la page de connexion."))
    with writing():
        return _add_return_words(by.id, at=at, secret=secret)


def _add_card(
    college: College, *, structure_id: int | None, by_id: int | None, at: datetime, secret: bytes
) -> PrintedCard:
    number, kept = _new_number(secret)
    locator, _ = codes.halves(number)
    square = token(SQUARE_BITS)
    session.add(
        Card(
            college=college.value,
            structure_id=structure_id,
            locator=locator,
            secret=kept,
            square=digest(square),
            printed_by_id=by_id,
            created_at=at,
            expires_at=at + CARD_LIFE,
        )
    )
    session.flush()
    return PrintedCard(codes.as_code(number), codes.as_words(number), square)


def _use(card: Card, at: datetime) -> bool:
    """Use the card up; False when it is too late. Two browsers at once: the database lets one pass."""
    if card.expires_at <= at:
        return False
    done = session.execute(
        update(Card)
        .where(Card.id == card.id, Card.used_on.is_(None))
        .values(used_on=at.date())
        .returning(Card.id)
        .execution_options(synchronize_session=False)
    )
    return done.first() is not None


def _enter_with(card: Card, visit: Visit) -> Entered | None:
    if _use(card, visit.at):
        person = Person(
            college=card.college, structure_id=card.structure_id, pseudonym=new_pseudonym(), created_at=visit.at
        )
        session.add(person)
        session.flush()
        return _begin_visit(person.id, visit)
    again = _just_opened_here(visit)
    return _begin_visit(again, visit) if again is not None else None


def _just_opened_here(visit: Visit) -> int | None:
    """The account that this browser opened a moment ago: its answer got lost, or somebody pressed twice."""
    if visit.browser is None:
        return None
    return session.scalar(
        select(Session.person_id)
        .where(Session.browser == visit.browser, Session.way == "card", Session.created_at > visit.at - DOUBLE_PRESS)
        .order_by(Session.id.desc())
        .limit(1)
    )


def _begin_visit(person_id: int, visit: Visit) -> Entered:
    words = _add_return_words(person_id, at=visit.at, secret=visit.secret)
    raw = add_session(
        person_id,
        way="card",
        at=visit.at,
        life=visit.life,
        instead_of=visit.instead_of,
        browser=visit.browser,
    )
    return Entered(person_id, raw, words)


def _add_return_words(person_id: int, *, at: datetime, secret: bytes) -> tuple[str, ...]:
    number, kept = _new_number(secret)
    locator, _ = codes.halves(number)
    session.execute(delete(ReturnWords).where(ReturnWords.person_id == person_id))
    session.add(ReturnWords(person_id=person_id, locator=locator, secret=kept, created_on=at.date()))
    session.flush()
    return codes.as_words(number)


def _new_number(secret: bytes) -> tuple[int, bytes]:
    """A number whose locator nothing answers to yet, and what is kept of it."""
    while True:
        number = codes.new_number()
        locator, _ = codes.halves(number)
        taken = session.scalar(select(Card.id).where(Card.locator == locator)) or session.scalar(
            select(ReturnWords.id).where(ReturnWords.locator == locator)
        )
        if taken is None:
            return number, codes.hashed(number, secret)


def _refuse_while_waiting(locator: int, at: datetime) -> None:
    tried = session.get(WrongTry, locator)
    if tried is None:
        return
    left = (tried.last_at + codes.wait_after(tried.count) - at).total_seconds()
    if left > 0:
        raise TooOften(
            N_(
                "Ce code a été essayé plusieurs fois. Attendez %(minutes)s min, puis essayez de nouveau. "
                "Ou demandez de l’aide à la personne qui vous a donné la carte."
            ),
            retry_after=ceil(left),
            field=codes.FIELD,
            minutes=ceil(left / 60),
        )


def _count_wrong_try(locator: int, at: datetime) -> None:
    tried = session.get(WrongTry, locator)
    if tried is None:
        session.add(WrongTry(locator=locator, count=1, last_at=at))
    else:
        fresh = tried.last_at > at - codes.FORGOTTEN_AFTER
        tried.count = tried.count + 1 if fresh else 1
        tried.last_at = at
