"""``referentiel export``: the published editions as a site of files, for nginx, a CDN or a USB key."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from referentiel.commands.application import application
from referentiel.dates import day
from referentiel.editions.copies.writing import copy
from referentiel.web.stores import library, settings


@click.command("export", help="Copier les éditions publiées en un site de fichiers, recherche comprise, sans serveur.")
@click.option(
    "--static",
    "target",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Le dossier où écrire : nouveau, vide, ou une copie d’avant, qui est remplacée.",
)
@click.option("--edition", "numbers", multiple=True, help="Le numéro d’une édition ; toutes si rien n’est dit.")
def command(target: Path, numbers: tuple[str, ...]) -> None:
    with application(), click.progressbar(length=1, label="Copie", file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        today = day(datetime.now(UTC))
        count = copy(library(), target, numbers, site=settings().base_url, day=today, progress=progress)
    click.echo(f"{count} fichiers dans {target}")
