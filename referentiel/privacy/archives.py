"""Public acts, copied into a file before anything that they rest on is deleted.

Decisions with who was heard, the register of moderation, the steps of proposals: they name nobody. What they were
counted from (who wrote which contribution, who held which workshop, the security log) has its time. Each file holds
the acts that no earlier file of the folder holds; files moved elsewhere are simply made again from the first act.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from referentiel.comments.models import CommentEvent
from referentiel.config import Settings
from referentiel.database import session, writing
from referentiel.dates import day
from referentiel.durable import SECRET, write_durably
from referentiel.journal.actions import audit
from referentiel.journal.queries import audit_head
from referentiel.people.models import Card
from referentiel.permissions import College
from referentiel.proposals.figures import Said, beside
from referentiel.proposals.forgetting import THEIR_STEPS
from referentiel.proposals.hearing import Reach
from referentiel.proposals.models import Decision, DecisionCollege, DecisionState, StepLine
from referentiel.proposals.queries import heard_many, positions_many

PATTERN = "actes-publics-*.json"


@dataclass(frozen=True)
class Until:
    """The last act of each kind that a file holds."""

    decision: int = 0
    moderation: int = 0
    step: int = 0


def archived(folder: Path) -> Until:
    """The last acts that the files of this folder hold, together; none when there is no file."""
    ends = [Until(**json.loads(file.read_text("utf-8"))["until"]) for file in folder.glob(PATTERN)]
    return Until(
        max((one.decision for one in ends), default=0),
        max((one.moderation for one in ends), default=0),
        max((one.step for one in ends), default=0),
    )


def archive(settings: Settings, *, at: datetime) -> Path | None:
    """Write what no file holds yet, on disk when this returns; None when there is nothing. One write, of its hash."""
    since = archived(settings.archives_path)
    last = _last()
    until = Until(
        max(last.decision, since.decision), max(last.moderation, since.moderation), max(last.step, since.step)
    )
    if until == since:
        session.rollback()
        return None
    content = {
        "what": "Actes publics du référentiel partagé : décisions, registre de modération, étapes des propositions",
        "made_on": day(at).isoformat(),
        "since": asdict(since),
        "until": asdict(until),
        "audit_head": audit_head(),
        "decisions": list(_decisions(since.decision, until.decision, settings, at)),
        "moderation": list(_moderation(since.moderation, until.moderation)),
        "steps": list(_steps(since.step, until.step)),
        "cards": _cards(),
    }
    session.rollback()
    text = (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
    settings.archives_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = settings.archives_path / f"actes-publics-{day(at).isoformat()}-{until.step}-{until.moderation}.json"
    write_durably(file, text, mode=SECRET)
    with writing():
        details = {"file": file.name, "sha256": hashlib.sha256(text).hexdigest()}
        audit("archive.written", "archive", by_id=None, at=at, details=details)
    return file


def _last() -> Until:
    return Until(
        session.scalar(select(func.max(Decision.number)).where(Decision.state == DecisionState.EFFECTIVE)) or 0,
        session.scalar(select(func.max(CommentEvent.id))) or 0,
        session.scalar(select(func.max(StepLine.id)).where(StepLine.proposal_id.is_not(None))) or 0,
    )


def _decisions(since: int, until: int, settings: Settings, at: datetime) -> Iterator[Mapping[str, Any]]:
    rows: Sequence[Decision] = session.scalars(
        select(Decision)
        .where(Decision.number > since, Decision.number <= until, Decision.state == DecisionState.EFFECTIVE)
        .options(joinedload(Decision.proposal), selectinload(Decision.colleges), selectinload(Decision.signatures))
        .order_by(Decision.number)
    ).all()
    proposals = {row.proposal_id: row.proposal for row in rows}
    asked = list(proposals.values())
    hearings = heard_many(asked, people=settings.heard_people, structures=settings.heard_structures)
    stances = positions_many(asked, at=at, smallest=settings.small_group)
    for row in rows:
        proposal = row.proposal
        signed = [one.said for one in _in_order(row) if one.said is not None]
        # What was signed is never counted again; decisions older than such figures are counted now.
        said = signed or beside(stances[proposal.id], hearings[proposal.id])
        yield {
            "number": row.number,
            "proposal": proposal.id,
            "title": proposal.title,
            "file": proposal.adopted_path or proposal.path,
            "outcome": row.outcome.value,
            "class": row.change_class.value,
            "signed_on": _on(row.signed_at),
            "commit": row.commit_id,
            "reason": row.reason,
            "plain_reason": row.plain_reason,
            "resume_on": row.resume_on.isoformat() if row.resume_on else None,
            "colleges": [
                {"college": one.college.value, "basis": one.basis.value, "justification": one.justification}
                for one in _in_order(row)
            ],
            "heard": {one.college.value: _people(one, settings.small_group) for one in said},
            "positions": _positions(said),
            "signatures": [{"college": one.college.value, "on": _on(one.signed_at)} for one in row.signatures],
        }


def _in_order(decision: Decision) -> Sequence[DecisionCollege]:
    return sorted(decision.colleges, key=lambda one: list(College).index(one.college))


def _positions(rows: Iterable[Said]) -> Mapping[str, Any]:
    """Side by side, never added up; no figure where the page shows none."""
    return {
        one.college.value: "few"
        if one.few
        else {"favourable": one.favourable, "reserved": one.reserved, "unfavourable": one.unfavourable}
        for one in rows
    }


def _moderation(since: int, until: int) -> Iterator[Mapping[str, Any]]:
    rows = session.scalars(
        select(CommentEvent).where(CommentEvent.id > since, CommentEvent.id <= until).order_by(CommentEvent.id)
    )
    for row in rows:
        yield {
            "on": _on(row.at),
            "outcome": row.state.value,
            "rule": row.rule.value if row.rule else None,
            "role": row.role.value,
            "days": row.days,
        }


def _steps(since: int, until: int) -> Iterator[Mapping[str, Any]]:
    rows = session.scalars(
        select(StepLine)
        .where(StepLine.id > since, StepLine.id <= until, StepLine.proposal_id.is_not(None))
        .order_by(StepLine.id)
    )
    for row in rows:
        yield {
            "proposal": row.proposal_id,
            "step": row.step.value,
            "from": row.from_state.value,
            "to": row.to_state.value,
            "college": row.college.value if row.college else None,
            "on": _on(row.at),
            # What an author wrote is theirs to erase; what an editor answered is a public act.
            "reason": "" if row.step in THEIR_STEPS else row.reason,
            "plain_reason": "" if row.step in THEIR_STEPS else row.plain_reason,
        }


def _cards() -> Mapping[str, int]:
    """How many cards were ever printed, and used."""
    return {
        "printed": session.scalar(select(func.count(Card.id))) or 0,
        "used": session.scalar(select(func.count(Card.id)).where(Card.used_on.is_not(None))) or 0,
    }


def _people(said: Said, smallest: int) -> int | str:
    """How many; of employees never the number, which would give back what the positions beside it hide."""
    if said.people is None:
        return "few" if said.reach is Reach.FEW_PEOPLE else "several"
    return "few" if 0 < said.people < smallest else said.people


def _on(moment: datetime | None) -> str | None:
    return day(moment).isoformat() if moment else None
