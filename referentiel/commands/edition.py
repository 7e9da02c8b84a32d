"""``referentiel edition``: announce an edition, publish the one that is announced. The same rules as on the screen."""

from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click
from sqlalchemy import select

from referentiel.commands.application import application
from referentiel.commands.sealing import Sealer
from referentiel.database import session
from referentiel.dates import day, long_date
from referentiel.editions import queries
from referentiel.editions.models import EditionPlan, PlanState
from referentiel.editions.preparing import actions
from referentiel.editions.preparing.queries import revision_note_to_edit
from referentiel.errors import N_, Refused, Unknown
from referentiel.people.models import Person
from referentiel.web import frames
from referentiel.web.stores import library, settings

DAY = click.DateTime(formats=["%Y-%m-%d"])
SEAL = "seal"


class LoadsWhatSeals(click.Group):
    """The one of its commands that makes documents is loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), SEAL]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == SEAL:
            seal: click.Command = import_module("referentiel.commands.seal").command
            return seal
        return super().get_command(ctx, cmd_name)


@click.group("edition", cls=LoadsWhatSeals, help="Annoncer et publier une édition.")
def command() -> None:
    """A group of three commands."""


@command.command("announce", help="Annoncer jusqu’à quel jour on peut proposer pour la prochaine édition.")
@click.option("--closing", required=True, type=DAY, help="Dernier jour pour proposer, AAAA-MM-JJ.")
@click.option("--by", "who", required=True, help="Adresse e-mail d’une personne responsable de la publication.")
def announce(closing: datetime, who: str) -> None:
    with application():
        plan = actions.announce(
            closing=closing.date(),
            by=_person(who),
            at=datetime.now(UTC),
            notice_days=settings().closing_notice_days,
        )
        click.echo(f"On peut proposer jusqu’au {long_date(plan.closing)} inclus.")


@command.command("publish", help="Préparer, confirmer et sceller l’édition annoncée.")
@click.option("--prepared-by", required=True, help="E-mail de la personne responsable de la publication qui prépare.")
@click.option("--confirmed-by", required=True, help="E-mail de la personne d’un autre collège qui confirme.")
@click.option("--applies", type=DAY, default=None, help="Date d’application, AAAA-MM-JJ ; aujourd’hui par défaut.")
@click.option("--note", default="", help="Quelques phrases sur ce qui change.")
@click.option(
    "--revision-note",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Un fichier Markdown qui dit ce qui change, critère par critère ; sinon, ce que disent les décisions.",
)
def publish(
    prepared_by: str, confirmed_by: str, applies: datetime | None, note: str, revision_note: Path | None
) -> None:
    with application():
        at = datetime.now(UTC)
        plan = _plan()
        if plan.state is not PlanState.CONFIRMED:
            first, second = _person(prepared_by), _person(confirmed_by)
            asked = applies.date() if applies else day(at)
            changes = revision_note.read_text(encoding="utf-8") if revision_note else revision_note_to_edit(library())
            plan = actions.prepare(library(), plan, applies=asked, note=note, revision_note=changes, by=first, at=at)
            plan = actions.confirm(library(), plan, by=second, at=at)
        number = plan.id
        session.remove()
        Sealer().seal(at)
        # The worker may have been quicker: the plan says what became of it, whoever did it.
        done = queries.plan(number)
        if done is None or done.state is not PlanState.SEALED:
            raise Refused(N_("L’édition n’a pas été scellée : %(reason)s"), reason=done.failure if done else "")
        frames.remake(queries.shelf_of(library()), day(at))
        click.echo(f"{settings().base_url}/editions/{done.number}/")


def _plan() -> EditionPlan:
    plan = queries.open_plan()
    if plan is None:
        raise Unknown(N_("Aucune édition n’est annoncée : lancez d’abord « referentiel edition announce »."))
    return plan


def _person(email: str) -> Person:
    found = session.scalars(select(Person).where(Person.email == email.strip().lower())).one_or_none()
    if found is None or not found.active:
        raise Unknown(N_("Personne n’a de compte ouvert avec l’adresse « %(email)s »."), email=email)
    return found
