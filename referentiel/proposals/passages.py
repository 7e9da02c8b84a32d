"""The passages of a proposed wording: what a comment is anchored to, and what applying a suggestion writes. Pure."""

from dataclasses import replace

from referentiel.comments.anchors import Anchor, Target, Wording, find
from referentiel.criteria.document import Document
from referentiel.errors import N_
from referentiel.proposals.conditions import NotNow


def wording_of(number: int, path: str, document: Document) -> Wording:
    """One file of proposal ``number`` as comments are anchored to it."""
    sections = {section.title: section.body for section in document.sections if section.title}
    return Wording(Target.PROPOSAL, str(number), sections, path)


def rewritten(suggested: Anchor, replacement: str, now: Wording) -> tuple[str, str]:
    """The section that a suggestion changes, and its new body: the passage replaced, every other letter as it was.

    Raises :class:`NotNow` with the reason: the wording says it already, the passage has gone, or it stands there
    several times and nothing tells which.
    """
    place = find(suggested, now)
    if place is None:
        raise _outdated(suggested, replacement, now)
    body = now.sections[place.section]
    if _says_it_already(suggested.quotation, replacement, body, place.start):
        raise _already_said()
    return place.section, body[: place.start] + replacement + body[place.end :]


def _outdated(suggested: Anchor, replacement: str, now: Wording) -> NotNow:
    if find(replace(suggested, quotation=replacement), now) is not None:
        return _already_said()
    if sum(body.count(suggested.quotation) for body in now.sections.values()) > 1:
        return NotNow(
            N_("Le passage se trouve plusieurs fois dans la rédaction : on ne sait plus lequel est à remplacer."),
            way_out=N_("Écrivez vous-même une nouvelle rédaction, en reprenant ces mots."),
        )
    return NotNow(
        N_("Cette suggestion est dépassée : le passage qu’elle remplace n’est plus dans la rédaction."),
        way_out=N_("Écrivez vous-même une nouvelle rédaction, ou demandez une nouvelle suggestion."),
    )


def _already_said() -> NotNow:
    return NotNow(
        N_("La rédaction dit déjà ce que cette suggestion demande : il n’y a rien à changer."),
        way_out=N_("Répondez à la contribution pour le dire à la personne."),
    )


def _says_it_already(quotation: str, replacement: str, body: str, start: int) -> bool:
    """« un mois » suggested to become « un mois entier » where « un mois entier » stands already."""
    offset = replacement.find(quotation)
    while offset >= 0:
        if start >= offset and body.startswith(replacement, start - offset):
            return True
        offset = replacement.find(quotation, offset + 1)
    return False
