"""What becomes of somebody's proposals when their account goes. Inside the caller's ``writing()``.

A decision and the wording that it is about are a public act: they stay, with the number of an empty account. What was
never decided is in SQL alone, and can go. An erased author counts as having let every delay pass.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from referentiel.criteria.document import Document
from referentiel.criteria.vocabulary import SECTIONS
from referentiel.database import session
from referentiel.errors import N_
from referentiel.journal.models import REFUSED, Operation
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.proposals.conditions import Given
from referentiel.proposals.door import Hand, log, under_way
from referentiel.proposals.freezing import keep_month, spoken_of_by
from referentiel.proposals.models import (
    Decision,
    DecisionFile,
    DecisionState,
    Draft,
    Proposal,
    ProposalAuthor,
    Revision,
    RevisionFile,
    StepLine,
)
from referentiel.proposals.states import OPEN, State, Step

GONE = N_("Texte effacé à la demande de la personne qui l’a écrit")
WAITING = OPEN | {State.INADMISSIBLE, State.IN_DECISION}
NEVER_DECIDED = frozenset({State.INADMISSIBLE, State.MERGED_INTO, State.WITHDRAWN})
THEIR_STEPS = (Step.SUBMIT, Step.RESUBMIT, Step.REVISE, Step.APPEAL, Step.WITHDRAW)


def forget_author(library: Library, person: Person, *, at: datetime, words: bool) -> None:
    """Delete drafts; withdraw what nobody else could go on with; with ``words``, empty what was never decided.

    A proposal to complete is withdrawn, for nobody else can complete it. The others go on without their author,
    unless ``words``. To be called before the account itself is emptied.
    """
    keep_month(spoken_of_by(person.id), at=at)
    session.execute(delete(Draft).where(Draft.author_id == person.id))
    for proposal in _alone_on(person):
        if proposal.state is State.TO_COMPLETE or (words and proposal.state in WAITING):
            _withdraw(proposal, Hand(person.id, person.college), at)
        if words and proposal.state in NEVER_DECIDED:
            session.flush()
            _empty(library, proposal)
    if words:
        _empty_own_lines(person)
    session.expire_all()


def _alone_on(person: Person) -> Sequence[Proposal]:
    """The proposals that this person wrote, without those that a living co-author answers for too."""
    mine = select(ProposalAuthor.proposal_id).where(ProposalAuthor.person_id == person.id)
    found = session.scalars(select(Proposal).where(Proposal.id.in_(mine)).order_by(Proposal.id)).all()
    return [proposal for proposal in found if not proposal.author_ids - {person.id}]


def _withdraw(proposal: Proposal, by: Hand, at: datetime) -> None:
    decision = under_way(proposal)
    if decision is not None and decision.state is DecisionState.WRITING:
        return
    source, proposal.state = proposal.state, State.WITHDRAWN
    if decision is not None:
        decision.state = DecisionState.VOID
    log(
        proposal,
        Step.WITHDRAW,
        source,
        State.WITHDRAWN,
        Given(),
        by=by,
        at=at,
        decision_id=decision.id if decision else None,
    )


def _empty(library: Library, proposal: Proposal) -> None:
    """Rows written once are emptied by statements of their own; hashes stay, so that what was signed can be told."""
    revisions = select(Revision.id).where(Revision.proposal_id == proposal.id)
    decisions = select(Decision.id).where(Decision.proposal_id == proposal.id)
    for file in session.scalars(select(RevisionFile).where(RevisionFile.revision_id.in_(revisions))):
        where = (RevisionFile.revision_id == file.revision_id, RevisionFile.path == file.path)
        session.execute(update(RevisionFile).where(*where).values(text=_without_words(library, file)))
    for amended in session.scalars(select(DecisionFile).where(DecisionFile.decision_id.in_(decisions))):
        place = (DecisionFile.decision_id == amended.decision_id, DecisionFile.path == amended.path)
        session.execute(update(DecisionFile).where(*place).values(text=_without_words(library, amended)))
    session.execute(update(Revision).where(Revision.proposal_id == proposal.id).values(reason=GONE, plain_change=""))
    session.execute(update(Proposal).where(Proposal.id == proposal.id).values(title=GONE))
    refused = (Operation.subject == f"proposal:{proposal.id}", Operation.state == REFUSED)
    session.execute(update(Operation).where(*refused).values(files=[], message=GONE))


def _empty_own_lines(person: Person) -> None:
    lines = (StepLine.by_id == person.id, StepLine.step.in_(THEIR_STEPS))
    session.execute(update(StepLine).where(*lines).values(reason="", plain_reason=""))
    mine = select(ProposalAuthor.proposal_id).where(ProposalAuthor.person_id == person.id)
    session.execute(update(Decision).where(Decision.proposal_id.in_(mine)).values(author_words=""))


def _without_words(library: Library, file: RevisionFile | DecisionFile) -> str:
    """The text that the wording started from; for a new criterion, one that says that nothing is left."""
    if file.before_blob is not None:
        return library.text(file.before_blob)
    document = Document.read(file.text, file.path).with_value("titre", GONE)
    required = {section.title for section in SECTIONS if section.required}
    for section in document.sections:
        document = document.with_section(section.title, GONE if section.title in required else None)
    return document.text
