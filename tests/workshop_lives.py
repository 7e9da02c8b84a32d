"""Collective sessions for tests: who holds one, on which criteria, and the tablets opened on it."""

import re
from collections.abc import Sequence
from datetime import timedelta

from flask import Flask

from referentiel.database import session, writing
from referentiel.people.models import Person, Structure, Workshop
from referentiel.people.workshops.codes import code_of, looked_up, read
from referentiel.permissions import Role
from referentiel.web import stores
from tests.cast import Someone, now

QUESTIONS = ("E4", "B3", "A1")


def workshop(
    *,
    by: Person,
    second: Person | None = None,
    structure: str | None = None,
    seats: int = 12,
    criteria: Sequence[str] = QUESTIONS,
    hours: int = 3,
) -> Workshop:
    """An open workshop, of the people of a structure when one is named."""
    at = now()
    nonce = bytes([seats % 256]) * 8 + at.strftime("%H%M%S%f").encode()[:8]
    signs = read(code_of(nonce, stores.secret()))
    assert signs
    holder, other = (by.id, by.college), (second.id, second.college) if second else (None, None)
    with writing() as rows:
        found = rows.query(Structure).filter_by(name=structure).one() if structure else None
        row = Workshop(
            title="Atelier du mardi",
            criteria=list(criteria),
            place="Salle des fêtes",
            structure_id=found.id if found else None,
            seats=seats,
            opened_by_id=holder[0],
            opened_by_college=holder[1],
            second_id=other[0],
            second_college=other[1],
            confirmed_at=at if second else None,
            nonce=nonce,
            code=looked_up(signs, stores.secret()),
            created_at=at,
            ends_at=at + timedelta(hours=hours),
        )
        rows.add(row)
        rows.flush()
    return row


def code(of: Workshop) -> str:
    """What its poster says."""
    return code_of(of.nonce, stores.secret())


def facilitating(someone: Someone) -> Person:
    """Give the role of those who hold meetings."""
    with writing():
        someone.person.roles = {*someone.person.granted, Role.FACILITATOR}
    return someone.person


def tablet(app: Flask, on: Workshop) -> Someone:
    """A browser that became a shared tablet of this workshop, in front of its first page."""
    somebody = Someone(app, "the tablet")
    somebody.fill("/seances/tablette/ouvrir", to="/ouvrir", code=code(on))
    somebody.follow()
    return somebody


def words_on(someone: Someone) -> list[str]:
    """The four words of the page in hand."""
    assert someone.page is not None
    shown = re.search(r'<ol class="return-words">(.*?)</ol>', someone.page.get_data(as_text=True), flags=re.S)
    return re.findall(r"<li>(\w+)</li>", shown[1]) if shown else []


def last_person() -> Person:
    """The account opened last."""
    session.expire_all()
    return session.query(Person).order_by(Person.id.desc()).limit(1).one()
