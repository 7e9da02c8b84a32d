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
from referentiel.people.models import Card, Person, ReturnWords, Session, Structure, WrongTry
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
class Written:
    """A number, and what is kept of it. Made before any transaction: scrypt must not hold the database."""

    number: int
    kept: bytes

    @classmethod
    def new(cls, secret: bytes) -> "Written":
        number = codes.new_number()
        return cls(number, codes.hashed(number, secret))

    @property
    def locator(self) -> int:
        return codes.halves(self.number)[0]


@dataclass(frozen=True)
class Visit:
    """What coming in needs besides the card."""

    secret: bytes
    at: datetime
    life: timedelta
    instead_of: str | None
    browser: str | None
    words: "Written"
    """Return words made ready, for a new account"""


def print_cards(
    count: int, *, college: College, by: Person | None, at: datetime, secret: bytes, structure_id: int | None = None
) -> tuple[PrintedCard, ...]:
    """Make cards; each opens one new account within 180 days. ``by`` is None at the console. One write.

    Raises :class:`Invalid` on ``structure`` when there is no such structure.
    """
    if by is not None:
        require(by, Action.PRINT_CARDS)
    by_id = by.id if by else None
    numbers = [Written.new(secret) for _ in range(count)]
    with writing() as rows:
        if structure_id is not None and rows.get(Structure, structure_id) is None:
            raise Invalid(N_("Choisissez une des structures de la liste."), field="structure")
        printed = tuple(
            _add_card(_with_free_locator(number, secret), college, structure_id=structure_id, by_id=by_id, at=at)
            for number in numbers
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
    visit = Visit(secret, at, life, instead_of, browser, Written.new(secret))
    with writing() as rows:
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
    visit = Visit(secret, at, life, instead_of, browser, Written.new(secret))
    with writing() as rows:
        card = rows.scalar(select(Card).where(Card.square == digest(square)))
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
    words = Written.new(secret)
    with writing():
        return _add_return_words(by.id, words, at=at, secret=secret)


def _add_card(
    written: Written, college: College, *, structure_id: int | None, by_id: int | None, at: datetime
) -> PrintedCard:
    square = token(SQUARE_BITS)
    session.add(
        Card(
            college=college.value,
            structure_id=structure_id,
            locator=written.locator,
            secret=written.kept,
            square=digest(square),
            printed_by_id=by_id,
            created_at=at,
            expires_at=at + CARD_LIFE,
        )
    )
    session.flush()
    return PrintedCard(codes.as_code(written.number), codes.as_words(written.number), square)


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
    words = _add_return_words(person_id, visit.words, at=visit.at, secret=visit.secret)
    raw = add_session(
        person_id,
        way="card",
        at=visit.at,
        life=visit.life,
        instead_of=visit.instead_of,
        browser=visit.browser,
    )
    return Entered(person_id, raw, words)


def _add_return_words(person_id: int, written: Written, *, at: datetime, secret: bytes) -> tuple[str, ...]:
    written = _with_free_locator(written, secret)
    session.execute(delete(ReturnWords).where(ReturnWords.person_id == person_id))
    session.add(ReturnWords(person_id=person_id, locator=written.locator, secret=written.kept, created_on=at.date()))
    session.flush()
    return codes.as_words(written.number)


def _with_free_locator(written: Written, secret: bytes) -> Written:
    """This number, or another one when a card or somebody's words answer to its locator already (once in millions)."""
    while _answers(written.locator):
        written = Written.new(secret)
    return written


def _answers(locator: int) -> bool:
    return (
        session.scalar(select(Card.id).where(Card.locator == locator)) is not None
        or session.scalar(select(ReturnWords.id).where(ReturnWords.locator == locator)) is not None
    )


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
