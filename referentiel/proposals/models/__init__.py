"""Tables of proposals. Each constraint refuses in SQL what the workflow refuses in Python.

Revisions, decisions' files, signatures and step lines are written once.
"""

from referentiel.proposals.models.columns import kept
from referentiel.proposals.models.decisions import (
    Basis,
    Decision,
    DecisionCollege,
    DecisionFile,
    DecisionState,
    Signature,
)
from referentiel.proposals.models.drafts import Draft
from referentiel.proposals.models.positions import Position
from referentiel.proposals.models.proposals import (
    Credit,
    Proposal,
    ProposalAuthor,
    Revision,
    RevisionFile,
    StepLine,
    Why,
)

__all__ = [
    "Basis",
    "Credit",
    "Decision",
    "DecisionCollege",
    "DecisionFile",
    "DecisionState",
    "Draft",
    "Position",
    "Proposal",
    "ProposalAuthor",
    "Revision",
    "RevisionFile",
    "Signature",
    "StepLine",
    "Why",
    "kept",
]
