"""An upstream that receives each adopted change: its reference is then the commit point, and ours follows."""

from git.exc import GitCommandError

from referentiel.errors import N_, Busy
from referentiel.library.environment import UPSTREAM_TIMEOUT
from referentiel.library.failures import Unknowable
from referentiel.library.objects import NO_OBJECT
from referentiel.library.references import EDITIONS, MAIN, Moved, move_reference, read_reference
from referentiel.library.repositories import Repositories

PRIVATE = "refs/referentiel/upstream"


class Upstream:
    """Pushes with a lease: the upstream refuses when its ``main`` is not the one that we built on."""

    def __init__(self, repositories: Repositories, address: str) -> None:
        self._repositories, self._address = repositories, address

    def follow(self, lock: int) -> None:
        """Bring our ``main`` to the upstream's when it is ahead: a crash may have come between the two.

        Raises ``Busy`` when the upstream does not answer, or holds something that does not follow from ours.
        """
        theirs, ours = self._theirs(), read_reference(self._repositories, MAIN)
        if theirs == ours:
            return
        if theirs == NO_OBJECT:
            self.push(ours, NO_OBJECT, lock)
            return
        self._run(
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", self._address, f"+{MAIN}:{PRIVATE}", lock=lock
        )
        if not self._repositories.succeeds("merge-base", "--is-ancestor", "--end-of-options", ours, theirs):
            raise self._silent()
        move_reference(self._repositories, MAIN, new=theirs, old=ours, lock=lock, why="upstream")

    def push(self, commit: str, parent: str, lock: int) -> None:
        """The commit point. Raises ``Moved`` when the upstream had moved, ``Busy`` when it refuses.

        ``Unknowable`` when the upstream cannot be asked afterwards whether it took the commit.
        """
        lease = f"--force-with-lease={MAIN}:{'' if parent == NO_OBJECT else parent}"
        try:
            self._push(f"{commit}:{MAIN}", lease, lock)
        except GitCommandError as error:
            now = self._after_failure(MAIN, error)
            if now == commit:
                return
            if now != parent:
                self.follow(lock)
                raise Moved(MAIN) from error
            raise self._silent() from error

    def push_tag(self, number: str, tag: str, lock: int) -> None:
        """Send an edition's tag. Raises ``Busy``."""
        name = EDITIONS + number
        try:
            self._push(f"{tag}:{name}", f"--force-with-lease={name}:", lock)
        except GitCommandError as error:
            if self._after_failure(name, error) != tag:
                raise self._silent() from error

    def _push(self, what: str, lease: str, lock: int) -> None:
        self._repositories.run(
            "push", "--quiet", "--no-verify", lease, "--", self._address, what, lock=lock, timeout=UPSTREAM_TIMEOUT
        )

    def _after_failure(self, name: str, error: GitCommandError) -> str:
        try:
            return self._reference(name)
        except Busy:
            raise Unknowable(name) from error

    def _theirs(self) -> str:
        return self._reference(MAIN)

    def _reference(self, name: str) -> str:
        found = self._run("ls-remote", "--", self._address, name).decode().split()
        return found[0] if found else NO_OBJECT

    def _run(self, *arguments: str, lock: int | None = None) -> bytes:
        try:
            return self._repositories.run(*arguments, lock=lock, timeout=UPSTREAM_TIMEOUT)
        except GitCommandError as error:
            raise self._silent() from error

    def _silent(self) -> Busy:
        return Busy(N_("Le dépôt distant ne répond pas comme prévu. Rien n’a été enregistré : recommencez plus tard."))
