"""The hash chain of the audit lines, as a pure rule."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

ORIGIN = "0" * 64


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


def first_fault(lines: Iterable[Line]) -> int | None:
    """The number of the first line that breaks the chain, None when it is whole. Lines come in order."""
    previous, expected = ORIGIN, 1
    for line in lines:
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
        previous, expected = line.hash, expected + 1
    return None
