"""``referentiel invite``: prints one line, the address of an invitation."""

import json
from datetime import UTC, datetime

import click

from referentiel.commands.application import application
from referentiel.people.doors.inviting import invite
from referentiel.permissions import College, Role
from referentiel.web.stores import secret, settings

ROLES = [role.value for role in Role]


@click.command("invite", help="Inviter une personne : écrit une ligne, l’adresse de l’invitation.")
@click.option(
    "--college", required=True, type=click.Choice([college.value for college in College]), help="Son collège."
)
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help="Un rôle ; peut être répété.")
@click.option("--email", default=None, help="Son adresse e-mail ; sans elle, la personne l’écrira.")
@click.option("--structure", type=int, default=None, help="Le numéro de sa structure.")
@click.option("--json", "as_json", is_flag=True, help='Écrire du JSON : {"address", "otpauth"}.')
def command(college: str, roles: tuple[str, ...], email: str | None, structure: int | None, as_json: bool) -> None:
    with application():
        invited = invite(
            college=College(college),
            roles={Role(role) for role in roles},
            email=email,
            structure_id=structure,
            by=None,
            at=datetime.now(UTC),
            secret=secret(),
        )
        address = f"{settings().base_url}/invitation/{invited.token}"
        if as_json:
            click.echo(json.dumps({"address": address, "otpauth": invited.otpauth}, ensure_ascii=False))
        else:
            click.echo(address)
