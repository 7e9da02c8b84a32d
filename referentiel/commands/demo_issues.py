"""The editions of the demonstration: announced, prepared, confirmed and sealed."""

from datetime import datetime, timedelta
from functools import partial

from referentiel.commands import demo_story as story
from referentiel.commands.demo_world import World
from referentiel.editions import queries as published
from referentiel.editions.models import EditionPlan
from referentiel.editions.preparing import actions as editions
from referentiel.editions.sealing import publishing
from referentiel.editions.sealing.press import Press
from referentiel.errors import Unknown
from referentiel.proposals import queries
from referentiel.web.stores import settings


def plan_issue(world: World, number: int, issue: story.Issue) -> None:
    """An edition: announced, what it leaves to the next one, prepared, and perhaps confirmed and sealed."""
    world.on(issue.announced, f"announce {number}", partial(announce, world, number, issue))
    for delay in issue.delays:
        world.on(issue.prepared - 1, f"carry over {delay.wish}", partial(carry_over, world, number, delay))
    world.on(issue.prepared, f"prepare {number}", partial(prepare, world, number, issue))
    if issue.confirmed is not None:
        world.on(issue.confirmed, f"confirm {number}", partial(confirm, world, number))


def announce(world: World, number: int, issue: story.Issue, at: datetime) -> None:
    plan = editions.announce(
        closing=world.calendar.day(issue.closing),
        by=world.person("denis"),
        at=at,
        notice_days=world.settings.closing_notice_days,
    )
    world.plans[number] = plan.id


def carry_over(world: World, number: int, delay: story.Delay, at: datetime) -> None:
    left = queries.proposal(world.proposals[delay.wish])
    by = world.person("denis")
    editions.carry_over(plan_of(world, number), left, reason=delay.reason, plain_reason=delay.plain, by=by, at=at)


def prepare(world: World, number: int, issue: story.Issue, at: datetime) -> None:
    editions.prepare(
        world.library,
        plan_of(world, number),
        applies=world.calendar.day(issue.applies) if issue.confirmed else at.date() + timedelta(days=issue.applies),
        note=issue.note,
        by=world.person("denis"),
        at=at,
    )


def confirm(world: World, number: int, at: datetime) -> None:
    editions.confirm(world.library, plan_of(world, number), by=world.person("chloe"), at=at)
    publishing.seal_confirmed(world.library, Press.of(settings()), at=at)


def plan_of(world: World, number: int) -> EditionPlan:
    plan = published.plan(world.plans[number])
    if plan is None:
        raise Unknown("the edition is not announced")
    return plan
