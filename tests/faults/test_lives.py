"""The whole life of proposals, in any order, by the real actions, against a plain model of what must be true.

The model knows the table of the law and nothing else: who, from which state, on which day. Each act is tried whether
the model allows it or not; what it forbids must be refused and change nothing.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from referentiel.app import create_app
from referentiel.config import Settings
from referentiel.database import db, session
from referentiel.dates import day
from referentiel.errors import Refused, TextMoved
from referentiel.library.verification import verify
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals import actions, queries
from referentiel.proposals import verification as proposals
from referentiel.proposals.actions import Verdict
from referentiel.proposals.models import Proposal
from referentiel.proposals.sheets import Sheet
from referentiel.proposals.states import Outcome, Stance, State
from referentiel.web.stores import library as library_of
from tests.cast import PEOPLE
from tests.faults.settling import WHOLE
from tests.proposal_lives import SILENCES, statement

CODES = ("E4", "C1")
NAMES = tuple(PEOPLE)
EDITORS = {"chloe": "spe", "denis": "partners", "bruno_colleague": "siae"}
ANYBODY = st.sampled_from(NAMES)
FIT = st.sampled_from((True, True, True, True, False))
MANY = 5
OPEN = {"submitted", "to_complete", "in_discussion"}
FIRST_DAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@dataclass
class Pending:
    """A decision with its first signature."""

    id: int
    by: str
    outcome: str
    words: str
    amended: date | None = None
    answered: bool = False
    resume_on: date | None = None


@dataclass
class One:
    """A proposal as anybody could tell it."""

    number: int
    code: str
    author: str
    state: str
    read: str
    words: str
    revision: int = 1
    window_ends: date | None = None
    declared: tuple[str, date] | None = None
    appealed: bool = False
    pending: Pending | None = None
    decision: int | None = None
    positions: dict[str, tuple[int, str]] = field(default_factory=dict)
    resume_on: date | None = None


class Life(RuleBasedStateMachine):
    """Five people, two criteria, and a calendar."""

    filled: Path
    seen: Counter[str]

    @initialize()
    def begin(self) -> None:
        self.folder = self.filled.parent / f"life-{uuid4()}"
        shutil.copytree(self.filled, self.folder, symlinks=True)
        self.app = create_app(Settings(instance=self.folder))
        self.context = self.app.app_context()
        self.context.push()
        self.library = library_of()
        self.now = FIRST_DAY
        self.words = 0
        self.draft = {code: statement(self.library, code) for code in CODES}
        self.all: list[One] = []
        self.decisions = 0

    def teardown(self) -> None:
        if hasattr(self, "context"):
            session.rollback()
            findings = verify(self.library, also={"propositions": proposals.check})
            session.remove()
            db.engine.dispose()
            self.context.pop()
            shutil.rmtree(self.folder)
            assert not findings, findings

    # --- who and what

    @property
    def today(self) -> date:
        return day(self.now)

    def person(self, name: str) -> Person:
        session.rollback()
        person = session.get(Person, NAMES.index(name) + 1)
        assert person is not None
        return person

    def proposal(self, one: One) -> Proposal:
        return queries.proposal(one.number)

    def pick(self, data: st.DataObject, *states: str) -> One:
        """Four times of five one in such a state, when there is one; else any."""
        fit = [one for one in self.all if one.state in states]
        likely: bool = data.draw(FIT)
        return data.draw(st.sampled_from(fit if fit and likely else self.all))

    def somebody(self, data: st.DataObject, fit: Iterable[str]) -> str:
        """Four times of five one of these people, when there is one; else anybody."""
        people = [name for name in NAMES if name in set(fit)]
        likely: bool = data.draw(FIT)
        return data.draw(st.sampled_from(people if people and likely else NAMES))

    def new_words(self) -> str:
        self.words += 1
        return f"Tout passage est préparé avec la personne, rédaction {self.words}."

    def tried(self, allowed: bool, act: Callable[[], Any]) -> Any:
        """The act's result when the model allows it; what the model forbids is refused. True time goes on."""
        self.now += timedelta(minutes=1)
        if allowed:
            return act()
        with pytest.raises(Refused):
            act()
        return None

    def sheet(self, words: str) -> Sheet:
        return Sheet(
            title=f"Rédaction {self.words}",
            reason="Des personnes apprennent la veille qu’elles changent.",
            plain_change="Je sais avant où je vais.",
            change_class="substance",
            sections={"Énoncé": words},
            licence=True,
        )

    def judges(self, who: str, one: One) -> bool:
        return who in EDITORS and who != one.author

    def examines(self, who: str, one: One) -> bool:
        return self.judges(who, one) and not (one.declared and one.declared[0] == who)

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """Four times of five an act that some proposal waits for; else any act that its rows allow to be tried."""
        states = {one.state for one in self.all}
        possible = {act: states & waited for act, waited in ACTS.items() if self.all or act is Life.submit}
        if not any(one.pending for one in self.all):
            for act in (Life.answer, Life.sign, Life.send_back):
                possible.pop(act, None)
        fit = [act for act, waited in possible.items() if waited for _ in range(WEIGHTS.get(act, 1))]
        if len(self.all) < MANY:
            fit += [Life.submit] * 2
        likely: bool = data.draw(FIT)
        data.draw(st.sampled_from(fit if fit and likely else [*possible, Life.submit]))(self, data)

    # --- writing

    def submit(self, data: st.DataObject) -> None:
        who, code = data.draw(ANYBODY), data.draw(st.sampled_from((*CODES, CODES[0], CODES[0])))
        words = self.new_words()
        made = self.tried(
            True,
            lambda: actions.submit(
                self.library, self.sheet(words), path=f"criteres/{code}.md", by=self.person(who), at=self.now
            ),
        )
        self.all.append(One(made.id, code, who, "submitted", self.draft[code], words))

    def resubmit(self, data: st.DataObject) -> None:
        self.write_again(data, completing=True)

    def revise(self, data: st.DataObject) -> None:
        self.write_again(data, completing=False)

    def write_again(self, data: st.DataObject, *, completing: bool) -> None:
        needed = "to_complete" if completing else "in_discussion"
        one = self.pick(data, needed)
        who = self.somebody(data, {one.author})
        words = self.new_words()
        allowed = who == one.author and one.state == needed
        verb = actions.resubmit if completing else actions.revise
        self.tried(
            allowed,
            lambda: verb(self.library, self.proposal(one), self.sheet(words), by=self.person(who), at=self.now),
        )
        if allowed:
            one.words, one.read, one.revision = words, self.draft[one.code], one.revision + 1
            one.state = "submitted" if completing else "in_discussion"
            if one.window_ends is not None:
                one.window_ends = max(one.window_ends, self.today + timedelta(days=10))

    # --- examining

    def examine(self, data: st.DataObject) -> None:
        verb = data.draw(st.sampled_from(("admit", "admit", "admit", "complete", "refuse")))
        one = self.pick(data, "submitted")
        who = self.somebody(data, (name for name in EDITORS if self.examines(name, one)))
        allowed = one.state == "submitted" and self.examines(who, one)
        told: Any = {"by": self.person(who), "at": self.now}
        why: Any = {"reason": "Il manque la source.", "plain_reason": "Dites d’où cela vient."}
        if verb == "admit":
            self.tried(allowed, lambda: actions.admit(self.proposal(one), **told))
        elif verb == "complete":
            self.tried(allowed, lambda: actions.ask_completion(self.proposal(one), **why, **told))
        else:
            self.tried(allowed, lambda: actions.declare_inadmissible(self.proposal(one), **why, **told))
        if not allowed:
            return
        if verb == "admit":
            one.state, one.window_ends = "in_discussion", self.today + timedelta(days=30)
        elif verb == "complete":
            one.state = "to_complete"
        else:
            one.state, one.declared = "inadmissible", (who, self.today)

    def appeal(self, data: st.DataObject) -> None:
        one = self.pick(data, "inadmissible")
        who = self.somebody(data, {one.author})
        allowed = (
            who == one.author
            and one.state == "inadmissible"
            and not one.appealed
            and one.declared is not None
            and (self.today - one.declared[1]).days <= 30
        )
        self.tried(allowed, lambda: actions.appeal(self.proposal(one), by=self.person(who), at=self.now))
        if allowed:
            one.state, one.appealed = "submitted", True
            self.seen["appealed"] += 1

    def merge(self, data: st.DataObject) -> None:
        who, one, other = self.somebody(data, EDITORS), self.pick(data, *OPEN), self.pick(data, *OPEN)
        allowed = who in EDITORS and one is not other and one.state in OPEN and other.state in OPEN
        self.tried(
            allowed,
            lambda: actions.merge_into(
                self.proposal(one),
                self.proposal(other),
                reason="C’est la même demande.",
                plain_reason="On les lit ensemble.",
                by=self.person(who),
                at=self.now,
            ),
        )
        if allowed:
            one.state = "merged_into"

    def withdraw(self, data: st.DataObject) -> None:
        one = self.pick(data)
        who = self.somebody(data, {one.author})
        allowed = who == one.author and one.state in OPEN | {"inadmissible", "in_decision"}
        self.tried(allowed, lambda: actions.withdraw(self.proposal(one), by=self.person(who), at=self.now))
        if allowed:
            one.state, one.pending = "withdrawn", None

    def take_position(self, data: st.DataObject) -> None:
        who, stance, old = data.draw(ANYBODY), data.draw(st.sampled_from(Stance)), not data.draw(FIT)
        one = self.pick(data, "in_discussion")
        read = one.revision - 1 if old else one.revision
        allowed = one.state == "in_discussion" and not old
        self.tried(
            allowed,
            lambda: actions.take_position(self.proposal(one), stance, revision=read, by=self.person(who), at=self.now),
        )
        if allowed:
            one.positions[who] = (one.revision, stance.value)

    # --- deciding

    def propose_decision(self, data: st.DataObject) -> None:
        outcome, justified, waits = data.draw(st.sampled_from(Outcome)), data.draw(FIT), data.draw(FIT)
        one = self.pick(data, "in_discussion")
        who = self.somebody(data, (name for name in EDITORS if self.judges(name, one)))
        if waits and one.window_ends is not None and one.window_ends >= self.today:
            self.time_goes_by((one.window_ends - self.today).days + 1)
        closed = one.window_ends is not None and self.today > one.window_ends
        applies = self.draft[one.code] == one.read
        allowed = (
            one.state == "in_discussion"
            and self.judges(who, one)
            and closed
            and justified
            and (applies or not outcome.adopts)
        )
        amended = f"{one.words} Avec son accord." if outcome is Outcome.ADOPTED_WITH_CHANGES else None
        resume_on = self.today + timedelta(days=20) if outcome is Outcome.POSTPONED else None
        verdict = Verdict(
            outcome,
            "Prévenir tôt évite les ruptures.",
            "Vous serez prévenu plus tôt.",
            SILENCES if justified else {},
            resume_on=resume_on,
            sections={"Énoncé": amended} if amended else None,
        )
        made = self.tried(
            allowed,
            lambda: actions.propose_decision(
                self.library, self.proposal(one), verdict, form_id=str(uuid4()), by=self.person(who), at=self.now
            ),
        )
        if allowed:
            one.state = "in_decision"
            one.pending = Pending(
                made.id,
                who,
                outcome.value,
                amended or one.words,
                amended=self.today if amended else None,
                resume_on=resume_on,
            )

    def answer(self, data: st.DataObject) -> None:
        accepts = data.draw(st.booleans())
        one = self.waiting(data)
        who = self.somebody(data, {one.author})
        assert one.pending is not None
        allowed = who == one.author and one.pending.outcome == "adopted_with_changes"
        decision = queries.under_way(self.proposal(one))
        assert decision is not None
        self.tried(
            allowed,
            lambda: actions.answer_amendment(
                decision, digest=decision.digest, accepts=accepts, by=self.person(who), at=self.now
            ),
        )
        if allowed:
            one.pending.answered = True

    def sign(self, data: st.DataObject) -> None:
        fresh = data.draw(FIT)
        one = self.waiting(data)
        who = self.somebody(data, (name for name in EDITORS if self.second(name, one)))
        pending = one.pending
        assert pending is not None
        decision = queries.under_way(self.proposal(one))
        assert decision is not None
        read_in_time = pending.answered or pending.amended is None or (self.today - pending.amended).days > 10
        allowed = self.second(who, one) and read_in_time and fresh
        digest = decision.digest if fresh else "0" * 64
        adopts = pending.outcome in ("adopted", "adopted_with_changes")

        def act() -> None:
            actions.sign(self.library, decision, digest=digest, form_id=str(uuid4()), by=self.person(who), at=self.now)

        if allowed and adopts and self.draft[one.code] != one.read:
            with pytest.raises(TextMoved):
                act()
            one.state, one.pending = "in_discussion", None
            self.seen["moved"] += 1
            return
        self.tried(allowed, act)
        if not allowed:
            return
        self.decisions += 1
        self.seen[pending.outcome] += 1
        one.state, one.decision, one.pending = pending.outcome, self.decisions, None
        one.resume_on = pending.resume_on
        if adopts:
            self.draft[one.code] = pending.words

    def send_back(self, data: st.DataObject) -> None:
        one = self.waiting(data)
        assert one.pending is not None
        who = self.somebody(data, {one.pending.by})
        decision = queries.under_way(self.proposal(one))
        assert decision is not None
        allowed = who == one.pending.by or self.second(who, one)
        self.tried(
            allowed,
            lambda: actions.send_back(decision, reason="Une source manque.", by=self.person(who), at=self.now),
        )
        if allowed:
            one.state, one.pending = "in_discussion", None

    def waiting(self, data: st.DataObject) -> One:
        return data.draw(st.sampled_from([one for one in self.all if one.pending]))

    def second(self, who: str, one: One) -> bool:
        """An editor of another college than the first; neither author nor first signatory."""
        assert one.pending is not None
        return self.judges(who, one) and EDITORS[who] != EDITORS[one.pending.by]

    # --- time

    def time_passes(self, data: st.DataObject) -> None:
        self.time_goes_by(data.draw(st.sampled_from((1, 9, 11, 20, 31))))

    def time_goes_by(self, days: int) -> None:
        self.now += timedelta(days=days)
        session.rollback()
        actions.resume_due(at=self.now)
        for one in self.all:
            if one.state == "postponed" and one.resume_on is not None and one.resume_on <= self.today:
                one.state, one.resume_on = "in_discussion", None
                assert one.window_ends is not None
                one.window_ends = max(one.window_ends, self.today + timedelta(days=10))

    # --- what must be true, always

    @invariant()
    def the_text_is_what_was_adopted_and_nothing_else(self) -> None:
        if hasattr(self, "draft"):
            assert {code: statement(self.library, code) for code in CODES} == self.draft

    @invariant()
    def each_proposal_is_where_the_model_says(self) -> None:
        if not hasattr(self, "all"):
            return
        session.rollback()
        session.expire_all()
        for one in self.all:
            found = self.proposal(one)
            assert (found.state.value, found.revision_number) == (one.state, one.revision), one
            assert found.window_ends == one.window_ends, one
            assert found.revision.files[0].text.count(one.words) == 1, one
            assert found.decision_number == one.decision, one
            assert (queries.under_way(found) is not None) == (one.pending is not None), one
            for who, (revision, stance) in one.positions.items():
                kept = queries.own_position(found, self.person(who))
                assert kept is not None
                assert (kept.stance.value, kept.revision_id) == (
                    stance,
                    queries.revision(found, revision).id,
                ), one

    @invariant()
    def each_step_of_a_proposal_begins_where_the_last_one_ended(self) -> None:
        if not hasattr(self, "all"):
            return
        for one in self.all:
            at = State.DRAFT
            for line in self.proposal(one).lines:
                assert line.from_state is at, one
                at = line.to_state
            assert at.value == one.state


