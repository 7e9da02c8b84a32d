"""``referentiel maintain``: the nightly upkeep of the library."""

import click

from referentiel.commands.application import application
from referentiel.library.maintenance import maintain
from referentiel.web.stores import library


@click.command("maintain", help="Entretenir la bibliothèque : à lancer chaque nuit.")
def command() -> None:
    with application():
        for line in maintain(library()):
            click.echo(line)
