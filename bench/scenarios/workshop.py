"""A room where everybody scans the poster in the same second: nobody is refused, and nobody waits long."""

import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil

from bench.child import Child
from bench.figures import Count, Goal, Section, middle, ms
from bench.forms import fields_of
from bench.people import person
from bench.served import Browser, Page, referentiel
from bench.state import State
from referentiel.database import writing
from referentiel.library.library import Library
from referentiel.people.cards.seats import seats_taken
from referentiel.people.workshops import holding
from referentiel.people.workshops.codes import key_of
from referentiel.permissions import Role
from referentiel.web.stores import secret

CROWD = 60
SECOND = 1.0
"""They begin one after the other, all within this time"""
READING = 10.0
"""Seconds over which their answers come: nobody reads a question and answers it in less than a few"""

QUESTIONS = 3
MOST = 400.0
STEPS = ("poster's address to the first question", "answer sent, account opened", "next question")


@dataclass(slots=True)
class Told:
    """What one person received, in the order of ``STEPS``, until something refused them."""

    pages: list[Page] = field(default_factory=list)
    trouble: str = ""


def measure(state: State) -> Section:
    """Sixty browsers on sixty connections, from one address, through the server as it is delivered."""
    with Child(state.settings) as child:
        number, address = child.call(open_one, state.editor, state.codes[:QUESTIONS])
    with referentiel(state) as site:
        Browser(site.port).get(address)
        everybody = [Told() for _ in range(CROWD)]
        gone = time.perf_counter() + 0.2
        threads = [
            threading.Thread(target=_come_in, args=(site.port, address, told, gone, place / CROWD))
            for place, told in enumerate(everybody)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with Child(state.settings) as child:
        seated: int = child.call(seated_in, number)
    for told in everybody:
        if told.trouble:
            print(f"  refused: {told.trouble}", file=sys.stderr)
    refused = sum(1 for told in everybody if told.trouble)
    waits = [[told.pages[step].seconds for told in everybody if len(told.pages) > step] for step in range(len(STEPS))]
    whole = [sum(page.seconds for page in told.pages) for told in everybody if not told.trouble]
    every = [seconds for step in waits for seconds in step]
    return Section(
        "A workshop that comes in",
        f"{CROWD} people scan one poster within the same second, on {CROWD} connections from one address; their "
        f"answers to its first question come over the next {READING:.0f} seconds. Through `referentiel serve` as it is "
        "delivered; the browsers share its two cores.",
        [
            ("", "median, ms", "p95, ms"),
            *((name, *_waited(seconds)) for name, seconds in zip(STEPS, waits, strict=True)),
            ("from the square to the next question", *_waited(whole)),
        ],
        counts=(
            Count("people refused", refused, 0),
            Count("people without their seat", CROWD - seated, 0),
        ),
        goals=(Goal("p95 of a request of the crowd", late(every), MOST),),
    )


def open_one(_library: Library, opener: int, codes: Sequence[str]) -> tuple[int, str]:
    """A workshop with a seat for each: its number, and the address in the square of its poster."""
    at = datetime.now(UTC)
    with writing():
        somebody = person(opener)
        somebody.roles = {*somebody.granted, Role.FACILITATOR}
    workshop = holding.open_workshop(
        "Salle comble",
        criteria=codes,
        among=codes,
        place="",
        structure_id=1,
        seats=CROWD,
        ends_at=at + timedelta(hours=2),
        by=person(opener),
        at=at,
        secret=secret(),
    )
    return workshop.id, f"/rejoindre/{workshop.id}.{key_of(workshop.nonce, secret())}"


def seated_in(_library: Library, number: int) -> int:
    """How many accounts the workshop holds."""
    return seats_taken(number)


def late(seconds: Sequence[float]) -> float:
    """The 95th percentile, in milliseconds; infinite when nobody was answered."""
    return sorted(seconds)[ceil(0.95 * len(seconds)) - 1] * 1000 if seconds else float("inf")


def _waited(seconds: Sequence[float]) -> tuple[str, str]:
    return (ms(middle(seconds)), ms(late(seconds))) if seconds else ("", "")


def _come_in(port: int, address: str, told: Told, gone: float, place: float) -> None:
    browser = Browser(port)
    _wait_for(gone + SECOND * place)
    try:
        page = _kept(told, browser.get(address), 200)
        _wait_for(gone + SECOND + READING * place)
        page = _kept(told, browser.post(address, fields_of(page.text, holding="envoi") | FIRST), 303)
        _kept(told, browser.get(page.header("location")), 200)
    except (_Refused, OSError) as error:
        told.trouble = f"after {len(told.pages)} answers, {error or type(error).__name__}"


def _wait_for(when: float) -> None:
    time.sleep(max(0.0, when - time.perf_counter()))


FIRST = {"visage": ["yes"], "geste": ["repondre"]}
"""The first face, and the button that sends it"""


class _Refused(Exception):
    """Not the answer that was asked for."""


def _kept(told: Told, page: Page, status: int) -> Page:
    if page.status != status:
        raise _Refused(f"an answer of {page.status}")
    told.pages.append(page)
    return page
