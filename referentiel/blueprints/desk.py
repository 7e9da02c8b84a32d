"""The desk of an editor or a publisher: what waits for them, oldest first, filters in the address."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy

from referentiel.blueprints.proposal_views import TONES
from referentiel.comments import readings, reported
from referentiel.editions.models import PlanState
from referentiel.editions.queries import open_plan
from referentiel.people.accounts import settling
from referentiel.people.workshops import queries as workshops
from referentiel.permissions import Action, College, Role, may
from referentiel.proposals import queries
from referentiel.web.clock import now
from referentiel.web.guard import requires
from referentiel.web.identity import signed_in
from referentiel.web.stores import settings

blueprint = Blueprint("desk", __name__)

PILES = {
    "a-decider": lazy("À décider"),
    "a-signer": lazy("Deuxième signature"),
    "a-verifier": lazy("À vérifier"),
    "pour-moi": lazy("Mes propositions"),
    "a-relire": lazy("Contributions à relire"),
    "seances": lazy("Séances"),
}


@blueprint.get("/bureau")
@requires(Action.SEE_DESK)
def page() -> ResponseReturnValue:
    """Six piles; ``?pile=`` shows one, ``?college=`` and ``?retard=1`` keep what they name."""
    who = signed_in()
    asked = request.args.get("college", "")
    college = College(asked) if asked in [one.value for one in College] else None
    late = request.args.get("retard") == "1"
    pile = request.args.get("pile", "")
    waiting = queries.desk(
        who,
        at=now(),
        college=college,
        late=late,
        people=settings().heard_people,
        structures=settings().heard_structures,
    )
    plan = open_plan()
    days = settings().moderation_days
    return render_template(
        "desk/page.html",
        desk_=waiting,
        held=readings.held(who, at=now(), working_days=days, limit=1) if Role.EDITOR in who.roles else None,
        reports=reported.waiting(who, at=now(), working_days=days) if Role.EDITOR in who.roles else None,
        appeals=readings.appeals(who, at=now(), working_days=days) if Role.EDITOR in who.roles else None,
        wishes=settling.waiting_wishes() if may(who, Action.ADMINISTER) else None,
        sessions=workshops.waiting_workshops(who, at=now()),
        more_seats=workshops.seats_to_answer(who, at=now()),
        plan=plan,
        publisher=may(who, Action.ANNOUNCE_EDITION),
        may_confirm=plan is not None and plan.state is PlanState.PREPARED and may(who, Action.CONFIRM_EDITION, plan),
        piles=PILES,
        pile=pile if pile in PILES else "",
        college=college,
        late=late,
        colleges=list(College),
        tones=TONES,
    )
