"""Copying the library into one file, and back."""

from pathlib import Path

from git.exc import GitCommandError

from referentiel.durable import aside, synchronise
from referentiel.errors import N_, Refused
from referentiel.library.library import Library
from referentiel.library.lock import writer_lock
from referentiel.library.objects import NO_OBJECT
from referentiel.library.references import EDITIONS, ID, MAIN, move_reference
from referentiel.library.seeding import make_empty
from referentiel.library.streams import LONG

PRIVATE = "refs/referentiel/backup"


def bundle(library: Library, file: Path) -> str:
    """Write ``main`` and the editions into a bundle; gives the commit that it holds. Writers do not wait.

    The head is pinned by a private reference first, so that a decision landing meanwhile changes nothing to the file.
    Copy SQL *before* calling this: every commit that the copy of SQL names is then in the bundle.
    """
    run, head = library.repositories.run, library.head()
    tags = [f"{EDITIONS}{edition.number}" for edition in library.editions()]
    with library.writing() as lock:
        run("update-ref", PRIVATE, head, lock=lock)
    try:
        with aside(file) as draft:
            run("bundle", "create", "--quiet", str(draft.absolute()), PRIVATE, *tags, timeout=LONG)
            synchronise(draft)
    finally:
        with library.writing() as lock:
            run("update-ref", "-d", PRIVATE, lock=lock)
    return head


def unbundle(file: Path, path: Path) -> str:
    """Make a library at ``path`` (which does not exist) from a bundle, checked whole; gives its head. All or nothing.

    Raises ``Refused`` when the file is not a bundle of ours, or is damaged.
    """
    if path.exists():
        raise Refused(N_("Il y a déjà une bibliothèque dans %(path)s."), path=path)
    try:
        with aside(path) as draft:
            return _unbundle(file, draft)
    except GitCommandError as error:
        raise Refused(N_("%(file)s est abîmé : choisissez une autre sauvegarde."), file=file) from error


def _unbundle(file: Path, path: Path) -> str:
    repositories = make_empty(path)
    lines = repositories.run("bundle", "unbundle", "--", str(file.absolute()), timeout=LONG).decode().splitlines()
    heads = {name: value for value, _, name in (line.partition(" ") for line in lines) if ID.match(value)}
    if PRIVATE not in heads:
        raise Refused(N_("%(file)s n’est pas une sauvegarde de la bibliothèque."), file=file)
    repositories.run("fsck", "--full", "--strict", "--no-dangling", "--no-progress", timeout=LONG)
    with writer_lock(path) as lock:
        for name, value in heads.items():
            ours = MAIN if name == PRIVATE else name
            move_reference(repositories, ours, new=value, old=NO_OBJECT, lock=lock, why="restored")
    repositories.drop()
    return heads[PRIVATE]
