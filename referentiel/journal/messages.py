"""The message of a commit: a subject, a body, and trailers that only the application writes."""

import re
from collections.abc import Iterable, Mapping, Sequence

KEYS = ("Proposal", "Decision", "Meeting", "Class", "Erratum", "Co-authored-by")
OPERATION = "Operation"
_TRAILER = re.compile(r"^([A-Z][A-Za-z-]*): (.+)$")


def compose(subject: str, body: str = "", trailers: Iterable[tuple[str, object]] = ()) -> str:
    """Build a message. A line of the subject or the body can never be taken for a trailer.

    ``trailers`` are pairs such as ``("Proposal", 42)``, kept in order, their keys among :data:`KEYS`.
    """
    paragraphs = [" ".join(subject.split())]
    # A full stop of its own ends the body, so that a last paragraph made of "Key: value" lines stays prose.
    if body.strip():
        paragraphs.append(body.replace("\r\n", "\n").strip())
    lines = []
    for key, value in trailers:
        if key not in KEYS:
            raise ValueError(f"unknown trailer: {key}")
        lines.append(f"{key}: {' '.join(str(value).split())}")
    if lines:
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs) + "\n"


def with_operation(message: str, operation: str) -> str:
    """Add the ``Operation`` trailer to the last paragraph if it is one of ours, else in a paragraph of its own."""
    message = message.rstrip("\n")
    last = message.rpartition("\n\n")[2] if "\n\n" in message else ""
    ours = bool(last) and all(_key(line) in KEYS for line in last.split("\n"))
    return f"{message}{chr(10) if ours else chr(10) * 2}{OPERATION}: {operation}\n"


def trailers(message: str) -> Mapping[str, Sequence[str]]:
    """Read the trailers of the last paragraph; none when that paragraph holds any other line."""
    head, _, last = message.rstrip("\n").rpartition("\n\n")
    found: dict[str, list[str]] = {}
    for line in last.split("\n") if head else ():
        if _key(line) not in (*KEYS, OPERATION):
            return {}
        key, _, value = line.partition(": ")
        found.setdefault(key, []).append(value)
    return found


def _key(line: str) -> str:
    match = _TRAILER.match(line)
    return match[1] if match else ""
