"""The SQL half of a long history: what a proposal adopted long ago leaves in every table, written by the thousand.

The actions themselves would take hours for 20,000 adoptions; the constraints of the tables check these rows as they
check theirs.
"""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Table, insert, select

from bench.history import NAMESPACE, PLAIN_REASON, REASON, change_class, decision_text, has_decision, message
from bench.people import People
from referentiel.comments.anchors import Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Face
from referentiel.comments.moderation import State as Voiced
from referentiel.database import Base, session, writing
from referentiel.journal.actions import audit
from referentiel.journal.authors import Author
from referentiel.journal.chain import ORIGIN, line_hash
from referentiel.journal.changes import FileChange
from referentiel.journal.models import DONE, AuditLine, Operation, OutboxItem
from referentiel.library.library import Library
from referentiel.library.models import Version
from referentiel.library.streams import blob_texts
from referentiel.permissions import FOUNDING_COLLEGES, College
from referentiel.proposals import act
from referentiel.proposals.models import (
    Basis,
    Decision,
    DecisionCollege,
    DecisionState,
    Position,
    Proposal,
    ProposalAuthor,
    Revision,
    RevisionFile,
    Signature,
    StepLine,
)
from referentiel.proposals.states import Outcome, ProposalKind, Stance, State, Step

Row = dict[str, Any]
AT_ONCE = 500
VOICES = 6
DIGEST = hashlib.sha256(b"bench").hexdigest()

LIFE = (
    (Step.SUBMIT, State.DRAFT, State.SUBMITTED, 60),
    (Step.ADMIT, State.SUBMITTED, State.IN_DISCUSSION, 50),
    (Step.PROPOSE_DECISION, State.IN_DISCUSSION, State.IN_DECISION, 5),
    (Step.SIGN, State.IN_DECISION, State.ADOPTED, 0),
)
"""Each step of an adopted proposal, and how many days before its adoption."""


def adopted(library: Library, people: People) -> int:
    """Give every revision of the library the proposal, the decision and the operation that it came from."""
    query = select(Version).where(Version.number > 1, Version.path.startswith("criteres/")).order_by(Version.seq)
    versions = session.scalars(query).all()
    parents = dict(session.execute(select(Version.number, Version.commit).distinct()).tuples().all())
    texts = blob_texts(library.repositories, [version.blob or "" for version in versions])
    facts = [(version, parents[version.number - 1]) for version in versions]
    session.expunge_all()
    session.rollback()
    previous, lines = ORIGIN, 0
    for some in _by(AT_ONCE, facts):
        tables: dict[type[Base], list[Row]] = {}
        for version, parent in some:
            for model, row in _lived(version, parent, next(texts), people):
                tables.setdefault(model, []).append(row)
        for line in tables[AuditLine]:
            lines += 1
            line["seq"], line["previous"] = lines, previous
            line["hash"] = previous = line_hash(**line)
        with writing() as rows:
            for model, values in tables.items():
                rows.execute(insert(table(model)), values)
    return len(facts)


def voices(codes: Sequence[str], people: People, at: datetime) -> None:
    """Published words on every criterion, from the four colleges, and faces from the employees."""
    colleges = {number: college for college, numbers in _by_college(people).items() for number in numbers}
    rows = []
    for place, code in enumerate(codes):
        for turn in range(VOICES):
            number = people.all[(place + turn * 11) % len(people.all)]
            face = list(Face)[turn % len(Face)] if colleges[number] is College.EMPLOYEES else None
            rows.append(
                {
                    "id": 1_000_000 + place * VOICES + turn,
                    "sending": hashlib.sha256(f"{code}{turn}".encode()).hexdigest(),
                    "kind": Target.CRITERION,
                    "key": code,
                    "author_id": number,
                    "college": colleges[number],
                    "structure_id": 1 + turn % 4,
                    "face": face,
                    "text": f"Chez nous, {code} se vit au quotidien : voici comment, en {turn + 1} points.",
                    "state": Voiced.PUBLISHED,
                    "is_reply": False,
                    "created_at": at - timedelta(days=turn),
                    "published_at": at - timedelta(days=turn),
                }
            )
    with writing() as current:
        current.execute(insert(table(Comment)), rows)
        audit("comment.published", "comment:1000000", by_id=people.editor, at=at, details={"rule": ""})


