"""``referentiel demo``: a scratch instance where months have been lived, and one link for each of the cast.

The links can be used again, switch the person, and open sessions with the second factor proven: they exist here alone.
"""

import json
import os
import shutil
import sys
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from flask import Flask

from referentiel.app import create_app
from referentiel.blueprints import demo_links
from referentiel.blueprints.demo_links import MARKER, Player, is_demonstration, players
from referentiel.commands import demo_story as story
from referentiel.commands.demo_issues import plan_issue
from referentiel.commands.demo_talk import plan_talk
from referentiel.commands.demo_voices import plan_people, plan_voices
from referentiel.commands.demo_wishes import plan_wish
from referentiel.commands.demo_workshops import code_under_way, plan_workshops
from referentiel.commands.demo_world import Calendar, Progress, World
from referentiel.commands.init import initialise
from referentiel.commands.serve import listening, serve
from referentiel.config import PREFIX, Settings
from referentiel.database import db, session
from referentiel.errors import N_, Refused
from referentiel.notices.outbox import drain
from referentiel.people.cards import issuing
from referentiel.people.doors import linking
from referentiel.people.queries import person
from referentiel.permissions import College
from referentiel.web.stores import library, secret

FOLDER = Path("instance-demo")
STARTS = {"amina": "/questions", "bruno": "/propositions/", "chloe": "/bureau", "denis": "/bureau"}
ROLES = {
    "amina": "salariée en insertion",
    "bruno": "structure (SIAE)",
    "chloe": "référente de l’emploi, éditrice",
    "denis": "État, éditeur et responsable de publication",
}
NAMES = {"amina": "Amina", **story.NAMES}
OWN = ("DATABASE_URL", "SMTP_URL", "UPSTREAM", "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
"""Settings of the operator that a demonstration never uses"""


def scratch_settings(environ: dict[str, str]) -> Settings:
    """Settings of the demonstration: a folder and a database of its own, no mail server, never in production."""
    settings = Settings.from_environment(environ)
    if settings.production:
        raise Refused(N_("La démonstration ne s’ouvre pas en production : retirez REFERENTIEL_PUBLIC_URL."))
    folder = settings.instance if environ.get(f"{PREFIX}INSTANCE", "").strip() else FOLDER
    return replace(
        settings,
        instance=folder,
        database_url="",
        smtp_url="",
        upstream="",
        oidc_issuer="",
        oidc_client_id="",
        oidc_client_secret="",
    )


def require_scratch(folder: Path) -> None:
    """Raises :class:`Refused` when the folder holds anything that is not a demonstration."""
    if folder.is_dir() and any(folder.iterdir()) and not is_demonstration(folder):
        raise Refused(
            N_("Le dossier « %(folder)s » contient déjà autre chose qu’une démonstration : choisissez-en un autre."),
            folder=folder,
        )


def build(settings: Settings, *, now: datetime, progress: Progress | None = None) -> None:
    """Live the whole story in a folder beside, then put it in place: a demonstration is whole or is not there."""
    folder = settings.instance
    require_scratch(folder)
    draft = folder.with_name(f"{folder.name}.en-cours")
    if draft.exists():
        require_scratch(draft)
        shutil.rmtree(draft)
    draft.mkdir(mode=0o700, parents=True)
    (draft / MARKER).write_text("{}\n", encoding="utf-8")
    calendar = Calendar(now)
    beside = replace(settings, instance=draft)
    app = initialise(beside, at=calendar.moment(0, "first"))
    with app.app_context():
        cast = live(World(library(), beside, secret(), calendar), progress)
        session.remove()
        db.engine.dispose()
    kept = {"lived_on": calendar.day(-1).isoformat(), "players": [vars(player) for player in cast]}
    (draft / MARKER).write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    draft.rename(folder)


def live(world: World, progress: Progress | None) -> list[Player]:
    """Plan every act of the story, do them in the order of time, and make the links of the cast."""
    plan_people(world)
    plan_workshops(world)
    plan_voices(world)
    plan_talk(world)
    for wish in story.WISHES:
        plan_wish(world, wish)
    for number, issue in enumerate(story.ISSUES):
        plan_issue(world, number, issue)
    world.live(lambda at: _send_mails(world, at), progress)
    now = world.calendar.now
    return [
        Player(
            NAMES[key],
            ROLES[key],
            linking.demonstration_link(person(world.people[key]), next_url=STARTS[key], secret=world.secret, at=now),
        )
        for key in story.CAST
    ]


def open_app(settings: Settings) -> Flask:
    """The application with the door of the demonstration, which no other instance has."""
    app = create_app(settings)
    demo_links.install(app, settings)
    return app


def pretended_provider() -> Any:
    """An identity provider that knows the cast and somebody without an account; None without its libraries.

    It listens once it is started, in threads of this process.
    """
    if find_spec("authlib") is None:
        return None
    module = import_module("referentiel.commands.demo_openid")
    known = [(key, NAMES[key]) for key in story.CAST if key != "amina"]
    return module.PretendedProvider(
        [
            module.Account(key, f"{name} ({story.MARK})", f"{key}@demonstration.invalid")
            for key, name in (*known, ("personne", "Une personne sans compte"))
        ]
    )


def _send_mails(world: World, at: datetime) -> None:
    drain(world.settings, secret=world.secret, at=at)


def _announce(app: Flask, settings: Settings) -> None:
    with app.app_context():
        at = datetime.now(UTC)
        (card,) = issuing.print_cards(1, college=College.EMPLOYEES, by=None, at=at, secret=secret())
        workshop = code_under_way(secret(), at)
    click.echo(f"Le référentiel de démonstration est ouvert : {settings.base_url}/  (Ctrl-C pour fermer)")
    click.echo("Jouez chaque personne ; ces liens servent autant de fois que vous voulez :")
    for player in players(settings.instance):
        click.echo(f"  {player.name}, {player.role}")
        click.echo(f"    {settings.base_url}/demonstration/{player.token}")
    if settings.openid:
        click.echo("Ou entrez comme une professionnelle, par un fournisseur d’identité inventé lui aussi :")
        click.echo(f"  {settings.base_url}/connexion")
    click.echo(f"Une carte de participation, pour une personne nouvelle, à écrire sur {settings.base_url}/rejoindre :")
    click.echo(f"  {card.code}")
    if workshop:
        click.echo("Ou le code d’une séance en cours, pour plusieurs personnes, à écrire au même endroit :")
        click.echo(f"  {workshop}")
    sys.stdout.flush()


@click.command("demo", help="Ouvrir un site de démonstration, rempli, dans un dossier à part.")
@click.option("--fresh", "again", is_flag=True, help="Recommencer l’histoire depuis le début.")
@click.option("--no-serve", "only_build", is_flag=True, help="Préparer le dossier sans ouvrir le site.")
def command(again: bool, only_build: bool) -> None:
    settings = scratch_settings(dict(os.environ))
    require_scratch(settings.instance)
    listener = None if only_build else listening(settings)
    if again or not is_demonstration(settings.instance):
        with click.progressbar(length=100, label="Dix mois passent", file=sys.stderr) as bar:
            build(
                settings, now=datetime.now(UTC), progress=lambda done, total: bar.update(done * 100 // total - bar.pos)
            )
    if listener is None:
        click.echo(f"La démonstration est prête dans « {settings.instance} ».")
        return
    # The worker is a process of its own: it must find the same folder, and nothing else.
    os.environ[f"{PREFIX}INSTANCE"] = str(settings.instance)
    for name in OWN:
        os.environ.pop(f"{PREFIX}{name}", None)
    provider = pretended_provider()
    if provider is not None:
        settings = provider.settings(settings)
        provider.start()
    app = open_app(settings)
    _announce(app, settings)
    serve(app, settings, listener)
