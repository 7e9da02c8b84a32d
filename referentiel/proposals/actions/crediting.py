"""Taking up what others said: a suggestion applied in one click, a wish made a wording. Both are credited by number."""

from datetime import datetime

from referentiel.comments.anchors import Target
from referentiel.comments.models import Comment
from referentiel.criteria.changes import check_class
from referentiel.criteria.document import Document
from referentiel.database import session, writing
from referentiel.errors import N_, Unknown
from referentiel.journal.actions import audit, post
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import Action, require
from referentiel.proposals.actions.recording import Claim, add_next
from referentiel.proposals.conditions import NotNow
from referentiel.proposals.delays import LAW, Delays
from referentiel.proposals.door import case_of
from referentiel.proposals.errata import require_sound
from referentiel.proposals.models import Credit, Proposal, Revision, RevisionFile, Why
from referentiel.proposals.passages import rewritten, wording_of
from referentiel.proposals.states import Step
from referentiel.proposals.wording import amend
from referentiel.proposals.workflow import check

EVENT = "credit"
"""The kind, in the outbox, of a contribution taken up: its author is told where they want it"""


def apply_suggestion(
    library: Library, proposal: Proposal, number: int, *, by: Person, at: datetime, delays: Delays = LAW
) -> Revision:
    """The next wording of a proposal: the present one, where the passage of suggestion ``number`` says its words.

    All else of the wording stays: base, reason, class, other files. Raises :class:`Unknown` for what is no published
    suggestion on this proposal, :class:`NotNow` when it is applied already, outdated, or says nothing new, and
    :class:`Invalid` when the new text cannot be kept or is no correction of a misprint any more. About 3 ms.
    """
    with writing():
        require(by, Action.APPLY_SUGGESTION, proposal)
        suggested = _suggestion(proposal, number)
        _not_applied_yet(proposal, number)
        check(case_of(proposal, at=at, delays=delays), Step.REVISE, by)
        current = proposal.revision
        path, text = _new_text(library, proposal, current, suggested)
        files = [_file(library, file, text if file.path == path else file.text) for file in current.files]
        revision = add_next(
            proposal,
            Step.REVISE,
            current.base_commit,
            files,
            Claim(current.reason, current.plain_change, current.change_class),
            by=by,
            at=at,
            delays=delays,
        )
        credit(proposal, suggested, Why.SUGGESTION, by=by, at=at)
        session.expire(proposal, ["credits"])
    return revision


def take_up_wish(proposal: Proposal, number: int | None, *, by: Person, at: datetime) -> None:
    """Credit the wish that a proposal starts from; nothing when nobody can read it any more.

    Inside the caller's ``writing()``, once the proposal has its number.
    """
    wished = session.get(Comment, number) if number is not None else None
    if wished is not None and wished.wish and wished.shown:
        credit(proposal, wished, Why.WISH, by=by, at=at)


def credit(proposal: Proposal, said: Comment, why: Why, *, by: Person, at: datetime) -> None:
    """Write the credit, its line in the audit and the message to whoever must be told. Inside ``writing()``."""
    row = Credit(
        proposal_id=proposal.id,
        contribution=said.id,
        college=said.college,
        revision_number=proposal.revision_number,
        why=why,
        at=at,
    )
    session.add(row)
    session.flush()
    details = {"contribution": said.id, "revision": row.revision_number, "why": why.value}
    audit("proposal.credited", f"proposal:{proposal.id}", by_id=by.id, at=at, details=details)
    post(EVENT, {"proposal": proposal.id, "contribution": said.id}, at=at)


def _suggestion(proposal: Proposal, number: int) -> Comment:
    found = session.get(Comment, number, populate_existing=True)
    if found is None or (found.kind, found.key) != (Target.PROPOSAL, str(proposal.id)):
        raise Unknown(N_("Cette suggestion n’existe pas."))
    if not found.shown or found.replacement is None:
        raise Unknown(N_("Cette suggestion n’est pas publiée, ou n’est plus là."))
    return found


def _not_applied_yet(proposal: Proposal, number: int) -> None:
    applied = session.get(Credit, (proposal.id, number))
    if applied is not None:
        raise NotNow(
            N_("Cette suggestion est déjà appliquée : elle est dans la rédaction %(wording)s."),
            way_out=N_("Ouvrez la proposition : la rédaction y est."),
            wording=applied.revision_number,
        )


def _new_text(library: Library, proposal: Proposal, current: Revision, suggested: Comment) -> tuple[str, str]:
    """The file that the suggestion changes, and its text."""
    file = next((file for file in current.files if file.path == suggested.path), None)
    if file is None:
        raise NotNow(
            N_("Cette suggestion est dépassée : la rédaction ne touche plus ce texte."),
            way_out=N_("Écrivez vous-même une nouvelle rédaction, ou demandez une nouvelle suggestion."),
        )
    document = Document.read(file.text, file.path)
    now = wording_of(proposal.id, file.path, document)
    section, body = rewritten(suggested.anchor, suggested.replacement or "", now)
    after = amend(document, {section: body}, file.path)
    if after.text == file.text:
        raise NotNow(N_("Cette suggestion est vide : le texte resterait le même."))
    if file.before_blob is not None:
        before = Document.read(library.text(file.before_blob), file.path)
        if after.text == before.text:
            raise NotNow(
                N_("Avec cette suggestion, la rédaction ne changerait plus rien au texte."),
                way_out=N_("Retirez votre proposition, ou écrivez une autre rédaction."),
            )
        check_class(current.change_class, before, after)
    require_sound(library, document, after, current.change_class)
    return file.path, after.text


def _file(library: Library, file: RevisionFile, text: str) -> RevisionFile:
    return RevisionFile(path=file.path, before_blob=file.before_blob, text=text, blob=library.blob_id(text))
