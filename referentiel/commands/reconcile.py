"""``referentiel reconcile``: after a restoration, bring the database and the library to the same day."""

from datetime import UTC, datetime

import click

from referentiel.commands.application import application
from referentiel.errors import N_, Refused
from referentiel.library.reconciling import reconcile
from referentiel.library.replaying import Differs
from referentiel.web.stores import library


@click.command("reconcile", help="Réparer après une restauration : la base et la bibliothèque au même jour.")
def command() -> None:
    with application():
        try:
            done = reconcile(library(), at=datetime.now(UTC))
        except Differs as error:
            raise Refused(N_("Le journal et la bibliothèque se contredisent : %(error)s."), error=error) from error
        for line in done:
            click.echo(line)
        click.echo("La base et la bibliothèque s’accordent." if done else "Rien à faire : elles s’accordent déjà.")
