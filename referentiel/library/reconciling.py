"""``reconcile``: after a restoration, SQL may be older than Git, or Git older than SQL. Twice is once."""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from referentiel.database import session, writing
from referentiel.journal import actions as journal
from referentiel.journal.authors import college_of
from referentiel.journal.changes import FileChange
from referentiel.journal.messages import OPERATION, trailers
from referentiel.journal.models import DONE, Operation
from referentiel.library.library import Library
from referentiel.library.objects import Commit
from referentiel.library.planning import plan
from referentiel.library.projection import changes_between, rebuild
from referentiel.library.recovery import recover
from referentiel.library.references import MAIN, move_reference
from referentiel.library.replaying import Differs
from referentiel.library.streams import commits

log = logging.getLogger(__name__)
RESTORED = "restored"


def reconcile(library: Library, *, at: datetime) -> list[str]:
    """Give the journal what Git alone knows, give Git what the journal alone knows; a French line for each act.

    Raises :class:`Differs` when the journal's next operation does not give the commit that it remembers.
    """
    done = list(_write_again(library))
    settled = recover(library, at=at)
    done += [f"opération {one} réglée" for one in (*settled.found, *settled.replayed, *settled.refused)]
    done += _remember(library, at)
    if done:
        rebuild(library)
    return done


def _write_again(library: Library) -> Iterator[str]:
    """Git is older: the operations that follow its head are written again, and have their hashes again."""
    for identity in _following(library.head()):
        operation = session.get_one(Operation, identity)
        order, expected = operation.order, operation.commit or ""
        session.rollback()
        with library.writing() as lock:
            head = library.head()
            ready = plan(library.snapshots, order, head)
            if ready.commit != expected:
                raise Differs(identity, expected, ready.commit)
            library.store(ready.objects)
            move_reference(library.repositories, MAIN, new=expected, old=head, lock=lock, why="reconciled")
        yield f"opération {identity} : écrite de nouveau dans la bibliothèque ({expected[:10]})"


def _following(head: str) -> list[str]:
    """The done operations after a commit, in the order of their parents."""
    query = select(Operation.id, Operation.commit, Operation.parent).where(Operation.state == DONE)
    after = {row.parent: row for row in session.execute(query) if row.parent}
    session.rollback()
    line = []
    while (following := after.get(head)) is not None:
        line.append(following.id)
        head = following.commit or ""
    return line


def _remember(library: Library, at: datetime) -> Iterator[str]:
    """SQL is older: what Git holds enters the journal, without its author, whom Git does not know."""
    main = commits(library.repositories, library.head())
    known = set(session.scalars(select(Operation.id)))
    session.rollback()
    for name, commit in main[1:]:
        carried: Sequence[str] = trailers(commit.message).get(OPERATION, ())
        if len(carried) == 1 and carried[0] not in known:
            _insert(library, name, commit, carried[0], at)
            yield f"commit {name[:10]} : inscrit au journal ({carried[0]})"


def _insert(library: Library, name: str, commit: Commit, identity: str, at: datetime) -> None:
    said = trailers(commit.message)
    files = [
        FileChange(change.path, change.before, library.text(change.after)).to_json()
        for change in changes_between(library, commit)
        if change.after
    ]
    subject = f"proposal:{said['Proposal'][0]}" if "Proposal" in said else "library"
    with writing():
        session.add(
            Operation(
                id=identity,
                kind=RESTORED,
                subject=subject,
                state=DONE,
                base=commit.parent or "",
                files=files,
                message="\n".join(line for line in commit.message.split("\n") if not line.startswith(f"{OPERATION}: ")),
                author_name=commit.author,
                author_email=commit.email,
                time=datetime.fromtimestamp(commit.time, UTC),
                college=college_of(commit.author),
                commit=name,
                parent=commit.parent,
                paths={row["path"]: row["path"] for row in files},
                closed_at=at,
            )
        )
        details = {"operation": identity, "commit": name}
        journal.audit("operation.restored", subject, by_id=None, at=at, details=details)
