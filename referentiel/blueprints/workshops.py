"""Collective sessions, for who holds them: open one, agree to one, print its poster and its cards, close it."""

from datetime import UTC, date, datetime, time

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional

from referentiel.dates import PARIS
from referentiel.editions.queries import in_force
from referentiel.editions.summary import Summary
from referentiel.errors import Invalid
from referentiel.people.cards import issuing
from referentiel.people.cards.issuing import CARD_LIFE
from referentiel.people.models import MOST_SEATS, Workshop
from referentiel.people.queries import structures
from referentiel.people.workshops import codes as workshop_codes
from referentiel.people.workshops import holding, queries
from referentiel.people.workshops.holding import MOST_CRITERIA, is_over, lets_in, may_agree
from referentiel.permissions import Action, College, could, may, require
from referentiel.web import clock
from referentiel.web.choices import choices
from referentiel.web.forms import Form, cleaned
from referentiel.web.guard import requires
from referentiel.web.identity import signed_in
from referentiel.web.numbers import whole_number
from referentiel.web.qr import square
from referentiel.web.stores import library, secret, settings
from referentiel.web.texts import draft_state, edition_state

blueprint = Blueprint("workshops", __name__, url_prefix="/seances")


class OpenForm(Form):
    title = StringField(
        lazy("Titre de la séance"),
        [InputRequired(lazy("Donnez un titre à la séance.")), cleaned(limit=120, lines=False)],
    )
    criteria = SelectMultipleField(
        lazy("De quels critères parlez-vous ?"),
        [InputRequired(lazy("Choisissez au moins un critère."))],
        validate_choice=False,
    )
    place = StringField(lazy("Le lieu"), [Optional(), cleaned(limit=120, lines=False)])
    ends_on = DateField(lazy("Le jour"), [InputRequired(lazy("Choisissez le jour de la séance."))])
    ends = TimeField(lazy("L’heure de fin"), [InputRequired(lazy("Choisissez l’heure de fin."))])
    seats = IntegerField(
        lazy("Combien de personnes, au plus ?"),
        [
            InputRequired(lazy("Écrivez un nombre.")),
            NumberRange(1, MOST_SEATS, lazy("Écrivez un nombre entre 1 et 300.")),
        ],
        default=12,
    )
    structure = SelectField(lazy("De quelle structure viennent les salariés ?"), validate_choice=False)


class CardsForm(Form):
    count = IntegerField(
        lazy("Combien de cartes ?"),
        [InputRequired(lazy("Écrivez un nombre.")), NumberRange(1, 40, lazy("Écrivez un nombre entre 1 et 40."))],
        default=8,
    )


class ButtonForm(Form):
    """One button."""


@blueprint.get("/")
@requires(Action.SEE_WORKSHOPS)
def listing() -> ResponseReturnValue:
    """Mine, and those that wait for somebody like me."""
    who, at = signed_in(), clock.now()
    return render_template(
        "workshops/list.html",
        mine=[(row, is_over(row, at), lets_in(row, at)) for row in queries.my_workshops(who)],
        waiting=queries.waiting_workshops(who, at=at),
        asked=queries.seats_to_answer(who, at=at),
        may_open=could(who, Action.OPEN_WORKSHOP),
    )


