"""Deciding: a first signature that binds every word, a second from another college, one commit.

Registered with the journal under the kind ``decision``: recovery after a crash runs the same effects as the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from referentiel.criteria.changes import ChangeClass, check_class
from referentiel.criteria.document import Document
from referentiel.criteria.merging import touched
from referentiel.database import session, writing
from referentiel.errors import N_, Invalid, TextMoved
from referentiel.journal import actions as journal
from referentiel.journal.authors import Author
from referentiel.journal.changes import FileChange
from referentiel.journal.messages import compose
from referentiel.journal.models import MOVED, REFUSED, Operation
from referentiel.library.actions import carry_out
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import Action, College, Role, require
from referentiel.proposals import act
from referentiel.proposals.actions.examining import judged, tidy
from referentiel.proposals.actions.writing_up import checked_form
from referentiel.proposals.delays import LAW, Delays, day
from referentiel.proposals.door import UNDER_WAY, Hand, case_of, log, step, under_way
from referentiel.proposals.hearing import Hearing, silent_founders
from referentiel.proposals.models import (
    Basis,
    Decision,
    DecisionCollege,
    DecisionFile,
    DecisionState,
    Proposal,
    RevisionFile,
    Signature,
)
from referentiel.proposals.queries.hearings import heard
from referentiel.proposals.standing import standing
from referentiel.proposals.states import Outcome, Step
from referentiel.proposals.wording import LONGEST_REASON, amend
from referentiel.proposals.workflow import Given, NotNow, check, target

KIND = "decision"
SUBJECTS: Mapping[Outcome, str] = {
    Outcome.ADOPTED: "Adopt proposal {number}: {title}",
    Outcome.ADOPTED_WITH_CHANGES: "Adopt proposal {number} with changes: {title}",
    Outcome.REFUSED: "Refuse proposal {number}: {title}",
    Outcome.POSTPONED: "Postpone proposal {number}: {title}",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an editor decides. ``sections`` hold the amended texts by title, for an adoption with changes alone."""

    outcome: Outcome | None
    reason: str
    plain_reason: str
    silences: Mapping[College, str]
    resume_on: date | None = None
    sections: Mapping[str, str] | None = None
    change_class: ChangeClass | None = None
    asked_college: College | None = None


def propose_decision(
    library: Library,
    proposal: Proposal,
    verdict: Verdict,
    *,
    revision: int | None = None,
    form_id: str,
    by: Person,
    at: datetime,
    delays: Delays = LAW,
    people: int = 5,
    structures: int = 2,
) -> Decision:
    """First signature: it binds the hashes of the files, the reasons, and what is said of the silent colleges.

    ``revision`` is the wording that the editor read. The same ``form_id`` again gives the same decision back. Raises
    :class:`TextMoved` when an adoption would no longer apply, :class:`NotNow` and :class:`Invalid` otherwise.
    """
    form = checked_form(form_id)
    known = session.scalars(select(Decision).where(Decision.form_id == form)).one_or_none()
    if known is not None and known.first_signatory_id == by.id:
        return known
    check(case_of(proposal, at=at, delays=delays), Step.PROPOSE_DECISION, by)
    if revision is not None and revision != proposal.revision_number:
        raise NotNow(
            N_("La proposition a une nouvelle rédaction depuis que vous l’avez lue."),
            way_out=N_("Lisez la nouvelle rédaction, puis préparez la décision."),
        )
    given = _given(verdict)
    amended = _amended(library, proposal, verdict)
    change_class = verdict.change_class if amended and verdict.change_class else proposal.change_class
    if verdict.outcome is not None and verdict.outcome.adopts:
        require_applies(library, amended or proposal.revision.files)
    with writing() as rows:
        hearings = heard(proposal, people=people, structures=structures)
        silent = frozenset() if change_class is ChangeClass.TYPO else frozenset(silent_founders(hearings))
        case = case_of(proposal, at=at, delays=delays, silent=silent)
        target(case, Step.PROPOSE_DECISION, by, given)
        current = proposal.revision
        decision = Decision(
            proposal_id=proposal.id,
            revision_id=current.id,
            state=DecisionState.PENDING,
            outcome=given.outcome,
            change_class=change_class,
            reason=given.reason,
            plain_reason=given.plain_reason,
            resume_on=given.resume_on,
            asked_college=verdict.asked_college,
            proposed_at=at,
            amended_at=at if amended else None,
            form_id=form,
            amended_files=amended,
            colleges=[_said_of(hearing, silent, given.silences) for hearing in hearings.values()],
        )
        decision.proposal, decision.revision = proposal, current
        decision.digest = act_of(decision).digest
        decision.signatures.append(
            Signature(rank=1, person_id=by.id, college=College(by.college), digest=decision.digest, signed_at=at)
        )
        rows.add(decision)
        rows.flush()
        step(
            proposal,
            Step.PROPOSE_DECISION,
            case,
            given,
            by=by,
            at=at,
            decision_id=decision.id,
            revision_id=current.id,
        )
    return decision


