"""Attach words again, when those that they spoke of have gone: by their author, or by an editor. No script needed."""

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import SelectField, TextAreaField

from referentiel.blueprints.talk_parts import address, lost_words, text_now
from referentiel.comments import queries
from referentiel.comments.models import Comment
from referentiel.comments.reattaching import reattach
from referentiel.comments.voices import voice_of
from referentiel.criteria.vocabulary import anchor
from referentiel.errors import N_, Invalid, Unknown
from referentiel.permissions import Action
from referentiel.web.choices import choices
from referentiel.web.clock import now
from referentiel.web.forms import Form
from referentiel.web.guard import requires
from referentiel.web.identity import signed_in

blueprint = Blueprint("reattaching", __name__)

WHOLE = "tout"


class ReattachForm(Form):
    rubrique = SelectField(lazy("De quelle rubrique parle-t-elle maintenant ?"), validate_choice=False)
    citation = TextAreaField(lazy("De quels mots parle-t-elle ?"))


@blueprint.get("/mes-contributions/<int:number>/rattacher")
@requires(Action.REATTACH_OWN)
def own(number: int) -> ResponseReturnValue:
    return _page(_mine(number), _form(_mine(number)), "reattaching.send_own")


@blueprint.post("/mes-contributions/<int:number>/rattacher")
@requires(Action.REATTACH_OWN)
def send_own(number: int) -> ResponseReturnValue:
    """By who wrote the words."""
    return _send(_mine(number), "reattaching.send_own")


@blueprint.get("/contributions/<int:number>/rattacher")
@requires(Action.REATTACH)
def another(number: int) -> ResponseReturnValue:
    return _page(_published(number), _form(_published(number)), "reattaching.send_another")


@blueprint.post("/contributions/<int:number>/rattacher")
@requires(Action.REATTACH)
def send_another(number: int) -> ResponseReturnValue:
    """By an editor, for words that everybody reads."""
    return _send(_published(number), "reattaching.send_another")


def _send(said: Comment, endpoint: str) -> ResponseReturnValue:
    now_there, blob = text_now(said)
    form = _form(said)
    if form.validate_on_submit() and not form.asks(known="\n".join(now_there.sections.values())):
        titles = {anchor(title): title for title in now_there.sections}
        chosen = form.rubrique.data or ""
        try:
            if chosen != WHOLE and chosen not in titles:
                raise Invalid(N_("Choisissez une rubrique de la liste."), field="rubrique")
            reattach(
                said,
                now_there,
                blob=blob,
                section=titles.get(chosen, ""),
                passage=form.citation.data or "",
                by=signed_in(),
                at=now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("La contribution est rattachée. Ce dont elle parlait d’abord reste écrit à côté."), "good")
            return redirect(address(said), 303)
    return _page(said, form, endpoint), 422


def _page(said: Comment, form: ReattachForm, endpoint: str) -> str:
    return render_template(
        "reattaching/page.html",
        voice=voice_of(said),
        said=said,
        form=form,
        wording=text_now(said)[0],
        endpoint=endpoint,
    )


def _form(said: Comment) -> ReattachForm:
    form = ReattachForm()
    sections = text_now(said)[0].sections
    whole = [(WHOLE, _("Tout le texte"))] if said.replacement is None else []
    form.rubrique.choices = choices(
        [*whole, *((anchor(title), title.replace("'", "’")) for title, body in sections.items() if body)]
    )
    return form


def _mine(number: int) -> Comment:
    """One's own words whose place has gone. Somebody else's do not exist. Raises Unknown."""
    found = queries.comment_or_none(number)
    if found is None or found.author_id != signed_in().id or found.closed_at is not None:
        raise Unknown(N_("Cette contribution n’existe pas."))
    return _lost(found)


def _published(number: int) -> Comment:
    found = queries.comment_or_none(number)
    if found is None or not found.shown:
        raise Unknown(N_("Cette contribution n’existe pas."))
    return _lost(found)


def _lost(said: Comment) -> Comment:
    """Raises Unknown when there is nothing to attach again."""
    if said.id not in lost_words([said]):
        raise Unknown(N_("Les mots dont parle cette contribution sont dans le texte : elle est à sa place."))
    return said
