"""Writing: a draft that only its author sees, a proposal that everybody reads, and its next wordings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, kind_and_key, path_of
from referentiel.criteria.vocabulary import State as TextState
from referentiel.database import session, writing
from referentiel.dates import day
from referentiel.errors import N_, Invalid, Unknown
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import Action, College, require
from referentiel.proposals.actions.crediting import take_up_wish
from referentiel.proposals.conditions import Case, Given, NotNow
from referentiel.proposals.delays import LAW, Delays
from referentiel.proposals.door import case_of, draft_case, log, step
from referentiel.proposals.models import Draft, Proposal, ProposalAuthor, Revision, RevisionFile
from referentiel.proposals.sheets import LONGEST_PROPOSAL, Incomplete, Sheet, storable
from referentiel.proposals.states import ProposalKind, State, Step
from referentiel.proposals.wording import Written, write
from referentiel.proposals.workflow import target

MOST_DRAFTS = 50
UNNUMBERED = "criteres/nouveau-1.md"


@dataclass(frozen=True, slots=True)
class Start:
    """The text that a wording starts from. A new criterion starts from none."""

    commit: str
    document: Document | None
    blob: str | None


def save_draft(
    sheet: Sheet,
    *,
    kind: ProposalKind,
    path: str,
    base: str,
    form_id: str,
    proposal_id: int | None = None,
    by: Person,
    at: datetime,
) -> Draft:
    """Keep what somebody is writing, complete or not. The same ``form_id`` again replaces it.

    Raises :class:`Invalid` when it is far too long or holds half characters, and past fifty drafts; :class:`NotNow`
    when the form was sent meanwhile, so that no draft outlives its proposal.
    """
    require(by, Action.SAVE_DRAFT)
    form = checked_form(form_id)
    if sheet.length > 2 * LONGEST_PROPOSAL:
        raise Invalid(
            N_("Ce brouillon est trop long : une proposition a %(max)s signes au plus."),
            field="changes",
            max=LONGEST_PROPOSAL,
        )
    storable(sheet)
    with writing():
        # Again: the account may have been erased while this waited for its turn.
        require(by, Action.SAVE_DRAFT)
        sent = session.scalar(select(Proposal.id).where(Proposal.form_id == form, Proposal.author_id == by.id))
        if sent is not None:
            raise _already_sent(sent)
        draft = session.scalars(select(Draft).where(Draft.form_id == form)).one_or_none()
        if draft is None:
            kept = session.scalar(select(func.count()).where(Draft.author_id == by.id))
            if kept is not None and kept >= MOST_DRAFTS:
                raise Invalid(N_("Vous avez déjà %(max)s brouillons : envoyez-en ou supprimez-en."), max=MOST_DRAFTS)
            draft = Draft(form_id=form, author_id=by.id, created_at=at)
            session.add(draft)
        elif draft.author_id != by.id:
            raise Unknown(N_("Ce brouillon n’existe pas."))
        draft.kind, draft.path, draft.base_commit, draft.proposal_id = kind, path, base, proposal_id
        draft.content, draft.updated_at = sheet.as_json(), at
    return draft


def discard_draft(draft: Draft, *, by: Person, at: datetime) -> None:
    """Give a draft up. Its text goes; a line says that somebody withdrew a draft."""
    with writing():
        case = draft_case(draft, at=at, delays=LAW)
        to = target(case, Step.WITHDRAW, by)
        log(None, Step.WITHDRAW, case.state, to, Given(), by=by, at=at, draft_id=draft.id)
        session.delete(draft)


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

    ``path`` is the file to change or to withdraw, empty for a new criterion; ``base`` the commit that the author read,
    by default the text as it is now. The same form again gives the same proposal back. Raises :class:`Incomplete` with
    every fault of the form, and :class:`NotNow` when its words changed after it was sent: they would be lost.
    """
    require(by, Action.SUBMIT, Case(State.DRAFT, day(at), frozenset({by.id})))
    form = checked_form(form_id or str(uuid4()))
    start = _start(library, kind, path, base)
    written = _written(library, kind, start, sheet, path)
    document = written.sound()
    with writing():
        require(by, Action.SUBMIT, Case(State.DRAFT, day(at), frozenset({by.id})))
        known = session.scalars(select(Proposal).where(Proposal.form_id == form)).one_or_none()
        if known is not None:
            if known.author_id != by.id:
                raise Unknown(N_("Cette proposition n’existe pas."))
            if not _is_the_first(known, kind, document, written):
                raise _already_sent(known.id)
            return known
        given = Given(
            reason=written.sheet.reason,
            licence=sheet.licence,
            changes_something=start.document is None or document.text != start.document.text,
        )
        case = Case(State.DRAFT, day(at), frozenset({by.id}), delays=delays)
        to = target(case, Step.SUBMIT, by, given)
        proposal = Proposal(
            title=written.sheet.title,
            state=to,
            kind=kind,
            path=path,
            code=kind_and_key(path)[1] if path else "",
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
        if kind is ProposalKind.CREATE:
            proposal.path, document = _numbered(proposal.id, document)
            proposal.code = kind_and_key(proposal.path)[1]
        revision = _add_revision(library, proposal, 1, start, document, written, by, at)
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


def write_again(library: Library, proposal: Proposal, sheet: Sheet, base: str | None) -> tuple[Start, Written]:
    """The next wording of a proposal, before it is sent: for the preview and for the sending alike."""
    start = _start(library, proposal.kind, proposal.path, base)
    return start, _written(library, proposal.kind, start, sheet, proposal.path)


def write_first(
    library: Library, kind: ProposalKind, path: str, sheet: Sheet, base: str | None
) -> tuple[Start, Written]:
    """The first wording of a proposal, before it is sent."""
    start = _start(library, kind, path, base)
    return start, _written(library, kind, start, sheet, path)


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
    start, written = write_again(library, proposal, sheet, base)
    document = written.sound()
    with writing():
        require(by, Action(taken.value), proposal)
        current = proposal.revision
        if _is_the_same(current, document, written, by):
            return current
        given = Given(
            reason=written.sheet.reason,
            changes_something=start.document is None or document.text != start.document.text,
        )
        revision = _add_revision(library, proposal, current.number + 1, start, document, written, by, at)
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


def _is_the_first(known: Proposal, kind: ProposalKind, document: Document, written: Written) -> bool:
    """Whether these are the words that this form sent the first time."""
    first = next(revision for revision in known.revisions if revision.number == 1)
    sent = _numbered(known.id, document)[1] if kind is ProposalKind.CREATE else document
    return (
        [file.text for file in first.files] == [sent.text]
        and first.reason == written.sheet.reason
        and first.plain_change == written.sheet.plain_change
        and first.change_class is written.change_class
    )


def _already_sent(number: int) -> NotNow:
    return NotNow(
        N_("Ce formulaire est déjà envoyé : c’est la proposition %(number)s. Vos derniers mots n’y sont pas."),
        way_out=N_("Copiez-les, ouvrez votre proposition, puis écrivez une nouvelle rédaction."),
        number=number,
    )


def _is_the_same(current: Revision, document: Document, written: Written, by: Person) -> bool:
    """A double click, or the same form sent again after Back."""
    return (
        [file.text for file in current.files] == [document.text]
        and current.reason == written.sheet.reason
        and current.plain_change == written.sheet.plain_change
        and current.change_class is written.change_class
        and current.by_id == by.id
        and current.number > 1
    )


def _start(library: Library, kind: ProposalKind, path: str, base: str | None) -> Start:
    commit = base or library.head()
    if kind is ProposalKind.CREATE:
        return Start(commit, None, None)
    found = library.read(path, commit)
    return Start(commit, Document.read(found.text, path), found.blob)


def _written(library: Library, kind: ProposalKind, start: Start, sheet: Sheet, path: str) -> Written:
    document = start.document
    if kind is ProposalKind.MODIFY and document is not None and document.value("etat") == TextState.WITHDRAWN:
        raise Invalid(N_("Ce critère est retiré : son texte ne change plus."))
    return write(
        kind,
        document,
        sheet,
        path=path or UNNUMBERED,
        rank=_next_rank(library, start.commit, sheet.keys) if kind is ProposalKind.CREATE else 0,
        codes=_in_force(library, start.commit, sheet.keys) if kind is ProposalKind.WITHDRAW else frozenset(),
    )


def _add_revision(
    library: Library,
    proposal: Proposal,
    number: int,
    start: Start,
    document: Document,
    written: Written,
    by: Person,
    at: datetime,
) -> Revision:
    blob = library.blob_id(document.text)
    if blob == start.blob:
        raise Incomplete(
            [Invalid(N_("Le texte est le même qu’avant : changez au moins une rubrique."), field="changes")]
        )
    revision = Revision(
        proposal_id=proposal.id,
        number=number,
        base_commit=start.commit,
        change_class=written.change_class,
        reason=written.sheet.reason,
        plain_change=written.sheet.plain_change,
        by_id=by.id,
        created_at=at,
        files=[RevisionFile(path=proposal.path, before_blob=start.blob, text=document.text, blob=blob)],
    )
    session.add(revision)
    session.flush()
    return revision


def _numbered(number: int, document: Document) -> tuple[str, Document]:
    """A new criterion bears the number of its proposal until it is adopted."""
    code = f"nouveau-{number}"
    return path_of(Kind.CRITERION, code), document.with_value("code", code)


def _next_rank(library: Library, commit: str, keys: Mapping[str, object]) -> int:
    """After the last criterion of the chapter. Reads every criterion once: about 40 µs each."""
    ranks = [0]
    for path, blob in library.files(commit).items():
        if path.startswith("criteres/"):
            document = Document.read(library.text(blob), path)
            rank = document.value("rang") or ""
            if document.value("chapitre") == keys.get("chapitre") and rank.isdigit():
                ranks.append(int(rank))
    return max(ranks) // 10 * 10 + 10


def _in_force(library: Library, commit: str, keys: Mapping[str, object]) -> frozenset[str]:
    """Those of the replacements asked for that are criteria in force."""
    asked = keys.get("remplace_par", ())
    files = library.files(commit)
    found = set()
    for code in (asked,) if isinstance(asked, str) else tuple(map(str, asked if isinstance(asked, tuple) else ())):
        blob = files.get(f"criteres/{code}.md")
        if blob is not None and Document.read(library.text(blob)).value("etat") != TextState.WITHDRAWN:
            found.add(code)
    return frozenset(found)
