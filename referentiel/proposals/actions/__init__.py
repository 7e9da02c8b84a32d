"""The verbs of a proposal. Each says who (``by``) and when (``at``, aware UTC), checks, changes and commits."""

from referentiel.proposals.actions.crediting import apply_suggestion
from referentiel.proposals.actions.deciding import answer_amendment, propose_decision, send_back
from referentiel.proposals.actions.drafting import discard_draft, save_draft
from referentiel.proposals.actions.examining import (
    admit,
    appeal,
    ask_completion,
    declare_inadmissible,
    merge_into,
    resume,
    resume_due,
    withdraw,
)
from referentiel.proposals.actions.reminding import remind
from referentiel.proposals.actions.signing import sign
from referentiel.proposals.actions.speaking import take_position
from referentiel.proposals.actions.verdicts import Verdict
from referentiel.proposals.actions.writing_up import resubmit, revise, submit

__all__ = [
    "Verdict",
    "admit",
    "answer_amendment",
    "appeal",
    "apply_suggestion",
    "ask_completion",
    "declare_inadmissible",
    "discard_draft",
    "merge_into",
    "propose_decision",
    "remind",
    "resubmit",
    "resume",
    "resume_due",
    "revise",
    "save_draft",
    "send_back",
    "sign",
    "submit",
    "take_position",
    "withdraw",
]