def answer_amendment(decision: Decision, *, accepts: bool, words: str = "", by: Person, at: datetime) -> None:
    """The author says whether an amended wording suits them. Either answer lets the second signature come."""
    require(by, Action.ANSWER_AMENDMENT, decision)
    told = tidy(words, "words", LONGEST_REASON)
    with writing():
        if decision.outcome is not Outcome.ADOPTED_WITH_CHANGES or decision.state is not DecisionState.PENDING:
            raise NotNow(N_("Cette décision n’attend pas de réponse de votre part."))
        decision.author_accepts, decision.author_words, decision.author_answered_at = accepts, told, at
        journal.audit(
            "decision.amendment_answered",
            f"proposal:{decision.proposal_id}",
            by_id=by.id,
            at=at,
            details={"decision": decision.id, "accepts": accepts},
        )


def send_back(decision: Decision, *, reason: str, by: Person, at: datetime, delays: Delays = LAW) -> None:
    """Return a decision to the discussion, with a reason. Its signature is void; its line stays."""
    given = Given(reason=tidy(reason, "reason", LONGEST_REASON))
    with writing():
        proposal = decision.proposal
        current = under_way(proposal)
        case = case_of(proposal, at=at, delays=delays, decision=current)
        step(proposal, Step.SEND_BACK, case, given, by=by, at=at, decision_id=decision.id)
        decision.state = DecisionState.VOID


def sign(
    library: Library,
    decision: Decision,
    *,
    digest: str,
    form_id: str,
    by: Person,
    at: datetime,
    delays: Delays = LAW,
) -> Decision:
    """Second signature: the decision takes effect as one commit. Two SQL commits, one Git write, about 20 ms.

    ``digest`` is that of the decision as the person read it; ``form_id`` becomes the operation's id, so that the same
    form twice is one decision. A decision given back in the state ``writing`` is being written by the first of two
    clicks. Raises :class:`NotAllowed`, :class:`NotNow`, :class:`TextMoved` (nothing is written, both signatures fall),
    :class:`Busy` (nothing is written, sign again) or :class:`Unsure`.
    """
    form = checked_form(form_id)
    with writing() as rows:
        decision = _read_again(decision)
        if _already_signed(decision, by):
            return decision
        proposal = decision.proposal
        current = decision if decision.state in UNDER_WAY else None
        case = case_of(proposal, at=at, delays=delays, decision=current)
        target(case, Step.SIGN, by, Given(digest=digest if current is not None else None))
        if act_of(decision).digest != decision.digest:
            raise RuntimeError(f"decision {decision.id} is not what was signed")
        decision.number = _next_number(library)
        decision.signed_at, decision.operation_id = at, form
        signature = Signature(rank=2, person_id=by.id, college=College(by.college), digest=digest, signed_at=at)
        decision.signatures.append(signature)
        decision.state = DecisionState.WRITING
        rows.flush()
        operation = _begin(library, decision, form, by, at)
    carry_out(library, operation, at=at)
    return decision


