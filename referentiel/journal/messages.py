"""The message of a commit: a subject, a body, and trailers that only the application writes."""

import re
from collections.abc import Iterable, Mapping, Sequence

KEYS = ("Proposal", "Decision", "Meeting", "Class", "Erratum", "Co-authored-by")
OPERATION = "Operation"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_TRAILER = re.compile(r"^([A-Z][A-Za-z-]*): (.+)$")


def compose(subject: str, body: str = "", trailers: Iterable[tuple[str, object]] = ()) -> str:
    """Build a message. A line of the body that looks like a trailer of ours is set back by a space, and stays prose.

    ``trailers`` are pairs such as ``("Proposal", 42)``, kept in order, their keys among :data:`KEYS`. Raises
    ``ValueError`` on an empty subject.
    """
    if not subject.strip():
        raise ValueError("a commit needs a subject")
    paragraphs = [" ".join(subject.split())]
    prose = [f" {line}" if _key(line) in (*KEYS, OPERATION) else line for line in _CONTROL.sub(" ", body).split("\n")]
    if body.strip():
        paragraphs.append("\n".join(prose).strip("\n"))
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
