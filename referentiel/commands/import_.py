"""``referentiel import``: a referential kept elsewhere, in our format, becomes a proposal; a report comes first."""

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select

from referentiel.commands.application import application
from referentiel.criteria.changes import ChangeClass
from referentiel.database import session
from referentiel.errors import N_, Refused, Unknown
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.proposals.delays import Delays
from referentiel.proposals.importing.actions import UNTITLED, Import, bring, examine
from referentiel.proposals.importing.report import Report, Verdict
from referentiel.proposals.sheets import Sheet
from referentiel.web.stores import library, settings

WORDS = {
    Verdict.REFUSED: "refusé",
    Verdict.CHANGED: "changé",
    Verdict.NEW: "nouveau",
    Verdict.SAME: "identique",
    Verdict.ASIDE: "à côté",
}


@click.command("import", help="Apporter en une proposition un référentiel tenu ailleurs : un dossier, ou un zip.")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Le rapport seul : rien n’est écrit.")
@click.option("--by", "who", default="", help="Adresse e-mail de la personne qui propose.")
@click.option("--title", default="", help="La proposition, en une ligne.")
@click.option("--reason", default="", help="Pourquoi ces changements.")
@click.option("--plain-change", default="", help="Ce que ça change, en mots simples.")
@click.option(
    "--class",
    "change_class",
    type=click.Choice([kind.value for kind in ChangeClass]),
    default=ChangeClass.SUBSTANCE.value,
    help="typo : une correction ; clarity : la même demande, plus claire ; substance : le fond.",
)
@click.option("--licence-ouverte", is_flag=True, help="La personne accepte la Licence Ouverte 2.0 pour ces textes.")
@click.option("--base", default="", help="L’édition à laquelle comparer ; sinon ce que dit l’archive, ou le travail.")
@click.option("--only", multiple=True, help="Un fichier ou un dossier de l’import, seul ; peut être répété.")
def command(
    source: Path,
    dry_run: bool,
    who: str,
    title: str,
    reason: str,
    plain_change: str,
    change_class: str,
    licence_ouverte: bool,
    base: str,
    only: tuple[str, ...],
) -> None:
    sheet = Sheet(title, reason, plain_change, change_class, licence=licence_ouverte)
    with application():
        at = datetime.now(UTC)
        if not dry_run:
            _check_asked(who, sheet)
        by = None if dry_run else _person(who)
        looked_at = examine(library(), source, sheet=_for_report(sheet) if dry_run else sheet, base=base, only=only)
        _tell(library(), looked_at)
        if looked_at.report.refused:
            raise Refused(N_("L’import est refusé, le rapport dit pourquoi. Rien n’a été écrit."))
        if not looked_at.path:
            click.echo("Rien n’a changé : il n’y a rien à proposer.")
        elif by is None:
            click.echo("Rien n’a été écrit : ce n’est qu’un rapport.")
        else:
            proposal = bring(library(), looked_at, by=by, at=at, delays=Delays.of(settings()))
            click.echo(f"{settings().base_url}/propositions/{proposal.id}")


def _check_asked(who: str, sheet: Sheet) -> None:
    """What only a person can say is not made up."""
    missing = [
        name
        for name, value in (
            ("--by", who),
            ("--title", sheet.title),
            ("--reason", sheet.reason),
            ("--licence-ouverte", sheet.licence),
        )
        if not value
    ]
    if missing:
        raise Refused(
            N_("Il manque %(missing)s. Pour le rapport seul : --dry-run."),
            missing=", ".join(missing),
        )


def _for_report(sheet: Sheet) -> Sheet:
    return Sheet(sheet.title or UNTITLED.title, sheet.reason or UNTITLED.reason, sheet.plain_change, sheet.change_class)


def _tell(library: Library, looked_at: Import) -> None:
    report = looked_at.report
    number = next((tag.number for tag in library.editions() if tag.commit == looked_at.base), "")
    draft = looked_at.base == library.head()
    compared = f"l’édition {number}" if number else "la version de travail" if draft else looked_at.base
    click.echo(f"Comparé à {compared}.")
    for line in report.sorted():
        click.echo(f"{WORDS[line.verdict]:<10}{line.place}{' : ' if line.words else ''}{line.words}")
    click.echo(_counts(report))


def _counts(report: Report) -> str:
    said = [
        f"changés : {report.files(Verdict.CHANGED)}",
        f"nouveaux : {report.files(Verdict.NEW)}",
        f"identiques : {report.files(Verdict.SAME)}",
        f"refusés : {report.files(Verdict.REFUSED)}",
        f"absents de l’import, et gardés : {report.absent}",
    ]
    return "Textes " + ", ".join(said) + "."


def _person(email: str) -> Person:
    found = session.scalars(select(Person).where(Person.email == email.strip().lower())).one_or_none()
    if found is None or not found.active:
        raise Unknown(N_("Personne n’a de compte ouvert avec l’adresse « %(email)s »."), email=email)
    return found
