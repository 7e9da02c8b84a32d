"""What is said because time passed, or because the wording changed: to the editors, to who spoke, to the authors."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from referentiel.database import session
from referentiel.dates import long_date
from referentiel.notices.facts import News, readers
from referentiel.notices.letters import LATE, Letter, ending, signed
from referentiel.people.models import Person, PersonRole
from referentiel.permissions import Role
from referentiel.proposals.actions.reminding import EVENT as REMINDER
from referentiel.proposals.actions.reminding import still_due
from referentiel.proposals.models import Proposal, StepLine
from referentiel.proposals.queries.own_positions import to_ask_again
from referentiel.proposals.states import Stage, State

ASK_AGAIN = "ask_again"
"""The kind of what is written to who spoke of an earlier wording"""
REMINDERS = {
    Stage.OVER: "la discussion est finie depuis le {day}. La décision peut se préparer.",
    Stage.SOON: "la réponse est promise pour le {day}.",
    Stage.LATE: "la réponse était promise pour le {day}. Elle est en retard.",
}
"""What the letter of the day says to the editors, while it is still so"""


def asked_again(proposal: Proposal, line: StepLine) -> list[News]:
    """A new wording: who spoke of an earlier one is asked what they think of this one."""
    about = {"proposal": proposal.id}
    to = to_ask_again(proposal)
    return [News(f"proposal:{proposal.id}:wording:{line.revision_id}", ASK_AGAIN, about, to=to, by_id=line.by_id)]


def of_reminder(payload: Mapping[str, Any]) -> list[News]:
    """Time passed: to the editors who may judge it; to its authors when the answer is late; to who should say again."""
    proposal, stage = session.get(Proposal, payload["proposal"]), Stage(payload["stage"])
    if proposal is None or not still_due(proposal, stage, date.fromisoformat(payload["day"])):
        return []
    event = f"proposal:{proposal.id}:{stage.value}:{payload['day']}"
    if stage is Stage.LAST_DAYS:
        return [News(event, ASK_AGAIN, {"proposal": proposal.id, "ends": payload["day"]}, to=to_ask_again(proposal))]
    judged = proposal.author_ids | proposal.credited_ids
    editors = Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == Role.EDITOR))
    in_charge = [number for number in readers(editors) if number not in judged]
    news = [News(event, REMINDER, dict(payload), in_charge=in_charge)]
    if stage is Stage.LATE:
        news.append(News(event, "step", {"proposal": proposal.id, "step": LATE}, to=proposal.author_ids))
    return news


def reminder(proposal: Proposal, payload: Mapping[str, Any]) -> str:
    """What the letter of the day says to an editor; nothing once it is no longer so."""
    stage, when = Stage(payload["stage"]), date.fromisoformat(payload["day"])
    return REMINDERS[stage].format(day=long_date(when)) if still_due(proposal, stage, when) else ""


def waits_for(proposal: Proposal, person_id: int) -> bool:
    """That person is still asked what they think of the present wording."""
    return proposal.state is State.IN_DISCUSSION and person_id in to_ask_again(proposal)


def ask_again_letter(to: str, address: str, number: int, title: str, ends: date | None, stop: str) -> Letter:
    """What they had said is on the page, not in the mail."""
    last = f" La discussion se ferme le {long_date(ends)}." if ends else ""
    return Letter(
        to,
        f"Proposition {number} : redites votre avis",
        signed(
            "Bonjour,",
            f"Vous avez donné votre avis sur la proposition {number}, « {title} ». Elle a une nouvelle "
            f"rédaction : votre avis ne compte pas pour elle tant que vous ne l’avez pas redit.{last} "
            "Il suffit d’un bouton :",
            address,
            ending(stop),
        ),
        stop,
    )