def _lived(version: Version, parent: str, text: str, people: People) -> Iterator[tuple[type[Base], Row]]:
    number, at = version.proposal or 0, version.committed_at
    author = people.authors[number % len(people.authors)]
    signer = people.signers[number % len(people.signers)]
    code = version.path.rpartition("/")[2].removesuffix(".md")
    kind = change_class(number)
    college = College(version.college)
    yield (
        Proposal,
        {
            "id": number,
            "title": f"Relire {code}, révision {number}",
            "state": State.ADOPTED,
            "kind": ProposalKind.MODIFY,
            "path": version.path,
            "code": code,
            "author_id": author,
            "college": college,
            "revision_number": 1,
            "change_class": kind,
            "submitted_at": at - timedelta(days=60),
            "admitted_at": at - timedelta(days=50),
            "window_ends": (at - timedelta(days=20)).date(),
            "decision_due": (at + timedelta(days=30)).date(),
            "decision_number": number,
            "decided_at": at,
            "adopted_path": version.path,
            "form_id": _form("proposal", number),
        },
    )
    yield ProposalAuthor, {"proposal_id": number, "person_id": author}
    yield (
        Revision,
        {
            "id": number,
            "proposal_id": number,
            "number": 1,
            "base_commit": parent,
            "change_class": kind,
            "reason": REASON,
            "plain_change": PLAIN_REASON,
            "by_id": author,
            "created_at": at - timedelta(days=60),
        },
    )
    file: Row = {"path": version.path, "before_blob": version.before_blob, "text": text, "blob": version.blob}
    yield RevisionFile, {"revision_id": number, **file}
    yield (
        Position,
        {
            "id": number,
            "proposal_id": number,
            "revision_id": number,
            "person_id": signer,
            "college": College.PARTNERS,
            "structure_id": 1,
            "stance": Stance.FAVOURABLE,
            "taken_at": at - timedelta(days=30),
        },
    )
    yield (
        Decision,
        {
            "id": number,
            "number": number,
            "proposal_id": number,
            "revision_id": number,
            "state": DecisionState.EFFECTIVE,
            "outcome": Outcome.ADOPTED,
            "change_class": kind,
            "reason": REASON,
            "plain_reason": PLAIN_REASON,
            "digest": DIGEST,
            "proposed_at": at - timedelta(days=5),
            "author_words": "",
            "signed_at": at,
            "operation_id": version.operation,
            "commit_id": version.commit,
            "form_id": _form("decision", number),
        },
    )
    for rank, (person, signed) in enumerate(((people.editor, College.SPE), (signer, College.PARTNERS)), 1):
        yield (
            Signature,
            {
                "decision_id": number,
                "rank": rank,
                "person_id": person,
                "college": signed,
                "digest": DIGEST,
                "signed_at": at,
            },
        )
    for one in College:
        basis = Basis.HEARD if one in FOUNDING_COLLEGES else Basis.NOT_REQUIRED
        yield DecisionCollege, {"decision_id": number, "college": one, "basis": basis, "justification": ""}
    changes = [FileChange(version.path, version.before_blob, text, frozenset({"section:Énoncé"}))]
    if has_decision(number):
        changes.append(FileChange(act.path(number), None, decision_text(number, code, at), frozenset({"file"})))
    made_by = Author.of(college.value, f"proposal-{number}")
    yield (
        Operation,
        {
            "id": version.operation,
            "kind": "decision",
            "subject": f"proposal:{number}",
            "state": DONE,
            "base": parent,
            "files": [change.to_json() for change in changes],
            "message": message(number, code),
            "author_name": made_by.name,
            "author_email": made_by.email,
            "time": at,
            "by_id": signer,
            "college": College.PARTNERS.value,
            "commit": version.commit,
            "parent": parent,
            "paths": {change.path: change.path for change in changes},
            "closed_at": at,
        },
    )
    yield from _told(number, at, (author, people.editor, people.editor, signer))


def _told(number: int, at: datetime, people: tuple[int, ...]) -> Iterator[tuple[type[Base], Row]]:
    """The lines of the steps, in the proposal's life, in the audit and in the outbox."""
    subject = f"proposal:{number}"
    for place, ((step, source, target, days), person) in enumerate(zip(LIFE, people, strict=True)):
        then = at - timedelta(days=days)
        yield (
            StepLine,
            {
                "id": number * len(LIFE) + place,
                "proposal_id": number,
                "step": step,
                "from_state": source,
                "to_state": target,
                "by_id": person,
                "college": College.SPE,
                "at": then,
                "reason": REASON,
                "plain_reason": PLAIN_REASON,
            },
        )
        details = {"from": source.value, "to": target.value, "decision": None, "revision": number}
        event = f"proposal.{step.value}"
        yield AuditLine, {"at": then, "event": event, "subject": subject, "by_id": person, "details": details}
        yield (
            OutboxItem,
            {
                "kind": "proposal",
                "payload": {"proposal": number, "step": step.value},
                "created_at": then,
                "not_before": then,
                "tries": 1,
                "done_at": then,
            },
        )


def _by_college(people: People) -> Mapping[College, Sequence[int]]:
    each = len(people.all) // len(College)
    return {college: people.all[place * each : (place + 1) * each] for place, college in enumerate(College)}


def _form(what: str, number: int) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{what} {number}"))


def table(model: type[Base]) -> Table:
    """The table of a model, for rows written without objects."""
    assert isinstance(model.__table__, Table)
    return model.__table__


def _by(size: int, values: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(values)
    while some := list(islice(left, size)):
        yield some
