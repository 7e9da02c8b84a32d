"""A draft that only its author sees: kept as it was typed, given up with a line and no words."""

from datetime import datetime

from sqlalchemy import func, select

from referentiel.database import session, writing
from referentiel.errors import N_, Invalid, Unknown
from referentiel.people.models import Person
from referentiel.permissions import Action, require
from referentiel.proposals.actions.writing_up import already_sent, checked_form
from referentiel.proposals.conditions import Given
from referentiel.proposals.delays import LAW
from referentiel.proposals.door import draft_case, log
from referentiel.proposals.models import Draft, Proposal
from referentiel.proposals.sheets import LONGEST_PROPOSAL, Sheet, storable
from referentiel.proposals.states import ProposalKind, Step
from referentiel.proposals.workflow import target

MOST_DRAFTS = 50


def save_draft(
    sheet: Sheet,
    *,
    kind: ProposalKind,
    path: str,
    base: str,
    form_id: str,
    proposal_id: int | None = None,
    by: Person,
    at: datetime,
) -> Draft:
    """Keep what somebody is writing, complete or not. The same ``form_id`` again replaces it.

    Raises :class:`Invalid` when it is far too long or holds half characters, and past fifty drafts; :class:`NotNow`
    when the form was sent meanwhile, so that no draft outlives its proposal.
    """
    require(by, Action.SAVE_DRAFT)
    form = checked_form(form_id)
    if sheet.length > 2 * LONGEST_PROPOSAL:
        raise Invalid(
            N_("Ce brouillon est trop long : une proposition a %(max)s signes au plus."),
            field="changes",
            max=LONGEST_PROPOSAL,
        )
    storable(sheet)
    with writing():
        # Again: the account may have been erased while this waited for its turn.
        require(by, Action.SAVE_DRAFT)
        sent = session.scalar(select(Proposal.id).where(Proposal.form_id == form, Proposal.author_id == by.id))
        if sent is not None:
            raise already_sent(sent)
        draft = session.scalars(select(Draft).where(Draft.form_id == form)).one_or_none()
        if draft is None:
            kept = session.scalar(select(func.count()).where(Draft.author_id == by.id))
            if kept is not None and kept >= MOST_DRAFTS:
                raise Invalid(N_("Vous avez déjà %(max)s brouillons : envoyez-en ou supprimez-en."), max=MOST_DRAFTS)
            draft = Draft(form_id=form, author_id=by.id, created_at=at)
            session.add(draft)
        elif draft.author_id != by.id:
            raise Unknown(N_("Ce brouillon n’existe pas."))
        draft.kind, draft.path, draft.base_commit, draft.proposal_id = kind, path, base, proposal_id
        draft.content, draft.updated_at = sheet.as_json(), at
    return draft


def discard_draft(draft: Draft, *, by: Person, at: datetime) -> None:
    """Give a draft up. Its text goes; a line says that somebody withdrew a draft."""
    with writing():
        case = draft_case(draft, at=at, delays=LAW)
        to = target(case, Step.WITHDRAW, by)
        log(None, Step.WITHDRAW, case.state, to, Given(), by=by, at=at, draft_id=draft.id)
        session.delete(draft)
