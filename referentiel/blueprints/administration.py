"""Who may take part: people and their roles, invitations, printed cards."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import EmailField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional

from referentiel.errors import Refused
from referentiel.people import queries
from referentiel.people.accounts import administering, settling
from referentiel.people.cards import issuing
from referentiel.people.cards.issuing import CARD_LIFE
from referentiel.people.doors import inviting
from referentiel.people.models import Person
from referentiel.people.structures import directory
from referentiel.people.structures.directory import WantedPeople
from referentiel.permissions import COLLEGE_LABELS, ROLE_LABELS, Action, College, Role, require
from referentiel.web import clock, identity
from referentiel.web.choices import choices
from referentiel.web.forms import Form
from referentiel.web.guard import requires
from referentiel.web.listing import A_PAGE, Pages, page_asked, word_asked
from referentiel.web.numbers import whole_number
from referentiel.web.qr import square
from referentiel.web.stores import secret, settings

blueprint = Blueprint("administration", __name__, url_prefix="/administration")

STATES = {"ouvert": False, "suspendu": True}
GIVEN_ROLES = [role for role in Role if role is not Role.PARTICIPANT]
ROLE_CHOICES = [(role.value, lazy(ROLE_LABELS[role])) for role in GIVEN_ROLES]
COLLEGE_CHOICES = [(college.value, lazy(COLLEGE_LABELS[college])) for college in College]


class InviteForm(Form):
    email = EmailField(lazy("Son adresse e‑mail"), [InputRequired(lazy("Écrivez l’adresse e‑mail de la personne."))])
    college = RadioField(
        lazy("Son collège"), [InputRequired(lazy("Choisissez un collège."))], choices=choices(COLLEGE_CHOICES)
    )
    roles = SelectMultipleField(lazy("Ses rôles"), choices=choices(ROLE_CHOICES))
    structure = SelectField(lazy("Sa structure"), [Optional()])


class RolesForm(Form):
    roles = SelectMultipleField(lazy("Ses rôles"), choices=choices(ROLE_CHOICES))


class CardsForm(Form):
    count = IntegerField(
        lazy("Combien de cartes ?"),
        [InputRequired(lazy("Écrivez un nombre.")), NumberRange(1, 40, lazy("Écrivez un nombre entre 1 et 40."))],
        default=8,
    )


@blueprint.get("/")
@requires(Action.ADMINISTER)
def page() -> ResponseReturnValue:
    words, college, role = word_asked("q"), word_asked("college"), word_asked("role")
    place, state = word_asked("structure"), word_asked("etat")
    number = page_asked()
    wanted = WantedPeople(
        words,
        College(college) if college in COLLEGE_LABELS else None,
        Role(role) if role in ROLE_LABELS else None,
        whole_number(place),
        STATES.get(state),
    )
    people, count = directory.find_professionals(wanted, limit=A_PAGE, offset=(number - 1) * A_PAGE)
    asked = {"q": words, "college": college, "role": role, "structure": place, "etat": state}
    return render_template(
        "administration/page.html",
        people=people,
        pages=Pages.of(number, count, url_for("administration.page"), asked),
        asked=asked,
        colleges=COLLEGE_CHOICES,
        roles=ROLE_CHOICES,
        structures=[(row.id, row.name) for row in queries.structures()],
        invitations=queries.open_invitations(at=clock.now()),
        figures=queries.card_figures(),
        wishes=settling.waiting_wishes(),
    )


@blueprint.route("/inviter", methods=["GET", "POST"])
@requires(Action.INVITE)
def invite() -> ResponseReturnValue:
    form = InviteForm()
    form.structure.choices = choices([("", _("Aucune")), *((str(row.id), row.name) for row in queries.structures())])
    if not form.is_submitted():
        return render_template("administration/invite.html", form=form)
    if form.validate():
        try:
            inviting.invite(
                college=College(form.college.data),
                roles={Role(role) for role in form.roles.data or ()},
                email=form.email.data,
                structure_id=whole_number(form.structure.data),
                by=identity.signed_in(),
                at=clock.now(),
                secret=secret(),
                mail=True,
            )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("L’invitation part par e‑mail. Elle marche sept jours, une seule fois."), "good")
            return redirect(url_for("administration.page"), 303)
    return render_template("administration/invite.html", form=form), 422


@blueprint.get("/personnes/<int:person_id>")
@requires(Action.ADMINISTER)
def person(person_id: int) -> ResponseReturnValue:
    return _person_page(queries.professional(person_id))


@blueprint.post("/personnes/<int:person_id>/roles")
@requires(Action.ADMINISTER)
def give_roles(person_id: int) -> ResponseReturnValue:
    somebody = queries.professional(person_id)
    form = RolesForm()
    if form.validate():
        try:
            administering.give_roles(
                somebody, {Role(role) for role in form.roles.data or ()}, by=identity.signed_in(), at=clock.now()
            )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("Les rôles sont enregistrés. Cette personne doit se reconnecter."), "good")
            return redirect(url_for("administration.person", person_id=person_id), 303)
    return _person_page(somebody, form), 422


@blueprint.get("/personnes/<int:person_id>/suspendre")
@requires(Action.ADMINISTER)
def confirm_suspension(person_id: int) -> ResponseReturnValue:
    """What it does, before it is done."""
    somebody = queries.professional(person_id)
    if somebody.suspended_at is not None or somebody.id == identity.signed_in().id:
        return redirect(url_for("administration.person", person_id=person_id), 303)
    return render_template("administration/suspend.html", somebody=somebody)


@blueprint.post("/personnes/<int:person_id>/suspendre")
@requires(Action.ADMINISTER)
def suspend(person_id: int) -> ResponseReturnValue:
    administering.suspend(queries.professional(person_id), by=identity.signed_in(), at=clock.now())
    flash(_("Le compte est suspendu. Ses connexions sont fermées."), "good")
    return redirect(url_for("administration.person", person_id=person_id), 303)


@blueprint.post("/personnes/<int:person_id>/retablir")
@requires(Action.ADMINISTER)
def reinstate(person_id: int) -> ResponseReturnValue:
    administering.reinstate(queries.professional(person_id), by=identity.signed_in(), at=clock.now())
    flash(_("Le compte est rouvert."), "good")
    return redirect(url_for("administration.person", person_id=person_id), 303)


@blueprint.post("/personnes/<int:person_id>/second-facteur")
@requires(Action.ADMINISTER)
def reset_second_factor(person_id: int) -> ResponseReturnValue:
    administering.reset_second_factor(queries.professional(person_id), by=identity.signed_in(), at=clock.now())
    flash(_("Cette personne associera un nouveau téléphone à sa prochaine connexion."), "good")
    return redirect(url_for("administration.person", person_id=person_id), 303)


@blueprint.get("/cartes")
@requires(Action.PRINT_CARDS)
def cards() -> ResponseReturnValue:
    require(identity.signed_in(), Action.PRINT_CARDS)
    return render_template("workshops/cards.html", workshop=None, form=CardsForm(), cards=())


@blueprint.post("/cartes")
@requires(Action.PRINT_CARDS)
def print_cards() -> ResponseReturnValue:
    """The codes are in this answer alone: they are printed at once, and kept nowhere."""
    require(identity.signed_in(), Action.PRINT_CARDS)
    form = CardsForm()
    if not form.validate():
        return render_template("workshops/cards.html", workshop=None, form=form, cards=()), 422
    at = clock.now()
    address = f"{settings().base_url}/rejoindre"
    printed = issuing.print_cards(
        form.count.data or 1, college=College.EMPLOYEES, by=identity.signed_in(), at=at, secret=secret()
    )
    return render_template(
        "workshops/cards.html",
        workshop=None,
        form=form,
        cards=[(card, square(f"{address}/{card.square}")) for card in printed],
        address=address.partition("://")[2],
        until=at + CARD_LIFE,
    )


def _person_page(somebody: Person, form: RolesForm | None = None) -> str:
    return render_template(
        "administration/person.html",
        somebody=somebody,
        form=form or RolesForm(roles=[role.value for role in somebody.granted]),
        sessions=queries.sessions_of(somebody, at=clock.now()),
        myself=somebody.id == identity.signed_in().id,
    )
