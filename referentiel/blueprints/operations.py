"""What became of an act whose answer was "we do not know yet": the operation's own page, for who asked for it."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from referentiel.errors import N_, Unknown
from referentiel.journal import queries
from referentiel.journal.models import DONE, REFUSED
from referentiel.permissions import Action
from referentiel.web.guard import requires
from referentiel.web.identity import signed_in
from referentiel.web.numbers import whole_number

blueprint = Blueprint("operations", __name__)


@blueprint.get("/operations/<uuid:id>")
@requires(Action.SEE_OWN_CONTRIBUTIONS)
def page(id: UUID) -> ResponseReturnValue:
    """Done, refused with its reason, or still open. That of somebody else does not exist."""
    operation = queries.operation(str(id))
    if operation is None or operation.by_id != signed_in().id:
        raise Unknown(
            N_("Aucun acte ne porte ce numéro à votre nom. S’il s’agissait d’une signature, rien n’a été enregistré.")
        )
    kind, _, number = operation.subject.partition(":")
    return render_template(
        "operations/page.html",
        operation=operation,
        done=operation.state == DONE,
        refused=operation.state == REFUSED,
        proposal=whole_number(number) if kind == "proposal" else None,
    )
