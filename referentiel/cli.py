"""The command line, ``referentiel``. Each command is a module of ``commands/``, loaded by name when it is called."""

import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from subprocess import CalledProcessError
from typing import NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError

from referentiel.errors import FileError, Refused

COMMANDS = {
    "init": "Préparer le dossier de l’instance, ou le mettre à jour",
    "serve": "Ouvrir le site, et son ouvrier",
    "demo": "Ouvrir un site de démonstration, rempli",
    "invite": "Inviter une personne",
    "card": "Imprimer une carte de participation",
    "edition": "Publier une édition",
    "export": "Copier les éditions en un site de fichiers",
    "import": "Proposer un texte tenu ailleurs",
    "verify": "Vérifier la bibliothèque et la base",
    "rebuild": "Refaire les listes à partir de la bibliothèque",
    "reconcile": "Réparer après une restauration",
    "backup": "Sauvegarder",
    "restore": "Restaurer une sauvegarde",
    "erase": "Effacer un compte, ou une contribution",
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
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = import_module(f"referentiel.commands.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commandes"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LoadedByName, context_settings={"help_option_names": ["--help", "-h"]})
def referentiel() -> None:
    """Le référentiel partagé, en ligne de commande."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: what cannot be done is one clear line on stderr, and a status: 2 when the command is badly written.

    A domain error, a database or a disk that refuses, a program that fails: status 1. Only a fault of ours is a trace.
    """
    try:
        referentiel.main(arguments, standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.UsageError as error:
        _stop(
            f"{badly_written(error)} Pour l’aide : {error.ctx.command_path if error.ctx else 'referentiel'} --help",
            status=2,
        )
    except click.ClickException as error:
        _stop(error.message)
    except (Refused, FileError) as error:
        _stop(str(error))
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        _stop(
            f"la base de données ne répond pas comme prévu ({cause}). Est-elle en route ? Sinon « referentiel init »."
        )
    except CalledProcessError as error:
        _stop(f"le programme « {error.cmd[0]} » a échoué, avec l’état {error.returncode}.")
    except OSError as error:
        _stop(f"« {error.filename} » ne peut pas être lu ou écrit ({error.strerror}).")


def badly_written(error: click.UsageError) -> str:
    """What is wrong in the words of the command, in one French sentence."""
    match error:
        case click.exceptions.NoSuchCommand():
            return f"la commande « {error.command_name} » n’existe pas."
        case click.exceptions.NoSuchOption():
            return f"l’option « {error.option_name} » n’existe pas."
        case click.exceptions.MissingParameter():
            return f"il manque {_name(error.param)}."
        case click.BadParameter():
            return f"la valeur de {_name(error.param)} ne convient pas : {_wanted(error.param)}."
        case click.exceptions.BadOptionUsage():
            return f"l’option « {error.option_name} » est mal écrite."
    return "la commande est mal écrite."


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return "une valeur"
    return f"« {param.opts[0] if isinstance(param, click.Option) else param.human_readable_name.upper()} »"


def _wanted(param: click.Parameter | None) -> str:
    match param.type if param else None:
        case click.Choice(choices=choices):
            return "choisissez parmi " + ", ".join(choices)
        case click.Path(file_okay=False):
            return "ce dossier n’existe pas"
        case click.Path():
            return "ce fichier n’existe pas"
        case click.DateTime():
            return "écrivez une date, AAAA-MM-JJ"
    return "écrivez un nombre entier"


def _stop(message: str, *, status: int = 1) -> NoReturn:
    click.echo(f"Erreur : {message}", err=True)
    sys.exit(status)
