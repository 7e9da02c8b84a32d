"""``referentiel card``: prints one line, the code of a new card."""

import json
from datetime import UTC, datetime

import click

from referentiel.commands.application import application
from referentiel.people.cards.issuing import print_cards
from referentiel.permissions import College
from referentiel.web.stores import secret, settings


@click.command("card", help="Faire une carte de participation : écrit une ligne, son code.")
@click.option(
    "--college",
    default=College.EMPLOYEES.value,
    show_default=True,
    type=click.Choice([college.value for college in College]),
    help="Le collège de la personne qui la reçoit.",
)
@click.option("--structure", type=int, default=None, help="Le numéro de sa structure.")
@click.option("--json", "as_json", is_flag=True, help='Écrire du JSON : {"code", "words", "address"}.')
def command(college: str, structure: int | None, as_json: bool) -> None:
    with application():
        [card] = print_cards(
            1, college=College(college), structure_id=structure, by=None, at=datetime.now(UTC), secret=secret()
        )
        if as_json:
            address = f"{settings().base_url}/rejoindre/{card.square}"
            click.echo(json.dumps({"code": card.code, "words": card.words, "address": address}, ensure_ascii=False))
        else:
            click.echo(card.code)