def act_of(decision: Decision) -> act.Act:
    """The decision as its two signatories sign it."""
    said = {row.college: row for row in decision.colleges}
    return act.Act(
        proposal=decision.proposal.id,
        revision=decision.revision.number,
        outcome=decision.outcome,
        change_class=decision.change_class,
        reason=decision.reason,
        plain_reason=decision.plain_reason,
        resume_on=decision.resume_on,
        files=[act.BoundFile(file.path, file.before_blob, file.blob) for file in decision.files],
        heard=[college for college in College if said[college].basis is Basis.HEARD],
        silences={
            college: said[college].justification
            for college in College
            if said[college].basis is Basis.SILENCE_JUSTIFIED
        },
    )


def require_applies(library: Library, files: Sequence[RevisionFile | DecisionFile]) -> None:
    """Raises :class:`TextMoved`, naming the parts, when a wording no longer applies to the text as it is now."""
    now = library.files(library.head())
    for file in files:
        moved = standing(library, file, now)
        if not moved.applies:
            raise TextMoved(
                N_("Le texte a changé depuis que cette rédaction a été écrite : elle ne s’applique plus."),
                way_out=N_("L’auteur peut écrire une nouvelle rédaction à partir du texte actuel."),
            )


def _given(verdict: Verdict) -> Given:
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


def _amended(library: Library, proposal: Proposal, verdict: Verdict) -> list[DecisionFile]:
    """The files of an amended wording, none for any other outcome.

    Raises :class:`Invalid` when it amends nothing, is of another class, or when a corrected text would be left aside.
    """
    if verdict.outcome is None or not verdict.outcome.adopts:
        return []
    (file,) = proposal.revision.files
    wording = Document.read(file.text, file.path)
    document = amend(wording, verdict.sections or {}, file.path)
    if verdict.outcome is Outcome.ADOPTED:
        if document.text != file.text:
            raise Invalid(
                N_("Vous avez corrigé le texte : choisissez « Adopter avec des modifications »."), field="outcome"
            )
        return []
    before = Document.read(library.text(file.before_blob), file.path) if file.before_blob else None
    if before is not None:
        check_class(verdict.change_class or proposal.change_class, before, document)
    blob = library.blob_id(document.text)
    if blob == file.blob:
        raise Invalid(N_("Vous n’avez rien modifié : choisissez « Adopter », ou corrigez le texte."), field="changes")
    if blob == file.before_blob:
        raise Invalid(N_("Le texte modifié est celui d’avant : choisissez « Refuser »."), field="changes")
    return [DecisionFile(path=file.path, before_blob=file.before_blob, text=document.text, blob=blob)]


def _said_of(hearing: Hearing, silent: frozenset[College], silences: Mapping[College, str]) -> DecisionCollege:
    if hearing.heard:
        return DecisionCollege(college=hearing.college, basis=Basis.HEARD, justification="")
    if hearing.college in silent:
        why = silences.get(hearing.college, "")
        return DecisionCollege(college=hearing.college, basis=Basis.SILENCE_JUSTIFIED, justification=why)
    return DecisionCollege(college=hearing.college, basis=Basis.NOT_REQUIRED, justification="")


def _already_signed(decision: Decision, by: Person) -> bool:
    """The second click of the same person: the first one's result is shown."""
    if decision.state not in (DecisionState.WRITING, DecisionState.EFFECTIVE):
        return False
    return any(signature.rank == 2 and signature.person_id == by.id for signature in decision.signatures)


def _begin(library: Library, decision: Decision, key: str, by: Person, at: datetime) -> Operation:
    """The operation under the form's own id, or when that one was refused (the library was busy) one made from it."""
    proposal = decision.proposal
    operation = journal.begin(
        id=key,
        kind=KIND,
        subject=f"proposal:{proposal.id}",
        base=library.head(),
        files=_changes(library, decision, at),
        message=_message(decision),
        author=Author.of(proposal.college.value, f"proposal-{proposal.id}"),
        by_id=by.id,
        college=by.college,
        at=at,
    )
    if operation.state == REFUSED:
        decision.operation_id = str(uuid5(UUID(key), "again"))
        return _begin(library, decision, decision.operation_id, by, at)
    return operation


