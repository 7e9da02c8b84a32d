"""A wording as rows: the first one, and the one way by which a next one enters, whoever asks for it and however."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.naming import with_names
from referentiel.criteria.paths import is_new, kind_and_key, numbered
from referentiel.database import session
from referentiel.errors import N_, Invalid
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.proposals.conditions import Given
from referentiel.proposals.delays import Delays
from referentiel.proposals.door import case_of, step
from referentiel.proposals.models import Proposal, Revision, RevisionFile
from referentiel.proposals.sheets import Incomplete
from referentiel.proposals.standing import FileIds
from referentiel.proposals.states import Step
from referentiel.proposals.wording import Change, Written
from referentiel.proposals.workflow import target


@dataclass(frozen=True, slots=True)
class Wording:
    """What a sheet makes of the text as it was at a commit."""

    commit: str
    written: Written


@dataclass(frozen=True, slots=True)
class Claim:
    """What its author says of a wording: why, what it changes for people, and how much it changes."""

    reason: str
    plain_change: str
    change_class: ChangeClass

    @classmethod
    def of(cls, revision: Revision) -> "Claim":
        return cls(revision.reason, revision.plain_change, revision.change_class)


def claim_of(written: Written) -> Claim:
    return Claim(written.sheet.reason, written.sheet.plain_change, written.change_class)


def files_of(library: Library, number: int, wording: Wording) -> list[RevisionFile]:
    """The files of a wording of proposal ``number``, with their ids. New items bear that number until adopted."""
    blobs = library.files(wording.commit)
    return [
        RevisionFile(path=path, before_blob=blobs.get(path), text=text, blob=library.blob_id(text))
        for path, text in _texts(number, wording.written.changes).items()
    ]


def same_files(some: Iterable[FileIds], others: Iterable[FileIds]) -> bool:
    """Whether two wordings start from the same texts and end with the same."""
    first, second = ({(file.path, file.before_blob, file.blob) for file in files} for files in (some, others))
    return first == second


def add_first(
    proposal: Proposal, base_commit: str, files: Sequence[RevisionFile], claim: Claim, *, by: Person, at: datetime
) -> Revision:
    """The wording with which a proposal begins. Inside ``writing()``."""
    return _add(proposal, 1, base_commit, files, claim, by, at)


def add_next(
    proposal: Proposal,
    taken: Step,
    base_commit: str,
    files: Sequence[RevisionFile],
    claim: Claim,
    *,
    by: Person,
    at: datetime,
    delays: Delays,
) -> Revision:
    """The next wording, and all that comes with one: its number, its class, the step, the days left to speak of it.

    Inside ``writing()``. Raises what :func:`workflow.target` raises, and then nothing has changed.
    """
    case = case_of(proposal, at=at, delays=delays)
    given = Given(reason=claim.reason, changes_something=True)
    target(case, taken, by, given)
    revision = _add(proposal, proposal.revision_number + 1, base_commit, files, claim, by, at)
    sets: dict[str, object] = {"revision_number": revision.number, "change_class": claim.change_class}
    if proposal.admitted_at is not None:
        sets["window_ends"] = delays.window_after(proposal.window_ends, proposal.admitted_at, at, claim.change_class)
    step(proposal, taken, case, given, by=by, at=at, revision_id=revision.id, sets=sets)
    session.flush()
    session.expire(proposal, ["revision", "revisions"])
    return revision


def _add(
    proposal: Proposal,
    number: int,
    base_commit: str,
    files: Sequence[RevisionFile],
    claim: Claim,
    by: Person,
    at: datetime,
) -> Revision:
    revision = Revision(
        proposal_id=proposal.id,
        number=number,
        base_commit=base_commit,
        change_class=claim.change_class,
        reason=claim.reason,
        plain_change=claim.plain_change,
        by_id=by.id,
        created_at=at,
        files=list(files),
    )
    session.add(revision)
    session.flush()
    return revision


def require_changes(changes: Iterable[Change]) -> None:
    """Each item of a proposal is there to be changed. Raises :class:`Incomplete`, naming one that is not."""
    for place, change in enumerate(changes):
        if not change.is_one and not place:
            raise Incomplete(
                [Invalid(N_("Le texte est le même qu’avant : changez au moins une rubrique."), field="changes")]
            )
        if not change.is_one:
            key = kind_and_key(change.path)[1]
            same = N_("« %(key)s » est le même qu’avant : changez-le, ou ôtez-le de votre proposition.")
            raise Incomplete([Invalid(same, field="changes", key=key)])


def _texts(number: int, changes: Iterable[Change]) -> dict[str, str]:
    """Path → text of each file. New items bear the number of their proposal until it is adopted."""
    changes = tuple(changes)
    places = {change.path: numbered(change.path, number) for change in changes if is_new(change.path)}
    names = {kind_and_key(old)[1]: kind_and_key(new)[1] for old, new in places.items() if old != new}
    return {
        places.get(change.path, change.path): (with_names(change.after, names) if names else change.after).text
        for change in changes
    }
