"""Reads of history, from SQL alone."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Integer, Select, bindparam, func, select

from referentiel.database import session
from referentiel.library.models import ParagraphOrigin, Version

ALL = 2**31 - 1


def history(path: str, limit: int | None = None, *, offset: int = 0) -> Sequence[Version]:
    """Every version of a file, newest first, or some of them. One query."""
    return session.scalars(_history(), {"path": path, "limit": limit or ALL, "offset": offset}).all()


def history_length(path: str) -> int:
    """How many versions a file has. One query."""
    return session.scalar(_history_length(), {"path": path}) or 0


def origins(path: str) -> dict[str, list[ParagraphOrigin]]:
    """Part → origins of its paragraphs in the draft, in their order, each with its version. One query."""
    found: dict[str, list[ParagraphOrigin]] = {}
    query = select(ParagraphOrigin).where(ParagraphOrigin.path == path).order_by(ParagraphOrigin.ordinal)
    for origin in session.scalars(query):
        found.setdefault(origin.part, []).append(origin)
    return found


def recent(limit: int = 50, *, before: int | None = None) -> Sequence[Version]:
    """The latest changes, newest first; ``before`` is the ``seq`` at which the page before stopped. One query."""
    query = select(Version).where(Version.before_blob.is_not(None) | (Version.number > 1))
    if before is not None:
        query = query.where(Version.seq < before)
    return session.scalars(query.order_by(Version.seq.desc()).limit(limit)).all()


def of_files(paths: Collection[str], limit: int = 50) -> Sequence[Version]:
    """The latest versions of some files, newest first. One query."""
    query = select(Version).where(Version.path.in_(paths), Version.status != "removed")
    return session.scalars(query.order_by(Version.seq.desc()).limit(limit)).all()


def since(moment: datetime, limit: int = 500) -> Sequence[Version]:
    """What was adopted from this instant on, newest first in the order of history."""
    query = select(Version).where(Version.committed_at >= moment, Version.number > 1)
    return session.scalars(query.order_by(Version.seq.desc()).limit(limit)).all()


# Built once: on a page that sends them, building these costs more than running them.


@cache
def _history() -> Select[Version]:
    some = select(Version).where(Version.path == bindparam("path")).order_by(Version.seq.desc())
    return some.limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer))


@cache
def _history_length() -> Select[int]:
    return select(func.count()).select_from(Version).where(Version.path == bindparam("path"))
