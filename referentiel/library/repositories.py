"""Git, reached through GitPython alone: one ``Repo`` per thread and per process, opened after the fork.

A ``Repo`` talks to a ``git cat-file --batch`` of its own; shared between threads it gave wrong contents and hung.
"""

import os
import threading
from collections.abc import Sequence
from pathlib import Path

import git
from git.exc import GitCommandError, GitError

from referentiel.library.environment import TIMEOUT, environment, forget_inherited_variables
from referentiel.library.failures import Damaged, Missing
from referentiel.library.objects import object_id

_after_fork: list[git.Repo] = []


class Repositories:
    """Every read and every process of Git passes here. May be shared between threads and survives a fork."""

    def __init__(self, path: Path) -> None:
        forget_inherited_variables()
        self.path = path
        self._here = threading.local()

    @property
    def repo(self) -> git.Repo:
        """This thread's own."""
        repo: git.Repo | None = getattr(self._here, "repo", None)
        if repo is not None and self._here.process != os.getpid():
            # It belongs to the parent process: keeping it prevents its destructor from ending the parent's children.
            _after_fork.append(repo)
            repo = None
        if repo is None:
            try:
                repo = git.Repo(self.path, expand_vars=False)
            except GitError as error:
                raise Damaged("HEAD") from error
            repo.git.update_environment(GIT_DIR=str(self.path.absolute()), **environment())
            self._here.repo, self._here.process = repo, os.getpid()
        return repo

    def drop(self) -> None:
        """Close this thread's Repo: the next use opens another."""
        repo: git.Repo | None = getattr(self._here, "repo", None)
        if repo is not None and self._here.process == os.getpid():
            repo.close()
        self._here.repo = None

    def read(self, name: str) -> tuple[str, bytes]:
        """Kind and content of an object, its hash checked. About 0.1 ms.

        Raises :class:`Missing` when the library has no such object, :class:`Damaged` when it cannot be read.
        """
        try:
            return self._read(name)
        except Damaged:
            # The process may have died between two reads: another one tells whether the object is at fault.
            self.drop()
            return self._read(name)

    def _read(self, name: str) -> tuple[str, bytes]:
        try:
            stream = self.repo.odb.stream(bytes.fromhex(name))
            kind, content = stream.type, stream.read()
            # Its destructor reads what is left from a process that may be closed by then.
            del stream
        except ValueError as error:
            self.drop()
            # Git calls missing what it cannot unpack, too.
            there = (self.path / "objects" / name[:2] / name[2:]).exists()
            if f"{name} missing" in str(error) and not there:
                raise Missing(name) from error
            raise Damaged(name) from error
        except OSError as error:
            self.drop()
            raise Damaged(name) from error
        if isinstance(kind, bytes):
            kind = kind.decode()
        if object_id(kind, content) != name:
            raise Damaged(name)
        return kind, content

    def run(
        self,
        *arguments: str,
        given: bytes | None = None,
        lock: int | None = None,
        timeout: float = TIMEOUT,
        environ: dict[str, str] | None = None,
    ) -> bytes:
        """Run one git command and give what it prints. Raises ``GitCommandError``. About 3 ms to start.

        ``given`` is written on its standard input (up to 64 KiB); ``lock`` is a descriptor that the child keeps open.
        No argument comes from outside unless its form was checked, after ``--end-of-options`` or ``--``.
        """
        source = _pipe(given) if given is not None else None
        try:
            output = self.repo.git.execute(
                ["git", *arguments],
                istream=source,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                kill_after_timeout=timeout,
                env=environ,
                pass_fds=() if lock is None else (lock,),
            )
        finally:
            if source is not None:
                os.close(source)
        return output if isinstance(output, bytes) else b""

    def answer(self, *arguments: str, timeout: float = TIMEOUT) -> tuple[int, bytes]:
        """Exit status and what it prints, for a command that speaks by both."""
        status, output, _errors = self.repo.git.execute(
            ["git", *arguments],
            stdout_as_string=False,
            strip_newline_in_stdout=False,
            kill_after_timeout=timeout,
            with_extended_output=True,
            with_exceptions=False,
        )
        return status, output if isinstance(output, bytes) else b""

    def succeeds(self, *arguments: str) -> bool:
        """Whether a command that answers by its exit status says yes (0) rather than no (1)."""
        try:
            self.run(*arguments)
        except GitCommandError as error:
            if error.status == 1:
                return False
            raise
        return True

    def lines(self, *arguments: str, timeout: float = TIMEOUT) -> Sequence[str]:
        """The lines that a command prints."""
        return self.run(*arguments, timeout=timeout).decode().splitlines()


def _pipe(content: bytes) -> int:
    if len(content) > 65_536:
        raise ValueError("too long for a pipe")
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as end:
        end.write(content)
    return reading
