"""A second tab sends words while the first one erases the account: nothing stays under an erased account."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from referentiel.comments import actions as comments
from referentiel.comments import appealing
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment, CommentAppeal
from referentiel.comments.moderation import Face, Rule
from referentiel.database import session
from referentiel.errors import NotAllowed
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.permissions import Role
from referentiel.privacy.actions import erase
from referentiel.proposals import actions as proposals
from referentiel.proposals.models import Draft, Position, Proposal
from referentiel.proposals.states import ProposalKind, Stance
from referentiel.web import stores
from tests.cast import Someone, now
from tests.proposal_lives import in_discussion, sheet

E4 = Anchor(Target.CRITERION, "E4")
Act = Callable[[Library, Person, Comment, Proposal], object]


def comments_on_a_criterion(_library: Library, by: Person, _said: Comment, _proposal: Proposal) -> object:
    return comments.comment(E4, "Je reviens après.", by=by, at=now(), form="late")


def answers_the_question(_library: Library, by: Person, _said: Comment, _proposal: Proposal) -> object:
    return comments.answer_question(E4, Face.NO, "", by=by, at=now(), form="late")


def replies(_library: Library, by: Person, said: Comment, _proposal: Proposal) -> object:
    return comments.reply(said, "Je réponds après.", by=by, at=now(), form="late")


def takes_position(_library: Library, by: Person, _said: Comment, proposal: Proposal) -> object:
    return proposals.take_position(proposal, Stance.FAVOURABLE, by=by, at=now())


def saves_a_draft(library: Library, by: Person, _said: Comment, _proposal: Proposal) -> object:
    at = {"path": "criteres/E4.md", "base": library.head(), "form_id": str(uuid4())}
    return proposals.save_draft(sheet(), kind=ProposalKind.MODIFY, by=by, at=now(), **at)


def submits(library: Library, by: Person, _said: Comment, _proposal: Proposal) -> object:
    return proposals.submit(library, sheet(), path="criteres/E4.md", by=by, at=now())


def left_meanwhile(app: Flask, library: Library, number: int) -> None:
    """What another tab does, in its own session: this one still holds the account as it read it."""
    with app.app_context():
        person = session.get_one(Person, number)
        erase(
            person, words=True, by=person, at=now(), settings=stores.settings(), library=library, secret=stores.secret()
        )


@pytest.mark.parametrize(
    "act",
    [comments_on_a_criterion, answers_the_question, replies, takes_position, saves_a_draft, submits],
    ids=lambda act: act.__name__,
)
def test_amina_left_in_another_tab_and_nothing_stays_under_her_number(
    act: Act, app: Flask, library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    said = comments.comment(E4, "Un mot de Bruno.", by=bruno.person, at=now(), form="first")
    comments.publish(said, by=denis.person, at=now())
    number = amina.person_id
    assert number is not None
    by = amina.person
    assert Role.PARTICIPANT in by.roles
    left_meanwhile(app, library, number)
    with pytest.raises(NotAllowed):
        act(library, by, said, proposal)
    session.expire_all()
    for column in (Comment.author_id, Position.person_id, Draft.author_id, Proposal.author_id):
        assert session.scalar(select(func.count()).where(column == number)) == 0


def test_amina_left_in_another_tab_and_no_appeal_of_hers_waits(
    app: Flask, library: Library, amina: Someone, denis: Someone
) -> None:
    said = comments.comment(E4, "Un mot.", by=amina.person, at=now(), form="first")
    comments.remove(said, Rule.NAMES, by=denis.person, at=now())
    number = amina.person_id
    assert number is not None
    by = amina.person
    assert said.author_id == number
    left_meanwhile(app, library, number)
    with pytest.raises(NotAllowed):
        appealing.appeal(said, "Relisez.", by=by, at=now())
    assert session.scalar(select(func.count()).select_from(CommentAppeal)) == 0