Act = Callable[[Life, st.DataObject], None]
ACTS: dict[Act, set[str]] = {
    Life.resubmit: {"to_complete"},
    Life.revise: {"in_discussion"},
    Life.examine: {"submitted"},
    Life.appeal: {"inadmissible"},
    Life.take_position: {"in_discussion"},
    Life.propose_decision: {"in_discussion"},
    Life.answer: {"in_decision"},
    Life.sign: {"in_decision"},
    Life.send_back: {"in_decision"},
    Life.time_passes: {"in_discussion", "in_decision", "postponed"},
    Life.merge: set(),
    Life.withdraw: set(),
}
"""Each act, and the states of the proposals that wait for it"""
WEIGHTS: dict[Act, int] = {Life.examine: 2, Life.propose_decision: 3, Life.sign: 4}


def lived(filled: Path, *, lives: int, steps: int) -> Counter[str]:
    """Live so many lives, and count what was met on the way."""
    seen: Counter[str] = Counter()
    machine = type("Filled", (Life,), {"filled": filled, "seen": seen})
    run_state_machine_as_test(
        machine,
        settings=hypothesis_settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    return seen


@pytest.mark.slow
def test_whatever_happens_to_proposals_in_whatever_order_the_law_holds(filled: Path) -> None:
    """A sample; ``make faults`` lives a hundred and twenty, and as many again while chance spared some end."""
    ends = {"moved", "appealed", *(outcome.value for outcome in Outcome)}
    seen = lived(filled, lives=120 if WHOLE else 8, steps=50)
    for _again in range(4 if WHOLE else 0):
        if set(seen) == ends:
            break
        seen += lived(filled, lives=120, steps=50)
    assert set(seen) == ends or not WHOLE, f"some end was never reached: {ends - set(seen)}"


def test_the_cast_has_an_editor_of_each_college_that_signs() -> None:
    assert {PEOPLE[name]["college"] for name in EDITORS} == set(EDITORS.values()) <= {one.value for one in College}
