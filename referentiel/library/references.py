"""Reading references through GitPython; moving one by a transaction of ``git update-ref`` that names its old value."""

import re

import git
from git.exc import GitCommandError

from referentiel.durable import synchronise
from referentiel.errors import N_, Refused
from referentiel.library.failures import Damaged, Unknowable, busy
from referentiel.library.objects import NO_OBJECT
from referentiel.library.repositories import Repositories

MAIN = "refs/heads/main"
EDITIONS = "refs/tags/editions/"
NUMBER = re.compile(r"^\d{4}\.\d{1,3}(\.\d{1,3})?$", re.ASCII)
ID = re.compile(r"^[0-9a-f]{40}$")


class Moved(Exception):
    """The reference no longer had the old value: somebody wrote without the lock."""


def read_reference(repositories: Repositories, name: str) -> str:
    """The id that a reference holds, or zeros when it does not exist. Raises ``Damaged`` on a truncated file.

    A loose reference is a file of one line, read in 15 µs; GitPython knows the other kinds, and what is wrong.
    """
    try:
        value = (repositories.path / name).read_text(encoding="ascii").removesuffix("\n")
        if ID.match(value):
            return value
    except (OSError, ValueError):
        pass
    repo = repositories.repo
    try:
        value = git.SymbolicReference.dereference_recursive(repo, name)
    except (ValueError, AssertionError) as error:
        # GitPython asserts that the file is not empty.
        if (repositories.path / name).exists():
            raise Damaged(name) from error
        return NO_OBJECT
    if not ID.match(value):
        raise Damaged(name)
    return value


def editions(repositories: Repositories) -> dict[str, str]:
    """Edition number → tag object id, in the order of the numbers. Raises ``Damaged`` on a truncated file."""
    found = {}
    for line in git.TagReference.iter_items(repositories.repo, EDITIONS.rstrip("/")):
        number = line.path.removeprefix(EDITIONS)
        if NUMBER.match(number):
            found[number] = read_reference(repositories, line.path)
    return dict(sorted(found.items(), key=lambda pair: [int(part) for part in pair[0].split(".")]))


def move_reference(repositories: Repositories, name: str, *, new: str, old: str, lock: int, why: str) -> None:
    """The commit point: after it the change is public and durable, before it nothing is.

    ``old`` is zeros to create. Raises :class:`Moved` when the reference had another value, ``Busy`` when Git could not
    move it and did not, ``Unknowable`` when even that cannot be told.
    """
    orders = f"start\nupdate {name} {new} {old}\nprepare\ncommit\n"
    try:
        repositories.run("update-ref", "--create-reflog", "-m", why, "--stdin", given=orders.encode(), lock=lock)
    except (GitCommandError, OSError) as error:
        try:
            now = read_reference(repositories, name)
        except (Damaged, OSError):
            raise Unknowable(name) from error
        if now == old:
            raise busy() from error
        if now != new:
            raise Moved(name) from error
    try:
        # Git synchronised the reference's content before naming it; the name itself is ours to synchronise.
        synchronise((repositories.path / name).parent)
    except OSError as error:
        raise Unknowable(name) from error


def checked_number(number: str) -> str:
    """An edition number from outside. Raises ``Refused`` on any other form."""
    if not NUMBER.match(number):
        raise Refused(N_("« %(number)s » n’est pas un numéro d’édition."), number=number)
    return number
