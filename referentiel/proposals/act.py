"""A decision as a public act: what its two signatures bind, and the file that enters the library. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, path_of
from referentiel.permissions import College
from referentiel.proposals.states import Outcome

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ADOPTED: "adoptee",
    Outcome.ADOPTED_WITH_CHANGES: "adoptee_avec_modifications",
    Outcome.REFUSED: "refusee",
    Outcome.POSTPONED: "reportee",
}
REASON, PLAIN, SILENT = "Raison", "En clair", "Collèges non entendus"
# The act is kept in French whatever the language of who signs.
COLLEGES: Mapping[College, str] = {
    College.EMPLOYEES: "Salariés en insertion",
    College.SIAE: "Structures (SIAE)",
    College.SPE: "Référents du SPE",
    College.PARTNERS: "État et partenaires",
}


_SAYS = "**\xa0: "


@dataclass(frozen=True, slots=True)
class BoundFile:
    """One file of what is signed: where, from which blob, to which."""

    path: str
    before: str | None
    blob: str


@dataclass(frozen=True, slots=True)
class Act:
    """All that a decision says. ``silences`` holds the justification for each college that was not heard."""

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

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of everything that the two people sign."""
        bound = {
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
        canonical = json.dumps(bound, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def path(number: int) -> str:
    return path_of(Kind.DECISION, str(number))


def write(act: Act, *, number: int, item: str, signed_on: date, signatories: Sequence[College]) -> str:
    """The text of ``decisions/<number>.md``: no name, only colleges and numbers.

    ``item`` is the code of what was proposed on; the library writes there the code of a new criterion.
    """
    front: dict[str, str | Sequence[str]] = {
        "numero": str(number),
        "proposition": str(act.proposal),
        "redaction": str(act.revision),
        "objet": item,
        "issue": OUTCOMES[act.outcome],
        "date": signed_on.isoformat(),
        "classe": act.change_class.value,
        "signataires": [college.value for college in signatories],
        "entendus": [college.value for college in act.heard],
    }
    if act.resume_on is not None:
        front["reprise"] = act.resume_on.isoformat()
    sections = {REASON: act.reason, PLAIN: act.plain_reason}
    told = [f"**{COLLEGES[college]}{_SAYS}{why}" for college, why in act.silences.items() if why]
    if told:
        sections[SILENT] = "\n\n".join(told)
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
    """A decision as its file in the library tells it. ``item`` is the code of what was proposed on."""

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
    )
