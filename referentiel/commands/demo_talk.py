"""The people of the demonstration wish for something, and suggest other words on a proposal."""

from datetime import datetime
from functools import partial

from referentiel.commands import demo_story as story
from referentiel.commands.demo_world import World, form_of
from referentiel.comments import actions, queries
from referentiel.comments.anchors import Anchor, Target, quote
from referentiel.comments.suggesting import suggest
from referentiel.comments.wishing import wish
from referentiel.criteria.vocabulary import STATEMENT
from referentiel.proposals.queries import proposal
from referentiel.proposals.queries.talks import wording


def plan_talk(world: World) -> None:
    """Each is said on its day, and read by Denis on another."""
    for wished in story.WISHED:
        world.on(wished.day, f"wish {wished.key}", partial(say_wish, world, wished))
        world.on(wished.read, f"read wish {wished.key}", partial(read, world, wished.key))
    for suggested in story.SUGGESTED:
        key = f"suggestion {suggested.wish} {suggested.by}"
        world.on(suggested.day, key, partial(say_suggestion, world, suggested, key))
        world.on(suggested.read, f"read {key}", partial(read, world, key))


def say_wish(world: World, wished: story.Wished, at: datetime) -> None:
    on = Anchor(Target.CRITERION, wished.code) if wished.code else Anchor(Target.REFERENTIAL, "")
    form = form_of(f"wish {wished.key}")
    world.comments[wished.key] = wish(on, wished.text, by=world.person(wished.by), at=at, form=form).id


def say_suggestion(world: World, suggested: story.Suggested, key: str, at: datetime) -> None:
    found = proposal(world.proposals[suggested.wish])
    file = found.revision.files[0]
    on = Anchor(Target.PROPOSAL, str(found.id), STATEMENT, file.blob, path=file.path)
    passage = quote(on, wording(found.id, file).sections[STATEMENT], suggested.passage)
    by = world.person(suggested.by)
    row = suggest(passage, suggested.text, suggested.better, by=by, at=at, form=form_of(key))
    world.comments[key] = row.id


def read(world: World, key: str, at: datetime) -> None:
    actions.publish(queries.comment(world.comments[key]), by=world.person("denis"), at=at)