@blueprint.route("/nouvelle", methods=["GET", "POST"])
@requires(Action.OPEN_WORKSHOP)
def new() -> ResponseReturnValue:
    who, text, form = signed_in(), _text(), OpenForm()
    form.structure.choices = choices(
        [
            (
                "",
                _("Choisissez une structure") if who.college == College.SIAE else _("Plusieurs structures, ou aucune"),
            ),
            *((str(row.id), row.name) for row in structures()),
        ]
    )
    form.criteria.choices = choices([(line.code, line.title) for line in text.in_force])
    if not form.is_submitted():
        form.structure.data = str(who.structure_id or "")
    elif form.validate():
        try:
            workshop = holding.open_workshop(
                form.title.data or "",
                criteria=[line.code for line in text.in_force if line.code in (form.criteria.data or ())],
                among=[line.code for line in text.in_force],
                place=form.place.data or "",
                structure_id=_structure(form),
                seats=form.seats.data or 0,
                ends_at=_end(form),
                by=who,
                at=clock.now(),
                secret=secret(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            if may(who, Action.SHOW_CODE, workshop):
                flash(_("La séance est ouverte."), "good")
            else:
                flash(_("La séance est créée. Elle attend l’accord d’une personne d’un autre collège."), "warn")
            return redirect(url_for("workshops.page", number=workshop.id), 303)
    page = render_template(
        "workshops/new.html", form=form, text=text, most=MOST_CRITERIA, alone=who.college == College.SIAE
    )
    return page, 422 if form.errors else 200


@blueprint.get("/<int:number>")
@requires(Action.SEE_WORKSHOPS)
def page(number: int) -> ResponseReturnValue:
    """One session: where it stands, its code when it may be shown, its figures, what can be done."""
    who, at = signed_in(), clock.now()
    workshop = queries.workshop_for(number, who, at=at)
    shows = may(who, Action.SHOW_CODE, workshop) if may(who, Action.HOLD_WORKSHOP, workshop) else None
    poster = _poster(workshop)
    return render_template(
        "workshops/page.html",
        workshop=workshop,
        lines=_lines(workshop),
        over=is_over(workshop, at),
        shows=shows,
        code=workshop_codes.code_of(workshop.nonce, secret()),
        qr=square(poster),
        address=_short(f"{settings().base_url}/rejoindre"),
        figures=queries.figures_of(workshop),
        agreeing=may_agree(workshop, by=who, at=at),
        place=next((row.name for row in structures() if row.id == workshop.structure_id), None),
        prints=may(who, Action.PRINT_CARDS, workshop),
        raises=may(who, Action.RAISE_SEATS, workshop),
        answering=workshop.seats_asked is not None and may(who, Action.AGREE_TO_SEATS, workshop),
    )


@blueprint.post("/<int:number>/accepter")
@requires(Action.AGREE_TO_WORKSHOP)
def agree(number: int) -> ResponseReturnValue:
    at = clock.now()
    workshop = queries.workshop_for(number, signed_in(), at=at)
    holding.agree_to_workshop(workshop, by=signed_in(), at=at)
    flash(_("Vous tenez cette séance à deux. Son code marche maintenant."), "good")
    return redirect(url_for("workshops.page", number=number), 303)


@blueprint.route("/<int:number>/fermer", methods=["GET", "POST"])
@requires(Action.HOLD_WORKSHOP)
def close(number: int) -> ResponseReturnValue:
    who, at, form = signed_in(), clock.now(), ButtonForm()
    workshop = queries.workshop_for(number, who, at=at)
    require(who, Action.HOLD_WORKSHOP, workshop)
    if not form.is_submitted():
        return render_template("workshops/close.html", workshop=workshop)
    holding.close_workshop(workshop, by=who, at=at)
    flash(_("La séance est fermée. Son code n’ouvre plus rien."), "good")
    return redirect(url_for("workshops.page", number=number), 303)


@blueprint.get("/<int:number>/affiche")
@requires(Action.SHOW_CODE)
def poster(number: int) -> ResponseReturnValue:
    """The poster: one A4 page, black ink is enough."""
    who, at = signed_in(), clock.now()
    workshop = queries.workshop_for(number, who, at=at)
    require(who, Action.SHOW_CODE, workshop)
    return render_template(
        "workshops/poster.html",
        workshop=workshop,
        over=is_over(workshop, at),
        qr=square(_poster(workshop)),
        code=workshop_codes.code_of(workshop.nonce, secret()),
        address=_short(f"{settings().base_url}/rejoindre"),
    )


@blueprint.route("/<int:number>/cartes", methods=["GET", "POST"])
@requires(Action.PRINT_CARDS)
def cards(number: int) -> ResponseReturnValue:
    """Cards of this session. The codes are in the answer alone: they are printed at once, and kept nowhere."""
    who, at, form = signed_in(), clock.now(), CardsForm()
    workshop = queries.workshop_for(number, who, at=at)
    require(who, Action.PRINT_CARDS, workshop)
    printed: tuple[issuing.PrintedCard, ...] = ()
    if form.is_submitted() and form.validate():
        try:
            printed = holding.print_workshop_cards(workshop, form.count.data or 1, by=who, at=at, secret=secret())
        except Invalid as error:
            form.refuse(error)
    address = f"{settings().base_url}/rejoindre"
    page = render_template(
        "workshops/cards.html",
        workshop=workshop,
        form=form,
        cards=[(card, square(f"{address}/{card.square}")) for card in printed],
        address=_short(address),
        until=at + CARD_LIFE,
    )
    return page, 422 if form.errors else 200


def _text() -> Summary:
    """The text in force; failing that, the draft."""
    edition = in_force(library(), clock.now())
    return (edition_state(library(), edition) if edition else draft_state(library())).summary


def _lines(workshop: Workshop) -> list[tuple[str, str]]:
    """Code and title of each criterion to discuss; the title is empty when the text no longer has it."""
    text = _text()
    return [(code, line.title if (line := text.criterion(code)) else "") for code in workshop.criteria]


def _poster(workshop: Workshop) -> str:
    key = workshop_codes.key_of(workshop.nonce, secret())
    return f"{settings().base_url}/rejoindre/{workshop.id}.{key}"


def _short(address: str) -> str:
    return address.partition("://")[2]


def _end(form: OpenForm) -> datetime:
    """The end in UTC; the form holds a day and an hour in Paris."""
    return datetime.combine(form.ends_on.data or date.min, form.ends.data or time(), PARIS).astimezone(UTC)


def _structure(form: OpenForm) -> int | None:
    given = form.structure.data or ""
    if not given:
        return None
    return whole_number(given) or 0
