"""A decision as a public act: what its two signatures bind, and the file that enters the library. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, path_of
from referentiel.permissions import College
from referentiel.proposals.act_figures import COLLEGES, read_table, table
from referentiel.proposals.figures import Said
from referentiel.proposals.states import Outcome, ProposalKind

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ADOPTED: "adoptee",
    Outcome.ADOPTED_WITH_CHANGES: "adoptee_avec_modifications",
    Outcome.REFUSED: "refusee",
    Outcome.POSTPONED: "reportee",
}
VERBS: Mapping[ProposalKind, str] = {ProposalKind.MERGE: "reunir", ProposalKind.SPLIT: "scinder"}
"""What is done to several criteria at once: the texts alone would not tell a split from one text changed, one added"""
REASON, PLAIN, SILENT = "Raison", "En clair", "Collèges non entendus"
SAID = "Ce que les collèges ont dit"

_SAYS = "**\xa0: "


@dataclass(frozen=True, slots=True)
class BoundFile:
    """One file of what is signed: where, from which blob, to which."""

    path: str
    before: str | None
    blob: str


@dataclass(frozen=True, slots=True)
class Act:
    """All that a decision says. ``silences`` holds the justification for each college that was not heard, ``said`` the
    figures of each college on the day of the first signature; decisions of before these were kept have none.
    """

    proposal: int
    revision: int
    outcome: Outcome
    change_class: ChangeClass
    reason: str
    plain_reason: str
    resume_on: date | None
    files: Sequence[BoundFile]
    heard: Sequence[College]
    silences: Mapping[College, str]
    said: Sequence[Said] = ()

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of everything that the two people sign."""
        bound: dict[str, object] = {
            "proposal": self.proposal,
            "revision": self.revision,
            "outcome": self.outcome.value,
            "class": self.change_class.value,
            "reason": self.reason,
            "plain_reason": self.plain_reason,
            "resume_on": self.resume_on.isoformat() if self.resume_on else None,
            "files": sorted((file.path, file.before or "", file.blob) for file in self.files),
            "heard": sorted(college.value for college in self.heard),
            "silences": {college.value: why for college, why in self.silences.items()},
        }
        if self.said:
            bound["said"] = [asdict(row) for row in self.said]
        canonical = json.dumps(bound, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()


def path(number: int) -> str:
    return path_of(Kind.DECISION, str(number))


def write(
    act: Act,
    *,
    number: int,
    item: str,
    signed_on: date,
    signatories: Sequence[College],
    kind: ProposalKind = ProposalKind.MODIFY,
    items: Sequence[str] = (),
    contributions: Sequence[int] = (),
) -> str:
    """The text of ``decisions/<number>.md``: no name, only colleges and numbers.

    ``item`` is the code of what was proposed on, ``items`` those of all the texts that it touches, when there are
    several; the library writes there the codes of new items. ``kind`` is written when it merges or splits criteria.
    ``contributions`` are the numbers of those it took up.
    """
    front: dict[str, str | Sequence[str]] = {
        "numero": str(number),
        "proposition": str(act.proposal),
        "redaction": str(act.revision),
        "objet": item,
        **({"objets": items} if len(items) > 1 else {}),
        **({"verbe": VERBS[kind]} if kind in VERBS else {}),
        "issue": OUTCOMES[act.outcome],
        "date": signed_on.isoformat(),
        "classe": act.change_class.value,
        "signataires": [college.value for college in signatories],
        "entendus": [college.value for college in act.heard],
        **({"contributions": [str(contribution) for contribution in contributions]} if contributions else {}),
    }
    if act.resume_on is not None:
        front["reprise"] = act.resume_on.isoformat()
    sections = {REASON: act.reason, PLAIN: act.plain_reason}
    # Words that imitate the head of a line are told from it by their space.
    told = [
        f"**{COLLEGES[college]}{_SAYS}{why.replace(_SAYS, '** : ')}" for college, why in act.silences.items() if why
    ]
    if told:
        sections[SILENT] = "\n\n".join(told)
    if act.said:
        sections[SAID] = table(act.said)
    return Document.make(front, sections, path(number)).text


def silences_of(text: str) -> dict[College, str]:
    """The justification of each silent college, read from the section that :func:`write` made."""
    found: dict[College, list[str]] = {}
    told: list[str] = []
    by_label = {label: college for college, label in COLLEGES.items()}
    for paragraph in text.split("\n\n"):
        label, says, why = paragraph.removeprefix("**").partition(_SAYS)
        if says and label in by_label:
            told = found.setdefault(by_label[label], [])
            told.append(why)
        else:
            told.append(paragraph)
    return {college: "\n\n".join(lines) for college, lines in found.items()}


@dataclass(frozen=True, slots=True)
class Written:
    """A decision as its file in the library tells it.

    ``item`` is the code of what was proposed on, ``items`` those of all the texts that it touches; ``kind`` is told
    when it merges or splits criteria.
    """

    number: int
    proposal: int
    revision: int
    item: str
    outcome: Outcome
    signed_on: date
    change_class: ChangeClass
    signatories: tuple[College, ...]
    heard: tuple[College, ...]
    silences: Mapping[College, str]
    reason: str
    plain_reason: str
    resume_on: date | None
    said: tuple[Said, ...] = ()
    items: tuple[str, ...] = ()
    contributions: tuple[int, ...] = ()
    kind: ProposalKind | None = None

    @property
    def unasked(self) -> tuple[College, ...]:
        """The colleges that were not heard, and without which a decision may be taken."""
        return tuple(college for college in College if college not in self.heard and college not in self.silences)


def read(document: Document) -> Written:
    """What :func:`write` wrote. Raises ``ValueError`` or ``KeyError`` on a file that it did not write."""
    value = {key: document.value(key) or "" for key in document.keys}
    return Written(
        number=int(value["numero"]),
        proposal=int(value["proposition"]),
        revision=int(value["redaction"]),
        item=value["objet"],
        outcome={word: outcome for outcome, word in OUTCOMES.items()}[value["issue"]],
        signed_on=date.fromisoformat(value["date"]),
        change_class=ChangeClass(value["classe"]),
        signatories=tuple(College(one) for one in document.values("signataires")),
        heard=tuple(College(one) for one in document.values("entendus")),
        silences=silences_of(document.section(SILENT) or ""),
        reason=document.section(REASON) or "",
        plain_reason=document.section(PLAIN) or "",
        resume_on=date.fromisoformat(value["reprise"]) if "reprise" in value else None,
        said=read_table(document.section(SAID) or ""),
        items=document.values("objets") or (value["objet"],),
        contributions=tuple(int(number) for number in document.values("contributions")),
        kind={word: kind for kind, word in VERBS.items()}.get(value.get("verbe", "")),
    )
