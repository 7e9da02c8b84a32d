"""A session asks for more seats, and for its second person: the desk of who may answer tells them."""

import pytest
from sqlalchemy.exc import IntegrityError

from referentiel.database import session, writing
from referentiel.errors import Invalid, NotAllowed, Refused
from referentiel.people.models import Workshop
from referentiel.people.workshops import holding, seating
from tests.cast import Someone, now
from tests.workshop_lives import facilitating, workshop

ASKED = "30 places sont demandées au lieu de 12"


def words(someone: Someone, path: str) -> str:
    """What a page says, with plain spaces."""
    return someone.get(path).get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def held(bruno: Someone, chloe: Someone) -> Workshop:
    """Opened by Bruno, of the employers' college, for people of his structure; Chloé agreed."""
    made = workshop(by=facilitating(bruno), structure="Chantier des Lilas")
    holding.agree_to_workshop(made, by=chloe.person, at=now())
    return made


def test_the_desk_says_that_a_session_waits_for_a_second_person_and_leads_there(
    bruno: Someone, chloe: Someone, bruno_colleague: Someone
) -> None:
    made = workshop(by=facilitating(bruno), structure="Chantier des Lilas")
    page = words(chloe, "/bureau")
    assert "1</b> <span>séance à tenir à deux" in page
    assert f'href="/seances/{made.id}"' in page
    assert f'href="/seances/{made.id}"' in words(chloe, "/bureau?pile=seances")
    assert f'href="/seances/{made.id}"' not in words(chloe, "/bureau?pile=a-signer")
    assert "à tenir à deux" not in words(bruno_colleague, "/bureau"), "of the college that opened it"
    assert "Attend une deuxième personne" in words(bruno, "/seances/")
    holding.agree_to_workshop(made, by=chloe.person, at=now())
    assert "à tenir à deux" not in words(chloe, "/bureau")
    assert "Ouverte" in words(bruno, "/seances/")


def test_more_seats_of_an_employers_session_wait_for_its_second_person(
    held: Workshop, bruno: Someone, chloe: Someone
) -> None:
    assert bruno.fill(f"/seances/{held.id}/places", to="/places", seats="30").status_code == 303
    bruno.follow()
    session.refresh(held)
    assert (held.seats, held.seats_asked) == (12, 30)
    assert ASKED in words(chloe, "/bureau")
    assert "30 places au lieu de 12" in words(chloe, "/seances/")
    assert "La deuxième personne doit encore répondre" in words(bruno, f"/seances/{held.id}")
    assert chloe.fill(f"/seances/{held.id}", to="/reponse", button="Accepter").status_code == 303
    session.refresh(held)
    assert (held.seats, held.seats_asked) == (30, None)
    assert ASKED not in words(chloe, "/bureau")
    assert "0 sur 30" in words(bruno, f"/seances/{held.id}")


def test_the_second_person_may_keep_what_they_agreed_to(held: Workshop, bruno: Someone, chloe: Someone) -> None:
    seating.raise_seats(held, 30, by=bruno.person, at=now())
    chloe.fill(f"/seances/{held.id}", to="/reponse", button="Garder")
    session.refresh(held)
    assert (held.seats, held.seats_asked) == (12, None)
    seating.answer_seats(held, True, seats=30, by=chloe.person, at=now())
    assert held.seats == 12, "nothing is asked any more"


def test_nobody_agrees_to_another_number_than_the_one_they_read(held: Workshop, bruno: Someone, chloe: Someone) -> None:
    seating.raise_seats(held, 20, by=bruno.person, at=now())
    seating.raise_seats(held, 200, by=bruno.person, at=now())
    with pytest.raises(Refused, match="a changé"):
        seating.answer_seats(held, True, seats=20, by=chloe.person, at=now())
    assert held.seats == 12


def test_before_anybody_agreed_and_in_other_colleges_seats_are_raised_at_once(bruno: Someone, chloe: Someone) -> None:
    waiting = workshop(by=facilitating(bruno), structure="Chantier des Lilas")
    seating.raise_seats(waiting, 30, by=bruno.person, at=now())
    assert waiting.seats == 30
    assert "30" in words(chloe, f"/seances/{waiting.id}"), "who agrees is shown the number"
    hers = workshop(by=facilitating(chloe), seats=10)
    assert chloe.fill(f"/seances/{hers.id}/places", to="/places", seats="11").status_code == 303
    chloe.follow()
    session.refresh(hers)
    assert hers.seats == 11


@pytest.mark.parametrize("seats", ["12", "3", "301", "", "-1", "9" * 30, "douze"])
def test_a_number_that_gives_no_seat_is_refused_beside_its_field(held: Workshop, bruno: Someone, seats: str) -> None:
    assert bruno.fill(f"/seances/{held.id}/places", to="/places", seats=seats).status_code == 422
    session.refresh(held)
    assert (held.seats, held.seats_asked) == (12, None)


def test_only_who_opened_asks_only_the_second_answers_and_never_once_it_is_over(
    held: Workshop, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    for other in (chloe, denis):
        with pytest.raises(NotAllowed):
            seating.raise_seats(held, 30, by=other.person, at=now())
    seating.raise_seats(held, 30, by=bruno.person, at=now())
    for other in (bruno, denis):
        with pytest.raises(NotAllowed):
            seating.answer_seats(held, True, seats=30, by=other.person, at=now())
    holding.close_workshop(held, by=chloe.person, at=now())
    with pytest.raises(Refused, match="finie"):
        seating.answer_seats(held, True, seats=30, by=chloe.person, at=now())
    assert ASKED not in words(chloe, "/bureau")


def test_without_a_second_person_any_more_nobody_can_agree(held: Workshop, bruno: Someone) -> None:
    with writing():
        held.second_id = None
    with pytest.raises(Refused, match="n’a plus de compte"):
        seating.raise_seats(held, 30, by=bruno.person, at=now())


def test_the_database_refuses_what_the_act_refuses(held: Workshop, bruno: Someone) -> None:
    with pytest.raises(Invalid):
        seating.raise_seats(held, 12, by=bruno.person, at=now())
    with pytest.raises(IntegrityError), writing():
        held.seats_asked = 12
