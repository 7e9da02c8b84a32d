"""Keeping the index equal to the library: the draft, and each edition as it was sealed."""

from collections.abc import Mapping

from sqlalchemy import delete, insert, inspect, select, update

from referentiel.criteria.document import Document
from referentiel.criteria.items import title_of
from referentiel.criteria.paths import ROOT, Kind, kind_and_key
from referentiel.database import session, writing
from referentiel.errors import FileError, Unknown
from referentiel.library.library import Library
from referentiel.search.index import Entry, add, create, drop, reindex, remove
from referentiel.search.models import entries, state
from referentiel.search.snippets import plain
from referentiel.search.words import VERSION

FOUND = frozenset({Kind.REFERENTIAL, Kind.CRITERION, Kind.CHAPTER, Kind.PAGE, Kind.TERM, Kind.TOOL, Kind.SKILL})


def follow(library: Library) -> int:
    """Bring the index to the library's state; gives how many entries came or went. Doing it again does nothing.

    To be called when no transaction is being written. Reads one row when nothing moved; else about 3 ms an item that
    changed. The tables are made here the first time, and made again when they were made for older words: no migration
    knows them.
    """
    known = _known_stamp()
    session.rollback()
    if known == _stamp(library):
        return 0
    with writing():
        # Read again now that nobody else writes: another process may have followed further meanwhile.
        known, stamp = _known_stamp(), _stamp(library)
        if known == stamp:
            return 0
        return _rebuild(library, stamp) if _is_older(known) else _update(library, stamp)


def rebuild(library: Library) -> int:
    """Make the whole index again, for ``referentiel rebuild``; gives the number of entries."""
    with writing():
        return _rebuild(library, _stamp(library))


def compare(library: Library) -> list[str]:
    """What differs between the index and the library, in French; empty when nothing does.

    An index that has not followed yet is compared with the state that it names: the worker brings it up to date.
    """
    stamp = _known_stamp()
    made = stamp is not None
    wanted = _wanted(library, _named(library, stamp))
    there = {(row.path, row.blob): row.current for row in session.execute(select(entries))} if made else {}
    session.rollback()
    paths = {name[0] for name in there.keys() | wanted.keys() if there.get(name) is not wanted.get(name)}
    advice = "l’index de recherche diffère de la bibliothèque, lancez « referentiel rebuild »"
    return [f"{path} : {advice}" for path in sorted(paths)]


def entry_of(path: str, text: str, *, blob: str = "", current: bool = True) -> Entry | None:
    """An item of the text as the index takes it; None for what is not looked for, or cannot be read."""
    try:
        kind, key = kind_and_key(path)
        document = Document.read(text, path)
    except (ValueError, FileError):
        return None
    if kind not in FOUND:
        return None
    expansion = document.value("developpe") or ""
    said = [expansion, *(section.body for section in document.sections)]
    return Entry(
        path=path,
        kind=kind,
        key=key,
        title=title_of(document) or key,
        text="\n".join(words for part in said if (words := plain(part))),
        former_names=document.values("anciens_noms"),
        blob=blob,
        current=current,
    )


def _stamp(library: Library) -> str:
    tags = " ".join(f"{tag.number}={tag.commit}" for tag in library.editions())
    return f"{VERSION} {library.head()} {tags}"


def _known_stamp() -> str | None:
    there = inspect(session.connection()).has_table(state.name)
    return session.execute(select(state.c.stamp)).scalar_one_or_none() if there else None


def _is_older(stamp: str | None) -> bool:
    return stamp is None or stamp.split(" ", 1)[0] != VERSION


def _named(library: Library, stamp: str | None) -> str:
    """The stamp itself while its draft is on the way to the head, else the one that the library asks for."""
    if stamp is not None and not _is_older(stamp):
        try:
            library.resolve(stamp.split(" ")[1])
        except Unknown:
            return _stamp(library)
        return stamp
    return _stamp(library)


def _wanted(library: Library, stamp: str) -> dict[tuple[str, str], bool]:
    """(path, blob) → whether it is the draft's, in the state that a stamp names."""
    _version, head, *tags = stamp.split()
    wanted: dict[tuple[str, str], bool] = {}
    for tag in tags:
        wanted.update(dict.fromkeys(_items(library.files(tag.partition("=")[2])), False))
    wanted.update(dict.fromkeys(_items(library.files(head)), True))
    return wanted


def _items(files: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(path, blob) for path, blob in files.items() if path == ROOT or path.partition("/")[0] in FOUND]


def _entries(library: Library, wanted: Mapping[tuple[str, str], bool]) -> list[Entry]:
    made = (entry_of(path, library.text(blob), blob=blob, current=current) for (path, blob), current in wanted.items())
    return [entry for entry in made if entry is not None]


def _rebuild(library: Library, stamp: str) -> int:
    connection = session.connection()
    drop(connection)
    create(connection)
    count = reindex(_entries(library, _wanted(library, stamp)))
    _write_stamp(stamp)
    return count


def _update(library: Library, stamp: str) -> int:
    wanted = _wanted(library, stamp)
    there = {
        (row.path, row.blob): row
        for row in session.execute(select(entries.c.id, entries.c.path, entries.c.blob, entries.c.current))
    }
    connection = session.connection()
    gone = [row.id for name, row in there.items() if name not in wanted]
    remove(connection, gone)
    for current in (True, False):
        turned = [
            row.id for name, row in there.items() if name in wanted and wanted[name] is current is not row.current
        ]
        if turned:
            connection.execute(update(entries).where(entries.c.id.in_(turned)).values(current=current))
    new = {name: current for name, current in wanted.items() if name not in there}
    added = add(connection, _entries(library, new))
    _write_stamp(stamp)
    return len(gone) + added


def _write_stamp(stamp: str) -> None:
    session.execute(delete(state))
    session.execute(insert(state).values(id=1, stamp=stamp))
