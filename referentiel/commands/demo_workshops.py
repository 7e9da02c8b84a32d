"""The collective sessions of the demonstration: those where employees got their cards, and one that is under way."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from referentiel.commands import demo_story as story
from referentiel.commands.demo_world import World
from referentiel.criteria.paths import Kind, path_of
from referentiel.people.workshops import holding
from referentiel.people.workshops.codes import code_of
from referentiel.people.workshops.queries import open_workshops

HOLDERS = {"lilas": "bruno", "pont": "bruno", "isle": "ines"}
SECOND = "chloe"
LASTS = timedelta(days=45)
PAST = ("E4", "B4", "C1")
UNDER_WAY = ("E6", "G5", "A1")
NOW = "en cours"


def plan_workshops(world: World) -> None:
    """A session at each structure some days before its cards; then one that lasts after today."""
    days = {employee.place: day for employee, day in reversed(story.EMPLOYEES) if employee.place}
    for place, day in days.items():
        key, opener = str(place), HOLDERS[str(place)]
        world.on(day - 3, f"workshop {key}", partial(hold, world, key, opener, key, "Rencontre des salariés", PAST))
    deed = partial(hold, world, NOW, "bruno", "lilas", "Rencontre de la semaine", UNDER_WAY)
    world.on(-3, f"workshop {NOW}", deed)


def hold(world: World, key: str, opener: str, place: str, title: str, criteria: Sequence[str], at: datetime) -> None:
    """One opens, another one of another college agrees an hour later."""
    files = world.library.files(world.library.head())
    codes = [code for code in criteria if path_of(Kind.CRITERION, code) in files]
    workshop = holding.open_workshop(
        title,
        criteria=codes,
        among=codes,
        place="salle commune",
        structure_id=world.places[place],
        seats=20,
        ends_at=at + LASTS,
        by=world.person(opener),
        at=at,
        secret=world.secret,
    )
    holding.agree_to_workshop(workshop, by=world.person(SECOND), at=at + timedelta(hours=1))
    world.workshops[key] = workshop.id


def code_under_way(secret: bytes, at: datetime) -> str | None:
    """The code of the newest session that lets people in, for whoever tries the demonstration."""
    workshops = open_workshops(at=at)
    return code_of(workshops[-1].nonce, secret) if workshops else None