def _read_again(decision: Decision) -> Decision:
    """The decision with its proposal and its wording, as they are inside this transaction. One statement."""
    query = select(Decision).where(Decision.id == decision.id)
    return session.scalars(query.options(joinedload(Decision.proposal), joinedload(Decision.revision))).one()


def _next_number(library: Library) -> int:
    """One more than the last, past any that the library holds already (a database made anew knows none of them)."""
    number = (session.scalar(select(func.max(Decision.number))) or 0) + 1
    files = library.files(library.head())
    while act.path(number) in files:
        number += 1
    return number


def _changes(library: Library, decision: Decision, at: datetime) -> list[FileChange]:
    changes = []
    for file in decision.files:
        before = Document.read(library.text(file.before_blob), file.path) if file.before_blob else None
        after = Document.read(file.text, file.path)
        changes.append(
            FileChange(
                path=file.path,
                before=file.before_blob,
                text=file.text,
                parts=touched(before, after) if before is not None else frozenset({"file"}),
                new_criterion_chapter=after.value("chapitre") if before is None else None,
            )
        )
    number = decision.number or 0
    text = act.write(
        act_of(decision),
        number=number,
        item=decision.proposal.code,
        signed_on=day(at),
        signatories=[signature.college for signature in decision.signatures],
    )
    return [*changes, FileChange(act.path(number), None, text, frozenset({"file"}))]


def _message(decision: Decision) -> str:
    proposal = decision.proposal
    return compose(
        SUBJECTS[decision.outcome].format(number=proposal.id, title=proposal.title),
        trailers=(
            ("Proposal", proposal.id),
            ("Decision", decision.number),
            ("Class", decision.change_class.value),
        ),
    )


def _decision_of(operation: Operation) -> Decision:
    query = select(Decision).where(Decision.operation_id == operation.id)
    return session.scalars(query.options(joinedload(Decision.proposal))).one()


def _done(operation: Operation) -> None:
    """The library holds the decision: its state and that of its proposal say so.

    The table was asked when the second signature was given, in the transaction of the operation: it is not asked again
    of what Git already holds.
    """
    decision = _decision_of(operation)
    proposal = decision.proposal
    source, at = proposal.state, operation.closed_at or operation.time
    decision.state, decision.commit_id = DecisionState.EFFECTIVE, operation.commit
    proposal.state, proposal.resume_on = decision.outcome.state, decision.resume_on
    proposal.decision_number, proposal.decided_at = decision.number, decision.signed_at
    if decision.outcome.adopts:
        proposal.adopted_path = operation.final_path(proposal.path)
        proposal.code = proposal.adopted_path.rpartition("/")[2].removesuffix(".md")
    log(
        proposal,
        Step.SIGN,
        source,
        proposal.state,
        Given(reason=decision.reason, plain_reason=decision.plain_reason),
        by=Hand(operation.by_id, operation.college) if operation.by_id else None,
        at=at,
        decision_id=decision.id,
        revision_id=decision.revision_id,
    )


def _refused(operation: Operation) -> None:
    """Nothing was written. The text moved: both signatures fall and the discussion resumes. Otherwise sign again."""
    decision = _decision_of(operation)
    proposal = decision.proposal
    at = operation.closed_at or operation.time
    decision.number = decision.operation_id = decision.signed_at = None
    if operation.cause != MOVED:
        decision.state = DecisionState.PENDING
        decision.signatures[:] = [signature for signature in decision.signatures if signature.rank == 1]
        return
    decision.state = DecisionState.PENDING
    session.flush()
    case = case_of(proposal, at=at, delays=LAW, decision=decision)
    given = Given(reason=N_("Le texte a changé entre-temps : la rédaction ne s’applique plus."), text_moved=True)
    step(proposal, Step.SEND_BACK, case, given, by=None, at=at, decision_id=decision.id)
    decision.state = DecisionState.VOID


def _rights(operation: Operation) -> bool:
    """Whether the second signatory may still sign: asked before a crash is repaired by replaying."""
    person = session.get(Person, operation.by_id) if operation.by_id else None
    return person is not None and Role.EDITOR in person.roles


journal.register_effect(KIND, _done, _refused, _rights)
