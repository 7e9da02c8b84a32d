"""A wording as rows: each of its files with its ids, under the number of its proposal; and whether it is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from referentiel.criteria.naming import with_names
from referentiel.criteria.paths import is_new, kind_and_key, numbered
from referentiel.database import session
from referentiel.errors import N_, Invalid
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.proposals.models import Proposal, Revision, RevisionFile
from referentiel.proposals.sheets import Incomplete
from referentiel.proposals.wording import Change, Written


@dataclass(frozen=True, slots=True)
class Wording:
    """What a sheet makes of the text as it was at a commit."""

    commit: str
    written: Written


def is_the_first(known: Proposal, changes: Iterable[Change], written: Written) -> bool:
    """Whether these are the words that this form sent the first time."""
    first = next(revision for revision in known.revisions if revision.number == 1)
    return (
        _texts_of(first) == _texts(known.id, changes)
        and first.reason == written.sheet.reason
        and first.plain_change == written.sheet.plain_change
        and first.change_class is written.change_class
    )


def is_the_same(current: Revision, number: int, changes: Iterable[Change], written: Written, by: Person) -> bool:
    """A double click, or the same form sent again after Back."""
    return (
        _texts_of(current) == _texts(number, changes)
        and current.reason == written.sheet.reason
        and current.plain_change == written.sheet.plain_change
        and current.change_class is written.change_class
        and current.by_id == by.id
        and current.number > 1
    )


def add_revision(
    library: Library, proposal: Proposal, number: int, wording: Wording, by: Person, at: datetime
) -> Revision:
    written, blobs = wording.written, library.files(wording.commit)
    _all_change(written.changes)
    revision = Revision(
        proposal_id=proposal.id,
        number=number,
        base_commit=wording.commit,
        change_class=written.change_class,
        reason=written.sheet.reason,
        plain_change=written.sheet.plain_change,
        by_id=by.id,
        created_at=at,
        files=[
            RevisionFile(path=path, before_blob=blobs.get(path), text=text, blob=library.blob_id(text))
            for path, text in _texts(proposal.id, written.changes).items()
        ],
    )
    session.add(revision)
    session.flush()
    return revision


def _all_change(changes: Iterable[Change]) -> None:
    """Each item of a proposal is there to be changed."""
    for place, change in enumerate(changes):
        if not change.is_one and not place:
            raise Incomplete(
                [Invalid(N_("Le texte est le même qu’avant : changez au moins une rubrique."), field="changes")]
            )
        if not change.is_one:
            key = kind_and_key(change.path)[1]
            same = N_("« %(key)s » est le même qu’avant : changez-le, ou ôtez-le de votre proposition.")
            raise Incomplete([Invalid(same, field="changes", key=key)])


def changes_something(changes: Iterable[Change]) -> bool:
    return any(change.is_one for change in changes)


def _texts(number: int, changes: Iterable[Change]) -> dict[str, str]:
    """Path → text of each file. New items bear the number of their proposal until it is adopted."""
    changes = tuple(changes)
    places = {change.path: numbered(change.path, number) for change in changes if is_new(change.path)}
    names = {kind_and_key(old)[1]: kind_and_key(new)[1] for old, new in places.items() if old != new}
    return {
        places.get(change.path, change.path): (with_names(change.after, names) if names else change.after).text
        for change in changes
    }


def _texts_of(revision: Revision) -> dict[str, str]:
    return {file.path: file.text for file in revision.files}
