"""``referentiel reconcile``: after a restoration, bring the database and the library to the same day."""

from datetime import UTC, datetime

import click

from referentiel.commands.application import application
from referentiel.errors import N_, Refused
from referentiel.library.library import Library
from referentiel.library.reconciling import reconcile
from referentiel.library.replaying import Differs
from referentiel.privacy.actions import replay
from referentiel.privacy.traces import wipe
from referentiel.proposals.restoring import catch_up
from referentiel.web.stores import library, secret, settings


def agree(library: Library, *, at: datetime) -> list[str]:
    """Everything that a restoration parts, brought together again: a French line for each act. Twice is once."""
    try:
        return [*reconcile(library, at=at), *catch_up(), *erase_again(library)]
    except Differs as error:
        raise Refused(N_("Le journal et la bibliothèque se contredisent : %(error)s."), error=error) from error


def erase_again(library: Library) -> list[str]:
    """A backup brings back whom it was made before: they are erased again, traces included."""
    accounts, contributions = replay(settings=settings(), library=library, secret=secret())
    if not accounts and not contributions:
        return []
    wipe(settings(), library)
    return [f"effacé de nouveau : {accounts} compte(s), {contributions} contribution(s)"]


@click.command("reconcile", help="Réparer après une restauration : la base et la bibliothèque au même jour.")
def command() -> None:
    with application():
        done = agree(library(), at=datetime.now(UTC))
        for line in done:
            click.echo(line)
        click.echo("La base et la bibliothèque s’accordent." if done else "Rien à faire : elles s’accordent déjà.")
