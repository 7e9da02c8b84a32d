"""The traces that a deleted row leaves behind it: the full-text index, free pages, the write-ahead log, mail files.

SQLite overwrites what is deleted (``secure_delete``), but a page that was filled again keeps scraps in its gaps, and
the log keeps former pages: the file is rewritten whole, then the log is emptied. An act asks for it in the outbox, and
the worker does it: it takes the time of a copy of the database.
"""

import json
import logging
import sqlite3
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path

from sqlalchemy import Text, cast, delete, or_, select
from sqlalchemy.exc import OperationalError

from referentiel.config import Settings
from referentiel.database import db, session, writing
from referentiel.errors import N_, Busy
from referentiel.journal.actions import post, postpone, settle
from referentiel.journal.models import OutboxItem
from referentiel.journal.queries import due
from referentiel.library.library import Library
from referentiel.notices.letters import FILES
from referentiel.notices.models import Notice
from referentiel.people.models import Invitation, Person
from referentiel.search import actions as search

WIPE = "erasure.wipe"

log = logging.getLogger(__name__)


def ask(*, at: datetime) -> None:
    """Have the traces wiped. Inside the caller's ``writing()``."""
    post(WIPE, {}, at=at)


def forget_address(address: str) -> None:
    """Delete the letters to come, and the notices to others, that hold an address. Inside the caller's ``writing()``.

    None is written so today: rows hold numbers. JSON may be kept with its letters escaped, or not.
    """
    forms = {address, json.dumps(address)[1:-1]}
    for column, model in ((OutboxItem.payload, OutboxItem), (Notice.payload, Notice)):
        holds = or_(*(cast(column, Text).contains(form, autoescape=True) for form in forms))
        session.execute(delete(model).where(holds).execution_options(synchronize_session=False))


def wipe_asked(settings: Settings, library: Library, *, at: datetime) -> int:
    """Do what acts asked for, once for all of them; gives how many asked. A reader in the way: tried again later."""
    waiting = [item.id for item in due(at, kinds=(WIPE,))]
    session.rollback()
    if not waiting:
        return 0
    try:
        wipe(settings, library)
    except Busy as error:
        log.warning("traces wait", extra={"kind": type(error).__name__})
        with writing() as rows:
            for number in waiting:
                postpone(rows.get_one(OutboxItem, number), type(error).__name__, at=at)
        return 0
    with writing() as rows:
        for number in waiting:
            settle(rows.get_one(OutboxItem, number), at=at)
    return len(waiting)


def wipe(settings: Settings, library: Library) -> None:
    """Leave no trace of what was deleted. Raises :class:`Busy` when somebody reads the log meanwhile.

    Nothing may be open in this thread's session.
    """
    forget_mails(settings)
    search.rebuild(library)
    session.remove()
    if db.engine.dialect.name == "sqlite":
        _rewrite_sqlite()
    else:
        _rewrite_postgresql()


def forget_mails(settings: Settings) -> int:
    """Delete the mail files of this instance to addresses that nobody here has; gives how many."""
    if not settings.mail_path.is_dir():
        return 0
    known = set(session.scalars(select(Person.email).where(Person.email.is_not(None))))
    known |= set(session.scalars(select(Invitation.email).where(Invitation.email.is_not(None))))
    session.rollback()
    gone = [file for file in settings.mail_path.glob(FILES) if _recipient(file) not in known]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


def _recipient(file: Path) -> str:
    headers = BytesHeaderParser().parsebytes(file.read_bytes())
    return parseaddr(headers.get("To", ""))[1].lower()


def _rewrite_sqlite() -> None:
    raw = db.engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = cursor.fetchone()
    except sqlite3.OperationalError as error:
        raise _busy() from error
    finally:
        raw.close()
    if found is None or found[0]:
        raise _busy()


def _rewrite_postgresql() -> None:
    try:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET lock_timeout = '5s'")
            connection.exec_driver_sql("VACUUM FULL")
            connection.exec_driver_sql("RESET lock_timeout")
    except OperationalError as error:
        raise _busy() from error


def _busy() -> Busy:
    return Busy(N_("La base est en cours de lecture : les dernières traces seront effacées plus tard."))
