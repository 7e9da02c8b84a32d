"""The people of the demonstration come in and speak."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from referentiel.commands import demo_story as story
from referentiel.commands.demo_world import World, form_of
from referentiel.comments import actions, queries
from referentiel.comments.anchors import Anchor, Target, quote
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Face
from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, path_of
from referentiel.criteria.vocabulary import QUESTION
from referentiel.database import session
from referentiel.people.cards import issuing
from referentiel.people.doors import inviting, sessions
from referentiel.people.models import Workshop
from referentiel.people.queries import person
from referentiel.people.structures import registering
from referentiel.people.workshops import entering, holding
from referentiel.permissions import College

FACES: Mapping[str, Face] = {"o": Face.YES, "p": Face.PARTLY, "n": Face.NO}


def plan_people(world: World) -> None:
    """Structures and the first administrator on the first day, the professionals on the next, then the cards."""
    for place in story.PLACES:
        world.on(0, "places", partial(add_place, world, place))
    for someone in story.PROFESSIONALS:
        first = someone is story.PROFESSIONALS[0]
        world.on(0 if first else 1, "places" if first else someone.key, partial(invite, world, someone))
    for employee, day in story.EMPLOYEES:
        world.on(day, f"card {employee.key}", partial(give_card, world, employee))


def plan_voices(world: World) -> None:
    """A face alone some days after the card; whoever has words sends them with the face."""
    for code, letters in story.FACES.items():
        early = {said.by for said in story.VOICES.get(code, ()) if said.day >= 0}
        for (employee, card_day), letter in zip(story.EMPLOYEES, letters, strict=True):
            if letter in FACES and employee.key not in early:
                day = card_day + 1 + len(code + employee.key) % 5
                world.on(
                    day, f"face {code} {employee.key}", partial(answer, world, employee.key, code, FACES[letter], "")
                )
    for code, voices in story.VOICES.items():
        for said in voices:
            plan_words(world, said, Target.CRITERION, code)


def plan_words(world: World, said: story.Said, kind: Target, name: str, thread: str = "") -> None:
    """Words on a criterion (its code) or a proposal (its name in the story), their reading, and their replies."""
    key = f"{name} {said.by} {said.day} {said.text[:20]}"
    world.on(said.day, key, partial(say, world, said, kind, name, key, thread))
    if said.read is not None:
        world.on(said.read, f"read {key}", partial(read, world, said, key))
    for reply in said.replies:
        plan_words(world, reply, kind, name, key)


def add_place(world: World, place: story.Place, at: datetime) -> None:
    world.places[place.key] = registering.add_structure(place.name, place.kind, place.territory, by=None, at=at)


def invite(world: World, who: story.Somebody, at: datetime) -> None:
    """The first administrator is invited at the console, the others by that one; each accepts at once."""
    invited = inviting.invite(
        college=who.college,
        roles=who.roles,
        by=world.person(story.PROFESSIONALS[0].key) if world.people else None,
        at=at,
        secret=world.secret,
        email=f"{who.key}@demonstration.invalid",
        structure_id=world.places[who.place] if who.place else None,
    )
    world.people[who.key], session = inviting.accept_invitation(
        invited.token,
        by=None,
        browser=who.key,
        at=at,
        life=world.settings.session_life,
        name=f"{story.NAMES[who.key]} ({story.MARK})",
    )
    sessions.end_session(session)


def give_card(world: World, who: story.Somebody, at: datetime) -> None:
    """A card of the session of the person's structure, or one of the State service outside any; used at once."""
    if who.place:
        workshop = session.get_one(Workshop, world.workshops[who.place])
        opener = person(workshop.opened_by_id or 0)
        (card,) = holding.print_workshop_cards(workshop, 1, by=opener, at=at, secret=world.secret)
    else:
        by = world.person("denis")
        (card,) = issuing.print_cards(1, college=College.EMPLOYEES, by=by, at=at, secret=world.secret)
    entered = entering.enter(card.code, secret=world.secret, at=at, life=world.settings.session_life)
    world.people[who.key] = entered.person_id
    sessions.end_session(entered.token)


def answer(world: World, key: str, code: str, face: Face, text: str, at: datetime) -> Comment:
    blob = world.library.read(path_of(Kind.CRITERION, code)).blob
    on = Anchor(Target.CRITERION, code, QUESTION, blob)
    form = form_of(f"answer {code} {key} {text}")
    return actions.answer_question(on, face, text, by=world.person(key), at=at, form=form)


def say(world: World, said: story.Said, kind: Target, name: str, key: str, thread: str, at: datetime) -> None:
    who, form = world.person(said.by), form_of(key)
    if thread:
        row = actions.reply(queries.comment(world.comments[thread]), said.text, by=who, at=at, form=form)
    elif kind is Target.PROPOSAL:
        row = actions.comment(Anchor(kind, str(world.proposals[name])), said.text, by=who, at=at, form=form)
    elif (face := face_of(said.by, name)) is not None:
        row = answer(world, said.by, name, face, said.text, at)
    else:
        row = actions.comment(place(world, said, name), said.text, by=who, at=at, form=form)
    world.comments[key] = row.id


def read(world: World, said: story.Said, key: str, at: datetime) -> None:
    """Somebody lets the words through, or gives the rule that they break."""
    spoken, reader = queries.comment(world.comments[key]), world.person(said.reader)
    if said.rule is None:
        actions.publish(spoken, by=reader, at=at)
    else:
        actions.remove(spoken, said.rule, said.note, by=reader, at=at)


def face_of(key: str, code: str) -> Face | None:
    """The face that an employee gave about a criterion, so that words come with it."""
    faces = zip(story.EMPLOYEES, story.FACES.get(code, ""), strict=False)
    return next((FACES[letter] for (who, _day), letter in faces if who.key == key and letter in FACES), None)


def place(world: World, said: story.Said, code: str) -> Anchor:
    text = world.library.read(path_of(Kind.CRITERION, code))
    on = Anchor(Target.CRITERION, code, said.section, text.blob)
    body = Document.read(text.text).section(said.section) or ""
    return quote(on, body, said.quotation) if said.quotation else on
