"""A desk with everything on it: open proposals by the thousand, some of them behind the draft, some that collide.

The actions themselves would take minutes; the constraints of the tables check these rows as they check theirs.
"""

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select

from bench.history import NAMESPACE
from bench.rows import table
from bench.state import State
from bench.texts import STATEMENT, reworded
from referentiel.comments.anchors import Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import State as Voiced
from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.document import Document
from referentiel.criteria.vocabulary import PLAIN_TEXT
from referentiel.database import session, writing
from referentiel.library.library import Library
from referentiel.library.models import Version
from referentiel.permissions import College
from referentiel.proposals.models import Proposal, ProposalAuthor, Revision, RevisionFile
from referentiel.proposals.states import ProposalKind
from referentiel.proposals.states import State as Stage

BEHIND = 3
"""How many versions ago the older proposals were written"""
TALKED, QUIETER = 300, 30


@dataclass(frozen=True, slots=True)
class Backlog:
    """Numbers of the proposals: all of them, those that change four hundred lines, and two that people speak of."""

    numbers: list[int]
    huge: list[int]
    talked: int
    quieter: int


def fill(library: Library, state: State, count: int) -> Backlog:
    """Write ``count`` open proposals: a third on today's text, a third behind it, a third that collide with it.

    One in ten waits to be admitted; the discussion of half of the others is over.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    first = (session.scalar(select(func.max(Proposal.id))) or 0) + 1
    wording = (session.scalar(select(func.max(Revision.id))) or 0) + 1
    head = library.head()
    versions = {code: _versions(f"criteres/{code}.md") for code in (*state.busy, *state.huge)}
    session.rollback()
    rows: dict[type, list[dict[str, object]]] = {Proposal: [], ProposalAuthor: [], Revision: [], RevisionFile: []}
    for place, (code, text, blob) in enumerate(_wordings(library, state, versions, count)):
        number, author = first + place, state.authors[place % len(state.authors)]
        admitted = place % 10 != 0
        over = place % 2 == 0
        at = now - timedelta(days=60 if over else 5, minutes=count - place)
        path = f"criteres/{code}.md"
        rows[Proposal].append(
            {
                "id": number,
                "title": f"Attente {number} sur {code}",
                "state": Stage.IN_DISCUSSION if admitted else Stage.SUBMITTED,
                "kind": ProposalKind.MODIFY,
                "path": path,
                "code": code,
                "author_id": author,
                "college": College.SIAE,
                "revision_number": 1,
                "change_class": ChangeClass.CLARITY,
                "submitted_at": at,
                "admitted_at": at if admitted else None,
                "window_ends": (at + timedelta(days=30)).date() if admitted else None,
                "decision_due": (at + timedelta(days=90)).date(),
                "form_id": str(uuid.uuid5(NAMESPACE, f"backlog {number}")),
            }
        )
        rows[ProposalAuthor].append({"proposal_id": number, "person_id": author})
        rows[Revision].append(
            {
                "id": wording + place,
                "proposal_id": number,
                "number": 1,
                "base_commit": head,
                "change_class": ChangeClass.CLARITY,
                "reason": "Pour que chacun comprenne.",
                "plain_change": "Le texte est plus clair.",
                "by_id": author,
                "created_at": at,
            }
        )
        after = {"before_blob": blob, "text": text, "blob": library.blob_id(text)}
        rows[RevisionFile].append({"revision_id": wording + place, "path": path, **after})
    with writing() as current:
        for model, values in rows.items():
            current.execute(insert(table(model)), values)
    numbers = [first + place for place in range(count)]
    backlog = Backlog(numbers, numbers[: len(state.huge)], numbers[-1], numbers[-3])
    _talk(state, backlog, now)
    return backlog


def _versions(path: str) -> Sequence[str]:
    """The blobs of one file, latest first."""
    query = select(Version.blob).where(Version.path == path).order_by(Version.seq.desc()).limit(BEHIND + 1)
    return [blob for blob in session.scalars(query) if blob]


def _wordings(
    library: Library, state: State, versions: dict[str, Sequence[str]], count: int
) -> Iterator[tuple[str, str, str]]:
    """Code, new text, blob that it starts from. The first ones change four hundred lines each."""
    for code in state.huge[:count]:
        yield code, reworded(library.text(versions[code][0])), versions[code][0]
    for place in range(count - len(state.huge[:count])):
        code = state.busy[place % len(state.busy)]
        blobs = versions[code]
        blob = blobs[0] if place % 3 == 0 else blobs[-1]
        document = Document.read(library.text(blob))
        section = STATEMENT if place % 3 == 2 else PLAIN_TEXT
        body = document.section(section) or ""
        # The mark of the last revision stands at the end of the statement: two hands on it collide.
        words = body.replace("Relu à la révision", f"Relu pour la proposition {place}, après la révision")
        if section == PLAIN_TEXT or words == body:
            words = f"{body}\nOn en parle avec vous ({place})."
        yield code, document.with_section(section, words).text, blob


def _talk(state: State, backlog: Backlog, at: datetime) -> None:
    """Published words on two proposals: three hundred on one, thirty on the other."""
    people = [int(number) for number in state.cookies]
    rows = [
        {
            "id": 2_000_000_000 + number * 1_000 + turn,
            "sending": hashlib.sha256(f"backlog {number} {turn}".encode()).hexdigest(),
            "kind": Target.PROPOSAL,
            "key": str(number),
            "author_id": people[turn % len(people)],
            "college": list(College)[turn % len(College)],
            "structure_id": 1 + turn % 4,
            "text": f"Mot {turn} sur la proposition {number} : voici ce qui se passe chez nous.",
            "state": Voiced.PUBLISHED,
            "is_reply": False,
            "created_at": at - timedelta(minutes=turn),
            "published_at": at - timedelta(minutes=turn),
        }
        for number, count in ((backlog.talked, TALKED), (backlog.quieter, QUIETER))
        for turn in range(count)
    ]
    with writing() as current:
        current.execute(insert(table(Comment)), rows)
