"""What waits for whoever is signed in, the oldest first: one's own proposals and positions; for editors and publishers
what they judge, sign and publish. Filters are in the address.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy

from referentiel.comments import readings, reported
from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.paths import Kind, path_of
from referentiel.editions.models import PlanState
from referentiel.editions.queries import open_plan
from referentiel.errors import N_, Unknown
from referentiel.people.accounts import settling
from referentiel.people.models import Person
from referentiel.people.workshops import queries as workshops
from referentiel.permissions import Action, College, Role, could, may
from referentiel.proposals import queries
from referentiel.proposals.delays import Delays
from referentiel.proposals.queries.desks import PileOf, Todo
from referentiel.proposals.queries.waiting import Wanted
from referentiel.web.clock import now
from referentiel.web.guard import ask_second_factor, requires
from referentiel.web.identity import signed_in
from referentiel.web.listing import page_asked, word_asked
from referentiel.web.stores import library, settings
from referentiel.web.texts import draft_state

blueprint = Blueprint("desk", __name__)

NO_FILE = "-"
"""What words that are no code name: nothing waits on it"""
READ_AGAIN, SESSIONS = "a-relire", "seances"
PILES = {
    PileOf.TO_DECIDE.value: lazy("À décider"),
    PileOf.TO_SIGN.value: lazy("Deuxième signature"),
    PileOf.TO_EXAMINE.value: lazy("À vérifier"),
    PileOf.OWN.value: lazy("Mes propositions"),
    PileOf.TO_SAY_AGAIN.value: lazy("Mes avis à redire"),
    READ_AGAIN: lazy("Contributions à relire"),
    SESSIONS: lazy("Séances"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; what it does not know asks for nothing. ``item`` is a criterion or a chapter."""

    pile: str = ""
    college: College | None = None
    late: bool = False
    item: str = ""
    change_class: ChangeClass | None = None

    @classmethod
    def read(cls) -> "Filters":
        pile, college, change = (request.args.get(name, "") for name in ("pile", "college", "classe"))
        return cls(
            pile if pile in PILES else "",
            College(college) if college in {one.value for one in College} else None,
            request.args.get("retard") == "1",
            word_asked("critere", most=32).upper(),
            ChangeClass(change) if change in {one.value for one in ChangeClass} else None,
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.college or self.late or self.item or self.change_class)

    def address(self, pile: str | None = None) -> dict[str, str]:
        """The parts of the address, those that ask for nothing left out."""
        given = {
            "pile": self.pile if pile is None else pile,
            "college": self.college.value if self.college else "",
            "retard": "1" if self.late else "",
            "critere": self.item,
            "classe": self.change_class.value if self.change_class else "",
        }
        return {name: value for name, value in given.items() if value}

    @property
    def wanted(self) -> Wanted:
        paths, chapter = _named(self.item)
        return Wanted(self.college, self.late, self.change_class, paths, chapter)


@blueprint.get("/bureau")
@requires(Action.SEE_WAITING)
def page() -> ResponseReturnValue:
    """A glance at every pile, or fifty tasks of the one asked for."""
    who, filters = signed_in(), Filters.read()
    edits = bool(could(who, Action.SEE_DESK))
    if edits and (asked := ask_second_factor()) is not None:
        return asked
    number = page_asked()
    waiting = queries.desk(
        library(),
        who,
        at=now(),
        pile=PileOf(filters.pile) if filters.pile in set(PileOf) else None,
        page=number,
        wanted=filters.wanted,
        delays=Delays.of(settings()),
        people=settings().heard_people,
        structures=settings().heard_structures,
    )
    shown = waiting.get(PileOf(filters.pile)) if filters.pile in set(PileOf) else None
    if number > (shown.count if shown else 1):
        raise Unknown(N_("Cette page de la liste n’existe pas."))
    return render_template(
        "desk/page.html",
        piles=waiting,
        words={value: words for value, words in PILES.items() if _is_theirs(who, value)},
        filters=filters,
        colleges=list(College),
        classes=list(ChangeClass),
        PileOf=PileOf,
        Todo=Todo,
        **_voices(who),
        **_sessions(who),
        **_edition(who),
        wishes=settling.waiting_wishes() if may(who, Action.ADMINISTER) else None,
    )


def _is_theirs(who: Person, pile: str) -> bool:
    """Whether this pile may ever hold something for this person."""
    if pile in (PileOf.OWN, PileOf.TO_SAY_AGAIN):
        return True
    if pile == SESSIONS:
        return bool(could(who, Action.AGREE_TO_WORKSHOP))
    return Role.EDITOR in who.roles


def _voices(who: Person) -> dict[str, Any]:
    """Words to read: held, signalled, appealed; nothing for who does not edit."""
    if Role.EDITOR not in who.roles:
        return {"held": None, "reports": None, "appeals": None}
    at, days = now(), settings().moderation_days
    return {
        "held": readings.held(who, at=at, working_days=days, limit=1),
        "reports": reported.waiting(who, at=at, working_days=days),
        "appeals": readings.appeals(who, at=at, working_days=days),
    }


def _sessions(who: Person) -> dict[str, Any]:
    if not could(who, Action.AGREE_TO_WORKSHOP):
        return {"sessions": (), "more_seats": ()}
    return {
        "sessions": workshops.waiting_workshops(who, at=now()),
        "more_seats": workshops.seats_to_answer(who, at=now()),
    }


def _edition(who: Person) -> dict[str, Any]:
    """The edition to come, for who may do something about it."""
    if not could(who, Action.SEE_DESK):
        return {"plan": None, "publisher": False, "may_confirm": False}
    plan = open_plan()
    ready = plan is not None and plan.state is PlanState.PREPARED
    return {
        "plan": plan,
        "publisher": may(who, Action.ANNOUNCE_EDITION),
        "may_confirm": ready and may(who, Action.CONFIRM_EDITION, plan),
    }


def _named(item: str) -> tuple[tuple[str, ...], str]:
    """The files that a code names, and the chapter when it is one: then all its criteria."""
    if not item:
        return (), ""
    chapter = draft_state(library()).summary.chapter(item)
    if chapter is None:
        try:
            return (path_of(Kind.CRITERION, item),), ""
        except ValueError:
            return (NO_FILE,), ""
    return (path_of(Kind.CHAPTER, item), *(path_of(Kind.CRITERION, one.code) for one in chapter.criteria)), item
