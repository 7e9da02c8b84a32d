"""The process that seals, started from another one: the worker, or ``edition publish``.

What makes documents is heavy, may take minutes, and may be killed for want of memory: it never runs where pages or
letters are waited for. A process that dies leaves nothing half published, and is started again, later each time.
"""

import logging
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime

from referentiel.config import PREFIX, Settings
from referentiel.database import session
from referentiel.editions import queries
from referentiel.editions.models import PlanState
from referentiel.editions.sealing import advance
from referentiel.editions.sealing.tidying import is_sealing, is_settled
from referentiel.errors import N_, Refused
from referentiel.library.library import Library
from referentiel.web.stores import library, settings

COMMAND = (sys.executable, "-P", "-m", "referentiel.program", "edition", "seal")

log = logging.getLogger(__name__)


class Stopped(Refused):
    """The process that seals ended badly; the worker will start it again."""


class Sealer:
    """One such process at a time. Keep it as long as the process that starts it."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[str] | None = None

    def seal_meanwhile(self, at: datetime) -> list[str]:
        """Start it when it is wanted, see whether it has ended: never waits. Gives the numbers that were sealed.

        Raises Stopped, once for each process that ended badly.
        """
        if self.child is None:
            if is_wanted(library()) and _is_time(at):
                self.child = _started(settings(), at)
            return []
        if self.child.poll() is None:
            return []
        return self._ended(at)

    def seal(self, at: datetime) -> list[str]:
        """The same, waiting for its end, however short ago the last try was, and for whoever is already at it."""
        if is_wanted(library()):
            self.child = _started(settings(), at)
        return self._ended(at) if self.child is not None else []

    def stop(self) -> None:
        """End it now, if it runs: what it has not published goes."""
        if self.child is not None:
            self.child.terminate()
            self.child.communicate()

    def _ended(self, at: datetime) -> list[str]:
        child, self.child, folder = self.child, None, settings().editions_path
        if child is None:
            return []
        said, _ = child.communicate()
        if child.returncode == 0:
            advance.forget(folder)
            return said.split()
        told = advance.read(folder)
        told = replace(told, reason=told.reason or _why(child.returncode)).stopped(at=at)
        advance.write(folder, told)
        raise Stopped(
            N_("Le scellement s’est arrêté : %(reason)s L’ouvrier le recommencera de lui-même."), reason=told.reason
        )


def is_wanted(library: Library) -> bool:
    """Whether something is to be sealed or made again. One SQL query, one listing, one ``stat`` an edition."""
    plan = queries.open_plan()
    confirmed = plan is not None and plan.state is PlanState.CONFIRMED
    session.rollback()
    return confirmed or not is_settled(library, queries.shelf_of(library).path)


def _is_time(at: datetime) -> bool:
    """Whether nobody is at it, and the last try that ended badly was long enough ago."""
    folder = settings().editions_path
    again = advance.read(folder).again
    return (again is None or at >= again) and not is_sealing(folder)


def _started(settings: Settings, at: datetime) -> subprocess.Popen[str]:
    told = advance.read(settings.editions_path)
    settings.editions_path.mkdir(exist_ok=True)
    advance.write(settings.editions_path, replace(told, done=0, total=0, reason="", again=None))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return subprocess.Popen(
        [*COMMAND, "--at", at.isoformat()], env=kept | settings.environment, stdout=subprocess.PIPE, text=True
    )


def _why(status: int) -> str:
    """In French, what an exit status alone tells."""
    if status == -signal.SIGKILL:
        return "le système l’a tué, souvent parce que la mémoire manque."
    if status < 0:
        return f"un signal l’a arrêté ({signal.Signals(-status).name})."
    return f"il a échoué (état {status}) ; le journal dit pourquoi."
