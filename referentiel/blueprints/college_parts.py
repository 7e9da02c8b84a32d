"""What the colleges said of a proposal, in the words and in the JSON of its pages; the form of one's own position."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from referentiel.permissions import College
from referentiel.proposals import queries
from referentiel.proposals.figures import Said
from referentiel.proposals.hearing import Reach
from referentiel.proposals.models import Proposal
from referentiel.proposals.states import Stance
from referentiel.web.choices import choices
from referentiel.web.clock import now
from referentiel.web.forms import Form
from referentiel.web.stores import settings

LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"


class PositionForm(Form):
    revision = HiddenField()
    stance = RadioField(
        lazy("Votre avis sur cette rédaction"),
        [InputRequired()],
        choices=choices([(stance.value, lazy(stance.label)) for stance in Stance]),
    )


@dataclass(frozen=True, slots=True)
class Matrix:
    """The four colleges side by side; ``why`` says of each, in one sentence, why it is heard or not yet."""

    rows: tuple[Said, ...]
    why: Mapping[College, str]


def matrix_of(proposal: Proposal) -> Matrix:
    here = settings()
    rows = queries.matrix(
        proposal, at=now(), people=here.heard_people, structures=here.heard_structures, smallest=here.small_group
    )
    return Matrix(rows, {row.college: why(row, here.heard_people, here.heard_structures) for row in rows})


def why(row: Said, people: int, structures: int) -> str:
    """Why a college is heard or not, for who reads the page and for who reads the figures alike."""
    if row.reach is Reach.NOBODY:
        said = _("Personne n’a encore parlé : il faut %(people)s personnes.", people=people)
    elif row.people is None or row.structures is None:
        said = _hidden(row, people, structures)
    else:
        spoke = ngettext("%(num)d personne a parlé", "%(num)d personnes ont parlé", row.people)
        places = ngettext("%(num)d structure", "%(num)d structures", row.structures)
        said = {
            Reach.FEW_PEOPLE: _("%(spoke)s : il en faut %(people)s.", spoke=spoke, people=people),
            Reach.FEW_STRUCTURES: _(
                "%(spoke)s, de %(places)s : il faut %(wanted)s structures.",
                spoke=spoke,
                places=places,
                wanted=structures,
            ),
            Reach.ENOUGH: _("%(spoke)s, de %(places)s : c’est assez.", spoke=spoke, places=places),
        }[row.reach]
    return str(said)


def _hidden(row: Said, people: int, structures: int) -> str:
    """Of employees, never how many."""
    if row.reach is Reach.FEW_PEOPLE:
        said = _("Moins de %(people)s personnes ont parlé.", people=people)
    elif row.reach is Reach.FEW_STRUCTURES:
        said = _("Assez de personnes ont parlé, mais il faut %(wanted)s structures.", wanted=structures)
    else:
        said = _(
            "Au moins %(people)s personnes ont parlé, de %(wanted)s structures ou plus : c’est assez.",
            people=people,
            wanted=structures,
        )
    return str(said)


def as_json(proposal: Proposal, matrix: Matrix) -> Mapping[str, Any]:
    """The matrix as open data: what the page shows, and nothing more."""
    here = settings()
    return {
        "proposal": proposal.id,
        "revision": proposal.revision_number,
        "state": proposal.state.value,
        "window_ends": proposal.window_ends.isoformat() if proposal.window_ends else None,
        "decision_due": proposal.decision_due.isoformat(),
        "wanted": {"people": here.heard_people, "structures": here.heard_structures},
        "hidden_under": here.small_group,
        "licence": LICENCE,
        "colleges": [
            {
                "college": row.college.value,
                "label": row.college.label,
                "founding": row.founding,
                "favourable": row.favourable,
                "reserved": row.reserved,
                "unfavourable": row.unfavourable,
                "few": row.few,
                "older": row.older,
                "counted_before": row.until.isoformat() if row.until else None,
                "people": row.people,
                "structures": row.structures,
                "heard": row.heard,
                "reach": row.reach.value,
                "why": matrix.why[row.college],
            }
            for row in matrix.rows
        ],
    }
