"""What an editor decides, as it was typed: its reasons made fit to be kept, the texts that it amends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from referentiel.criteria.changes import ChangeClass, check_class
from referentiel.criteria.document import Document
from referentiel.errors import N_, Invalid
from referentiel.library.library import Library
from referentiel.permissions import College
from referentiel.proposals.actions.examining import judged, tidy
from referentiel.proposals.conditions import Given
from referentiel.proposals.errata import require_sound
from referentiel.proposals.models import DecisionFile, Proposal, RevisionFile
from referentiel.proposals.sheets import LONGEST_REASON
from referentiel.proposals.states import Outcome
from referentiel.proposals.wording import amend


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an editor decides. ``sections`` hold the amended texts of the main item by title, ``more`` those of each
    other file by its path, for an adoption with changes alone.
    """

    outcome: Outcome | None
    reason: str
    plain_reason: str
    silences: Mapping[College, str]
    resume_on: date | None = None
    sections: Mapping[str, str] | None = None
    change_class: ChangeClass | None = None
    asked_college: College | None = None
    more: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def given_by(verdict: Verdict) -> Given:
    """What it brings to the table of steps. Raises :class:`Invalid` on words that cannot be kept."""
    given = judged(verdict.reason, verdict.plain_reason)
    return Given(
        reason=given.reason,
        plain_reason=given.plain_reason,
        outcome=verdict.outcome,
        resume_on=verdict.resume_on if verdict.outcome is Outcome.POSTPONED else None,
        silences={
            college: tidy(why, f"silence_{college.value}", LONGEST_REASON) for college, why in verdict.silences.items()
        },
    )


def amended_by(verdict: Verdict, library: Library, proposal: Proposal) -> list[DecisionFile]:
    """The files of an amended wording, none for any other outcome.

    Raises :class:`Invalid` when it amends nothing, is of another class, or when a corrected text would be left aside.
    """
    if verdict.outcome is None or not verdict.outcome.adopts:
        return []
    files = proposal.revision.in_order
    written = {file.path: _corrected(file, place, verdict) for place, file in enumerate(files)}
    changed = [file for file in files if written[file.path].text != file.text]
    if verdict.outcome is Outcome.ADOPTED:
        if changed:
            raise Invalid(
                N_("Vous avez corrigé le texte : choisissez « Adopter avec des modifications »."), field="outcome"
            )
        return []
    if not changed:
        raise Invalid(N_("Vous n’avez rien modifié : choisissez « Adopter », ou corrigez le texte."), field="changes")
    claimed = verdict.change_class or proposal.change_class
    if proposal.change_class is ChangeClass.TYPO and claimed is not ChangeClass.TYPO:
        raise Invalid(
            N_("Cette proposition corrige des fautes : personne n’en a discuté. Gardez-en une correction."),
            field="change_class",
            way_out=N_("Pour changer plus que des fautes, renvoyez-la à son auteur, ou écrivez une autre proposition."),
        )
    amended = []
    for file in files:
        document, blob = written[file.path], library.blob_id(written[file.path].text)
        before = Document.read(library.text(file.before_blob), file.path) if file.before_blob else None
        if before is not None:
            check_class(claimed, before, document)
        require_sound(library, Document.read(file.text, file.path), document, claimed)
        if blob != file.before_blob:
            amended.append(DecisionFile(path=file.path, before_blob=file.before_blob, text=document.text, blob=blob))
    if not amended:
        raise Invalid(N_("Le texte modifié est celui d’avant : choisissez « Refuser »."), field="changes")
    return amended


def _corrected(file: RevisionFile, place: int, verdict: Verdict) -> Document:
    """One file with its corrections, if any; those of the main one are at the head of the verdict."""
    typed = verdict.more.get(file.path) if place else verdict.sections
    return amend(Document.read(file.text, file.path), typed or {}, file.path, place)
