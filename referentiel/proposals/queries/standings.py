"""What becomes of the proposals of a list beside the text as it is now."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from referentiel.database import session
from referentiel.library.library import Library
from referentiel.proposals.models import Proposal, Revision, RevisionFile
from referentiel.proposals.standing import Answer, FileIds, answers


class _File(NamedTuple):
    revision: int
    path: str
    before_blob: str | None
    blob: str


def standings(library: Library, proposals: Sequence[int]) -> Mapping[int, Answer]:
    """By number, what becomes of the present wording of each. One statement; a second for those never compared."""
    wordings: dict[int, list[_File]] = {}
    present = (
        select(
            Revision.proposal_id,
            RevisionFile.revision_id,
            RevisionFile.path,
            RevisionFile.before_blob,
            RevisionFile.blob,
        )
        .join(Revision, Revision.id == RevisionFile.revision_id)
        .join(Proposal, (Proposal.id == Revision.proposal_id) & (Proposal.revision_number == Revision.number))
        .where(Proposal.id.in_(proposals))
    )
    for number, revision, path, before, blob in session.execute(present) if proposals else ():
        wordings.setdefault(number, []).append(_File(revision, path, before, blob))
    return answers(library, wordings, _texts)


def _texts(files: Collection[FileIds]) -> Mapping[str, str]:
    revisions = {one.revision for one in files if isinstance(one, _File)}
    return dict(
        session.execute(
            select(RevisionFile.blob, RevisionFile.text).where(RevisionFile.revision_id.in_(revisions))
        ).all()
    )
