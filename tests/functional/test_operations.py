"""What became of an act: the page that "we do not know yet" leads to."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select

from referentiel.database import session, writing
from referentiel.journal.models import OPEN, REFUSED, Operation
from referentiel.library.library import Library
from tests.cast import Someone
from tests.proposal_lives import decided, in_discussion


def signed(library: Library, amina: Someone, chloe: Someone, denis: Someone) -> str:
    """The number of an operation that Denis asked for and that is done."""
    proposal = in_discussion(library, amina.person, chloe.person)
    decided(library, proposal, chloe.person, denis.person)
    return session.scalars(select(Operation.id).where(Operation.by_id == denis.person_id)).one()


def copied(number: str) -> Operation:
    """Another operation of the same person, that nobody has closed."""
    done = session.get(Operation, number)
    assert done is not None
    kept = {name: getattr(done, name) for name in ("kind", "subject", "base", "files", "message", "by_id", "college")}
    with writing() as rows:
        left = Operation(
            **kept, id=str(uuid4()), state=OPEN, author_name="A", author_email="a@b.invalid", time=datetime.now(UTC)
        )
        rows.add(left)
    return left


def test_denis_reads_that_his_signature_is_written_and_where(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    number = signed(library, amina, chloe, denis)
    page = denis.get(f"/operations/{number}").get_data(as_text=True)
    assert "C’est fait." in page
    assert 'href="/propositions/1"' in page


def test_an_act_that_nobody_has_closed_is_not_known_yet_then_refused_with_its_reason(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    left = copied(signed(library, amina, chloe, denis))
    assert "Nous ne savons pas encore." in denis.get(f"/operations/{left.id}").get_data(as_text=True)
    with writing():
        left.state, left.reason, left.cause = REFUSED, "Le texte a changé entre-temps.", "moved"
        left.closed_at = datetime.now(UTC)
    page = denis.get(f"/operations/{left.id}").get_data(as_text=True)
    assert "Cela n’a pas été fait." in page
    assert "Le texte a changé entre-temps." in page


def test_the_act_of_somebody_else_does_not_exist(
    library: Library, amina: Someone, chloe: Someone, denis: Someone
) -> None:
    number = signed(library, amina, chloe, denis)
    chloe.get(f"/operations/{number}", status=404)
    denis.get(f"/operations/{uuid4()}", status=404)
