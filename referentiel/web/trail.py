"""The audit as an administrator reads it: what was done, to what, when, by whom or in which role.

Nothing personal about employees: an account that was opened with a card is its college, on a day rounded to its month.
A professional is their account as it is today, so that an erased one has no name here either.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import select

from referentiel.database import session
from referentiel.errors import N_
from referentiel.journal.models import AuditLine
from referentiel.journal.queries import audit_page
from referentiel.people.models import Person, Structure
from referentiel.permissions import Role

FAMILIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "comptes": (N_("Les comptes et les rôles"), ("person", "second_factor", "invitation")),
    "structures": (N_("Les structures et les territoires"), ("structure", "territory")),
    "seances": (N_("Les séances et les cartes"), ("workshop", "cards", "tablet")),
    "moderation": (N_("La modération"), ("comment",)),
    "propositions": (N_("Les propositions et les décisions"), ("proposal", "decision", "operation")),
    "editions": (N_("Les éditions"), ("edition",)),
}

_ADMINISTRATION, _EDITION, _ANIMATION = Role.ADMINISTRATOR, Role.EDITOR, Role.FACILITATOR
_PUBLICATION, _PARTICIPATION = Role.PUBLISHER, Role.PARTICIPANT

EVENTS: Mapping[str, tuple[str, Role | None]] = {
    "person.invited": (N_("Invitation envoyée"), _ADMINISTRATION),
    "person.joined": (N_("Invitation acceptée"), _PARTICIPATION),
    "person.roles_given": (N_("Rôles changés"), _ADMINISTRATION),
    "person.suspended": (N_("Compte suspendu"), _ADMINISTRATION),
    "person.reinstated": (N_("Compte rouvert"), _ADMINISTRATION),
    "person.merged": (N_("Deux comptes réunis"), _ADMINISTRATION),
    "person.erased": (N_("Compte effacé"), None),
    "person.email_changed": (N_("Adresse e-mail changée"), _PARTICIPATION),
    "person.identity_linked": (N_("Compte relié à un fournisseur d’identité"), _PARTICIPATION),
    "person.structure_confirmed": (N_("Structure confirmée"), _PARTICIPATION),
    "second_factor.enrolled": (N_("Téléphone associé"), _PARTICIPATION),
    "second_factor.reset": (N_("Téléphone oublié"), None),
    "second_factor.spare_code_used": (N_("Code de secours utilisé"), _PARTICIPATION),
    "second_factor.spare_codes_made": (N_("Codes de secours faits"), _PARTICIPATION),
    "structure.added": (N_("Structure ajoutée"), _ADMINISTRATION),
    "structure.edited": (N_("Structure modifiée"), _ADMINISTRATION),
    "structure.merged": (N_("Deux structures réunies"), _ADMINISTRATION),
    "structure.deleted": (N_("Structure supprimée"), _ADMINISTRATION),
    "structure.asked": (N_("Changement de structure demandé"), _PARTICIPATION),
    "structure.granted": (N_("Changement de structure accepté"), _ADMINISTRATION),
    "structure.refused": (N_("Changement de structure refusé"), _ADMINISTRATION),
    "territory.added": (N_("Bassin d’emploi ajouté"), _ADMINISTRATION),
    "territory.deleted": (N_("Bassin d’emploi retiré"), _ADMINISTRATION),
    "cards.printed": (N_("Cartes imprimées"), _ANIMATION),
    "workshop.opened": (N_("Séance ouverte"), _ANIMATION),
    "workshop.confirmed": (N_("Séance acceptée par un autre collège"), _ANIMATION),
    "workshop.closed": (N_("Séance fermée"), _ANIMATION),
    "comment.published": (N_("Contribution publiée"), _EDITION),
    "comment.removed": (N_("Contribution écartée"), _EDITION),
    "comment.appealed": (N_("Contribution : second regard demandé"), _PARTICIPATION),
    "comment.erased": (N_("Contribution effacée"), None),
    "proposal.submit": (N_("Proposition déposée"), _PARTICIPATION),
    "proposal.resubmit": (N_("Proposition complétée"), _PARTICIPATION),
    "proposal.revise": (N_("Nouvelle rédaction"), _PARTICIPATION),
    "proposal.appeal": (N_("Second regard demandé"), _PARTICIPATION),
    "proposal.withdraw": (N_("Proposition retirée"), _PARTICIPATION),
    "proposal.admit": (N_("Discussion ouverte"), _EDITION),
    "proposal.ask_completion": (N_("Complément demandé"), _EDITION),
    "proposal.declare_inadmissible": (N_("Proposition déclarée irrecevable"), _EDITION),
    "proposal.propose_decision": (N_("Décision préparée et signée"), _EDITION),
    "proposal.send_back": (N_("Proposition renvoyée en discussion"), _EDITION),
    "proposal.sign": (N_("Décision signée une seconde fois"), _EDITION),
    "proposal.resume": (N_("Discussion reprise"), None),
    "proposal.merge_into": (N_("Propositions réunies"), _EDITION),
    "decision.amendment_answered": (N_("Réponse à un texte modifié"), _PARTICIPATION),
    "operation.done": (N_("Écriture faite dans la bibliothèque"), None),
    "operation.refused": (N_("Écriture refusée dans la bibliothèque"), None),
    "operation.restored": (N_("Écriture retrouvée dans la bibliothèque"), None),
    "edition.announced": (N_("Édition annoncée"), _PUBLICATION),
    "edition.carried_over": (N_("Proposition reportée à une autre édition"), _PUBLICATION),
    "edition.prepared": (N_("Édition préparée"), _PUBLICATION),
    "edition.confirmed": (N_("Édition confirmée"), _PUBLICATION),
    "edition.sealed": (N_("Édition scellée"), None),
    "edition.failed": (N_("Édition à préparer de nouveau"), None),
}
"""What each event is called, and in which role it is done; none: by the site itself, or by several roles"""

ADDRESSES: Mapping[str, str] = {
    "proposal": "/propositions/%s",
    "structure": "/administration/structures/%s",
    "person": "/administration/personnes/%s",
}
SUBJECTS: Mapping[str, str] = {
    "person": N_("un compte"),
    "invitation": N_("une invitation"),
    "structure": N_("une structure"),
    "territory": N_("un territoire"),
    "workshop": N_("une séance"),
    "college": N_("un collège"),
    "comment": N_("une contribution"),
    "proposal": N_("une proposition"),
    "decision": N_("une décision"),
    "edition": N_("une édition"),
    "edition-plan": N_("l’édition à venir"),
}


@dataclass(frozen=True)
class Who:
    """Somebody or something, as the journal may name it; ``address`` leads to it when there is a page for it."""

    name: str
    address: str = ""


@dataclass(frozen=True)
class Line:
    """One act. ``at`` is None when only its ``month`` may be told."""

    seq: int
    at: datetime | None
    month: datetime
    event: str
    subject: Who
    by: Who
    role: Role | None


def lines(family: str = "", *, limit: int, offset: int) -> tuple[tuple[Line, ...], int]:
    """One page of the journal, newest first, and how many lines there are. Four statements."""
    rows, count = audit_page(FAMILIES[family][1] if family in FAMILIES else (), limit=limit, offset=offset)
    people = _people({row.by_id for row in rows if row.by_id} | _numbers(rows, "person"))
    structures = _structures(_numbers(rows, "structure"))
    return tuple(_line(row, people, structures) for row in rows), count


def families() -> list[tuple[str, str]]:
    """The families, for a list."""
    return [(key, gettext(label)) for key, (label, _) in FAMILIES.items()]


def event_label(event: str) -> str:
    """What an event is called; one that has no name yet is shown as it is written."""
    return gettext(EVENTS[event][0]) if event in EVENTS else event


def _line(row: AuditLine, people: Mapping[int, Person], structures: Mapping[int, str]) -> Line:
    by = people.get(row.by_id) if row.by_id else None
    hidden = _came_with_a_card(by)
    return Line(
        seq=row.seq,
        at=None if hidden else row.at,
        month=row.at,
        event=event_label(row.event),
        subject=_subject(row, people, structures, hidden=hidden),
        by=_who(by) if row.by_id else Who(gettext("le site, ou sa console")),
        role=EVENTS[row.event][1] if row.event in EVENTS and row.by_id else None,
    )


def _subject(row: AuditLine, people: Mapping[int, Person], structures: Mapping[int, str], *, hidden: bool) -> Who:
    kind, _, key = row.subject.partition(":")
    number = int(key) if key.isascii() and key.isdigit() else 0
    if kind == "person":
        return _who(people.get(number))
    if kind == "structure" and number in structures:
        return Who(structures[number], ADDRESSES[kind] % number)
    words = gettext(SUBJECTS[kind]) if kind in SUBJECTS else row.subject
    if kind == "comment" or (hidden and kind != "proposal"):
        return Who(words)
    return Who(f"{words} {key}" if kind in SUBJECTS else words, ADDRESSES[kind] % key if kind == "proposal" else "")


def _who(person: Person | None) -> Who:
    """A professional by the name of their account; anybody else by their college."""
    if person is None:
        return Who(gettext("un compte qui n’existe plus"))
    if person.erased_at is not None:
        return Who(gettext("un compte fermé"))
    if _came_with_a_card(person):
        return Who(gettext("un compte ouvert avec une carte"))
    return Who(person.shown_name, ADDRESSES["person"] % person.id)


def _came_with_a_card(person: Person | None) -> bool:
    return person is not None and person.email is None


def _numbers(rows: Sequence[AuditLine], kind: str) -> set[int]:
    keys = [row.subject.removeprefix(f"{kind}:") for row in rows if row.subject.startswith(f"{kind}:")]
    return {int(key) for key in keys if key.isascii() and key.isdigit()}


def _people(numbers: Collection[int]) -> Mapping[int, Person]:
    return {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(numbers)))}


def _structures(numbers: Collection[int]) -> Mapping[int, str]:
    return {row.id: row.name for row in session.scalars(select(Structure).where(Structure.id.in_(numbers)))}
