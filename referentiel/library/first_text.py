"""The first text as an operation of the journal, so that a lost library can be written again from SQL alone."""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from referentiel.database import session
from referentiel.journal.changes import FileChange
from referentiel.journal.models import DONE, Operation
from referentiel.library.library import Library

SEED = "seed"


def seed_id(root: str) -> str:
    """The id of the operation that stands for a root commit."""
    return str(uuid5(NAMESPACE_URL, f"referentiel:{root}"))


def remember_first_text(library: Library, root: str) -> None:
    """Write the root commit down in the journal, once. Inside the caller's ``writing()``."""
    if session.get(Operation, seed_id(root)) is not None:
        return
    commit = library.snapshots.commit(root)
    at = datetime.fromtimestamp(commit.time, UTC)
    files = [FileChange(path, None, library.text(blob)) for path, blob in library.files(root).items()]
    session.add(
        Operation(
            id=seed_id(root),
            kind=SEED,
            subject="library",
            state=DONE,
            base="0" * 40,
            files=[change.to_json() for change in files],
            message=commit.message,
            author_name=commit.author,
            author_email=commit.email,
            time=at,
            college="",
            commit=root,
            paths={},
            closed_at=at,
        )
    )
    session.flush()
