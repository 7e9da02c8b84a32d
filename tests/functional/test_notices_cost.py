"""The letter of a day costs the same number of statements whatever it tells."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import event, select

from referentiel.config import Settings
from referentiel.database import db, session, writing
from referentiel.library.library import Library
from referentiel.notices.desk import Desk
from referentiel.notices.models import Notice
from referentiel.notices.news import notice_letters
from referentiel.notices.telling import DIGEST, tell_one
from referentiel.proposals.models import Decision, Proposal
from tests.cast import Someone, now
from tests.proposal_lives import decided, in_discussion


def to_tell(bruno: Someone, name: str, proposal: Proposal, decision: Decision | None = None) -> None:
    payload = {"proposal": proposal.id, "step": "sign" if decision else "admit"}
    with writing() as rows:
        rows.add(
            Notice(
                person_id=bruno.person_id,
                event=name,
                kind="step",
                payload=payload | {"decision": decision.id if decision else None},
                at_once=False,
                created_at=now() - timedelta(hours=1),
            )
        )


def letter(bruno: Someone, settings: Settings, name: str) -> tuple[str, int]:
    """The words of the letter of now, and how many statements they cost."""
    with writing():
        tell_one(bruno.person_id, name, DIGEST, {"until": now().isoformat()}, at=now())
    number = session.scalars(select(Notice.id).where(Notice.event == name)).one()
    session.expire_all()
    sent: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        [made] = notice_letters({"notice": number}, Desk(settings, b"s" * 32, now()))
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return made.body, len(sent)


def test_twelve_pieces_of_news_are_written_in_as_many_statements_as_two(
    app: Flask, settings: Settings, library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    first = in_discussion(library, bruno.person, chloe.person)
    decision = decided(library, first, chloe.person, denis.person)
    to_tell(bruno, "e0", first)
    to_tell(bruno, "e1", first, decision)
    _, few = letter(bruno, settings, "digest:1")
    for number in range(10):
        one = in_discussion(library, bruno.person, chloe.person, path="criteres/E5.md", title=f"Idée {number}")
        to_tell(bruno, f"more{number}", one)
    text, many = letter(bruno, settings, "digest:2")
    assert many == few
    assert all(f"Idée {number}" in text for number in range(10))
    assert f"/decisions/{decision.number}" in text
