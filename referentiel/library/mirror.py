"""The mirror that anybody clones: a repository of its own, made of files that any web server gives as they are.

::

    mirror/referentiel.git      a link to the version of now: changing it is the switch
    mirror/versions/000012/     ``main`` and the editions, in packs; no other reference ever enters it

Only the worker writes it. Packs are added, and put together now and then, so that who comes back takes what is new
alone. A pack that was put together with others is served for an hour more: who began to clone before the switch ends.
"""

import fcntl
import json
import logging
import os
import shutil
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from git.exc import GitCommandError

from referentiel.database import session, writing
from referentiel.durable import aside, synchronise
from referentiel.journal.actions import post, postpone, settle
from referentiel.journal.models import OutboxItem
from referentiel.journal.queries import due
from referentiel.library.library import Library
from referentiel.library.references import EDITIONS, MAIN
from referentiel.library.repositories import Repositories
from referentiel.library.seeding import make_empty
from referentiel.library.streams import LONG

FOLDER, NAME, VERSIONS = "mirror", "referentiel.git", "versions"
MOVED = "library.moved"
"""The kind, in the outbox, of what the mirror follows"""
KEPT = timedelta(hours=1)
"""How long a pack that is no longer listed is still served"""
_FORMER = "former-packs.json"
_PACKS = Path("objects", "pack")

log = logging.getLogger(__name__)

References = Mapping[str, str]


def ask(*, at: datetime) -> None:
    """Have the mirror follow the library. Inside the caller's ``writing()``."""
    post(MOVED, {}, at=at)


def follow(library: Library, folder: Path, *, at: datetime) -> int:
    """Do what acts asked for, once for all of them; gives how many asked. What fails is tried again later."""
    waiting = [item.id for item in due(at, kinds=(MOVED,))]
    session.rollback()
    if not waiting:
        return 0
    try:
        refresh(library, folder, at=at)
    except Exception as error:
        with writing() as rows:
            for number in waiting:
                postpone(rows.get_one(OutboxItem, number), type(error).__name__, at=at)
        raise
    with writing() as rows:
        for number in waiting:
            settle(rows.get_one(OutboxItem, number), at=at)
    return len(waiting)


def refresh(library: Library, folder: Path, *, at: datetime) -> bool:
    """Make the mirror say what the library says; whether it had to change. A mirror that is right costs two reads.

    Raises ``GitCommandError`` or ``OSError``; the mirror of before stands then, whole.
    """
    (folder / VERSIONS).mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        former = _version_of_now(folder)
        wanted = _wanted(library)
        if former is not None and listed(former) == wanted:
            _forget_packs(former, at)
            return False
        _delete_debris(folder, but=former)
        made = folder / VERSIONS / f"{int(former.name) + 1 if former else 1:06d}"
        _make(made, library, former, at)
        _switch(folder, made)
        if former is not None:
            shutil.rmtree(former)
    return True


def listed(version: Path) -> dict[str, str]:
    """The references that a version lists to who clones it; none when it cannot be read."""
    try:
        lines = (version / "info" / "refs").read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return {}
    pairs = (line.split("\t") for line in lines if not line.endswith("^{}"))
    return {pair[-1]: pair[0] for pair in pairs}


def _wanted(library: Library) -> dict[str, str]:
    return {MAIN: library.head(), **{f"{EDITIONS}{tag.number}": tag.tag_id for tag in library.editions()}}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with open(folder / ".verrou", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _version_of_now(folder: Path) -> Path | None:
    found = (folder / NAME).resolve()
    inside = found.parent == (folder / VERSIONS).resolve() and found.name.isdecimal()
    return found if inside and found.is_dir() else None


def _delete_debris(folder: Path, but: Path | None) -> None:
    for one in (folder / VERSIONS).iterdir():
        if but is None or one.name != but.name:
            shutil.rmtree(one)


def _make(made: Path, library: Library, former: Path | None, at: datetime) -> None:
    """A version beside its place: what the former one holds, and what the library has more."""
    repositories = make_empty(made)
    try:
        before = former if former is not None and _follows(library, listed(former)) else None
        replaced = {} if before is None else _replaced_packs(before)
        left = _not_forgotten(replaced, at)
        if before is not None:
            _link(before, made, _packs(before) - replaced.keys())
            shutil.copy2(before / "packed-refs", made / "packed-refs")
        _fetch(repositories, library)
        repositories.run("repack", "-q", "-d", "-l", "--geometric=2", timeout=LONG)
        repositories.run("pack-refs", "--all")
        repositories.run("update-server-info")
        if before is not None:
            # After the list was written: these are served, and no longer listed.
            left |= {name: at.isoformat() for name in _packs(before) - replaced.keys() - _packs(made)}
            _link(before, made, left.keys() - _packs(made))
        (made / _FORMER).write_text(json.dumps(left), encoding="ascii")
    finally:
        repositories.drop()
    for file in (made / "info" / "refs", made / "objects" / "info" / "packs", made / _FORMER):
        synchronise(file)
    for place, _, _ in os.walk(made):
        synchronise(Path(place))


def _fetch(repositories: Repositories, library: Library) -> None:
    """Two kinds of references, named one by one: whatever else the library keeps stays there."""
    repositories.run(
        "-c",
        "fetch.unpackLimit=1",
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-auto-maintenance",
        "--no-write-fetch-head",
        "--prune",
        "--",
        str(library.path.absolute()),
        f"+{MAIN}:{MAIN}",
        f"+{EDITIONS}*:{EDITIONS}*",
        timeout=LONG,
    )


def _follows(library: Library, before: References) -> bool:
    """Whether the library only went on since: what was taken out of it must leave the mirror's packs too."""
    now = _wanted(library)
    if MAIN not in before or any(now.get(name) != value for name, value in before.items() if name != MAIN):
        return False
    try:
        return library.repositories.succeeds("merge-base", "--is-ancestor", "--end-of-options", before[MAIN], now[MAIN])
    except GitCommandError:
        log.warning("the mirror is made anew: its text is no longer in the library")
        return False


def _switch(folder: Path, made: Path) -> None:
    with aside(folder / NAME) as link:
        link.symlink_to(Path(VERSIONS, made.name))


def _packs(version: Path) -> set[str]:
    return {file.stem for file in (version / _PACKS).glob("pack-*.idx")}


def _replaced_packs(version: Path) -> dict[str, str]:
    """The packs that are served and no longer listed, with the moment when they were replaced."""
    known: dict[str, str] = json.loads((version / _FORMER).read_text(encoding="ascii"))
    return known


def _not_forgotten(replaced: Mapping[str, str], at: datetime) -> dict[str, str]:
    return {name: since for name, since in replaced.items() if at < datetime.fromisoformat(since) + KEPT}


def _link(source: Path, target: Path, names: Set[str]) -> None:
    (target / _PACKS).mkdir(exist_ok=True)
    for name in names:
        # The list of a pack comes last: whoever sees it finds the pack.
        for suffix in (".pack", ".idx"):
            os.link(source / _PACKS / f"{name}{suffix}", target / _PACKS / f"{name}{suffix}")


def _forget_packs(version: Path, at: datetime) -> None:
    replaced = _replaced_packs(version)
    kept = _not_forgotten(replaced, at)
    if replaced == kept:
        return
    for name in replaced.keys() - kept.keys():
        for suffix in (".idx", ".pack"):
            (version / _PACKS / f"{name}{suffix}").unlink(missing_ok=True)
    (version / _FORMER).write_text(json.dumps(kept), encoding="ascii")
