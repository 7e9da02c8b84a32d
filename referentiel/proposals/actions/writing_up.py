"""Writing: a proposal that everybody reads, and its next wordings. It may touch several files, all or none."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from referentiel.criteria.paths import kind_and_key, numbered
from referentiel.database import session, writing
from referentiel.dates import day
from referentiel.errors import N_, Invalid, Unknown
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import Action, College, require
from referentiel.proposals.actions.crediting import take_up_wish
from referentiel.proposals.actions.recording import (
    Claim,
    Wording,
    add_first,
    add_next,
    claim_of,
    files_of,
    require_changes,
    same_files,
)
from referentiel.proposals.conditions import Case, Given, NotNow
from referentiel.proposals.delays import LAW, Delays
from referentiel.proposals.door import log
from referentiel.proposals.errata import require_not_asked_yet, sealed_commit, texts_for
from referentiel.proposals.models import Draft, Proposal, ProposalAuthor, Revision, RevisionFile
from referentiel.proposals.sheets import Sheet
from referentiel.proposals.states import ProposalKind, State, Step
from referentiel.proposals.wording import Written, write
from referentiel.proposals.workflow import target

UNNUMBERED = "criteres/nouveau-1.md"
"""A new criterion before its proposal has a number"""


def submit(
    library: Library,
    sheet: Sheet,
    *,
    kind: ProposalKind = ProposalKind.MODIFY,
    path: str = "",
    base: str | None = None,
    form_id: str | None = None,
    by: Person,
    at: datetime,
    delays: Delays = LAW,
) -> Proposal:
    """Make a draft public: a proposal with its first wording. Git is read, not touched. One SQL commit.

    ``path`` is the main file, that of an item which waits for its code when it is new (empty: a criterion); ``base``
    the commit that the author read, by default the text as it is now. The same form again gives the same proposal
    back. Raises :class:`Incomplete` with every fault of the form, and :class:`NotNow` when its words changed after it
    was sent: they would be lost.
    """
    require(by, Action.SUBMIT, Case(State.DRAFT, day(at), frozenset({by.id})))
    form = checked_form(form_id or str(uuid4()))
    wording = write_first(library, kind, path, sheet, base)
    written, changes = wording.written, wording.written.sound()
    with writing():
        require(by, Action.SUBMIT, Case(State.DRAFT, day(at), frozenset({by.id})))
        known = session.scalars(select(Proposal).where(Proposal.form_id == form)).one_or_none()
        if known is not None:
            if known.author_id != by.id:
                raise Unknown(N_("Cette proposition n’existe pas."))
            if not _is_the_first(known, files_of(library, known.id, wording), written):
                raise already_sent(known.id)
            return known
        require_not_asked_yet(changes)
        given = Given(
            reason=written.sheet.reason,
            licence=sheet.licence,
            changes_something=any(change.is_one for change in changes),
        )
        case = Case(State.DRAFT, day(at), frozenset({by.id}), delays=delays)
        to = target(case, Step.SUBMIT, by, given)
        proposal = Proposal(
            title=written.sheet.title,
            state=to,
            kind=kind,
            path=changes[0].path,
            code="",
            author_id=by.id,
            college=College(by.college),
            change_class=written.change_class,
            revision_number=1,
            submitted_at=at,
            decision_due=delays.promised(at),
            form_id=form,
            authors=[ProposalAuthor(person_id=by.id)],
        )
        session.add(proposal)
        session.flush()
        proposal.path = numbered(proposal.path, proposal.id)
        proposal.code = kind_and_key(proposal.path)[1]
        require_changes(changes)
        files = files_of(library, proposal.id, wording)
        revision = add_first(proposal, wording.commit, files, claim_of(written), by=by, at=at)
        take_up_wish(proposal, sheet.wish, by=by, at=at)
        for draft in session.scalars(select(Draft).where(Draft.form_id == form, Draft.author_id == by.id)):
            session.delete(draft)
        log(proposal, Step.SUBMIT, State.DRAFT, to, Given(), by=by, at=at, revision_id=revision.id)
    return proposal


def resubmit(
    library: Library,
    proposal: Proposal,
    sheet: Sheet,
    *,
    base: str | None = None,
    by: Person,
    at: datetime,
    delays: Delays = LAW,
) -> Revision:
    """Send a proposal back completed, with a new wording."""
    return _next_wording(library, proposal, Step.RESUBMIT, sheet, base, by, at, delays)


def revise(
    library: Library,
    proposal: Proposal,
    sheet: Sheet,
    *,
    base: str | None = None,
    by: Person,
    at: datetime,
    delays: Delays = LAW,
) -> Revision:
    """Write the next wording during the discussion. One of substance or clarity leaves at least ten days to speak.

    The same wording sent twice is one wording. Raises what :func:`submit` raises, and :class:`NotNow`.
    """
    return _next_wording(library, proposal, Step.REVISE, sheet, base, by, at, delays)


def checked_form(form_id: str) -> str:
    """The idempotency key of a form in its one spelling. Raises :class:`Invalid` when it is none of ours."""
    try:
        return str(UUID(form_id))
    except ValueError:
        raise Invalid(N_("Ce formulaire n’est pas complet. Rouvrez la page et recommencez.")) from None


def write_again(library: Library, proposal: Proposal, sheet: Sheet, base: str | None) -> Wording:
    """The next wording of a proposal, before it is sent: for the preview and for the sending alike."""
    return _write(library, proposal.kind, proposal.path, sheet, base)


def write_first(library: Library, kind: ProposalKind, path: str, sheet: Sheet, base: str | None) -> Wording:
    """The first wording of a proposal, before it is sent. Raises :class:`Unknown` when there is no such file."""
    return _write(library, kind, path or UNNUMBERED, sheet, base)


def _write(library: Library, kind: ProposalKind, path: str, sheet: Sheet, base: str | None) -> Wording:
    if kind is ProposalKind.ERRATUM:
        # Whatever the text became since, an erratum is written from the edition as it is sealed.
        return Wording(sealed_commit(library, path), write(kind, sheet, path=path, texts=texts_for(library, path)))
    commit = base or library.head()
    if kind is not ProposalKind.CREATE:
        library.read(path, commit)
    return Wording(commit, write(kind, sheet, path=path, texts=library.texts(commit)))


def _next_wording(
    library: Library,
    proposal: Proposal,
    taken: Step,
    sheet: Sheet,
    base: str | None,
    by: Person,
    at: datetime,
    delays: Delays,
) -> Revision:
    require(by, Action(taken.value), proposal)
    wording = write_again(library, proposal, sheet, base)
    written, changes = wording.written, wording.written.sound()
    with writing():
        require(by, Action(taken.value), proposal)
        current, files = proposal.revision, files_of(library, proposal.id, wording)
        if _is_the_same(current, files, written, by):
            return current
        require_changes(changes)
        claim = claim_of(written)
        revision = add_next(proposal, taken, wording.commit, files, claim, by=by, at=at, delays=delays)
        proposal.title = written.sheet.title
        for draft in session.scalars(select(Draft).where(Draft.proposal_id == proposal.id, Draft.author_id == by.id)):
            session.delete(draft)
    return revision


def _is_the_first(known: Proposal, files: list[RevisionFile], written: Written) -> bool:
    """Whether these are the words that this form sent the first time."""
    first = next(revision for revision in known.revisions if revision.number == 1)
    return same_files(first.files, files) and Claim.of(first) == claim_of(written)


def _is_the_same(current: Revision, files: list[RevisionFile], written: Written, by: Person) -> bool:
    """A double click, or the same form sent again after Back."""
    same = same_files(current.files, files) and Claim.of(current) == claim_of(written)
    return same and current.proposal.title == written.sheet.title and current.by_id == by.id and current.number > 1


def already_sent(number: int) -> NotNow:
    return NotNow(
        N_("Ce formulaire est déjà envoyé : c’est la proposition %(number)s. Vos derniers mots n’y sont pas."),
        way_out=N_("Copiez-les, ouvrez votre proposition, puis écrivez une nouvelle rédaction."),
        number=number,
    )
