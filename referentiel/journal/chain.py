"""The hash chain of the audit lines, as a pure rule."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

ORIGIN = "0" * 64


PURGED = "audit.purged"
PUBLIC_ACTS = frozenset({"audit", "archive", "comment", "decision", "edition", "operation", "proposal"})
"""Families of events"""


class Stretch(Protocol):
    """What stays of lines that were purged: their numbers, the hash before them, their first, their last."""

    @property
    def first_seq(self) -> int: ...
    @property
    def last_seq(self) -> int: ...
    @property
    def previous(self) -> str: ...
    @property
    def first_hash(self) -> str: ...
    @property
    def last_hash(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch that is about to be purged."""

    first_seq: int
    last_seq: int
    previous: str
    first_hash: str
    last_hash: str


class Line(Protocol):
    """What the chain covers of an audit line."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def event(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def by_id(self) -> int | None: ...
    @property
    def details(self) -> Mapping[str, Any]: ...
    @property
    def previous(self) -> str: ...
    @property
    def hash(self) -> str: ...


def line_hash(
    *, seq: int, at: datetime, event: str, subject: str, by_id: int | None, details: Mapping[str, Any], previous: str
) -> str:
    """SHA-256, in hex, of the canonical JSON of a line and of the hash before it."""
    covered = [seq, at.astimezone(UTC).isoformat(), event, subject, by_id, details, previous]
    canonical = json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def first_fault(lines: Iterable[Line], stretches: Iterable[Stretch] = ()) -> int | None:
    """The number of the first line that breaks the chain, None when it is whole. Lines come in order.

    A purged stretch stands for its lines: it rests on the hash before them, the next line rests on its last hash, and
    a line of the chain names it.
    """
    gone = {stretch.first_seq: stretch for stretch in stretches}
    named: set[tuple[object, ...]] = set()
    previous, expected = ORIGIN, 1
    for line in lines:
        while line.seq > expected and expected in gone:
            if gone[expected].previous != previous:
                return expected
            previous, expected = gone[expected].last_hash, gone[expected].last_seq + 1
        own = line_hash(
            seq=line.seq,
            at=line.at,
            event=line.event,
            subject=line.subject,
            by_id=line.by_id,
            details=line.details,
            previous=line.previous,
        )
        if line.seq != expected or line.previous != previous or line.hash != own:
            return expected
        if line.event == PURGED:
            named.update(tuple(one) for one in line.details["stretches"])
        previous, expected = line.hash, expected + 1
    return min((seq for seq, stretch in gone.items() if as_named(stretch) not in named), default=None)


def as_named(stretch: Stretch) -> tuple[int, int, str, str]:
    """How the line that tells a purge names a stretch: its numbers, its first hash and its last."""
    return stretch.first_seq, stretch.last_seq, stretch.first_hash, stretch.last_hash


def is_public(event: str) -> bool:
    """True for the line of a public act, which is kept; every other one is the security log, kept for a time."""
    return event.partition(".")[0] in PUBLIC_ACTS


def runs(lines: Iterable[tuple[int, str, str]], *, ends: Collection[str] = ()) -> Iterator[Run]:
    """Lines (number, hash before, own hash) in order, as stretches without a gap. One ends on each hash of ``ends``:
    an edition was sealed on it, and it must be found again."""
    run: Run | None = None
    for seq, previous, own in lines:
        if run is not None and seq == run.last_seq + 1 and run.last_hash not in ends:
            run = replace(run, last_seq=seq, last_hash=own)
            continue
        if run is not None:
            yield run
        run = Run(seq, seq, previous, own, own)
    if run is not None:
        yield run
