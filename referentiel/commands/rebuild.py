"""``referentiel rebuild``: make again, from Git, what pages list."""

import sys

import click

from referentiel.commands.application import application
from referentiel.library.projection import rebuild
from referentiel.search import actions as search
from referentiel.web.stores import library


@click.command("rebuild", help="Refaire, à partir de la bibliothèque, l’historique et la recherche.")
def command() -> None:
    with application():
        with click.progressbar(length=100, label="Historique", file=sys.stderr) as bar:
            shown = 0

            def show(done: int, total: int) -> None:
                nonlocal shown
                now = 100 * done // max(total, 1)
                bar.update(now - shown)
                shown = now

            count = rebuild(library(), progress=show)
        click.echo(f"{count} changements du texte relus.")
        click.echo(f"{search.rebuild(library())} textes remis dans la recherche.")
