"""What people do to publish an edition: announce, carry over, prepare, confirm. Sealing follows by itself."""

from datetime import date, datetime, timedelta

from referentiel.criteria.characters import clean
from referentiel.database import session, writing
from referentiel.dates import day, long_date
from referentiel.editions import queries
from referentiel.editions.models import CarriedOver, EditionPlan, PlanState
from referentiel.errors import N_, Invalid, Refused, TextMoved, Unknown
from referentiel.journal.actions import audit, post
from referentiel.journal.queries import audit_head
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import Action, require
from referentiel.proposals.models import Proposal

NOTE_LIMIT = 2_000
REVISION_NOTE_LIMIT = 20_000
LONGEST_NOTICE = timedelta(days=2 * 366)


def announce(*, closing: date, by: Person, at: datetime, notice_days: int = 30) -> EditionPlan:
    """Say until which day, in Paris, proposals enter the next edition: at least ``notice_days`` from now."""
    require(by, Action.ANNOUNCE_EDITION)
    soonest = day(at) + timedelta(days=notice_days)
    if closing < soonest:
        raise Invalid(
            N_("Prévenez au moins %(days)s jours avant : choisissez le %(soonest)s ou une date plus lointaine."),
            field="closing",
            days=notice_days,
            soonest=long_date(soonest),
        )
    if closing > day(at) + LONGEST_NOTICE:
        raise Invalid(N_("Cette date est trop lointaine : choisissez une date dans les deux ans."), field="closing")
    with writing() as rows:
        if (known := queries.open_plan()) is not None:
            raise Refused(
                N_("Une édition est déjà annoncée, avec une clôture le %(closing)s. Publiez-la d’abord."),
                closing=long_date(known.closing),
            )
        plan = EditionPlan(state=PlanState.ANNOUNCED, slot=1, closing=closing, announced_at=at, announced_by_id=by.id)
        rows.add(plan)
        rows.flush()
        audit("edition.announced", _subject(plan), by_id=by.id, at=at, details={"closing": closing.isoformat()})
        post("edition_announced", {"plan": plan.id, "closing": closing.isoformat()}, at=at)
    return plan


def carry_over(
    plan: EditionPlan, proposal: Proposal, *, reason: str, plain_reason: str, by: Person, at: datetime
) -> CarriedOver:
    """Leave a proposal that came in time to the next edition, and say why: once for all, once in plain words."""
    require(by, Action.CARRY_OVER, plan)
    reason = clean(reason, field="reason")
    plain_reason = clean(plain_reason, field="plain_reason")
    for field, text in (("reason", reason), ("plain_reason", plain_reason)):
        if not text.strip():
            raise Invalid(N_("Dites pourquoi : ses auteurs et tout le monde le liront."), field=field)
    with writing() as rows:
        plan = _current(plan, PlanState.ANNOUNCED, PlanState.PREPARED, PlanState.FAILED)
        if proposal.id not in {waiting.id for waiting in queries.unanswered(plan)}:
            raise Refused(
                N_("La proposition %(number)s n’attend pas de réponse pour cette édition."), number=proposal.id
            )
        carried = CarriedOver(
            plan_id=plan.id,
            proposal_id=proposal.id,
            reason=reason,
            plain_reason=plain_reason,
            by_id=by.id,
            college=by.college,
            at=at,
        )
        rows.add(carried)
        audit("edition.carried_over", _subject(plan), by_id=by.id, at=at, details={"proposal": proposal.id})
        post("proposal_carried_over", {"plan": plan.id, "proposal": proposal.id}, at=at)
    return carried


def prepare(
    library: Library,
    plan: EditionPlan,
    *,
    applies: date,
    note: str,
    revision_note: str = "",
    by: Person,
    at: datetime,
) -> EditionPlan:
    """Fix what the edition will be: the draft of this instant, its number, its application date, its two notes.

    May be done again until somebody confirms. Raises Refused before the end of the closing day, while a proposal that
    came in time has no answer, and when nothing has changed since the last edition.
    """
    require(by, Action.PREPARE_EDITION, plan)
    note = " ".join(clean(note, field="note", limit=NOTE_LIMIT).split())
    revision_note = clean(revision_note, field="revision_note", limit=REVISION_NOTE_LIMIT).strip()
    if applies < day(at):
        raise Invalid(
            N_("La date d’application ne peut pas être passée : choisissez aujourd’hui ou plus tard."), field="applies"
        )
    head = library.head()
    with writing():
        plan = _current(plan, PlanState.ANNOUNCED, PlanState.PREPARED, PlanState.FAILED)
        _check_closed(plan, at)
        _check_answered(plan)
        plan.number, plan.commit = queries.number_for(library, head, at), head
        plan.applies, plan.note, plan.revision_note, plan.failure = applies, note, revision_note, None
        plan.prepared_at, plan.prepared_by_id, plan.prepared_by_college = at, by.id, by.college
        plan.state = PlanState.PREPARED
        audit(
            "edition.prepared",
            _subject(plan),
            by_id=by.id,
            at=at,
            details={"number": plan.number, "commit": head, "applies": applies.isoformat()},
        )
        post("edition_prepared", {"plan": plan.id, "number": plan.number}, at=at)
    return plan


