"""The closed lists of a proposal's life, with the words that the screen shows."""

from enum import StrEnum

from referentiel.criteria.vocabulary import Labelled
from referentiel.errors import N_


class State(Labelled):
    """Where a proposal is. A draft is a row of its own, seen by its author alone."""

    DRAFT = "draft", N_("Brouillon")
    SUBMITTED = "submitted", N_("Déposée")
    TO_COMPLETE = "to_complete", N_("À compléter")
    INADMISSIBLE = "inadmissible", N_("Irrecevable")
    IN_DISCUSSION = "in_discussion", N_("En discussion")
    IN_DECISION = "in_decision", N_("En décision")
    ADOPTED = "adopted", N_("Adoptée")
    ADOPTED_WITH_CHANGES = "adopted_with_changes", N_("Adoptée avec des modifications")
    REFUSED = "refused", N_("Refusée")
    POSTPONED = "postponed", N_("Reportée")
    MERGED_INTO = "merged_into", N_("Réunie avec une autre")
    WITHDRAWN = "withdrawn", N_("Retirée")


DECIDED = frozenset({State.ADOPTED, State.ADOPTED_WITH_CHANGES, State.REFUSED, State.POSTPONED})
OPEN = frozenset({State.SUBMITTED, State.TO_COMPLETE, State.IN_DISCUSSION})
# Nothing leads out of these.
CLOSED = frozenset({State.ADOPTED, State.ADOPTED_WITH_CHANGES, State.REFUSED, State.MERGED_INTO, State.WITHDRAWN})


class Outcome(Labelled):
    """What a decision says; each value is also the state that it leads to."""

    ADOPTED = "adopted", N_("Adopter")
    ADOPTED_WITH_CHANGES = "adopted_with_changes", N_("Adopter avec des modifications")
    REFUSED = "refused", N_("Refuser")
    POSTPONED = "postponed", N_("Reporter")

    @property
    def adopts(self) -> bool:
        """True when the text changes."""
        return self in (Outcome.ADOPTED, Outcome.ADOPTED_WITH_CHANGES)

    @property
    def state(self) -> State:
        return State(self.value)


class Step(Labelled):
    """A step of the table; the value is also the action of the permission table, the label is the button."""

    SUBMIT = "submit", N_("Envoyer la proposition")
    ADMIT = "admit", N_("Ouvrir la discussion")
    ASK_COMPLETION = "ask_completion", N_("Demander de compléter")
    DECLARE_INADMISSIBLE = "declare_inadmissible", N_("Déclarer irrecevable")
    RESUBMIT = "resubmit", N_("Compléter et renvoyer")
    APPEAL = "appeal", N_("Demander un second regard")
    REVISE = "revise", N_("Écrire une nouvelle rédaction")
    PROPOSE_DECISION = "propose_decision", N_("Préparer la décision")
    SEND_BACK = "send_back", N_("Renvoyer en discussion")
    SIGN = "sign", N_("Lire et signer")
    RESUME = "resume", N_("Reprendre la discussion")
    MERGE_INTO = "merge_into", N_("Réunir avec une autre")
    WITHDRAW = "withdraw", N_("Retirer ma proposition")


class ProposalKind(Labelled):
    """The main verb of a proposal, on its main item; it may touch others."""

    MODIFY = "modify", N_("Changer le texte")
    CREATE = "create", N_("Ajouter un texte")
    MOVE = "move", N_("Déplacer")
    MERGE = "merge", N_("Réunir deux critères")
    SPLIT = "split", N_("Scinder un critère")
    WITHDRAW = "withdraw", N_("Retirer")
    RESTORE = "restore", N_("Rétablir")
    ERRATUM = "erratum", N_("Corriger une édition")


class ItemVerb(Labelled):
    """What a proposal does to one item."""

    MODIFY = "modify", N_("Changer le texte")
    CREATE = "create", N_("Ajouter un texte")
    MOVE = "move", N_("Déplacer")
    WITHDRAW = "withdraw", N_("Retirer")
    RESTORE = "restore", N_("Rétablir")


class Stance(Labelled):
    """One person's position on one wording."""

    FAVOURABLE = "favourable", N_("Favorable")
    RESERVED = "reserved", N_("Réservé")
    UNFAVOURABLE = "unfavourable", N_("Défavorable")


class Stage(StrEnum):
    """What time makes worth saying: ``last_days`` of the discussion, discussion ``over``, answer promised for ``soon``,
    answer ``late``.
    """

    LAST_DAYS = "last_days"
    OVER = "over"
    SOON = "soon"
    LATE = "late"
