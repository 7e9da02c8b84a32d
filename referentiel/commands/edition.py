"""``referentiel edition``: announce an edition, publish the one that is announced. The same rules as on the screen."""

import sys
from datetime import UTC, datetime

import click
from sqlalchemy import select

from referentiel.commands.application import application
from referentiel.database import session
from referentiel.dates import day, long_date
from referentiel.editions import actions, publishing, queries
from referentiel.editions.models import EditionPlan, PlanState
from referentiel.editions.press import Press
from referentiel.errors import N_, Refused, Unknown
from referentiel.people.models import Person
from referentiel.web import frames
from referentiel.web.stores import library, settings

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("edition", help="Annoncer et publier une édition.")
def command() -> None:
    """A group of two commands."""


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
def publish(prepared_by: str, confirmed_by: str, applies: datetime | None, note: str) -> None:
    with application():
        at = datetime.now(UTC)
        plan = _plan()
        if plan.state is not PlanState.CONFIRMED:
            first, second = _person(prepared_by), _person(confirmed_by)
            asked = applies.date() if applies else day(at)
            plan = actions.prepare(library(), plan, applies=asked, note=note, by=first, at=at)
            plan = actions.confirm(library(), plan, by=second, at=at)
        sealed = _seal(at)
        if not sealed:
            raise Refused(N_("L’édition n’a pas été scellée : %(reason)s"), reason=_plan().failure or "")
        frames.remake(queries.shelf_of(library()), day(at))
        for number in sealed:
            click.echo(f"{settings().base_url}/editions/{number}/")


def _seal(at: datetime) -> list[str]:
    with click.progressbar(range(0), length=1, label="Scellement", file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        sealed = publishing.seal_confirmed(library(), Press.of(settings()), at=at, progress=progress)
        return [str(edition.number) for edition in sealed]


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