def confirm(library: Library, plan: EditionPlan, *, by: Person, at: datetime, seen: str | None = None) -> EditionPlan:
    """The second person's yes: the edition that was prepared will be sealed, by the worker, in a moment.

    ``seen`` is :attr:`EditionPlan.prepared_as` when that person read it. Raises TextMoved when it was prepared again
    since, and when a decision on a proposal that came in time is missing from what was prepared.
    """
    require(by, Action.CONFIRM_EDITION, plan)
    with writing():
        plan = _current(plan, PlanState.PREPARED)
        require(by, Action.CONFIRM_EDITION, plan)
        _check_read(plan, seen)
        _check_answered(plan)
        _check_still_right(library, plan, at)
        audit("edition.confirmed", _subject(plan), by_id=by.id, at=at, details={"number": plan.number})
        plan.audit_head = audit_head()
        plan.confirmed_at, plan.confirmed_by_id, plan.confirmed_by_college = at, by.id, by.college
        plan.state = PlanState.CONFIRMED
        post("edition_confirmed", {"plan": plan.id, "number": plan.number}, at=at)
    return plan


def _check_closed(plan: EditionPlan, at: datetime) -> None:
    if day(at) <= plan.closing:
        raise Refused(
            N_("On peut encore proposer jusqu’au %(closing)s inclus : préparez l’édition à partir du lendemain."),
            closing=long_date(plan.closing),
        )


def _check_answered(plan: EditionPlan) -> None:
    waiting = queries.unanswered(plan)
    if waiting:
        raise Refused(
            N_(
                "Des propositions arrivées à temps n’ont pas de réponse : %(numbers)s. "
                "Décidez-les, ou reportez-les en disant pourquoi."
            ),
            numbers=", ".join(str(proposal.id) for proposal in waiting),
        )


def _check_read(plan: EditionPlan, seen: str | None) -> None:
    if seen is not None and seen != plan.prepared_as:
        raise TextMoved(
            N_("Cette édition a été préparée de nouveau pendant que vous la lisiez\u00a0: rien n’est confirmé."),
            way_out=N_("Relisez-la, elle est maintenant comme ci-dessous\u00a0; puis confirmez."),
        )


def _check_still_right(library: Library, plan: EditionPlan, at: datetime) -> None:
    """What time may have undone since the preparation: the dates, the number, a decision that came after."""
    again = N_("Demandez à la personne qui a préparé l’édition de la préparer de nouveau.")
    if plan.applies is None or plan.commit is None:
        raise Unknown(N_("Cette édition n’est pas préparée."))
    if plan.applies < day(at):
        raise Refused(N_("La date d’application de cette édition est passée."), way_out=again)
    if plan.number != queries.number_for(library, plan.commit, at):
        raise Refused(N_("Le numéro de cette édition n’est plus le bon."), way_out=again)
    missing = queries.decided_since(plan)
    if missing:
        raise TextMoved(
            N_("La décision sur la proposition %(number)s est arrivée depuis : elle manque à cette édition."),
            way_out=again,
            number=missing[0].id,
        )


def _current(plan: EditionPlan, *states: PlanState) -> EditionPlan:
    """The plan as the database has it now, in one of these states."""
    current = session.get(EditionPlan, plan.id, populate_existing=True)
    if current is None:
        raise Unknown(N_("Cette édition n’est pas annoncée."))
    if current.state not in states:
        raise Refused(N_("Cette étape n’est plus possible : rouvrez la page pour voir où en est l’édition."))
    return current


def _subject(plan: EditionPlan) -> str:
    return f"edition-plan:{plan.id}"
