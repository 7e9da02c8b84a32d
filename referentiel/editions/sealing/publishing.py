"""Publishing: the first edition of a new library, and those that two people confirmed. Runs outside the web process."""

import logging
from datetime import datetime

from sqlalchemy import select

from referentiel.criteria.document import Document
from referentiel.database import session, writing
from referentiel.dates import day
from referentiel.editions import queries
from referentiel.editions.edition import SIGNED_STATUS, STARTING_STATUS, Edition
from referentiel.editions.models import EditionPlan, PlanState
from referentiel.editions.numbering import Number, next_number
from referentiel.editions.sealing.builder import builder, versions
from referentiel.editions.sealing.building import Progress
from referentiel.editions.sealing.press import Press
from referentiel.editions.sealing.sealing import NotTheSame, recover, seal
from referentiel.errors import Busy, FileError, Refused
from referentiel.journal.actions import audit, post
from referentiel.journal.queries import audit_head
from referentiel.library import mirror
from referentiel.library.library import Library
from referentiel.search.lists import keep_up

log = logging.getLogger(__name__)


def publish_first(library: Library, press: Press, *, at: datetime, progress: Progress | None = None) -> Edition:
    """Seal the starting text as ``<year>.0``, unsigned: no college has adopted it, and it says so.

    Does nothing when an edition is published already, so that preparing an instance twice is preparing it once.
    """
    recover(library, queries.shelf_of(library).path)
    known = queries.all_editions(library)
    if known:
        keep_up(library)
        return known[0]
    edition = Edition(
        number=next_number(None, (), published=day(at)),
        commit=library.head(),
        previous="",
        published=day(at),
        applies=day(at),
        status=_starting_status(library),
        note="",
        audit=audit_head(),
        builder=builder(),
        versions=versions(press.formats),
        site=press.site,
        formats=press.formats,
    )
    edition = seal(library, queries.shelf_of(library).path, edition, at=at, progress=progress)
    with writing():
        _tell(edition, None, at)
    keep_up(library)
    return edition


def seal_confirmed(library: Library, press: Press, *, at: datetime, progress: Progress | None = None) -> list[Edition]:
    """Seal each edition that two people confirmed. A text that cannot be sealed sends the plan back, with the reason.

    A disk or a library that refuses leaves the plan confirmed: the next call tries again. An earlier edition that was
    lost and cannot be made the same holds nobody up, and is raised in the end as NotTheSame.
    """
    lost = _recovered(library)
    sealed = []
    for plan_id in session.scalars(select(EditionPlan.id).where(EditionPlan.state == PlanState.CONFIRMED)).all():
        edition = _seal_plan(library, press, plan_id, at=at, progress=progress)
        if edition is not None:
            sealed.append(edition)
    keep_up(library)
    if lost is not None:
        raise lost
    return sealed


def _recovered(library: Library) -> NotTheSame | None:
    try:
        for line in recover(library, queries.shelf_of(library).path):
            log.warning("%s", line)
    except NotTheSame as error:
        return error
    return None


def _seal_plan(
    library: Library, press: Press, plan_id: int, *, at: datetime, progress: Progress | None
) -> Edition | None:
    plan = session.get_one(EditionPlan, plan_id)
    planned, confirmed_at = _planned(library, press, plan), plan.confirmed_at or at
    waiting = queries.unanswered(plan)
    session.rollback()  # No transaction stays open while the files are built.
    edition = _published(library, planned)
    if edition is None and waiting:
        numbers = ", ".join(str(proposal.id) for proposal in waiting)
        _fail(plan_id, f"propositions sans réponse : {numbers}", at=at)
        return None
    try:
        folder = queries.shelf_of(library).path
        edition = edition or seal(library, folder, planned, at=confirmed_at, progress=progress)
    except Busy:
        raise
    except (FileError, Refused) as error:
        # Its number is taken, maybe by this very plan: another process sealed it while this one waited for its turn.
        _recovered(library)
        edition = _published(library, planned)
        if edition is None:
            log.error("edition %s cannot be sealed: %s", planned.number, error)
            _fail(plan_id, str(error), at=at)
            return None
    with writing() as rows:
        # Two processes that met on the same plan say so once.
        plan = rows.get_one(EditionPlan, plan_id, with_for_update=True)
        if plan.state == PlanState.CONFIRMED:
            plan.state, plan.slot, plan.sealed_at = PlanState.SEALED, None, at
            _tell(edition, plan, at)
    return edition


def _planned(library: Library, press: Press, plan: EditionPlan) -> Edition:
    """The edition that a confirmed plan describes. The database's constraints have filled what is asserted here."""
    if plan.number is None or plan.commit is None or plan.applies is None or plan.confirmed_at is None:
        raise RuntimeError(f"plan {plan.id} is confirmed and not whole")
    number = Number.read(plan.number)
    earlier = [known for known in (Number.read(tag.number) for tag in library.editions()) if known < number]
    return Edition(
        number=number,
        commit=plan.commit,
        previous=str(max(earlier)) if earlier else "",
        published=day(plan.confirmed_at),
        applies=plan.applies,
        status=SIGNED_STATUS,
        note=plan.note,
        revision=plan.revision_note,
        audit=plan.audit_head or "",
        builder=builder(),
        versions=versions(press.formats),
        site=press.site,
        formats=press.formats,
    )


def _published(library: Library, planned: Edition) -> Edition | None:
    """What an earlier try published of this very plan, and could not say; another edition of that number is not it."""
    for known in queries.all_editions(library):
        if (known.number, known.commit, known.audit) == (planned.number, planned.commit, planned.audit):
            return known
    return None


def _fail(plan_id: int, reason: str, *, at: datetime) -> None:
    with writing() as rows:
        plan = rows.get_one(EditionPlan, plan_id, with_for_update=True)
        if plan.state is not PlanState.CONFIRMED:
            return
        plan.state, plan.failure = PlanState.FAILED, reason
        plan.confirmed_at = plan.confirmed_by_id = plan.confirmed_by_college = plan.audit_head = None
        audit("edition.failed", f"edition-plan:{plan_id}", by_id=None, at=at, details={"number": plan.number})
        post("edition_failed", {"plan": plan_id}, at=at)


def _tell(edition: Edition, plan: EditionPlan | None, at: datetime) -> None:
    details = {"number": str(edition.number), "commit": edition.commit}
    audit("edition.sealed", f"edition:{edition.number}", by_id=None, at=at, details=details)
    post("edition_published", {"number": str(edition.number), "plan": plan.id if plan else None}, at=at)
    mirror.ask(at=at)


def _starting_status(library: Library) -> str:
    """What the text itself says it is worth, else the usual words."""
    root = library.read("referentiel.md")
    return Document.read(root.text, "referentiel.md").value("statut") or STARTING_STATUS
