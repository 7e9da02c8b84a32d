"""Two proposals on one text, side by side with the text of today."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from referentiel.blueprints.changed_items import Named, named
from referentiel.errors import N_, Unknown
from referentiel.proposals import queries
from referentiel.proposals.models import Proposal
from referentiel.proposals.queries.rivalries import Rivalry, rivalry
from referentiel.web.clock import now
from referentiel.web.guard import public
from referentiel.web.numbers import whole_number
from referentiel.web.stores import library

blueprint = Blueprint("rivals", __name__)


@dataclass(frozen=True, slots=True)
class Common:
    """A text that both change, and its name."""

    item: Named
    rivalry: Rivalry


@blueprint.get("/propositions/<int:number>/rivales")
@public
def page(number: int) -> ResponseReturnValue:
    """Three columns: the text of today, this proposal, the other (``?avec=``, or else the latest rival)."""
    found = queries.proposal(number)
    rows = queries.rivals(found, at=now())
    other = _other(found, [row.number for row in rows])
    common, apart = rivalry(library(), found.revision, other.revision)
    return render_template(
        "reviewing/rivals.html",
        proposals=(found, other),
        rows=rows,
        common=[Common(named(one.path, one.draft), one) for one in common],
        apart=[named(path) for path in apart],
    )


def _other(found: Proposal, rivals: list[int]) -> Proposal:
    """The one that the address names. Raises Unknown."""
    asked = request.args.get("avec")
    chosen = whole_number(asked) if asked else next(iter(rivals), None)
    if asked is None and chosen is None:
        raise Unknown(N_("Aucune autre proposition n’attend une réponse sur ce texte."))
    if chosen is None or chosen == found.id:
        raise Unknown(N_("Choisissez deux propositions différentes."))
    return queries.proposal(chosen)
