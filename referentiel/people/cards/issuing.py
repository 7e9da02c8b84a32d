"""Cards and return words: how somebody without e-mail comes in, and comes back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from referentiel.database import session, writing
from referentiel.errors import N_, Expired, Invalid
from referentiel.journal.actions import audit
from referentiel.people.cards import codes
from referentiel.people.cards.seats import has_seat
from referentiel.people.cards.tries import count_wrong_try, forget_tries, refuse_while_waiting
from referentiel.people.cards.visits import (
    Entered,
    Origin,
    Visit,
    Written,
    add_return_words,
    come_again,
    open_account,
    with_free_locator,
)
from referentiel.people.doors.keys import digest, token
from referentiel.people.doors.sessions import add_session
from referentiel.people.models import Card, Person, ReturnWords, Structure
from referentiel.permissions import Action, College, require

CARD_LIFE = timedelta(days=180)
SQUARE_BITS = 128

NOTHING_OPENS = N_(
    "Ce code n’ouvre rien. Vérifiez-le signe par signe. Une carte sert une seule fois, avec ses signes ou ses mots. "
    "Si vous êtes déjà venu·e, écrivez les quatre mots reçus à l’écran. Sinon, demandez une autre carte."
)


@dataclass(frozen=True)
class PrintedCard:
    """What is printed, and kept nowhere: the number written two ways, and the token of the QR."""

    code: str
    words: tuple[str, ...]
    square: str


def print_cards(
    count: int, *, college: College, by: Person | None, at: datetime, secret: bytes, structure_id: int | None = None
) -> tuple[PrintedCard, ...]:
    """Make cards outside any workshop; each opens one new account within 180 days. ``by`` is None at the console.

    One write. Raises :class:`Invalid` on ``structure`` when there is no such structure.
    """
    if by is not None:
        require(by, Action.PRINT_CARDS)
    by_id = by.id if by else None
    numbers = [Written.new(secret) for _ in range(count)]
    with writing() as rows:
        if structure_id is not None and rows.get(Structure, structure_id) is None:
            raise Invalid(N_("Choisissez une des structures de la liste."), field="structure")
        printed = add_cards(numbers, Origin(college.value, structure_id), by_id=by_id, at=at, secret=secret)
        audit("cards.printed", f"college:{college.value}", by_id=by_id, at=at, details={"count": count})
    return printed


def add_cards(
    numbers: list[Written], origin: Origin, *, by_id: int | None, at: datetime, secret: bytes
) -> tuple[PrintedCard, ...]:
    """The rows of these cards, inside the caller's ``writing()``."""
    return tuple(_add_card(with_free_locator(number, secret), origin, by_id=by_id, at=at) for number in numbers)


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
    refuse_while_waiting(locator, at)
    card = session.scalar(select(Card).where(Card.locator == locator))
    words = session.scalar(select(ReturnWords).where(ReturnWords.locator == locator))
    kept = card.secret if card else words.secret if words else None
    returning_id = words.person_id if words else None
    right = codes.matches(number, kept, secret)
    visit = Visit(secret, at, life, instead_of, browser, Written.new(secret))
    with writing() as rows:
        if right and card is not None and (entered := _enter_with(card, visit)):
            forget_tries(locator)
            return entered
        back = rows.get(Person, returning_id) if right and returning_id is not None else None
        if back is not None and back.active:
            forget_tries(locator)
            # Whoever typed for them is not there any more: from now on they write themselves.
            back.typed = False
            raw = add_session(back.id, way="words", at=at, life=life, instead_of=instead_of)
            return Entered(back.id, raw, None)
        count_wrong_try(locator, at)
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
        N_(
            "Cette carte n’ouvre rien, ou elle a déjà servi : ce qui y est écrit n’ouvre plus rien. "
            "Si vous êtes déjà venu·e, écrivez les quatre mots reçus à l’écran."
        ),
        way_out=N_("Sinon, demandez une autre carte à la personne qui vous l’a donnée."),
    )


def are_words_of(who: Person, text: str, *, secret: bytes) -> bool:
    """Whether these are the return words of the very person who is here. One query."""
    kept = session.scalar(select(ReturnWords.secret).where(ReturnWords.person_id == who.id))
    try:
        return codes.matches(codes.read(text), kept, secret)
    except Invalid:
        return False


def make_return_words(*, by: Person, at: datetime, secret: bytes) -> tuple[str, ...]:
    """Four new words for somebody without e-mail; the former ones stop working. Shown once. One write."""
    require(by, Action.MANAGE_ACCOUNT)
    if by.email is not None:
        raise Invalid(N_("Vous avez une adresse e-mail : revenez par la page de connexion."))
    words = Written.new(secret)
    with writing():
        return add_return_words(by.id, words, at=at, secret=secret)


def _add_card(written: Written, origin: Origin, *, by_id: int | None, at: datetime) -> PrintedCard:
    square = token(SQUARE_BITS)
    session.add(
        Card(
            college=origin.college,
            structure_id=origin.structure_id,
            workshop_id=origin.workshop_id,
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
    """A new account when the card still opens one, and its workshop still has a seat; None otherwise."""
    if card.used_on is None and has_seat(card.workshop_id) and _use(card, visit.at):
        return open_account(Origin(card.college, card.structure_id, card.workshop_id), visit)
    return come_again(visit)
