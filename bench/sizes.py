"""How much is built and asked."""

from dataclasses import dataclass

QUIET, QUIET_REVISIONS = 25, 4
"""Criteria of the last hundred revisions, and how many each had: the same in every state, so that the same pages
are compared whatever came before."""

RECENT = QUIET * QUIET_REVISIONS


@dataclass(frozen=True, slots=True)
class Size:
    """``revisions`` is the long history, ``few`` the short one it is compared to; ``rounds`` is how often it is warm,
    ``rest`` the seconds of rest after a crowd, before the memory of its server is read.

    ``proposals`` wait at once on the full desk.

    ``editions`` are the numbers of criteria of the editions that are sealed in every form.

    ``judged`` says whether the ratios of such a run mean something: a sample checks the answers alone.
    """

    criteria: int
    revisions: int
    few: int
    rounds: int
    sealed: int
    written: int
    writers: int
    each: int
    starts: int
    rest: float
    proposals: int
    editions: tuple[int, ...]
    judged: bool


WHOLE = Size(
    400,
    20_000,
    RECENT,
    rounds=8,
    sealed=150,
    written=40,
    writers=8,
    each=50,
    starts=5,
    rest=12.0,
    proposals=2_000,
    editions=(40, 400),
    judged=True,
)
SAMPLE = Size(
    65,
    200,
    RECENT,
    rounds=2,
    sealed=10,
    written=4,
    writers=4,
    each=4,
    starts=1,
    rest=6.0,
    proposals=60,
    editions=(6,),
    judged=False,
)
