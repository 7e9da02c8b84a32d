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
from referentiel.proposals.actions.recording import Wording, add_revision, changes_something, is_the_first, is_the_same
from referentiel.proposals.conditions import Case, Given, NotNow
from referentiel.proposals.delays import LAW, Delays
from referentiel.proposals.door import case_of, log, step
from referentiel.proposals.models import Draft, Proposal, ProposalAuthor, Revision
from referentiel.proposals.sheets import Sheet
from referentiel.proposals.states import ProposalKind, State, Step
from referentiel.proposals.wording import write
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
            if not is_the_first(known, changes, written):
                raise already_sent(known.id)
            return known
        given = Given(
            reason=written.sheet.reason,
            licence=sheet.licence,
            changes_something=changes_something(changes),
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
        revision = add_revision(library, proposal, 1, wording, by, at)
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
    form_id: str | None = None,
    by: Person,
    at: datetime,
    delays: Delays = LAW,
) -> Revision:
    """Send a proposal back completed, with a new wording."""
    return _next_wording(library, proposal, Step.RESUBMIT, sheet, base, form_id, by, at, delays)


def revise(
    library: Library,
    proposal: Proposal,
    sheet: Sheet,
    *,
    base: str | None = None,
    form_id: str | None = None,
    by: Person,
    at: datetime,
    delays: Delays = LAW,
) -> Revision:
    """Write the next wording during the discussion. One of substance or clarity leaves at least ten days to speak.

    The same wording sent twice is one wording. Raises what :func:`submit` raises, and :class:`NotNow`.
    """
    return _next_wording(library, proposal, Step.REVISE, sheet, base, form_id, by, at, delays)


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
    form_id: str | None,
    by: Person,
    at: datetime,
    delays: Delays,
) -> Revision:
    require(by, Action(taken.value), proposal)
    wording = write_again(library, proposal, sheet, base)
    written, changes = wording.written, wording.written.sound()
    with writing():
        require(by, Action(taken.value), proposal)
        current = proposal.revision
        if is_the_same(current, proposal.id, changes, written, by):
            return current
        given = Given(
            reason=written.sheet.reason,
            changes_something=changes_something(changes),
        )
        revision = add_revision(library, proposal, current.number + 1, wording, by, at)
        case = case_of(proposal, at=at, delays=delays)
        step(
            proposal,
            taken,
            case,
            Given(given.reason, changes_something=given.changes_something),
            by=by,
            at=at,
            revision_id=revision.id,
        )
        proposal.title, proposal.change_class = written.sheet.title, written.change_class
        proposal.revision_number = revision.number
        if proposal.admitted_at is not None:
            proposal.window_ends = delays.window_after(
                proposal.window_ends, proposal.admitted_at, at, written.change_class
            )
        for draft in session.scalars(select(Draft).where(Draft.proposal_id == proposal.id, Draft.author_id == by.id)):
            session.delete(draft)
    session.expire(proposal, ["revisions"])
    return revision


def already_sent(number: int) -> NotNow:
    return NotNow(
        N_("Ce formulaire est déjà envoyé : c’est la proposition %(number)s. Vos derniers mots n’y sont pas."),
        way_out=N_("Copiez-les, ouvrez votre proposition, puis écrivez une nouvelle rédaction."),
        number=number,
    )
