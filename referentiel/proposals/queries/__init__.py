"""What pages show of proposals. Each query says how many statements it sends; none grows with the rows."""

from referentiel.proposals.door import under_way
from referentiel.proposals.figures import CollegePositions
from referentiel.proposals.queries.citations import cited_in_draft
from referentiel.proposals.queries.decisions import (
    days_of_decisions,
    decision,
    decision_under_way,
    decisions,
    last_decision,
    latest_decisions,
    numbers,
    written,
)
from referentiel.proposals.queries.desks import Desk, Task, desk
from referentiel.proposals.queries.differences import (
    FileDifference,
    difference,
    difference_between,
    difference_of_decision,
)
from referentiel.proposals.queries.hearings import heard, heard_in_public, heard_many
from referentiel.proposals.queries.listings import (
    Filters,
    Page,
    Row,
    all_numbers,
    listing,
    numbered,
    on_item,
    open_count,
    rivals,
)
from referentiel.proposals.queries.matrices import matrix
from referentiel.proposals.queries.outcomes import Change, Followed, followed, last_decisions
from referentiel.proposals.queries.own_positions import OwnPosition, own_position, own_positions, to_ask_again
from referentiel.proposals.queries.positions import positions, positions_many
from referentiel.proposals.queries.proposals import (
    case,
    draft,
    draft_of_form,
    drafts_of,
    proposal,
    revision,
    story,
    written_by,
)
from referentiel.proposals.queries.similar import saying_the_same, touching
from referentiel.proposals.queries.standings import standings

__all__ = [
    "Change",
    "CollegePositions",
    "Desk",
    "FileDifference",
    "Filters",
    "Followed",
    "OwnPosition",
    "Page",
    "Row",
    "Task",
    "all_numbers",
    "case",
    "cited_in_draft",
    "days_of_decisions",
    "decision",
    "decision_under_way",
    "decisions",
    "desk",
    "difference",
    "difference_between",
    "difference_of_decision",
    "draft",
    "draft_of_form",
    "drafts_of",
    "followed",
    "heard",
    "heard_in_public",
    "heard_many",
    "last_decision",
    "last_decisions",
    "latest_decisions",
    "listing",
    "matrix",
    "numbered",
    "numbers",
    "on_item",
    "open_count",
    "own_position",
    "own_positions",
    "positions",
    "positions_many",
    "proposal",
    "revision",
    "rivals",
    "saying_the_same",
    "standings",
    "story",
    "to_ask_again",
    "touching",
    "under_way",
    "written",
    "written_by",
]
