"""Changing structure: one asks from one's account, an administrator confirms."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from referentiel.errors import N_, Invalid, Refused, Unknown
from referentiel.people import queries
from referentiel.people.accounts import settling
from referentiel.people.models import Person
from referentiel.permissions import Action
from referentiel.web import clock, identity
from referentiel.web.choices import choices
from referentiel.web.forms import Form, cleaned
from referentiel.web.guard import requires
from referentiel.web.numbers import whole_number

blueprint = Blueprint("structure_wishes", __name__)


class WishForm(Form):
    structure = SelectField(lazy("Ma nouvelle structure"), [Optional()])
    name = StringField(lazy("Son nom, si elle n’est pas dans la liste"), [Optional(), cleaned(limit=200, lines=False)])


class AnswerForm(Form):
    structure = SelectField(
        lazy("Sa nouvelle structure"), [InputRequired(lazy("Choisissez une des structures de la liste."))]
    )


class RefusalForm(Form):
    reason = TextAreaField(
        lazy("Votre raison, à la personne"),
        [
            InputRequired(lazy("Écrivez à la personne pourquoi vous refusez.")),
            cleaned(limit=settling.REASON_LIMIT, lines=True),
        ],
    )


@blueprint.get("/mon-compte/structure")
@requires(Action.MANAGE_ACCOUNT)
def page() -> ResponseReturnValue:
    _professional()
    return _page(_wish_form())


@blueprint.post("/mon-compte/structure")
@requires(Action.MANAGE_ACCOUNT)
def ask() -> ResponseReturnValue:
    me, form = _professional(), _wish_form()
    if form.validate():
        try:
            settling.ask_structure(whole_number(form.structure.data), form.name.data or "", by=me, at=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("Votre demande est partie. Une personne chargée de l’administration va la lire."), "good")
            return redirect(url_for("account.page"), 303)
    return _page(form), 422


@blueprint.post("/mon-compte/structure/reprendre")
@requires(Action.MANAGE_ACCOUNT)
def take_back() -> ResponseReturnValue:
    settling.take_back_wish(by=_professional())
    flash(_("Votre demande est retirée."), "good")
    return redirect(url_for("account.page"), 303)


@blueprint.get("/administration/demandes")
@requires(Action.ADMINISTER)
def waiting() -> ResponseReturnValue:
    return render_template("structure_wishes/waiting.html", wishes=settling.wishes())


@blueprint.get("/administration/demandes/<int:person_id>")
@requires(Action.ADMINISTER)
def read(person_id: int) -> ResponseReturnValue:
    wish = settling.wish(person_id)
    return _answer_page(person_id, _answer_form(str(wish.structure_id or "")))


@blueprint.post("/administration/demandes/<int:person_id>/accepter")
@requires(Action.ADMINISTER)
def grant(person_id: int) -> ResponseReturnValue:
    settling.wish(person_id)
    form = _answer_form()
    if form.validate():
        try:
            chosen = whole_number(form.structure.data) or 0
            settling.grant_wish(person_id, chosen, by=identity.signed_in(), at=clock.now())
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("Sa structure est changée."), "good")
            return redirect(url_for("structure_wishes.waiting"), 303)
    return _answer_page(person_id, form), 422


@blueprint.get("/administration/demandes/<int:person_id>/refuser")
@requires(Action.ADMINISTER)
def refusal(person_id: int) -> ResponseReturnValue:
    return _refusal_page(person_id, RefusalForm())


@blueprint.post("/administration/demandes/<int:person_id>/refuser")
@requires(Action.ADMINISTER)
def refuse(person_id: int) -> ResponseReturnValue:
    settling.wish(person_id)
    form = RefusalForm()
    if form.validate() and not form.asks():
        try:
            settling.refuse_wish(person_id, form.reason.data or "", by=identity.signed_in(), at=clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("La demande est refusée. La personne lira votre raison."), "good")
            return redirect(url_for("structure_wishes.waiting"), 303)
    return _refusal_page(person_id, form), 422


def _wish_form() -> WishForm:
    form = WishForm()
    form.structure.choices = choices(_structures(_("Aucune de la liste")))
    return form


def _answer_form(chosen: str | None = None) -> AnswerForm:
    form = AnswerForm(structure=chosen)
    form.structure.choices = choices(_structures(_("Choisir")))
    return form


def _structures(none: str) -> list[tuple[str, str]]:
    return [("", none), *((str(row.id), row.name) for row in queries.structures())]


def _page(form: WishForm) -> str:
    me = identity.signed_in()
    return render_template("structure_wishes/ask.html", form=form, me=me, wish=settling.wish_of(me))


def _answer_page(person_id: int, form: AnswerForm) -> str:
    return render_template("structure_wishes/answer.html", form=form, wish=settling.wish(person_id))


def _refusal_page(person_id: int, form: RefusalForm) -> str:
    return render_template("structure_wishes/refuse.html", form=form, wish=settling.wish(person_id))


def _professional() -> Person:
    """Who came by a card has no structure of their own to see or to change."""
    me = identity.signed_in()
    if me.email is None:
        raise Unknown(N_("Un compte ouvert avec une carte n’a ni e-mail ni structure."))
    return me
