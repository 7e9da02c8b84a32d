"""Words whose passage has gone are listed, and attached again in the same item: by their author, or by an editor."""

import pytest
from sqlalchemy import select

from referentiel.comments import actions as talk
from referentiel.comments.anchors import Anchor, Target, Wording, quote
from referentiel.comments.models import Comment
from referentiel.comments.reattaching import reattach
from referentiel.criteria.document import Document
from referentiel.database import session
from referentiel.errors import NotAllowed, Refused
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.proposals import actions
from referentiel.proposals.models import Proposal
from tests.cast import Someone
from tests.functional.test_commenting import page_of
from tests.functional.test_suggestions import BETTER, PASSAGE, place, suggested
from tests.proposal_lives import ago, in_discussion, sheet

NEW = {"Énoncé": "Tout changement de chantier se prépare à deux, avec une date écrite."}


@pytest.fixture
def proposal(library: Library, bruno: Someone, chloe: Someone) -> Proposal:
    return in_discussion(library, bruno.person, chloe.person, days=5)


def on_passage(proposal: Proposal, by: Person, reader: Person) -> Comment:
    row = talk.comment(place(proposal), "Un mois, c’est bien.", by=by, at=ago(3), form="1")
    talk.publish(row, by=reader, at=ago(3))
    return row


def written_anew(library: Library, proposal: Proposal, by: Person) -> Wording:
    actions.revise(library, proposal, sheet(sections=NEW), by=by, at=ago(2))
    (file,) = proposal.revision.files
    sections = {s.title: s.body for s in Document.read(file.text).sections if s.title}
    return Wording(Target.PROPOSAL, str(proposal.id), sections, file.path)


