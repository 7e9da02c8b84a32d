"""The pages that speak about the site itself: help, legal pages, display settings."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, current_app, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer
from wtforms import RadioField

from referentiel.config import Settings
from referentiel.criteria.rendering import render
from referentiel.editions.queries import in_force, summary_of
from referentiel.people.keeping import BACKUPS, TABLE
from referentiel.web.choices import choices
from referentiel.web.clock import now
from referentiel.web.forms import Form
from referentiel.web.guard import public
from referentiel.web.stores import library, settings

blueprint = Blueprint("pages", __name__)

COOKIE = "apparence"
YEAR = 365 * 24 * 3600

CHOICES: dict[str, tuple[str, ...]] = {
    "taille": ("1", "2", "3"),
    "espace": ("1", "2"),
    "theme": ("appareil", "clair", "sombre", "noir-sur-blanc", "jaune-sur-noir"),
    "lettres": ("habituelles", "larges", "empattements"),
    "facile": ("1", "2"),
}
"""Settings of the display and their values; the first of each is what a page looks like without a cookie."""


class AppearanceForm(Form):
    taille = RadioField(
        lazy("La taille du texte"),
        choices=choices([("1", lazy("Normale")), ("2", lazy("Grande")), ("3", lazy("Très grande"))]),
    )
    espace = RadioField(
        lazy("L’espace entre les lignes et les mots"), choices=choices([("1", lazy("Normal")), ("2", lazy("Large"))])
    )
    theme = RadioField(
        lazy("Les couleurs"),
        choices=choices(
            [
                ("appareil", lazy("Comme mon appareil")),
                ("clair", lazy("Claires")),
                ("sombre", lazy("Sombres")),
                ("noir-sur-blanc", lazy("Noir sur blanc")),
                ("jaune-sur-noir", lazy("Jaune sur noir")),
            ]
        ),
    )
    lettres = RadioField(
        lazy("La forme des lettres"),
        choices=choices(
            [
                ("habituelles", lazy("Habituelles")),
                ("larges", lazy("Larges et rondes")),
                ("empattements", lazy("Comme dans un livre")),
            ]
        ),
    )
    facile = RadioField(
        lazy("Le texte facile à lire"),
        choices=choices([("1", lazy("Sur sa propre page")), ("2", lazy("En premier"))]),
    )


def chosen() -> dict[str, str]:
    """The display settings of this browser. What the cookie says and we do not know counts as not said."""
    asked = dict(part.split(":", 1) for part in request.cookies.get(COOKIE, "").split("_") if ":" in part)
    return {name: asked[name] if asked.get(name) in values else values[0] for name, values in CHOICES.items()}


@cache
def stylesheet(values: tuple[tuple[str, str], ...]) -> tuple[bytes, str]:
    """The sheet of these settings and its hash: one small file for each setting that is not the usual one."""
    folder = Path(str(current_app.static_folder)) / "apparence"
    parts = [(folder / f"{name}-{value}.css").read_text("utf-8") for name, value in values if value != CHOICES[name][0]]
    sheet = "".join(parts).encode()
    return sheet, hashlib.sha256(sheet).hexdigest()[:16]


@blueprint.get("/apparence.css")
@public
def appearance_sheet() -> Answer:
    sheet, tag = stylesheet(tuple(chosen().items()))
    answer = Response(sheet, mimetype="text/css")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Cookie"
    answer.set_etag(tag)
    return answer.make_conditional(request)


@blueprint.route("/apparence", methods=["GET", "POST"])
@public
def appearance() -> Answer | str:
    form = AppearanceForm(data=chosen())
    if not form.validate_on_submit():
        return render_template("pages/appearance.html", form=form, saved="enregistre" in request.args)
    answer = redirect("/apparence?enregistre", 303)
    answer.set_cookie(
        COOKIE,
        "_".join(f"{name}:{form[name].data}" for name in CHOICES),
        max_age=YEAR,
        secure=settings().production,
        httponly=True,
        samesite="Lax",
    )
    return answer


@blueprint.get("/aide")
@public
def help_page() -> str:
    return render_template("pages/help.html")


@blueprint.get("/accessibilite")
@public
def accessibility() -> str:
    return render_template("pages/accessibility.html", operator=_operator("accessibilite"), settings=settings())


@blueprint.get("/mentions-legales")
@public
def legal_notice() -> str:
    return render_template("pages/legal.html", operator=_operator("mentions-legales"), settings=settings())


@blueprint.get("/donnees-personnelles")
@public
def personal_data() -> str:
    here = settings()
    kept = [
        (line.what, line.why, _(line.how_long, days=_duration(here, line.setting), more=_duration(here, line.also)))
        for line in TABLE
    ]
    return render_template(
        "pages/personal_data.html",
        operator=_operator("donnees-personnelles"),
        settings=here,
        kept=kept,
        backups=BACKUPS.days,
    )


@blueprint.get("/plan-du-site")
@public
def site_map() -> str:
    edition = in_force(library(), now())
    pages = summary_of(library(), edition).pages if edition else ()
    return render_template("pages/site_map.html", pages=pages)


def _duration(here: Settings, setting: str | None) -> str:
    """A number of days as people say it: "1 an" rather than "365 jours"."""
    days: int = getattr(here, setting) if setting else 0
    years, rest = divmod(days, 365)
    whole = bool(years and not rest)
    said: str = (
        ngettext("%(num)s an", "%(num)s ans", years) if whole else ngettext("%(num)s jour", "%(num)s jours", days)
    )
    return said


def _operator(name: str) -> Markup | None:
    """What the operator adds, in ``instance/pages/<name>.md``, to what the settings say: nothing is asked of them."""
    written = settings().instance / "pages" / f"{name}.md"
    return render(written.read_text("utf-8")) if written.is_file() else None
