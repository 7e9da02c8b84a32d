"""``referentiel rebuild``: make again, from Git, what pages list; or an edition, from any clone of the text."""

from pathlib import Path

import click

from referentiel.commands.application import application
from referentiel.commands.bars import percents
from referentiel.editions.copies.clones import library_of_clone
from referentiel.editions.edition import Edition
from referentiel.editions.sealing.building import build
from referentiel.editions.sealing.sealing import differing, other_builder, write_out
from referentiel.errors import N_, Refused
from referentiel.library.library import Library
from referentiel.library.projection import rebuild
from referentiel.search import actions as search
from referentiel.web.stores import library


@click.command(
    "rebuild",
    help="Refaire, à partir de la bibliothèque, l’historique et la recherche ; ou, avec --edition, les fichiers d’une "
    "édition, et comparer leurs empreintes à celles que son étiquette promet.",
)
@click.option("--edition", "number", help="Le numéro d’une édition, à refaire sans rien publier.")
@click.option(
    "--from",
    "clone",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Un clone du dépôt public : aucune instance n’est alors nécessaire.",
)
@click.option(
    "--to", "target", type=click.Path(path_type=Path), help="Le dossier, nouveau, où écrire les fichiers refaits."
)
def command(number: str | None, clone: Path | None, target: Path | None) -> None:
    if number is None:
        if clone is not None or target is not None:
            raise click.UsageError("--edition")
        _lists()
    elif clone is not None:
        _edition(library_of_clone(clone), number, target)
    else:
        with application():
            _edition(library(), number, target)


def _lists() -> None:
    with application():
        with percents("Historique") as tell:
            count = rebuild(library(), progress=tell)
        click.echo(f"{count} changements du texte relus.")
        click.echo(f"{search.rebuild(library())} textes remis dans la recherche.")


def _edition(source: Library, number: str, target: Path | None) -> None:
    """Every file of the edition, made again and compared. Raises Refused when one differs."""
    source.resolve(number)
    tag = source.edition(number)
    edition = Edition.of(number, tag.header, tag.manifest)
    with percents(f"Édition {number}") as tell:
        files = build(source, edition, progress=tell)
    if target is not None:
        write_out(target, tag.message, files)
        click.echo(f"Les fichiers sont dans {target}/")
    different = differing(files, edition)
    for path in different:
        click.echo(f"{path} : l’empreinte diffère de celle de l’étiquette")
    other = other_builder(edition)
    if different:
        raise Refused(
            N_("%(count)s fichiers sur %(total)s ne se refont pas à l’identique%(versions)s."),
            count=len(different),
            total=len(edition.manifest),
            versions=f". L’édition a été {other}" if other else "",
        )
    click.echo(f"L’édition {number} se refait à l’identique : {len(files)} fichiers, toutes les empreintes concordent.")
    if other:
        click.echo(f"Elle a pourtant été {other}.")
