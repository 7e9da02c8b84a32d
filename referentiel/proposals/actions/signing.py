"""The second signature: a decision takes effect as one commit, and a crash on the way changes nothing people see."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from referentiel.criteria.document import Document
from referentiel.criteria.erratum import DATE, DECISION
from referentiel.criteria.merging import touched
from referentiel.criteria.paths import is_erratum, kind_and_key, tree
from referentiel.database import session, writing
from referentiel.dates import day
from referentiel.errors import N_, Invalid
from referentiel.journal import actions as journal
from referentiel.journal.authors import Author, co_author
from referentiel.journal.changes import FileChange
from referentiel.journal.messages import compose
from referentiel.journal.models import REFUSED, Operation
from referentiel.library.actions import attending, carry_out
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import College
from referentiel.proposals import act
from referentiel.proposals.actions.deciding import act_of
from referentiel.proposals.actions.landing import KIND
from referentiel.proposals.actions.writing_up import checked_form
from referentiel.proposals.conditions import Given
from referentiel.proposals.delays import LAW, Delays
from referentiel.proposals.door import UNDER_WAY, case_of
from referentiel.proposals.models import Credit, Decision, DecisionState, Signature
from referentiel.proposals.standing import IN_FORCE
from referentiel.proposals.states import Outcome, Step
from referentiel.proposals.workflow import target

SUBJECTS: Mapping[Outcome, str] = {
    Outcome.ADOPTED: "Adopt proposal {number}: {title}",
    Outcome.ADOPTED_WITH_CHANGES: "Adopt proposal {number} with changes: {title}",
    Outcome.REFUSED: "Refuse proposal {number}: {title}",
    Outcome.POSTPONED: "Postpone proposal {number}: {title}",
}


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
    clicks. Raises :class:`NotAllowed`, :class:`NotNow`, :class:`Invalid` (this form signed another decision),
    :class:`TextMoved` (nothing is written, both signatures fall), :class:`Busy` (nothing is written, sign again) or
    :class:`Unsure`.
    """
    form = checked_form(form_id)
    with ExitStack() as attendance:
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
            _require_of_no_other(form)
            decision.number = _next_number(library)
            decision.signed_at, decision.operation_id = at, form
            signature = Signature(rank=2, person_id=by.id, college=College(by.college), digest=digest, signed_at=at)
            decision.signatures.append(signature)
            decision.state = DecisionState.WRITING
            rows.flush()
            operation = _begin(library, decision, form, by, at)
            # Before anybody can see the operation: nobody else knows its id, so there is nothing to wait for.
            attendance.enter_context(attending(library, operation))
        carry_out(library, operation, at=at)
    return decision


def _already_signed(decision: Decision, by: Person) -> bool:
    """The second click of the same person: the first one's result is shown."""
    if decision.state not in (DecisionState.WRITING, DecisionState.EFFECTIVE):
        return False
    return any(signature.rank == 2 and signature.person_id == by.id for signature in decision.signatures)


def _require_of_no_other(form: str) -> None:
    """Refuse the form of another decision: two would be written as one. Raises :class:`Invalid`."""
    if session.scalar(select(Decision.id).where(Decision.operation_id == form)) is not None:
        raise Invalid(N_("Ce formulaire a déjà servi à autre chose. Rouvrez la page et recommencez."))


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


def _changes(library: Library, decision: Decision, at: datetime) -> list[FileChange]:
    """The files of a decision, its own last. Each text is the one whose hash was signed."""
    changes = []
    for file in decision.files:
        if library.blob_id(file.text) != file.blob:
            raise RuntimeError(f"{file.path} of decision {decision.id} is not what was signed")
        before = Document.read(library.text(file.before_blob), file.path) if file.before_blob else None
        after = _dated(Document.read(file.text, file.path), decision, at)
        changes.append(
            FileChange(
                path=file.path,
                before=file.before_blob,
                text=after.text,
                parts=touched(before, after) | {IN_FORCE} if before is not None else frozenset({"file"}),
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
        kind=decision.proposal.kind,
        items=_items(decision),
        contributions=[row.contribution for row in _taken_up(decision)],
    )
    return [*changes, FileChange(act.path(number), None, text, frozenset({"file"}))]


def _dated(document: Document, decision: Decision, at: datetime) -> Document:
    """An erratum says its day and its decision, which nobody knew when its words were signed."""
    if not is_erratum(document.file):
        return document
    return document.with_value(DATE, day(at).isoformat()).with_value(DECISION, str(decision.number))


def _items(decision: Decision) -> list[str]:
    """The codes of the texts that change, or that were asked to; the main one first."""
    paths = [file.path for file in (decision.files if decision.outcome.adopts else decision.revision.files)]
    main = decision.proposal.path
    return [kind_and_key(tree(path)[1])[1] for path in sorted(paths, key=lambda path: (path != main, path))]


def _message(decision: Decision) -> str:
    proposal = decision.proposal
    return compose(
        SUBJECTS[decision.outcome].format(number=proposal.id, title=proposal.title),
        trailers=(
            ("Proposal", proposal.id),
            ("Decision", decision.number),
            ("Class", decision.change_class.value),
            *(
                ("Co-authored-by", co_author(row.college.value, f"contribution-{row.contribution}"))
                for row in _taken_up(decision)
            ),
        ),
    )


def _taken_up(decision: Decision) -> Sequence[Credit]:
    """The contributions whose words the text that is adopted took up: a college and a number each, never a name."""
    return decision.proposal.credits if decision.outcome.adopts else ()
