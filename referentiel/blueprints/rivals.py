"""Two proposals on one text, side by side with the text of today."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from referentiel.blueprints.changed_items import Named, in_edition, named
from referentiel.criteria.paths import corrected_by, is_erratum
from referentiel.errors import N_, Unknown
from referentiel.proposals import queries
from referentiel.proposals.models import Proposal
from referentiel.proposals.queries.rivalries import Reading, Rivalry, rivalry
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
    common, apart = errata_side_by_side(found, other) or rivalry(library(), found.revision, other.revision)
    return render_template(
        "reviewing/rivals.html",
        proposals=(found, other),
        rows=rows,
        sealed=corrected_by(found.path)[0] if is_erratum(found.path) and common else "",
        common=[Common(named(one.path, one.draft), one) for one in common],
        apart=[named(path) for path in apart],
    )


def errata_side_by_side(found: Proposal, other: Proposal) -> tuple[list[Rivalry], list[str]] | None:
    """Two corrections of one text of one edition, beside it; none for other proposals."""
    paths = (found.path, other.path)
    if not all(is_erratum(path) for path in paths) or corrected_by(paths[0]) != corrected_by(paths[1]):
        return None
    shown = in_edition(one for of in (found, other) for one in queries.difference(library(), of.revision))
    first, second = (Reading(one.comparison, frozenset()) for one in shown)
    sealed = shown[0].before
    return ([Rivalry(found.path, sealed, (first, second))], []) if sealed is not None else None


def _other(found: Proposal, rivals: list[int]) -> Proposal:
    """The one that the address names. Raises Unknown."""
    asked = request.args.get("avec")
    chosen = whole_number(asked) if asked else next(iter(rivals), None)
    if asked is None and chosen is None:
        raise Unknown(N_("Aucune autre proposition n’attend une réponse sur ce texte."))
    if chosen is None or chosen == found.id:
        raise Unknown(N_("Choisissez deux propositions différentes."))
    return queries.proposal(chosen)
