"""The structure whose SIRET the provider tells is suggested, and never taken unasked."""

import pytest
from flask import Flask

from referentiel.database import writing
from referentiel.errors import Unknown
from referentiel.people.doors import openid as openid_actions
from referentiel.people.models import Structure
from tests.cast import Someone, now
from tests.openid_provider import come_in
from tests.openid_walks import row


def with_siret(name: str = "Chantier du Moulin") -> int:
    with writing() as rows:
        structure = Structure(name=name, kind="ACI", territory="dep-38", siret="11000101300017")
        rows.add(structure)
        rows.flush()
        return structure.id


def without_structure(email: str) -> None:
    person = row(email)
    with writing():
        person.structure_id = None


@pytest.mark.parametrize("answer", ["Oui", "Non"])
def test_the_structure_of_the_siret_is_suggested_once_and_confirmed_or_not(
    answer: str, browser: Someone, app: Flask
) -> None:
    structure = with_siret()
    without_structure("bruno@tests.invalid")
    roles = row("bruno@tests.invalid").granted
    page = browser.follow(come_in(browser, "Bruno", suite="/propositions/")).get_data(as_text=True)
    assert "Chantier du Moulin" in page
    assert row("bruno@tests.invalid").structure_id is None
    assert browser.send(button=answer).headers["Location"] == "/propositions/"
    assert row("bruno@tests.invalid").structure_id == (structure if answer == "Oui" else None)
    assert row("bruno@tests.invalid").granted == roles
    again = Someone(app, "bruno again")
    assert come_in(again, "Bruno").headers["Location"] == "/"


def test_who_has_a_structure_keeps_it_whatever_the_siret(browser: Someone) -> None:
    with_siret()
    before = row("bruno@tests.invalid").structure_id
    assert come_in(browser, "Bruno").headers["Location"] == "/"
    assert row("bruno@tests.invalid").structure_id == before


def test_a_structure_that_is_no_longer_that_of_the_siret_is_not_taken(bruno: Someone) -> None:
    structure = with_siret()
    without_structure("bruno@tests.invalid")
    for siret in (None, "73282932000074"):
        with pytest.raises(Unknown):
            openid_actions.confirm_structure(structure, siret, by=bruno.person, at=now())
    assert row("bruno@tests.invalid").structure_id is None
