"""``referentiel backup``: one folder that holds all that lasts, in the order that makes it whole: SQL, then Git."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import click

from referentiel.commands.application import application, settings_here
from referentiel.config import Settings
from referentiel.durable import aside, finished
from referentiel.errors import N_, Refused
from referentiel.library.backups import bundle
from referentiel.library.library import Library
from referentiel.people.keeping import BACKUPS
from referentiel.privacy import erasures
from referentiel.web.stores import library

NAME = "%Y-%m-%dT%H-%M-%SZ"
SQLITE, DUMP, BUNDLE, SECRET, SUMS = (
    "referentiel.sqlite",
    "referentiel.dump",
    "library.bundle",
    "secret",
    "sums.json",
)
FOLDERS = ("editions", "archives", "pages")
"""What is copied as it is: sealed files, archives of public acts, what the operator adds to the legal pages"""


def back_up(settings: Settings, library: Library, folder: Path, *, at: datetime) -> Path:
    """Make a backup under ``folder`` and take away those older than 35 days; gives its own folder.

    Made beside its place, then named: a folder with a date is a whole backup.
    """
    target = folder / at.strftime(NAME)
    if target.exists():
        raise Refused(N_("Il y a déjà une sauvegarde dans %(path)s."), path=target)
    with aside(target) as draft:
        draft.mkdir(parents=True, mode=0o700)
        _copy_database(settings, draft)
        for name in FOLDERS:
            if (settings.instance / name).is_dir():
                shutil.copytree(settings.instance / name, draft / name, symlinks=True)
        shutil.copy2(settings.secret_path, draft / SECRET)
        bundle(library, draft / BUNDLE)
        # After the database: what is erased meanwhile is in the list.
        erasures.merge(draft / erasures.FILE, [settings.erasures_path])
        (draft / SUMS).write_text(json.dumps(sums(draft), indent=1, sort_keys=True) + "\n")
    _take_away_the_old(folder, at)
    return target


def sums(folder: Path) -> dict[str, str]:
    """Path → SHA-256 of every file of a backup but this list."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != SUMS
    }


def _copy_database(settings: Settings, folder: Path) -> None:
    url = settings.sqlalchemy_url
    if url.startswith("sqlite:///"):
        source, copy = sqlite3.connect(url.removeprefix("sqlite:///")), sqlite3.connect(folder / SQLITE)
        try:
            source.backup(copy)
        finally:
            source.close()
            copy.close()
        return
    program = shutil.which("pg_dump")
    if program is None:
        raise Refused(N_("Le programme pg_dump manque : installez le paquet « postgresql-client »."))
    address = url.replace("postgresql+psycopg://", "postgresql://")
    subprocess.run(
        [program, "--format=custom", "--no-owner", f"--file={folder / DUMP}", f"--dbname={address}"], check=True
    )


def _take_away_the_old(folder: Path, at: datetime) -> None:
    """Those past their days, and what a killed process left of one: it holds as much of everybody."""
    for one in folder.iterdir():
        try:
            made = datetime.strptime(finished(one.name), NAME).replace(tzinfo=UTC)
        except ValueError:
            continue
        if made < at - BACKUPS:
            shutil.rmtree(one)


@click.command("backup", help="Sauvegarder : la base, les éditions, la bibliothèque. Garde 35 jours.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
def command(folder: Path | None) -> None:
    with application():
        settings = settings_here()
        made = back_up(settings, library(), folder or settings.instance / "backups", at=datetime.now(UTC))
        click.echo(made)
