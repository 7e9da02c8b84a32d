"""``referentiel verify``: every promise looked at again; a line for each that is broken, and exit status 1."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from referentiel.commands.application import application
from referentiel.editions.queries import shelf_of
from referentiel.editions.sealing import sealing, signing
from referentiel.editions.sealing import verification as editions
from referentiel.library.library import Library
from referentiel.library.repair import fix
from referentiel.library.verification import CHECKS, Finding, verify
from referentiel.proposals import verification as proposals
from referentiel.search import actions as search
from referentiel.web.stores import library


def _search_holds_the_text(library: Library) -> Iterator[Finding]:
    for line in search.compare(library):
        yield Finding("listes", "recherche", line)


ALSO = {
    "propositions": proposals.check,
    "fichiers scellés": editions.check,
    "errata": editions.check_errata,
    "recherche": _search_holds_the_text,
}


@click.command("verify", help="Vérifier la bibliothèque, la base, les éditions et la recherche.")
@click.option("--fix", "mend", is_flag=True, help="Réparer ce qui peut l’être, puis vérifier.")
@click.option(
    "--backup",
    "backups",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Un fichier .bundle d’où reprendre ce qui manque ; peut être répété.",
)
@click.option("--edition", "number", help="Une seule édition : son étiquette, son sceau, ses fichiers, sa signature.")
def command(mend: bool, backups: tuple[Path, ...], number: str | None) -> None:
    with application():
        if number is not None:
            _one_edition(number)
            return
        now = datetime.now(UTC)
        if mend:
            for line in [*fix(library(), at=now, backups=backups), *sealing.mend(library(), shelf_of(library()).path)]:
                click.echo(f"réparé : {line}")
            if search.compare(library()):
                search.rebuild(library())
                click.echo("réparé : l’index de recherche")
        with click.progressbar(length=len(CHECKS) + len(ALSO), label="Vérification", file=sys.stderr) as bar:
            findings = verify(library(), at=now, also=ALSO, progress=lambda _name: bar.update(1))
        for finding in findings:
            click.echo(finding)
        if findings:
            raise SystemExit(1)
        click.echo("Tout est en ordre.")


def _one_edition(number: str) -> None:
    """Say what was looked at, so that "nothing wrong" means something."""
    library().resolve(number)
    tag, shelf = library().edition(number), shelf_of(library())
    findings = list(editions.check_edition(shelf, tag))
    for finding in findings:
        click.echo(finding)
    if findings:
        raise SystemExit(1)
    signature = "bonne" if signing.signature_of(shelf, number) else "aucune"
    click.echo(f"Édition {number} : étiquette {tag.tag_id}, texte {tag.commit}, signature : {signature}.")
    click.echo(f"{len(tag.manifest)} fichiers, toutes les empreintes concordent.")
