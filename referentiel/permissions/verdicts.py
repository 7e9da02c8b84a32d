"""Yes; or no, with the sentence that says why."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """True when allowed; otherwise ``reason`` is the French sentence to show, beside the button or on the page."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(True)


def refuse_unless(condition: bool, reason: str) -> Verdict:
    return ALLOWED if condition else Verdict(False, reason)