def test_words_whose_passage_has_gone_stand_in_the_list_to_attach_again(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    row = on_passage(proposal, amina.person, chloe.person)
    written_anew(library, proposal, bruno.person)
    passer_by.get(f"/propositions/{proposal.id}/contributions")
    assert 'id="a-rattacher"' in page_of(passer_by)
    assert "/rattacher" not in page_of(passer_by)
    for page in (f"/propositions/{proposal.id}", f"/propositions/{proposal.id}/differences"):
        passer_by.get(page)
        assert "rattacher" in page_of(passer_by)
    amina.get(f"/propositions/{proposal.id}/contributions")
    assert f"/mes-contributions/{row.id}/rattacher" in page_of(amina)
    chloe.get(f"/propositions/{proposal.id}/contributions")
    assert f"/contributions/{row.id}/rattacher" in page_of(chloe)
    amina.get("/mes-contributions")
    assert f"/mes-contributions/{row.id}/rattacher" in page_of(amina)


def test_amina_attaches_her_words_again_without_script_and_what_they_were_said_of_stays_beside(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    row = on_passage(proposal, amina.person, chloe.person)
    written_anew(library, proposal, bruno.person)
    amina.fill(f"/mes-contributions/{row.id}/rattacher", to="rattacher", rubrique="enonce", citation="une date écrite")
    session.expire_all()
    assert (row.quotation, row.first_quotation, row.path) == ("une date écrite", PASSAGE, "criteres/E4.md")
    assert row.key == str(proposal.id)
    passer_by.get(f"/propositions/{proposal.id}/contributions")
    assert 'id="a-rattacher"' not in page_of(passer_by)
    assert "Elle parlait d’abord de" in page_of(passer_by)
    assert PASSAGE in page_of(passer_by)


def test_an_editor_may_attach_the_words_of_another_to_a_section(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = on_passage(proposal, amina.person, chloe.person)
    written_anew(library, proposal, bruno.person)
    chloe.fill(f"/contributions/{row.id}/rattacher", to="rattacher", rubrique="enonce")
    session.expire_all()
    assert (row.section, row.quotation) == ("Énoncé", "")


def test_somebody_else_may_not(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    row = on_passage(proposal, amina.person, chloe.person)
    now = written_anew(library, proposal, bruno.person)
    bruno.get(f"/mes-contributions/{row.id}/rattacher", status=404)
    bruno.get(f"/contributions/{row.id}/rattacher", status=403)
    with pytest.raises(NotAllowed):
        reattach(row, now, blob="", section="Énoncé", by=bruno.person, at=ago(0))


def test_words_never_go_to_another_item(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = on_passage(proposal, amina.person, chloe.person)
    now = written_anew(library, proposal, bruno.person)
    others = (
        Wording(Target.PROPOSAL, str(proposal.id + 1), now.sections, now.path),
        Wording(Target.PROPOSAL, now.key, now.sections, "criteres/A1.md"),
        Wording(Target.CRITERION, "E4", now.sections),
    )
    for other in others:
        with pytest.raises(ValueError, match="another item"):
            reattach(row, other, blob="", section="Énoncé", by=amina.person, at=ago(0))


def test_words_whose_passage_is_still_there_stay_at_their_place(
    proposal: Proposal, amina: Someone, chloe: Someone
) -> None:
    row = on_passage(proposal, amina.person, chloe.person)
    amina.get(f"/mes-contributions/{row.id}/rattacher", status=404)
    chloe.get(f"/contributions/{row.id}/rattacher", status=404)
    (file,) = proposal.revision.files
    sections = {s.title: s.body for s in Document.read(file.text).sections if s.title}
    with pytest.raises(Refused):
        reattach(
            row,
            Wording(Target.PROPOSAL, str(proposal.id), sections, file.path),
            blob=file.blob,
            section="Énoncé",
            by=amina.person,
            at=ago(0),
        )


@pytest.mark.parametrize(
    ("rubrique", "citation", "said"),
    [
        ("enonce", "des mots inventés", "Ce passage n’est pas dans la rubrique"),
        ("inconnue", "", "Choisissez une rubrique"),
        ("", "une date écrite", "Choisissez une rubrique"),
    ],
)
def test_a_passage_that_is_not_there_is_refused_beside_its_field(
    library: Library,
    proposal: Proposal,
    amina: Someone,
    bruno: Someone,
    chloe: Someone,
    rubrique: str,
    citation: str,
    said: str,
) -> None:
    row = on_passage(proposal, amina.person, chloe.person)
    written_anew(library, proposal, bruno.person)
    answer = amina.fill(f"/mes-contributions/{row.id}/rattacher", to="rattacher", rubrique=rubrique, citation=citation)
    assert answer.status_code == 422
    assert said in page_of(amina)


def test_a_suggestion_is_attached_again_by_its_author_alone_and_to_a_passage(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    now = written_anew(library, proposal, bruno.person)
    with pytest.raises(Refused, match="suggestion"):
        reattach(row, now, blob="", section="Énoncé", passage="une date écrite", by=chloe.person, at=ago(1))
    amina.fill(f"/mes-contributions/{row.id}/rattacher", to="rattacher", rubrique="enonce", citation="")
    assert "Copiez le passage" in page_of(amina)
    amina.fill(f"/mes-contributions/{row.id}/rattacher", to="rattacher", rubrique="enonce", citation="une date écrite")
    session.expire_all()
    actions.apply_suggestion(library, proposal, row.id, by=bruno.person, at=ago(0))
    assert BETTER in (Document.read(proposal.revision.files[0].text).section("Énoncé") or "")


def test_words_on_a_criterion_are_attached_again_to_another_passage_of_it(
    library: Library, amina: Someone, chloe: Someone, passer_by: Someone
) -> None:
    body = Document.read(library.read("criteres/E4.md").text).section("Énoncé") or ""
    gone = Anchor(Target.CRITERION, "E4", "Énoncé", "0" * 40, "des mots d’une autre époque", "avant ", " après")
    row = talk.comment(gone, "Cela compte.", by=amina.person, at=ago(3), form="1")
    talk.publish(row, by=chloe.person, at=ago(3))
    passer_by.get("/criteres/E4/contributions")
    assert 'id="a-rattacher"' in page_of(passer_by)
    words = " ".join(body.split()[:4])
    amina.fill(f"/mes-contributions/{row.id}/rattacher", to="rattacher", rubrique="enonce", citation=words)
    session.expire_all()
    assert row.quotation == quote(Anchor(Target.CRITERION, "E4", "Énoncé"), body, words).quotation
    passer_by.get("/criteres/E4/contributions")
    assert 'id="a-rattacher"' not in page_of(passer_by)


def test_erased_words_leave_nothing_of_what_they_were_first_said_of(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = on_passage(proposal, amina.person, chloe.person)
    now = written_anew(library, proposal, bruno.person)
    reattach(row, now, blob="", section="Énoncé", by=amina.person, at=ago(1))
    talk.withdraw(row, by=amina.person, at=ago(0))
    kept = session.scalars(select(Comment)).one()
    assert (kept.text, kept.replacement) == ("", None)
