"""Crashes at each named step, in any order, against a plain model of what must have happened."""

import shutil
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from referentiel.database import session
from referentiel.errors import NotAllowed, TextMoved
from referentiel.journal import actions as journal
from referentiel.journal.models import Operation
from referentiel.journal.queries import operation as operation_of
from referentiel.library.actions import carry_out
from referentiel.library.library import Applied, Library
from referentiel.library.recovery import recover
from tests.faults.settling import WHOLE, check
from tests.library_house import KIND, SECTIONS, House, copy_folder, effects, house_in

STEPS = (
    "lock awaited",
    "lock taken",
    "planned",
    "object written",
    "object named",
    "objects stored",
    "verified",
    "published",
    "closing",
)
LANDED = ("published", "closing")
PATHS = ("criteres/A1.md", "criteres/A2.md")
TOUCHED = (*((path,) for path in PATHS), PATHS)
"""One text, the other, or both: adopted all or nothing"""


class Crash(BaseException):
    """The process is gone: no handler of ours may catch this."""


class Deciders(RuleBasedStateMachine):
    """Decisions on a few sections, each possibly cut at a step; processes that pause; recoveries in between."""

    library_class: type[Library] = Library

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="crashes-"))
        copy_folder(self.folder / "house", 2)
        self.model: dict[tuple[str, str], str] = {}
        self.commits = 0
        self.open: dict[str, dict[str, Any]] = {}
        self.closed: dict[str, str] = {}
        self.crash_at: str | None = None
        self.entitled = True
        self.number = 0
        self._open_house()

    def _open_house(self) -> None:
        self._house = house_in(self.folder / "house", failpoints=self._step)
        self.house: House = self._house.__enter__()
        self.house.library.__class__ = self.library_class
        done, refused = self._told("done"), self._told("refused")
        journal.register_effect(KIND, done, refused, rights=lambda _operation: self.entitled)

    def _told(self, what: str) -> Any:
        def tell(operation: Operation) -> None:
            journal.post("told", {"operation": operation.id, "what": what}, at=operation.closed_at or operation.time)
            self._step("closing")

        return tell

    def _step(self, name: str) -> None:
        if name == self.crash_at:
            raise Crash(name)

    def _die(self) -> None:
        """Nothing of the process remains; another one starts."""
        self.crash_at = None
        self._house.__exit__(None, None, None)
        now = self.house.now
        self._open_house()
        self.house.now = now

    @rule(
        paths=st.sampled_from(TOUCHED),
        title=st.sampled_from(SECTIONS),
        crash_at=st.one_of(st.none(), st.sampled_from(STEPS)),
        pause=st.booleans(),
    )
    def decide(self, paths: tuple[str, ...], title: str, crash_at: str | None, pause: bool) -> None:
        """A decision on a section of each text: it lands, it is cut, or its process pauses after the SQL commit."""
        self.number += 1
        identity, words = str(UUID(int=self.number)), f"Texte {self.number}."
        base = self.house.library.head()
        operation = self.house.begin([self.house.edit(path, {title: words}) for path in paths], id=identity)
        seen = {(path, title): self.model.get((path, title)) for path in paths}
        self.open[identity] = {"base": base, "words": words, "seen": seen}
        if pause:
            session.rollback()
            return
        self._carry(operation, crash_at)

    @rule(data=st.data(), crash_at=st.one_of(st.none(), st.sampled_from(STEPS)))
    def go_on(self, data: st.DataObject, crash_at: str | None) -> None:
        """A process that paused, or a form sent again, comes back to its operation."""
        known = [*self.open, *self.closed]
        if known:
            operation = operation_of(data.draw(st.sampled_from(known)))
            assert operation is not None
            self._carry(operation, crash_at)

    def _carry(self, operation: Operation, crash_at: str | None) -> None:
        identity = operation.id
        self.crash_at = crash_at
        try:
            carry_out(self.house.library, operation, at=self.house.tick())
        except Crash as crash:
            if str(crash) in LANDED and identity in self.open and self._fits(identity):
                self._land(identity)
            self._die()
            return
        except (TextMoved, NotAllowed):
            self.crash_at = None
            assert self.closed.get(identity) == "refused" or not self._fits(identity)
            self._close(identity, "refused")
            return
        self.crash_at = None
        assert self.closed.get(identity) != "refused"
        if identity in self.open:
            assert self._fits(identity)
            self._land(identity)
            self._close(identity, "done")

    def _fits(self, identity: str) -> bool:
        """Whether each section still holds what this operation started from, or already holds its words."""
        one = self.open[identity]
        return bool(one.get("landed")) or all(self.model.get(part) == words for part, words in one["seen"].items())

    def _land(self, identity: str) -> None:
        one = self.open[identity]
        if not one.get("landed"):
            one["landed"] = True
            self.model |= dict.fromkeys(one["seen"], one["words"])
            self.commits += 1

    def _close(self, identity: str, state: str) -> None:
        self.open.pop(identity, None)
        self.closed.setdefault(identity, state)

    @rule(crash_at=st.one_of(st.none(), st.sampled_from(STEPS)))
    def start_again(self, crash_at: str | None) -> None:
        """A start settles everything, even when it is itself cut and started again."""
        self._expect_recovery(crash_at)

    @rule(entitled=st.booleans())
    def change_rights(self, entitled: bool) -> None:
        self.entitled = entitled

    def _expect_recovery(self, crash_at: str | None) -> None:
        self.crash_at = crash_at
        try:
            recover(self.house.library, at=self.house.tick())
        except Crash:
            self._die()
            recover(self.house.library, at=self.house.tick())
        self.crash_at = None
        for identity in list(self.open):
            operation = operation_of(identity)
            assert operation is not None
            one = self.open[identity]
            if operation.state == "done":
                assert one.get("landed") or (self.entitled and self._fits(identity))
                self._land(identity)
            else:
                assert operation.state == "refused"
                assert not one.get("landed"), "refused, although main holds it"
            self._close(identity, operation.state)
        session.rollback()

    @invariant()
    def the_text_is_that_of_the_model(self) -> None:
        if not hasattr(self, "house"):
            return
        for (path, title), words in self.model.items():
            assert self.house.section(path, title) == words
        assert sum(1 for _ in self.house.library.snapshots.chain(self.house.library.head())) == self.commits + 1
        assert dict(self.house.told()) == self.closed

    def teardown(self) -> None:
        if not hasattr(self, "house"):
            return
        try:
            self._expect_recovery(None)
            self.the_text_is_that_of_the_model()
            effects()
            check(self.house, [("done" if state == "done" else "moved", one) for one, state in self.closed.items()])
        finally:
            self._house.__exit__(None, None, None)
            shutil.rmtree(self.folder, ignore_errors=True)


class Forgetful(Library):
    """A mutant: it never looks for its own trailer on ``main``."""

    def find(self, order: Any, head: str) -> Applied | None:
        return None


class ForgetfulDeciders(Deciders):
    library_class = Forgetful


MODEL = settings(
    max_examples=200 if WHOLE else 12,
    stateful_step_count=30 if WHOLE else 14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_whatever_is_cut_the_library_and_the_model_agree() -> None:
    run_state_machine_as_test(Deciders, settings=MODEL)


def test_a_mutant_that_skips_the_trailer_is_caught() -> None:
    once = settings(
        MODEL, max_examples=200, stateful_step_count=14, phases=[Phase.generate], derandomize=True, database=None
    )
    with pytest.raises(AssertionError, match="main holds it"):
        run_state_machine_as_test(ForgetfulDeciders, settings=once)
