"""``referentiel erase``: at the console, for who cannot or will not do it from their own page."""

from datetime import UTC, datetime

import click

from referentiel.commands.application import application
from referentiel.errors import N_, Refused
from referentiel.people.models import Person
from referentiel.privacy import actions
from referentiel.privacy.traces import wipe_asked
from referentiel.web.stores import library, secret, settings


@click.command("erase", help="Effacer un compte, ou les mots d’une contribution. On ne peut pas revenir en arrière.")
@click.option("--email", default=None, help="L’adresse e-mail du compte.")
@click.option("--number", type=int, default=None, help="Le numéro du compte : la personne le lit dans « Mes données ».")
@click.option(
    "--published-too", is_flag=True, help="Effacer aussi ce que la personne a publié et qui n’est pas décidé."
)
@click.option("--words", type=int, default=None, metavar="CONTRIBUTION", help="Le numéro d’une contribution, seule.")
def command(email: str | None, number: int | None, published_too: bool, words: int | None) -> None:
    with application():
        if sum(one is not None for one in (email, number, words)) != 1:
            raise Refused(N_("Dites quoi effacer : --email, --number ou --words, un seul des trois."))
        at = datetime.now(UTC)
        if words is not None:
            actions.erase_contribution(
                actions.contribution(words), by=None, at=at, settings=settings(), secret=secret()
            )
            told = f"Les mots de la contribution {words} sont effacés."
        else:
            told = f"Le compte {_erase(actions.account(number=number, email=email), published_too, at)} est effacé."
        wiped = wipe_asked(settings(), library(), at=datetime.now(UTC))
        click.echo(told if wiped else f"{told} Les dernières traces partiront au prochain passage de « work ».")


def _erase(person: Person, words: bool, at: datetime) -> int:
    number = person.id
    actions.erase(person, words=words, by=None, at=at, settings=settings(), library=library(), secret=secret())
    return number
