"""Keeping the SQL tables of history equal to Git: after each commit, whole on demand, and compared by ``verify``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import InstrumentedAttribute

from referentiel.database import session, writing
from referentiel.journal.actions import one_at_a_time
from referentiel.journal.authors import college_of
from referentiel.journal.messages import OPERATION, trailers
from referentiel.library.blame import Origin, Trace, Traced, paragraph_hash, parts_of, split, trace
from referentiel.library.first_text import remember_first_text
from referentiel.library.library import Library
from referentiel.library.models import ParagraphOrigin, Projected, Version
from referentiel.library.objects import Commit
from referentiel.library.snapshots import Change, Files
from referentiel.library.streams import blob_texts, commits_with_changes

TYPO = "typo"
UNTRACED = ("decisions/", "errata/")
Progress = Callable[[int, int], None]
Row = dict[str, Any]


def _silent(_done: int, _total: int) -> None:
    """Nobody is watching."""


def record(library: Library, commit: str) -> None:
    """Add what ``commit`` and any commit before it that is not listed yet changed. Inside the caller's ``writing()``.

    About 2 ms a commit. When the tables go up to a commit that this history does not hold, they are made again.
    """
    one_at_a_time()
    state = session.get(Projected, 1)
    if state is None:
        _make_all(library, commit, _silent)
        return
    waiting: list[tuple[str, Commit]] = []
    for name, read in library.snapshots.chain(commit):
        if name == state.head:
            break
        # The writer after us may have listed our commit with its own: then no walk would end before the root.
        if len(waiting) == 1 and _is_listed(commit):
            return
        waiting.append((name, read))
    else:
        if not _is_listed(commit):
            _make_all(library, commit, _silent)
        return
    for name, read in reversed(waiting):
        _record_one(library, state, name, read)


def rebuild(library: Library, progress: Progress = _silent) -> int:
    """Make all the tables again from Git, in one transaction; gives the number of commits. 20,000 in under 5 s."""
    head = library.head()
    rows = _rows_of_history(library, head, progress)
    with writing():
        one_at_a_time()
        _replace_all(library, rows)
    return rows.number


def compare(library: Library) -> list[str]:
    """What differs between the tables and Git, in French; empty when nothing does. As long as a rebuild."""
    head = library.head()
    state = session.get(Projected, 1)
    if state is None:
        return ["les listes tirées de la bibliothèque sont vides : lancez « referentiel rebuild »"]
    rows = _rows_of_history(library, head, _silent)
    found = []
    if state.head != head:
        found.append(f"les listes vont jusqu’à {state.head[:10]}, la bibliothèque jusqu’à {head[:10]}")
    for label, kept, made in (
        ("version", _kept(VERSION_COLUMNS), rows.versions),
        ("origine", _kept(ORIGIN_COLUMNS), rows.origins),
    ):
        there, wanted = {_frozen(row) for row in kept}, {_frozen(row) for row in made}
        paths = sorted({dict(row)["path"] for row in there ^ wanted})
        found += [f"{path} : les listes ({label}) diffèrent de la bibliothèque" for path in paths]
    session.rollback()
    return found


@dataclass(frozen=True)
class _Rows:
    versions: Sequence[Row]
    origins: Sequence[Row]
    head: str
    number: int


def _record_one(library: Library, state: Projected, name: str, commit: Commit) -> None:
    number, seq = state.number + 1, state.seq
    facts = _facts(commit)
    changes = changes_between(library, commit)
    if changes:
        rows = [_version(seq + place, number, name, change, facts) for place, change in enumerate(changes, 1)]
        session.connection().execute(insert(Version), rows)
    for change in changes:
        seq += 1
        _trace_one(library, change, seq, facts)
    state.head, state.number, state.seq = name, number, seq


def changes_between(library: Library, commit: Commit) -> list[Change]:
    """What a commit changed from its first parent, by path, in Git's order. Reads only the folders that differ."""
    older = library.snapshots.files(commit.parent) if commit.parent else None
    return Files(library.snapshots, commit.tree).changes_from(older)


def _trace_one(library: Library, change: Change, seq: int, facts: Row) -> None:
    if change.path.startswith(UNTRACED):
        return
    before: Trace = {}
    kept: dict[tuple[str, int], Row] = {}
    if change.before:
        query = select(*ORIGIN_COLUMNS).where(ParagraphOrigin.path == change.path)
        rows = session.connection().execute(query).mappings()
        kept = {(row["part"], row["ordinal"]): dict(row) for row in rows}
        before = _stored_trace(library.snapshots.text(change.before), kept)
    after: Trace = {}
    if change.after:
        after = trace(before, library.snapshots.text(change.after), seq, typo=facts["change_class"] == TYPO)
    made = {(row["part"], row["ordinal"]): row for row in _origins(change.path, after)}
    gone = [key for key, row in kept.items() if made.get(key) != row]
    new = [row for key, row in made.items() if kept.get(key) != row]
    connection = session.connection()
    if gone:
        connection.execute(
            DELETE_ORIGIN, [{"of_path": change.path, "of_part": part, "of_ordinal": ordinal} for part, ordinal in gone]
        )
    if new:
        connection.execute(insert(ParagraphOrigin), new)


