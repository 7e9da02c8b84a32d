"""What the events of the audit are called, and in which role each is done: one table, for whoever shows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from referentiel.errors import N_
from referentiel.permissions import Role

_ADMINISTRATION, _EDITION, _ANIMATION = Role.ADMINISTRATOR, Role.EDITOR, Role.FACILITATOR
_PUBLICATION, _PARTICIPATION = Role.PUBLISHER, Role.PARTICIPANT


@dataclass(frozen=True, slots=True)
class Event:
    """``role`` is the one in which it is done; none: by the site itself, at its console, or in several roles."""

    label: str
    role: Role | None


EVENTS: Mapping[str, Event] = {
    "person.invited": Event(N_("Invitation envoyée"), _ADMINISTRATION),
    "person.joined": Event(N_("Invitation acceptée"), _PARTICIPATION),
    "person.roles_given": Event(N_("Rôles changés"), _ADMINISTRATION),
    "person.suspended": Event(N_("Compte suspendu"), _ADMINISTRATION),
    "person.reinstated": Event(N_("Compte rouvert"), _ADMINISTRATION),
    "person.merged": Event(N_("Deux comptes réunis"), _ADMINISTRATION),
    "person.erased": Event(N_("Compte effacé"), None),
    "person.email_changed": Event(N_("Adresse e-mail changée"), _PARTICIPATION),
    "person.identity_linked": Event(N_("Compte relié à un fournisseur d’identité"), _PARTICIPATION),
    "person.structure_confirmed": Event(N_("Structure confirmée"), _PARTICIPATION),
    "second_factor.enrolled": Event(N_("Téléphone associé"), _PARTICIPATION),
    "second_factor.reset": Event(N_("Téléphone oublié"), None),
    "second_factor.spare_code_used": Event(N_("Code de secours utilisé"), _PARTICIPATION),
    "second_factor.spare_codes_made": Event(N_("Codes de secours faits"), _PARTICIPATION),
    "structure.added": Event(N_("Structure ajoutée"), _ADMINISTRATION),
    "structure.edited": Event(N_("Structure modifiée"), _ADMINISTRATION),
    "structure.merged": Event(N_("Deux structures réunies"), _ADMINISTRATION),
    "structure.deleted": Event(N_("Structure supprimée"), _ADMINISTRATION),
    "structure.asked": Event(N_("Changement de structure demandé"), _PARTICIPATION),
    "structure.granted": Event(N_("Changement de structure accepté"), _ADMINISTRATION),
    "structure.refused": Event(N_("Changement de structure refusé"), _ADMINISTRATION),
    "territory.added": Event(N_("Bassin d’emploi ajouté"), _ADMINISTRATION),
    "territory.deleted": Event(N_("Bassin d’emploi retiré"), _ADMINISTRATION),
    "cards.printed": Event(N_("Cartes imprimées"), _ANIMATION),
    "archive.written": Event(N_("Archive écrite avant un effacement"), None),
    "audit.purged": Event(N_("Lignes anciennes du journal effacées"), None),
    "workshop.opened": Event(N_("Séance ouverte"), _ANIMATION),
    "workshop.agreed": Event(N_("Séance acceptée par un autre collège"), _ANIMATION),
    "workshop.cards_printed": Event(N_("Cartes d’une séance imprimées"), _ANIMATION),
    "workshop.seats_raised": Event(N_("Places d’une séance ajoutées"), _ANIMATION),
    "workshop.seats_asked": Event(N_("Places d’une séance demandées"), _ANIMATION),
    "workshop.seats_declined": Event(N_("Places d’une séance refusées par un autre collège"), _ANIMATION),
    "workshop.closed": Event(N_("Séance fermée"), _ANIMATION),
    "comment.published": Event(N_("Contribution publiée"), _EDITION),
    "comment.removed": Event(N_("Contribution écartée"), _EDITION),
    "comment.appeal_published": Event(N_("Contribution rétablie après une deuxième lecture"), _EDITION),
    "comment.appeal_removed": Event(N_("Contribution écartée après une deuxième lecture"), _EDITION),
    "comment.appealed": Event(N_("Contribution : deuxième lecture demandée"), _PARTICIPATION),
    "comment.reported": Event(N_("Contribution publiée : nouvelle lecture demandée"), _EDITION),
    "comment.left": Event(N_("Contribution relue et laissée publiée"), _EDITION),
    "comment.reattached": Event(N_("Contribution rattachée à d’autres mots"), None),
    "comment.erased": Event(N_("Contribution effacée"), None),
    "proposal.submit": Event(N_("Proposition déposée"), _PARTICIPATION),
    "proposal.resubmit": Event(N_("Proposition complétée"), _PARTICIPATION),
    "proposal.revise": Event(N_("Nouvelle rédaction"), _PARTICIPATION),
    "proposal.appeal": Event(N_("Second regard demandé"), _PARTICIPATION),
    "proposal.withdraw": Event(N_("Proposition retirée"), _PARTICIPATION),
    "proposal.admit": Event(N_("Discussion ouverte"), _EDITION),
    "proposal.ask_completion": Event(N_("Complément demandé"), _EDITION),
    "proposal.declare_inadmissible": Event(N_("Proposition déclarée irrecevable"), _EDITION),
    "proposal.propose_decision": Event(N_("Décision préparée et signée"), _EDITION),
    "proposal.send_back": Event(N_("Proposition renvoyée en discussion"), _EDITION),
    "proposal.sign": Event(N_("Décision signée une seconde fois"), _EDITION),
    "proposal.resume": Event(N_("Discussion reprise"), None),
    "proposal.merge_into": Event(N_("Propositions réunies"), _EDITION),
    "proposal.credited": Event(N_("Contribution reprise dans une proposition"), _PARTICIPATION),
    "decision.amendment_answered": Event(N_("Réponse à un texte modifié"), _PARTICIPATION),
    "operation.done": Event(N_("Écriture faite dans la bibliothèque"), None),
    "operation.refused": Event(N_("Écriture refusée dans la bibliothèque"), None),
    "operation.restored": Event(N_("Écriture retrouvée dans la bibliothèque"), None),
    "edition.announced": Event(N_("Édition annoncée"), _PUBLICATION),
    "edition.carried_over": Event(N_("Proposition reportée à une autre édition"), _PUBLICATION),
    "edition.prepared": Event(N_("Édition préparée"), _PUBLICATION),
    "edition.confirmed": Event(N_("Édition confirmée"), _PUBLICATION),
    "edition.sealed": Event(N_("Édition scellée"), None),
    "edition.failed": Event(N_("Édition à préparer de nouveau"), None),
}


def label(event: str) -> str:
    """What an event is called; one that has no name yet is shown as it is written."""
    return EVENTS[event].label if event in EVENTS else event
