"""Two readings of what both the text and a proposal changed: shown to a person, without conflict markers."""

from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _

from referentiel.criteria.comparison import Comparison, compare
from referentiel.criteria.document import Document
from referentiel.criteria.merging import KEY, SECTION, Collision
from referentiel.criteria.vocabulary import key_label
from referentiel.proposals.models import Proposal
from referentiel.proposals.offers import offered
from referentiel.proposals.standing import standing
from referentiel.proposals.states import State
from referentiel.web.identity import person
from referentiel.web.stores import library


@dataclass(frozen=True, slots=True)
class Clash:
    """A part that both the text and the proposal changed: each side against the text that they started from."""

    name: str
    draft: Comparison
    proposed: Comparison


def collision_page(found: Proposal) -> str:
    files = library().files(library().head())
    (file,) = found.revision.files
    stands = standing(library(), file, files)
    who = person()
    mine = who is not None and who.id in found.author_ids
    merged = offered(library(), file, files) if stands.collisions else None
    return render_template(
        "deciding/collision.html",
        proposal=found,
        standing=stands,
        clashes=[_clash(one) for one in stands.collisions],
        carried=[_part_name(part) for part in stands.carried],
        merged=merged,
        merged_sections=[
            (title, merged.section(title))
            for title in (c.part.removeprefix(SECTION) for c in stands.collisions if c.part.startswith(SECTION))
        ]
        if merged is not None
        else [],
        can_write=mine and found.state in (State.IN_DISCUSSION, State.TO_COMPLETE),
    )


def _clash(collision: Collision) -> Clash:
    base = _part(collision, collision.base)
    return Clash(
        _part_name(collision.part),
        compare(base, _part(collision, collision.draft)),
        compare(base, _part(collision, collision.proposed)),
    )


def _part(collision: Collision, text: str | None) -> Document:
    """One part alone, as a document that can be compared."""
    if collision.part.startswith(KEY):
        return Document.make({collision.part.removeprefix(KEY): text or ""}, {})
    return Document.make({}, {_part_name(collision.part): text or ""})


def _part_name(part: str) -> str:
    if part.startswith(KEY):
        return str(_(key_label(part.removeprefix(KEY))))
    return part.removeprefix(SECTION) or str(_("Le texte entier"))
