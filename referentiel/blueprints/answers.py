"""Come back: find each of one's contributions, what became of it and why; take it back; ask for a second reading."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import TextAreaField

from referentiel.blueprints.college_parts import PositionForm
from referentiel.blueprints.talk_parts import address, lost_words
from referentiel.comments import actions, appealing, queries
from referentiel.comments.models import Comment
from referentiel.comments.moderation import State
from referentiel.errors import N_, Invalid, Unknown
from referentiel.permissions import Action
from referentiel.proposals.queries import drafts_of, followed, last_decisions, own_positions, written_by
from referentiel.proposals.queries.talks import credited
from referentiel.web.clock import now
from referentiel.web.filters import date_long
from referentiel.web.forms import Form
from referentiel.web.guard import public, requires
from referentiel.web.identity import person, signed_in
from referentiel.web.questions import today
from referentiel.web.stores import library, settings

blueprint = Blueprint("answers", __name__, url_prefix="/mes-contributions")


class TakeBackForm(Form):
    """One button."""


class AppealForm(Form):
    texte = TextAreaField(lazy("Voulez-vous dire pourquoi ?"))


@blueprint.get("")
@public
def mine() -> ResponseReturnValue:
    """Each contribution of the person and where it is; for whoever is not signed in, how to find them again."""
    who = person()
    if who is None:
        return render_template("answers/doors.html")
    said = queries.mine(who, at=now(), working_days=settings().moderation_days)
    proposals = written_by(who)
    taken = credited([item.comment.id for item in said])
    theirs = [proposal for rows in taken.values() for _row, proposal in rows]
    titles = {line.code: line.title for line in today().summary.criteria}
    return render_template(
        "answers/mine.html",
        said=said,
        spoken=[item for item in said if item.comment.text],
        faces=[item for item in said if not item.comment.text],
        titles=titles,
        address=address,
        followed=followed(library(), [item.comment for item in said if item.comment.state is State.PUBLISHED]),
        proposals=proposals,
        decisions=last_decisions([*proposals, *theirs]),
        taken=taken,
        lost=lost_words(item.comment for item in said if item.comment.shown),
        drafts=drafts_of(who),
        positions=own_positions(who),
        position_form=PositionForm(),
    )


@blueprint.get("/<int:number>/reprendre")
@requires(Action.SEE_OWN_CONTRIBUTIONS)
def confirm_take_back(number: int) -> ResponseReturnValue:
    return render_template("answers/take_back.html", said=_own(number), form=TakeBackForm())


@blueprint.post("/<int:number>/reprendre")
@requires(Action.COMMENT)
def take_back(number: int) -> ResponseReturnValue:
    actions.withdraw(_own(number), by=signed_in(), at=now())
    flash(_("Votre contribution est effacée. Personne ne peut plus la lire."), "good")
    return redirect(url_for("answers.mine"), 303)


@blueprint.get("/<int:number>/recours")
@requires(Action.APPEAL_REMOVAL)
def appeal(number: int) -> ResponseReturnValue:
    said = _removed(number)
    kept = queries.mine(signed_in(), at=now(), working_days=settings().moderation_days)
    if any(item.appeal for item in kept if item.comment.id == said.id):
        flash(_("Vous avez déjà demandé une deuxième lecture. Elle se demande une seule fois."), "warn")
        return redirect(url_for("answers.mine", _anchor=f"contribution-{said.id}"), 303)
    return _appeal_page(said, AppealForm())


@blueprint.post("/<int:number>/recours")
@requires(Action.APPEAL_REMOVAL)
def send_appeal(number: int) -> ResponseReturnValue:
    """Ask somebody else to read these words again: once."""
    said, form = _removed(number), AppealForm()
    if form.validate_on_submit() and not form.asks():
        try:
            days = settings().moderation_days
            appealing.appeal(said, form.texte.data or "", by=signed_in(), at=now(), working_days=days)
        except Invalid as error:
            form.refuse(error)
        else:
            promised = date_long(queries.promised(said, days))
            flash(_("Une autre personne va relire vos mots, au plus tard le %(day)s.", day=promised), "good")
            return redirect(url_for("answers.mine", _anchor=f"contribution-{said.id}"), 303)
    return _appeal_page(said, form), 422


def _appeal_page(said: Comment, form: AppealForm) -> str:
    return render_template("answers/appeal.html", said=said, form=form, longest=actions.LONGEST_NOTE)


def _own(number: int) -> Comment:
    """A contribution of the person's own. Somebody else's does not exist. Raises Unknown."""
    found = queries.comment(number)
    if found.author_id != signed_in().id or found.closed_at is not None:
        raise Unknown(N_("Cette contribution n’existe pas."))
    return found


def _removed(number: int) -> Comment:
    """One's own words that were not published. Raises Unknown."""
    said = _own(number)
    if said.state is not State.REMOVED:
        raise Unknown(N_("Cette contribution n’a pas été écartée : il n’y a rien à relire une deuxième fois."))
    return said
