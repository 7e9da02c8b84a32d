"""Deciding: the first signature, which binds every word; the author's answer to an amended text; the way back."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from referentiel.criteria.changes import ChangeClass
from referentiel.database import session, writing
from referentiel.errors import N_, Invalid, TextMoved
from referentiel.journal import actions as journal
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import Action, College, require
from referentiel.proposals import act
from referentiel.proposals.actions.citing import require_links
from referentiel.proposals.actions.examining import tidy
from referentiel.proposals.actions.verdicts import Verdict, amended_by, given_by
from referentiel.proposals.actions.writing_up import checked_form
from referentiel.proposals.conditions import Given, NotNow
from referentiel.proposals.delays import LAW, Delays
from referentiel.proposals.door import case_of, step, under_way
from referentiel.proposals.figures import Said, beside
from referentiel.proposals.hearing import silent_founders
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
from referentiel.proposals.queries.positions import positions
from referentiel.proposals.sheets import LONGEST_REASON
from referentiel.proposals.standing import standing
from referentiel.proposals.states import Outcome, Step
from referentiel.proposals.workflow import check, target

log = logging.getLogger(__name__)


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
    smallest: int = 5,
) -> Decision:
    """First signature: it binds the hashes of the files, the reasons, what each college said in figures that are never
    counted again, and what is said of the silent ones.

    ``revision`` is the wording that the editor read. The same form again gives the same decision back, even when both
    arrive at the same instant. Raises :class:`TextMoved` when an adoption would no longer apply, :class:`NotNow` and
    :class:`Invalid` otherwise.
    """
    form = checked_form(form_id)
    if session.scalar(select(Decision.id).where(Decision.form_id == form)) is None:
        check(case_of(proposal, at=at, delays=delays), Step.PROPOSE_DECISION, by)
    given = given_by(verdict)
    known = _sent_before(form, proposal, given, by)
    if known is not None:
        return known
    read = revision if revision is not None else proposal.revision_number
    _require_current(proposal, read)
    amended = amended_by(verdict, library, proposal)
    change_class = verdict.change_class if amended and verdict.change_class else proposal.change_class
    if verdict.outcome is not None and verdict.outcome.adopts:
        require_applies(library, amended or proposal.revision.files)
        require_links(library, amended or proposal.revision.files)
    with writing() as rows:
        known = _sent_before(form, proposal, given, by)
        if known is not None:
            return known
        _require_current(proposal, read)
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
            colleges=[
                _said_of(row, silent, given.silences)
                for row in beside(positions(proposal, at=at, smallest=smallest), hearings)
            ],
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


def answer_amendment(
    decision: Decision, *, digest: str, accepts: bool, words: str = "", by: Person, at: datetime
) -> None:
    """The author says whether an amended wording suits them. Either answer lets the second signature come.

    ``digest`` is that of the decision that the author read: an answer never counts for another wording.
    """
    told = tidy(words, "words", LONGEST_REASON)
    with writing():
        require(by, Action.ANSWER_AMENDMENT, decision)
        if decision.outcome is not Outcome.ADOPTED_WITH_CHANGES or decision.state is not DecisionState.PENDING:
            raise NotNow(
                N_("Cette décision n’attend pas, ou plus, de réponse de votre part."),
                way_out=N_("Ouvrez la proposition : elle dit ce qui s’est passé."),
            )
        if decision.digest != digest:
            raise NotNow(N_("Ce texte a changé depuis que vous l’avez lu. Relisez-le, puis répondez."))
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
        said=decision.said,
    )


def college_row(college: College, basis: Basis, why: str, said: Said | None) -> DecisionCollege:
    """What is kept of one college with a decision; ``said`` is none when its file has no figures."""
    row = DecisionCollege(college=college, basis=basis, justification=why)
    if said is not None:
        row.reach, row.few, row.older, row.until = said.reach, said.few, said.older, said.until
        row.favourable, row.reserved, row.unfavourable = said.favourable, said.reserved, said.unfavourable
        row.people, row.structures = said.people, said.structures
    return row


def require_applies(library: Library, files: Sequence[RevisionFile | DecisionFile]) -> None:
    """Raises :class:`TextMoved`, naming the parts, when a wording no longer applies to the text as it is now."""
    now = library.files(library.head())
    for file in files:
        moved = standing(library, file, now)
        if not moved.applies:
            log.info(
                "%s moved: base %s draft %s proposed %s", file.path, moved.before_blob, moved.draft_blob, file.blob
            )
            raise TextMoved(
                N_("Le texte a changé depuis que cette rédaction a été écrite : elle ne s’applique plus."),
                way_out=N_("L’auteur peut écrire une nouvelle rédaction à partir du texte actuel."),
            )


def _sent_before(form: str, proposal: Proposal, given: Given, by: Person) -> Decision | None:
    """The decision that this form made. Raises :class:`Invalid` when it made another one than what it asks now."""
    known = session.scalars(select(Decision).where(Decision.form_id == form)).one_or_none()
    if known is None:
        return None
    same = (known.proposal_id, known.first_signatory_id, known.outcome, known.reason, known.plain_reason) == (
        proposal.id,
        by.id,
        given.outcome,
        given.reason,
        given.plain_reason,
    )
    if not same or known.state is DecisionState.VOID:
        raise Invalid(N_("Ce formulaire a déjà servi à autre chose. Rouvrez la page et recommencez."))
    return known


def _require_current(proposal: Proposal, read: int) -> None:
    """Asked again inside the transaction: a decision is signed on the wording that was read, or not at all."""
    if read != proposal.revision_number:
        raise NotNow(
            N_("La proposition a une nouvelle rédaction depuis que vous l’avez lue."),
            way_out=N_("Lisez la nouvelle rédaction, puis préparez la décision."),
        )


def _said_of(row: Said, silent: frozenset[College], silences: Mapping[College, str]) -> DecisionCollege:
    basis, why = Basis.NOT_REQUIRED, ""
    if row.heard:
        basis = Basis.HEARD
    elif row.college in silent:
        basis, why = Basis.SILENCE_JUSTIFIED, silences.get(row.college, "")
    return college_row(row.college, basis, why, row)
