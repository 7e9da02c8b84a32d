"""``referentiel edition seal``: the process that seals. The worker and ``edition publish`` start it; so may you."""

import errno
import logging
import os
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from referentiel.commands.application import application
from referentiel.commands.bars import percents
from referentiel.editions.queries import shelf_of
from referentiel.editions.sealing import advance, signing
from referentiel.editions.sealing.press import Press
from referentiel.editions.sealing.publishing import seal_confirmed
from referentiel.errors import FileError, Refused
from referentiel.web.logs import write_json_lines
from referentiel.web.stores import library, settings

log = logging.getLogger(__name__)


@click.command("seal", help="Sceller maintenant ce que deux personnes ont confirmé ; l’ouvrier le fait de lui-même.")
@click.option("--at", type=datetime.fromisoformat, default=None, hidden=True)
def command(at: datetime | None) -> None:
    _step_aside()
    with application():
        write_json_lines(everything=settings().production)
        folder = settings().editions_path
        try:
            numbers = _seal(folder, at or datetime.now(UTC))
        except (Refused, FileError, OSError, SQLAlchemyError) as error:
            advance.write(folder, replace(advance.read(folder), reason=_sentence(error)))
            raise
        _sign()
        for number in numbers:
            click.echo(number)


def _seal(folder: Path, at: datetime) -> list[str]:
    told, percent = advance.read(folder), 0
    with percents("Scellement") as tell:

        def progress(done: int, total: int) -> None:
            nonlocal percent
            tell(done, total)
            if 100 * done // total > percent:
                percent = 100 * done // total
                advance.write(folder, replace(told, done=done, total=total))

        sealed = seal_confirmed(library(), Press.of(settings()), at=at, progress=progress)
    return [str(edition.number) for edition in sealed]


def _sign() -> None:
    """An edition is published whether its signature can be made or not."""
    key = settings().signing_key
    if not key:
        return
    try:
        signing.sign_missing(shelf_of(library()), Path(key))
    except (signing.Unusable, OSError) as error:
        log.warning("editions stay without a signature: %s", error)


def _step_aside() -> None:
    """Pages come first, for the processor and for the memory alike."""
    os.nice(5)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "le disque est plein."
    if isinstance(error, OSError):
        return f"le disque ou un programme refuse ({error.strerror or error})."
    if isinstance(error, SQLAlchemyError):
        return "la base de données ne répond pas comme prévu."
    return str(error)
