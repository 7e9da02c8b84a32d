"""The proposals of the demonstration live: asked for, discussed, decided."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from referentiel.commands import demo_story as story
from referentiel.commands.demo_issues import plan_of
from referentiel.commands.demo_voices import plan_words
from referentiel.commands.demo_world import World, form_of
from referentiel.comments.anchors import Target
from referentiel.criteria.document import Document
from referentiel.criteria.erratum import RIGHT, SECTION, WRONG
from referentiel.criteria.paths import Kind, erratum_path, path_of
from referentiel.proposals import actions, queries
from referentiel.proposals.delays import Delays
from referentiel.proposals.models import Proposal
from referentiel.proposals.states import Stance
from referentiel.proposals.wording import Sheet


def plan_wish(world: World, wish: story.Wish) -> None:
    """Plan a proposal's whole life; what is said of it comes with it."""
    key = wish.key
    world.on(wish.day, f"submit {key}", partial(submit, world, wish))
    if wish.completion is not None:
        world.on(wish.completion.day, key, partial(ask_completion, world, wish, wish.completion))
    if wish.inadmissible is not None:
        world.on(wish.inadmissible.day, key, partial(declare_inadmissible, world, wish, wish.inadmissible))
    if wish.admitted is not None:
        world.on(wish.admitted, f"admit {key}", partial(admit, world, wish))
    if wish.rewording is not None:
        world.on(wish.rewording.day, f"revise {key}", partial(revise, world, wish, wish.rewording))
    for first, stances in ((wish.early_day, wish.early), (wish.stances_day, wish.stances)):
        for place, (who, stance) in enumerate(stances.items()):
            world.on(first + place // 3, f"stance {key} {who}", partial(take_position, world, wish, who, stance))
    for said in wish.said:
        plan_words(world, said, Target.PROPOSAL, key)
    if wish.merged is not None:
        world.on(wish.merged.day, f"merge {key}", partial(merge, world, wish, wish.merged))
    if wish.withdrawn is not None:
        world.on(wish.withdrawn.day, f"withdraw {key}", partial(withdraw, world, wish, wish.withdrawn))
    if wish.verdict is not None:
        plan_verdict(world, wish, wish.verdict)


def plan_verdict(world: World, wish: story.Wish, verdict: story.Verdict) -> None:
    """The first signature, the author's answer to an amended wording, the second signature; those that are given."""
    world.on(verdict.day, f"decide {wish.key}", partial(propose_decision, world, wish, verdict))
    if verdict.answered is not None:
        world.on(verdict.answered, f"answer {wish.key}", partial(answer_amendment, world, wish))
    if verdict.signed is not None:
        world.on(verdict.signed, f"sign {wish.key}", partial(sign, world, wish, verdict))


def proposal(world: World, wish: story.Wish) -> Proposal:
    return queries.proposal(world.proposals[wish.key])


def delays(world: World) -> Delays:
    return Delays.of(world.settings)


def rewritten(base: Document | None, edits: Iterable[story.Edit]) -> Mapping[str, str]:
    """The sections that the edits touch, whole. Raises ValueError when the words to change are not there, once."""
    sections: dict[str, str] = {}
    for edit in edits:
        body = sections.get(edit.section) or (base.section(edit.section) if base is not None else None) or ""
        if edit.before and body.count(edit.before) != 1:
            raise ValueError(f"{edit.section}: « {edit.before} » is there {body.count(edit.before)} times")
        sections[edit.section] = body.replace(edit.before, edit.after) if edit.before else edit.after
    return sections


def path_for(world: World, wish: story.Wish) -> str:
    """The file that a proposal is about; empty for a new criterion."""
    if wish.corrects is not None:
        return erratum_path(plan_of(world, wish.corrects).number or "", wish.code, "nouveau-1")
    return path_of(Kind.CRITERION, wish.code) if wish.code else ""


def sheet(world: World, wish: story.Wish, edits: tuple[story.Edit, ...], reason: str) -> Sheet:
    """What a form would bring. An erratum cites the words of its one edit, the others write sections anew."""
    if wish.corrects is not None:
        (edit,) = edits
        sections: Mapping[str, str] = {WRONG: edit.before, RIGHT: edit.after}
        keys: Mapping[str, str | tuple[str, ...]] = {SECTION: edit.section}
    else:
        path = path_for(world, wish)
        base = Document.read(world.library.read(path).text, path) if path else None
        sections, keys = rewritten(base, edits), wish.keys
    return Sheet(
        title=wish.title,
        reason=reason,
        plain_change=wish.plain,
        change_class=wish.change_class.value,
        sections=sections,
        keys=keys,
        licence=True,
        wish=world.comments[wish.takes_up] if wish.takes_up else None,
    )


def submit(world: World, wish: story.Wish, at: datetime) -> None:
    made = actions.submit(
        world.library,
        sheet(world, wish, wish.edits, wish.reason),
        kind=wish.kind,
        path=path_for(world, wish),
        form_id=form_of(f"submit {wish.key}"),
        by=world.person(wish.by),
        at=at,
        delays=delays(world),
    )
    world.proposals[wish.key] = made.id


def admit(world: World, wish: story.Wish, at: datetime) -> None:
    actions.admit(proposal(world, wish), by=world.person(wish.admitted_by), at=at, delays=delays(world))


def ask_completion(world: World, wish: story.Wish, asked: story.Judgement, at: datetime) -> None:
    by = world.person(asked.by)
    actions.ask_completion(proposal(world, wish), reason=asked.reason, plain_reason=asked.plain, by=by, at=at)


def declare_inadmissible(world: World, wish: story.Wish, told: story.Judgement, at: datetime) -> None:
    by = world.person(told.by)
    actions.declare_inadmissible(proposal(world, wish), reason=told.reason, plain_reason=told.plain, by=by, at=at)


def revise(world: World, wish: story.Wish, next_one: story.Rewording, at: datetime) -> None:
    actions.revise(
        world.library,
        proposal(world, wish),
        sheet(world, wish, next_one.edits, next_one.reason),
        by=world.person(wish.by),
        at=at,
        delays=delays(world),
    )


def take_position(world: World, wish: story.Wish, who: str, stance: Stance, at: datetime) -> None:
    actions.take_position(proposal(world, wish), stance, by=world.person(who), at=at)


def merge(world: World, wish: story.Wish, union: story.Union, at: datetime) -> None:
    actions.merge_into(
        proposal(world, wish),
        queries.proposal(world.proposals[union.into]),
        reason=union.reason,
        plain_reason=union.plain,
        by=world.person(union.by),
        at=at,
    )


def withdraw(world: World, wish: story.Wish, given_up: story.Withdrawal, at: datetime) -> None:
    actions.withdraw(proposal(world, wish), reason=given_up.reason, by=world.person(wish.by), at=at)


def propose_decision(world: World, wish: story.Wish, verdict: story.Verdict, at: datetime) -> None:
    asked = proposal(world, wish)
    wording = Document.read(asked.revision.files[0].text) if verdict.amended else None
    resume = world.calendar.day(verdict.day) + timedelta(days=verdict.resume_in) if verdict.resume_in else None
    actions.propose_decision(
        world.library,
        asked,
        actions.Verdict(
            outcome=verdict.outcome,
            reason=verdict.reason,
            plain_reason=verdict.plain,
            silences=verdict.silences,
            resume_on=resume,
            sections=rewritten(wording, verdict.amended) if verdict.amended else None,
        ),
        form_id=form_of(f"decide {wish.key}"),
        by=world.person(verdict.by),
        at=at,
        delays=delays(world),
        people=world.settings.heard_people,
        structures=world.settings.heard_structures,
    )


def answer_amendment(world: World, wish: story.Wish, at: datetime) -> None:
    decision = queries.decision_under_way(proposal(world, wish))
    actions.answer_amendment(decision, digest=decision.digest, accepts=True, by=world.person(wish.by), at=at)


def sign(world: World, wish: story.Wish, verdict: story.Verdict, at: datetime) -> None:
    decision = queries.decision_under_way(proposal(world, wish))
    actions.sign(
        world.library,
        decision,
        digest=decision.digest,
        form_id=form_of(f"sign {wish.key}"),
        by=world.person(verdict.signed_by),
        at=at,
        delays=delays(world),
    )
