"""A long history, written in one go by ``git fast-import`` in the very form of our commits."""

import subprocess
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bench.sizes import QUIET, RECENT
from bench.texts import Written, revised
from referentiel.criteria.changes import ChangeClass
from referentiel.dates import day
from referentiel.journal.authors import COLLEGES, Author
from referentiel.journal.messages import compose, with_operation
from referentiel.library.environment import IDENTITY, environment
from referentiel.library.loose import open_folders
from referentiel.permissions import FOUNDING_COLLEGES, College
from referentiel.proposals import act
from referentiel.proposals.states import Outcome

DECISION_EVERY = 10
"""Every tenth decision has its file; its number is that of its proposal, which is that of its revision."""
CLASSES = tuple(ChangeClass)
NAMESPACE = uuid.UUID("6f0d6a1e-7a53-4a6e-9d1c-2b5a4e0c9f11")

REASON = "La rédaction proposée dit la même chose plus clairement."
PLAIN_REASON = "Le texte est plus simple à lire."


def write(library: Path, criteria: Sequence[Written], revisions: int, *, last: datetime) -> dict[str, str]:
    """Add ``revisions`` commits to ``main``, the last at ``last``; gives path → text at the end.

    One commit in ten adds its decision's file: a flat folder of 20,000 decisions is more than a referential will live.
    The history is then packed, as a nightly maintenance leaves it.
    """
    texts = {one.path: one.text for one in criteria}
    _git(library, "fast-import", "--quiet", given=_stream(criteria, texts, revisions, last))
    _git(library, "repack", "-a", "-d", "-q")
    _git(library, "prune-packed", "-q")
    open_folders(library / "objects")
    return texts


def operation_id(number: int) -> str:
    """The operation that made a revision."""
    return str(uuid.uuid5(NAMESPACE, str(number)))


def moment(number: int, revisions: int, last: datetime) -> datetime:
    """When a revision was adopted: the recent ones one a day, those before one an hour."""
    back = revisions - number
    return last - timedelta(days=min(back, RECENT), hours=max(back - RECENT, 0))


def revised_criterion(criteria: Sequence[Written], number: int, revisions: int) -> Written:
    """Which criterion a revision changes: the recent ones share the quiet criteria, those before share the others."""
    back = revisions - number
    if back < RECENT:
        return criteria[back % QUIET]
    others = len(criteria) - QUIET
    return criteria[QUIET + number % others]


def _stream(criteria: Sequence[Written], texts: dict[str, str], revisions: int, last: datetime) -> Iterator[bytes]:
    colleges = list(COLLEGES)
    for number in range(1, revisions + 1):
        one = revised_criterion(criteria, number, revisions)
        text = texts[one.path] = revised(texts[one.path], number)
        at = moment(number, revisions, last)
        files = [(one.path, text)]
        if has_decision(number):
            files.append((act.path(number), decision_text(number, one.code, at)))
        author = Author.of(colleges[number % len(colleges)], f"proposal-{number}")
        whole = with_operation(message(number, one.code), operation_id(number))
        yield _commit(author, at, whole, files, number == 1)


def change_class(number: int) -> ChangeClass:
    """The class of a revision's change."""
    return CLASSES[number % len(CLASSES)]


def has_decision(number: int) -> bool:
    """Whether the file of the decision stands in this commit."""
    return number % DECISION_EVERY == 0


def message(number: int, code: str) -> str:
    """What the commit of a revision says, without the name of its operation."""
    trailers: list[tuple[str, object]] = [("Proposal", number), ("Class", change_class(number).value)]
    if has_decision(number):
        trailers.insert(1, ("Decision", number))
    return compose(f"Adopt proposal {number}: {code}", trailers=trailers)


def decision_text(number: int, code: str, at: datetime) -> str:
    signed = act.Act(
        proposal=number,
        revision=1,
        outcome=Outcome.ADOPTED,
        change_class=change_class(number),
        reason=REASON,
        plain_reason=PLAIN_REASON,
        resume_on=None,
        files=(),
        heard=FOUNDING_COLLEGES,
        silences={},
    )
    signatories = (College.SPE, College.PARTNERS)
    return act.write(signed, number=number, item=code, signed_on=day(at), signatories=signatories)


def _commit(author: Author, at: datetime, whole: str, files: Sequence[tuple[str, str]], first: bool) -> bytes:
    when = f"{int(at.timestamp())} +0000"
    lines = [
        b"commit refs/heads/main",
        f"author {author.name} <{author.email}> {when}".encode(),
        f"committer {IDENTITY[0]} <{IDENTITY[1]}> {when}".encode(),
        _data(whole.encode()),
    ]
    if first:
        lines.append(b"from refs/heads/main^0")
    for path, text in files:
        lines += [b"M 100644 inline " + path.encode(), _data(text.encode())]
    return b"\n".join(lines) + b"\n"


def _data(content: bytes) -> bytes:
    return b"data %d\n%s" % (len(content), content)


def _git(library: Path, *arguments: str, given: Iterable[bytes] = ()) -> None:
    process = subprocess.Popen(
        ["git", "-C", str(library), *arguments], stdin=subprocess.PIPE, env={"PATH": "/usr/bin:/bin", **environment()}
    )
    assert process.stdin is not None
    with process.stdin as stream:
        for piece in given:
            stream.write(piece)
    if process.wait():
        raise RuntimeError(f"git {arguments[0]} failed on the history to measure")
