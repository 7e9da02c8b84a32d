"""The command line, ``referentiel``. Each command is a module of ``commands/``, loaded by name when it is called."""

import sys
from importlib import import_module

import click

from referentiel.errors import FileError, Refused

COMMANDS = {
    "init": "Préparer le dossier de l’instance, ou le mettre à jour",
    "serve": "Ouvrir le site, et son ouvrier",
    "demo": "Ouvrir un site de démonstration, rempli",
    "invite": "Inviter une personne",
    "card": "Imprimer une carte de participation",
    "edition": "Publier une édition",
    "verify": "Vérifier la bibliothèque et la base",
    "rebuild": "Refaire les listes à partir de la bibliothèque",
    "reconcile": "Réparer après une restauration",
    "backup": "Sauvegarder",
    "restore": "Restaurer une sauvegarde",
    "work": "Faire le travail en attente",
    "maintain": "Entretenir la bibliothèque",
}


class LoadedByName(click.Group):
    """A group whose commands are imported only when one of them is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"referentiel.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commandes"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LoadedByName, context_settings={"help_option_names": ["--help", "-h"]})
def referentiel() -> None:
    """Le référentiel partagé, en ligne de commande."""


def main() -> None:
    """Entry point: a domain error becomes one clear line and exit status 1, never a trace."""
    try:
        referentiel.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except (Refused, FileError) as error:
        click.echo(f"Erreur : {error}", err=True)
        sys.exit(1)
