"""What one does to one's own account asks for an account that is open, in the action itself."""

from collections.abc import Callable

import pytest

from referentiel.database import session, writing
from referentiel.errors import NotAllowed
from referentiel.people.cards import issuing
from referentiel.people.doors import second_factor, sessions
from referentiel.people.models import Person, RecoveryCode, ReturnWords, Session
from tests.cast import Someone, now

DONE: dict[str, Callable[[Person, int], object]] = {
    "end one": lambda person, number: sessions.end_one_of_mine(number, by=person),
    "end all": lambda person, number: sessions.end_all_of_mine(by=person),
    "spare codes": lambda person, number: second_factor.make_recovery_codes(by=person, at=now()),
    "return words": lambda person, number: issuing.make_return_words(by=person, at=now(), secret=b"s" * 32),
}


@pytest.mark.parametrize("name", DONE)
def test_a_suspended_account_does_nothing_to_itself(name: str, amina: Someone) -> None:
    amina.get("/mon-compte")
    with writing() as rows:
        rows.get_one(Person, amina.person_id).suspended_at = now()
    person = session.get_one(Person, amina.person_id)
    kept = {model: _of(model, amina) for model in (Session, RecoveryCode, ReturnWords)}
    with pytest.raises(NotAllowed):
        DONE[name](person, kept[Session][0])
    assert {model: _of(model, amina) for model in kept} == kept


def _of(model: type[Session] | type[RecoveryCode] | type[ReturnWords], someone: Someone) -> list[object]:
    session.expire_all()
    return [getattr(row, "id", row) for row in session.query(model).filter_by(person_id=someone.person_id)]