def _stored_trace(text: str, kept: Mapping[tuple[str, int], Row]) -> Trace:
    """The trace of a text whose origins are in the table."""
    found: Trace = {}
    for part, body in parts_of(text).items():
        pairs = []
        for ordinal, words in enumerate(split(body)):
            row = kept[part, ordinal]
            pairs.append((words, Origin(row["version_seq"], row["retouched_seq"])))
        found[part] = Traced(body, tuple(pairs))
    return found


def _make_all(library: Library, head: str, progress: Progress) -> None:
    _replace_all(library, _rows_of_history(library, head, progress))


def _replace_all(library: Library, rows: _Rows) -> None:
    for table in (ParagraphOrigin, Version, Projected):
        session.execute(delete(table))
    connection = session.connection()
    for statement, values in ((insert(Version), rows.versions), (insert(ParagraphOrigin), rows.origins)):
        for start in range(0, len(values), 5_000):
            connection.execute(statement, values[start : start + 5_000])
    session.add(Projected(id=1, head=rows.head, number=rows.number, seq=len(rows.versions)))
    remember_first_text(library, rows.versions[0]["commit"])
    session.flush()


def _rows_of_history(library: Library, head: str, progress: Progress) -> _Rows:
    """Fold the whole history, oldest first: one process for the commits, one for the texts."""
    history = commits_with_changes(library.snapshots, head)
    wanted = [
        change.after
        for _, _, changes in history
        for change in changes
        if change.after and not change.path.startswith(UNTRACED)
    ]
    texts = blob_texts(library.repositories, wanted)
    versions: list[Row] = []
    traces: dict[str, Trace] = {}
    for number, (name, commit, changes) in enumerate(history, 1):
        facts = _facts(commit)
        for change in changes:
            versions.append(_version(len(versions) + 1, number, name, change, facts))
            if change.path.startswith(UNTRACED):
                continue
            if change.after is None:
                traces.pop(change.path, None)
                continue
            typo = facts["change_class"] == TYPO
            traces[change.path] = trace(traces.get(change.path, {}), next(texts), len(versions), typo=typo)
        if number % 500 == 0:
            progress(number, len(history))
    progress(len(history), len(history))
    origins = [row for path, traced in sorted(traces.items()) for row in _origins(path, traced)]
    return _Rows(versions, origins, head, len(history))


def _facts(commit: Commit) -> Row:
    """What a commit says of itself."""
    said = trailers(commit.message)

    def first(key: str) -> str | None:
        return said[key][0] if key in said else None

    def count(key: str) -> int | None:
        value = first(key)
        return int(value) if value and value.isdigit() else None

    return {
        "subject": commit.message.partition("\n")[0],
        "change_class": first("Class"),
        "proposal": count("Proposal"),
        "decision": count("Decision"),
        "meeting": count("Meeting"),
        "operation": first(OPERATION),
        "college": college_of(commit.author),
        "committed_at": datetime.fromtimestamp(commit.time, UTC),
    }


def _version(seq: int, number: int, commit: str, change: Change, facts: Row) -> Row:
    status = "changed" if change.before and change.after else "added" if change.after else "removed"
    return {
        "seq": seq,
        "number": number,
        "path": change.path,
        "commit": commit,
        "blob": change.after,
        "before_blob": change.before,
        "status": status,
        **facts,
    }


def _origins(path: str, traced: Trace) -> Iterable[Row]:
    for part, found in traced.items():
        for ordinal, (words, origin) in enumerate(found.paragraphs):
            yield {
                "path": path,
                "part": part,
                "ordinal": ordinal,
                "paragraph": paragraph_hash(words),
                "version_seq": origin.number,
                "retouched_seq": origin.retouched,
            }


def _is_listed(commit: str) -> bool:
    return session.scalars(select(Version.seq).where(Version.commit == commit).limit(1)).first() is not None


VERSION_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = tuple(
    getattr(Version, column.key) for column in Version.__table__.columns
)
ORIGIN_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = tuple(
    getattr(ParagraphOrigin, column.key) for column in ParagraphOrigin.__table__.columns
)


DELETE_ORIGIN = delete(ParagraphOrigin).where(
    ParagraphOrigin.path == bindparam("of_path"),
    ParagraphOrigin.part == bindparam("of_part"),
    ParagraphOrigin.ordinal == bindparam("of_ordinal"),
)


def _kept(columns: Sequence[InstrumentedAttribute[Any]]) -> Iterable[Mapping[str, Any]]:
    return [dict(row) for row in session.execute(select(*columns)).mappings()]


def _frozen(row: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(row.items()))
