"""``referentiel restore``: put a backup back in an empty instance, whole or not at all."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import click

from referentiel.commands.application import application
from referentiel.commands.backup import BUNDLE, DUMP, FOLDERS, SECRET, SQLITE, SUMS, sums
from referentiel.commands.reconcile import agree
from referentiel.config import Settings
from referentiel.durable import aside
from referentiel.errors import N_, Refused
from referentiel.library.backups import unbundle
from referentiel.library.projection import rebuild
from referentiel.privacy import erasures
from referentiel.web.stores import library


def put_back(settings: Settings, backup: Path) -> None:
    """Fill the instance folder from a backup whose every file has its sum. The instance must not exist, or be empty.

    On PostgreSQL the database must be empty: it is filled first, and fails as a whole.
    """
    if not (backup / SUMS).is_file() or json.loads((backup / SUMS).read_text()) != sums(backup):
        raise Refused(N_("%(folder)s n’est pas une sauvegarde complète : un fichier manque ou diffère."), folder=backup)
    if settings.instance.exists() and any(settings.instance.iterdir()):
        raise Refused(
            N_("Le dossier %(folder)s n’est pas vide : déplacez-le d’abord, rien n’a été touché."),
            folder=settings.instance,
        )
    with aside(settings.instance) as draft:
        draft.mkdir(parents=True, mode=0o700)
        unbundle(backup / BUNDLE, draft / settings.library_path.name)
        shutil.copy2(backup / SECRET, draft / settings.secret_path.name)
        for name in FOLDERS:
            if (backup / name).is_dir():
                shutil.copytree(backup / name, draft / name, symlinks=True)
        _put_database_back(settings, backup, draft)
        if settings.instance.exists():
            settings.instance.rmdir()


def _put_database_back(settings: Settings, backup: Path, aside: Path) -> None:
    if (backup / SQLITE).is_file():
        shutil.copy2(backup / SQLITE, aside / SQLITE)
        return
    program = shutil.which("pg_restore")
    if program is None:
        raise Refused(N_("Le programme pg_restore manque : installez le paquet « postgresql-client »."))
    address = settings.sqlalchemy_url.replace("postgresql+psycopg://", "postgresql://")
    subprocess.run(
        [program, "--single-transaction", "--no-owner", f"--dbname={address}", str(backup / DUMP)], check=True
    )


def lists_around(backup: Path) -> list[Path]:
    """The erasure lists that a backup knows of: its own, those of the later ones beside it, that of its instance."""
    beside = sorted(backup.absolute().parent.glob(f"*/{erasures.FILE}"))
    return [*beside, backup.absolute().parents[1] / erasures.FILE]


@click.command("restore", help="Restaurer une sauvegarde dans un dossier d’instance vide.")
@click.argument("backup", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--erasures",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Une liste d’effacements (erasures.jsonl) plus récente, à rejouer ; peut être répété.",
)
def command(backup: Path, lists: tuple[Path, ...]) -> None:
    settings = Settings.from_environment(os.environ)
    known = [*lists_around(backup), *lists]
    for one in known:
        # One that cannot be read is refused before anything is put back.
        erasures.read(one)
    put_back(settings, backup)
    erasures.merge(settings.erasures_path, known)
    with application(settings):
        for line in agree(library(), at=datetime.now(UTC)):
            click.echo(line)
        rebuild(library())
    click.echo(f"Sauvegarde restaurée dans {settings.instance}.")
