"""``referentiel work``: what must not slow a page down. Letters, steps that time brings, seals, frames."""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import click
from flask import Flask

from referentiel.app import create_app
from referentiel.commands import memory
from referentiel.commands.application import settings_here
from referentiel.commands.sealing import Sealer
from referentiel.database import session
from referentiel.dates import day
from referentiel.editions import discussed, queries
from referentiel.editions.copies.bundling import bundle_missing
from referentiel.editions.sealing import signing
from referentiel.library import mirror
from referentiel.library.recovery import recover
from referentiel.notices.outbox import drain
from referentiel.notices.upkeep import forget_sent
from referentiel.people.keeping import Keeping
from referentiel.people.upkeep import forget
from referentiel.privacy import retention
from referentiel.privacy.actions import replay
from referentiel.privacy.traces import wipe_asked
from referentiel.proposals.actions import remind, resume_due
from referentiel.proposals.delays import Delays
from referentiel.search.lists import keep_up
from referentiel.web import frames
from referentiel.web.logs import write_json_lines
from referentiel.web.stores import library, secret, settings

PAUSE = 2.0
"""Seconds between two passes"""
HOUR = timedelta(hours=1)

log = logging.getLogger(__name__)

Job = Callable[[datetime], object]


def send_letters(at: datetime) -> object:
    return drain(settings(), secret=secret(), at=at)


def take_steps(at: datetime) -> object:
    """The steps that nobody takes: a postponed proposal comes back on its day."""
    return resume_due(at=at, delays=Delays.of(settings()))


def remind_people(at: datetime) -> object:
    """Discussions that end, answers promised for soon, answers that are late: each said once."""
    return remind(at=at)


def follow_the_library(at: datetime) -> object:
    """What was adopted is listed and found within a pass, whatever becomes of the seals."""
    keep_up(library())
    return None


def seal_editions(at: datetime) -> object:
    """In a process of its own, whose end is waited for."""
    return Sealer().seal(at)


def sign_editions(at: datetime) -> object:
    """What the process that seals could not sign: the key may serve since."""
    key = settings().signing_key
    return signing.sign_missing(queries.shelf_of(library()), Path(key)) if key else None


def forget_what_ended(at: datetime) -> object:
    return forget(at=at, keep=Keeping.of(settings()))


def keep_to_time(at: datetime) -> object:
    """Answers noted, links cut, accounts closed, the security log deleted: each after the time that is promised."""
    return retention.keep_to_time(settings(), library(), secret=secret(), at=at)


def forget_what_was_sent(at: datetime) -> object:
    return forget_sent(settings(), at=at)


def finish_erasing(at: datetime) -> object:
    """Whoever the list says is erased, and the database still holds: the process died between the two.

    The accounts are looked at only when the list has changed since the last time.
    """
    listed = settings().erasures_path
    if not listed.exists():
        return None
    found = listed.stat()
    version = (found.st_ino, found.st_size, found.st_mtime_ns)
    if _replayed.get(listed) == version:
        return None
    done = replay(settings=settings(), library=library(), secret=secret())
    _replayed[listed] = version
    return done if any(done) else None


_replayed: dict[Path, tuple[int, int, int]] = {}
"""The version of each erasure list that this process has compared with its database"""


def wipe_traces(at: datetime) -> object:
    """What somebody erased leaves scraps in the files: they go now."""
    return wipe_asked(settings(), library(), at=at)


def bundle_editions(at: datetime) -> object:
    return bundle_missing(library())


def mirror_library(at: datetime) -> object:
    """What was adopted or published enters the public repository."""
    return mirror.follow(library(), settings().instance / mirror.FOLDER, at=at)


def check_mirror(at: datetime) -> object:
    """After a restoration, or the first time: whatever asked for nothing, the mirror says what the library says."""
    return mirror.refresh(library(), settings().instance / mirror.FOLDER, at=at)


def tell_corrections_asked(at: datetime) -> object:
    """What is asked of the published editions, for pages that are read without database."""
    return discussed.tell(queries.shelf_of(library()))


def remake_frames(at: datetime) -> object:
    return frames.remake(queries.shelf_of(library()), day(at))


def settle(at: datetime) -> object:
    """Operations whose end could not be written: what people were told "we do not know yet" about."""
    done = recover(library(), at=at)
    return done.found + done.replayed + done.refused


JOBS: tuple[Job, ...] = (
    settle,
    follow_the_library,
    send_letters,
    take_steps,
    remind_people,
    seal_editions,
    sign_editions,
    bundle_editions,
    mirror_library,
    check_mirror,
    tell_corrections_asked,
    remake_frames,
    forget_what_ended,
    keep_to_time,
    forget_what_was_sent,
    finish_erasing,
    wipe_traces,
)
SLOW: frozenset[Job] = frozenset({remind_people, keep_to_time, forget_what_was_sent, check_mirror, sign_editions})
"""What counts in days is looked at each hour"""


class Rounds:
    """Which jobs a worker that lasts has to do now."""

    def __init__(self) -> None:
        self._slow_at: datetime | None = None

    def due(self, at: datetime) -> tuple[Job, ...]:
        if self._slow_at is not None and at < self._slow_at + HOUR:
            return tuple(job for job in JOBS if job not in SLOW)
        self._slow_at = at
        return JOBS


def start(app: Flask, *, at: datetime) -> None:
    """Settle what a crash left open, before anything else."""
    with app.app_context():
        recover(library(), at=at)


def one_pass(app: Flask, *, at: datetime, jobs: Sequence[Job] = JOBS) -> bool:
    """Do these jobs once, each by itself: one that fails is told in the log and leaves the others their turn."""
    well = True
    for job in jobs:
        with app.app_context():
            try:
                done = job(at)
                if done:
                    log.info("%s: %s", job.__name__, done)
            except Exception:
                log.exception("%s failed", job.__name__)
                session.rollback()
                well = False
    return well


@click.command("work", help="Faire le travail en attente : lettres, étapes, scellement, cadres.")
@click.option("--once", is_flag=True, help="Une seule fois, puis s’arrêter.")
def command(once: bool) -> None:
    here = settings_here()
    write_json_lines(everything=here.production)
    app = create_app(here)
    memory.settle()
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    start(app, at=datetime.now(UTC))
    if once:
        if not one_pass(app, at=datetime.now(UTC)):
            raise click.ClickException("une partie du travail a échoué, le journal dit laquelle.")
        return
    rounds, sealer = Rounds(), Sealer()
    while not stopping.is_set():
        now = datetime.now(UTC)
        # An edition is sealed beside: letters do not wait for it.
        jobs = [sealer.seal_meanwhile if job is seal_editions else job for job in rounds.due(now)]
        one_pass(app, at=now, jobs=jobs)
        stopping.wait(PAUSE)
    sealer.stop()
