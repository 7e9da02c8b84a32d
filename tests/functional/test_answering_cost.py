"""Noting answers costs the same number of statements whatever the number of contributions."""

from sqlalchemy import event, func, select

from referentiel.comments.anchors import Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import State
from referentiel.database import db, session, writing
from referentiel.people.keeping import Keeping
from referentiel.proposals.answering import note_answers
from tests.cast import Someone, now


def taken_back(bruno: Someone, since: int, until: int) -> None:
    with writing() as rows:
        rows.add_all(
            Comment(
                sending=f"s{number}",
                kind=Target.CRITERION,
                key="E4",
                author_id=bruno.person_id,
                college="siae",
                text="",
                state=State.HELD,
                created_at=now(),
                closed_at=now(),
            )
            for number in range(since, until)
        )


def statements() -> int:
    sent: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        note_answers(at=now(), appeal=Keeping().appeal)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(sent)


def test_sixty_answers_are_noted_in_as_many_statements_as_three(bruno: Someone) -> None:
    taken_back(bruno, 0, 3)
    few = statements()
    taken_back(bruno, 3, 63)
    assert statements() == few
    assert session.scalar(select(func.count()).where(Comment.answered_at.is_not(None))) == 63
