"""What the story of the demonstration is made of: somebody, what they say, a proposal and its life, an edition.

Days count from the first day when they are positive, from today when they are negative.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from referentiel.comments.moderation import Rule
from referentiel.criteria.changes import ChangeClass
from referentiel.permissions import College, Role
from referentiel.proposals.states import Outcome, ProposalKind, Stance


@dataclass(frozen=True)
class Place:
    """A structure or an institution."""

    key: str
    name: str
    kind: str
    territory: str = "dep-38"


@dataclass(frozen=True)
class Somebody:
    """An invented person. Employees come with a card and have no name; ``place`` is none for a card outside any."""

    key: str
    college: College
    place: str | None
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Edit:
    """In a section, these words become those. ``before`` empty: the whole section is written."""

    section: str
    before: str
    after: str


@dataclass(frozen=True)
class Said:
    """A contribution. ``read`` is the day on which somebody let it through; none: it waits. ``rule``: it was not."""

    day: int
    by: str
    text: str
    read: int | None = None
    reader: str = "denis"
    section: str = ""
    quotation: str = ""
    rule: Rule | None = None
    note: str = ""
    replies: tuple["Said", ...] = ()


@dataclass(frozen=True)
class Wished:
    """« Je voudrais que… », on a criterion or, without ``code``, on the whole text; read by Denis on ``read``."""

    key: str
    day: int
    by: str
    text: str
    read: int
    code: str = ""


@dataclass(frozen=True)
class Suggested:
    """Other words for a passage of a proposal's statement, and why."""

    day: int
    by: str
    wish: str
    passage: str
    better: str
    text: str
    read: int


@dataclass(frozen=True)
class Judgement:
    """Completion asked, or inadmissible."""

    day: int
    by: str
    reason: str
    plain: str


@dataclass(frozen=True)
class Rewording:
    """The next wording of a proposal."""

    day: int
    edits: tuple[Edit, ...]
    reason: str


@dataclass(frozen=True)
class Verdict:
    """A decision: the first signature, the author's answer to an amended wording, the second signature."""

    day: int
    by: str
    outcome: Outcome
    reason: str
    plain: str
    silences: Mapping[College, str] = field(default_factory=dict)
    amended: tuple[Edit, ...] = ()
    resume_in: int = 0
    answered: int | None = None
    signed: int | None = None
    signed_by: str = ""


@dataclass(frozen=True)
class Union:
    """A proposal that another one carries from now on."""

    day: int
    by: str
    into: str
    reason: str
    plain: str


@dataclass(frozen=True)
class Withdrawal:
    """An author takes the proposal back."""

    day: int
    reason: str


@dataclass(frozen=True)
class Wish:
    """A proposal and its life."""

    key: str
    by: str
    day: int
    title: str
    code: str
    edits: tuple[Edit, ...]
    reason: str
    plain: str
    kind: ProposalKind = ProposalKind.MODIFY
    change_class: ChangeClass = ChangeClass.SUBSTANCE
    keys: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    admitted: int | None = None
    admitted_by: str = "chloe"
    completion: Judgement | None = None
    inadmissible: Judgement | None = None
    rewording: Rewording | None = None
    early_day: int = 0
    early: Mapping[str, Stance] = field(default_factory=dict)
    stances_day: int = 0
    stances: Mapping[str, Stance] = field(default_factory=dict)
    said: tuple[Said, ...] = ()
    verdict: Verdict | None = None
    merged: Union | None = None
    withdrawn: Withdrawal | None = None
    corrects: int | None = None
    """An erratum: the place in the story of the sealed edition that it corrects. Its only edit says the passage"""
    takes_up: str = ""
    """The key of the wish in plain words that it makes a wording of"""


@dataclass(frozen=True)
class Delay:
    """A proposal left to the next edition."""

    wish: str
    reason: str
    plain: str


@dataclass(frozen=True)
class Issue:
    """An edition: announced, closed, prepared; confirmed unless somebody still has to."""

    announced: int
    closing: int
    prepared: int
    applies: int
    note: str
    delays: tuple[Delay, ...] = ()
    confirmed: int | None = None
