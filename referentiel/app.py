"""The application, put together in order: settings, database, library, the web's shared parts, the doors."""

import os
from importlib import import_module
from importlib.util import find_spec

from flask import Blueprint, Flask

from referentiel.blueprints import (
    account,
    administration,
    answers,
    api,
    audit,
    colleges,
    commenting,
    comparing,
    deciding,
    decisions,
    desk,
    errata,
    examining,
    feeds,
    following,
    home,
    joining,
    judging,
    machines,
    merging,
    moderating,
    operations,
    own_data,
    pages,
    previewing,
    proposal_collisions,
    proposing,
    published,
    publishing,
    reading,
    reattaching,
    repository,
    reviewing,
    rivals,
    signing_in,
    structure_wishes,
    structures,
    tablets,
    talking,
    territories,
    tracing,
    unsubscribing,
    verifying,
    wishing,
    workshop_door,
    workshop_seats,
    workshops,
)
from referentiel.config import BadSetting, Settings
from referentiel.database import db, engine_options, prepare_engine
from referentiel.errors import N_
from referentiel.library.library import Library
from referentiel.notices import models as notices  # noqa: F401 (its tables must be known wherever tables are made)
from referentiel.web.install import install
from referentiel.web.stores import keep

DOORS = (
    home,
    pages,
    machines,
    reading,
    tracing,
    territories,
    published,
    verifying,
    errata,
    repository,
    comparing,
    signing_in,
    joining,
    judging,
    tablets,
    workshop_door,
    workshop_seats,
    workshops,
    account,
    own_data,
    structure_wishes,
    proposing,
    reviewing,
    colleges,
    examining,
    rivals,
    deciding,
    decisions,
    proposal_collisions,
    desk,
    commenting,
    talking,
    wishing,
    reattaching,
    following,
    feeds,
    api,
    unsubscribing,
    answers,
    moderating,
    publishing,
    previewing,
    operations,
    administration,
    merging,
    structures,
    audit,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The Flask application over one instance folder, which ``referentiel init`` has filled.

    Raises :class:`referentiel.config.BadSetting` when a setting cannot be used.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = Flask(__name__.split(".")[0], instance_path=str(settings.instance.resolve()))
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.sqlalchemy_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.sqlalchemy_url)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    keep(app, settings=settings, library=Library.open(settings.library_path, upstream=settings.upstream))
    install(app, settings)
    for door in DOORS:
        app.register_blueprint(door.blueprint)
    if settings.openid:
        app.register_blueprint(_optional_door("openid", "authlib"))
    return app


def _optional_door(name: str, library: str) -> Blueprint:
    """A door that has settings and a library of its own, loaded by its name when it is wanted.

    Raises :class:`BadSetting` when the library is not installed.
    """
    if find_spec(library) is None:
        raise BadSetting(
            N_("Il manque la bibliothèque « %(library)s » : installez « referentiel-partage[%(name)s] »."),
            library=library,
            name=name,
        )
    door: Blueprint = import_module(f"referentiel.blueprints.{name}").blueprint
    return door
