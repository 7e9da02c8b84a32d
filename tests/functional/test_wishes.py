"""« Je voudrais que… »: a wish becomes a professional's wording, credited by number, and who wished is told."""

import subprocess

import pytest
from sqlalchemy import func, select

from referentiel.comments import actions as talk
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Rule
from referentiel.comments.wishing import wish
from referentiel.database import session
from referentiel.errors import NotAllowed
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.proposals import actions
from referentiel.proposals.actions import submit
from referentiel.proposals.answering import note_answers
from referentiel.proposals.models import Credit, Draft, Proposal, Why
from tests.cast import Someone
from tests.functional.test_commenting import page_of
from tests.proposal_lives import ago, decided, sheet

WORDS = "on me prévienne un mois avant de changer de chantier."
E4 = Anchor(Target.CRITERION, "E4")


def wished(by: Person, reader: Person | None, on: Anchor = E4, *, days: float = 3) -> Comment:
    row = wish(on, WORDS, by=by, at=ago(days), form=WORDS)
    if reader is not None:
        talk.publish(row, by=reader, at=ago(days))
    return row


def credits() -> list[Credit]:
    return list(session.scalars(select(Credit)))


def test_amina_says_a_wish_on_a_criterion_in_a_few_taps_and_sees_what_happens_next(
    amina: Someone, passer_by: Someone, chloe: Someone
) -> None:
    amina.get("/criteres/E4/contributions")
    assert "/souhaits/nouveau?critere=E4" in page_of(amina)
    amina.follow(amina.fill("/souhaits/nouveau?critere=E4", to="souhaits", texte=WORDS))
    row = session.scalars(select(Comment)).one()
    assert (row.kind, row.key, row.wish) == (Target.CRITERION, "E4", True)
    assert str(row.id) in page_of(amina)
    assert "Vos quatre mots pour revenir" in page_of(amina), "without e-mail, they are the only way back"
    passer_by.get(f"/souhaits/{row.id}", status=404)
    talk.publish(row, by=chloe.person, at=ago(0))
    passer_by.get(f"/souhaits/{row.id}")
    assert WORDS in page_of(passer_by)
    passer_by.get("/criteres/E4/contributions")
    assert "Un souhait" in page_of(passer_by)


def test_a_wish_needs_no_criterion(amina: Someone, chloe: Someone, passer_by: Someone) -> None:
    amina.follow(amina.fill("/souhaits/nouveau", to="souhaits", texte=WORDS))
    row = session.scalars(select(Comment)).one()
    assert (row.kind, row.key) == (Target.REFERENTIAL, "")
    talk.publish(row, by=chloe.person, at=ago(0))
    passer_by.get("/souhaits/")
    assert WORDS in page_of(passer_by)
    passer_by.get(f"/souhaits/{row.id}")


def test_who_moderates_reads_wishes_as_any_words(amina: Someone, denis: Someone) -> None:
    wished(amina.person, None)
    wished(amina.person, None, Anchor(Target.REFERENTIAL, ""))
    denis.get("/moderation/")
    assert page_of(denis).count(WORDS) >= 2


def test_a_wish_without_words_or_from_another_college_is_refused(amina: Someone, bruno: Someone) -> None:
    assert amina.fill("/souhaits/nouveau", to="souhaits", texte="  ").status_code == 422
    bruno.get("/souhaits/nouveau")
    assert "Vous, vous pouvez écrire une proposition" in page_of(bruno)
    with pytest.raises(NotAllowed):
        wish(E4, WORDS, by=bruno.person, at=ago(0), form="1")
    assert session.scalar(select(func.count()).select_from(Comment)) == 0


def test_sending_the_same_wish_twice_leaves_one(amina: Someone) -> None:
    wished(amina.person, None)
    wished(amina.person, None)
    assert session.scalar(select(func.count()).select_from(Comment)) == 1


def test_a_reply_to_a_wish_is_read_on_its_page(amina: Someone, bruno: Someone, chloe: Someone) -> None:
    for on in (E4, Anchor(Target.REFERENTIAL, "")):
        row = wished(amina.person, chloe.person, on)
        answer = talk.reply(row, "Nous y pensons.", by=bruno.person, at=ago(1), form=f"r{row.id}")
        talk.publish(answer, by=chloe.person, at=ago(1))
        bruno.get(f"/souhaits/{row.id}")
        assert "Nous y pensons." in page_of(bruno)
        amina.get("/mes-contributions")


def test_bruno_makes_a_proposal_of_it_with_the_wish_beside_him_and_the_number_is_credited(
    amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    row = wished(amina.person, chloe.person)
    bruno.get(f"/souhaits/{row.id}")
    assert "En faire une proposition" in page_of(bruno)
    bruno.get(f"/propositions/nouvelle?critere=E4&souhait={row.id}")
    assert WORDS in page_of(bruno)
    bruno.send(
        to="nouvelle",
        button="Envoyer",
        section_enonce="Tout passage vers une autre structure est annoncé un mois avant.",
        title="Annoncer un mois avant",
        reason="Une personne l’a souhaité.",
        licence="y",
    )
    bruno.follow()
    proposal = session.scalars(select(Proposal)).one()
    (credit,) = credits()
    assert (credit.proposal_id, credit.contribution, credit.why, credit.revision_number) == (
        proposal.id,
        row.id,
        Why.WISH,
        1,
    )
    assert f"Souhait {row.id}" in page_of(bruno)
    passer_by.get(f"/souhaits/{row.id}")
    assert "Annoncer un mois avant" in page_of(passer_by)
    amina.get("/mes-contributions")
    assert "Votre souhait est devenu une proposition" in page_of(amina)
    assert f"Votre numéro, {row.id}, y est crédité" in page_of(amina)


def test_a_wish_on_the_whole_text_leads_to_the_choice_of_a_criterion_and_stays_beside(
    amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = wished(amina.person, chloe.person, Anchor(Target.REFERENTIAL, ""))
    bruno.get(f"/propositions/nouvelle?souhait={row.id}")
    assert WORDS in page_of(bruno)
    assert f"critere=E4&amp;souhait={row.id}" in page_of(bruno)


def test_a_draft_keeps_the_number_of_the_wish(amina: Someone, bruno: Someone, chloe: Someone) -> None:
    row = wished(amina.person, chloe.person)
    bruno.get(f"/propositions/nouvelle?critere=E4&souhait={row.id}")
    bruno.send(to="nouvelle", button="Enregistrer", title="Plus tard")
    draft = session.scalars(select(Draft)).one()
    bruno.get(f"/propositions/brouillons/{draft.id}")
    assert WORDS in page_of(bruno)
    assert f'name="souhait" type="hidden" value="{row.id}"' in page_of(bruno)


def test_a_wish_taken_back_meanwhile_credits_nobody_and_stops_nothing(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = wished(amina.person, chloe.person)
    talk.withdraw(row, by=amina.person, at=ago(1))
    submit(library, sheet(wish=row.id), path="criteres/E4.md", by=bruno.person, at=ago(0))
    assert credits() == []


@pytest.mark.parametrize("number", ["0", "-1", "999999999", "2147483648", "abc", "1; DROP TABLE comments", "٣"])
def test_a_number_that_is_no_wish_opens_the_form_without_it(bruno: Someone, number: str) -> None:
    bruno.get(f"/propositions/nouvelle?critere=E4&souhait={number}")
    assert "Le souhait d’où vous partez" not in page_of(bruno)


def test_a_contribution_that_is_no_wish_is_not_credited(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    plain = talk.comment(E4, "Un avis.", by=amina.person, at=ago(3), form="1")
    talk.publish(plain, by=chloe.person, at=ago(3))
    held = wish(E4, "autre chose", by=amina.person, at=ago(3), form="2")
    for number in (plain.id, held.id):
        submit(library, sheet(title=str(number), wish=number), path="criteres/E4.md", by=bruno.person, at=ago(0))
    assert credits() == []


def test_the_same_form_sent_twice_credits_once(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = wished(amina.person, chloe.person)
    form = "0b7b1b1e-3d3f-4c1a-9c63-0d6c7e3c1a11"
    for _again in range(2):
        submit(library, sheet(wish=row.id), path="criteres/E4.md", form_id=form, by=bruno.person, at=ago(0))
    assert len(credits()) == 1


def test_the_number_is_in_the_trailers_of_the_adoption(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    row = wished(amina.person, chloe.person, days=60)
    proposal = submit(library, sheet(wish=row.id), path="criteres/E4.md", by=bruno.person, at=ago(45))
    actions.admit(proposal, by=chloe.person, at=ago(45))
    decided(library, proposal, chloe.person, denis.person)
    shown = ["git", "-C", str(library.path), "log", "-1", "--format=%B", "main"]
    message = subprocess.run(shown, check=True, capture_output=True, text=True).stdout
    assert f"Co-authored-by: Collège des salariés en insertion <contribution-{row.id}@referentiel.invalid>" in message
    amina.get("/mes-contributions")
    assert "Décision" in page_of(amina)


def test_a_wish_taken_up_is_answered_by_what_becomes_of_the_proposal(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    row = wished(amina.person, chloe.person, Anchor(Target.REFERENTIAL, ""), days=60)
    proposal = submit(library, sheet(wish=row.id), path="criteres/E4.md", by=bruno.person, at=ago(45))
    actions.admit(proposal, by=chloe.person, at=ago(45))
    answer = talk.reply(row, "Une réponse.", by=bruno.person, at=ago(44), form="r")
    talk.publish(answer, by=chloe.person, at=ago(44))
    note_answers(at=ago(1), appeal=ago(0) - ago(30))
    assert session.get(Comment, row.id, populate_existing=True).answered_at is None  # type: ignore[union-attr]
    decided(library, proposal, chloe.person, denis.person)
    note_answers(at=ago(0), appeal=ago(0) - ago(30))
    assert session.get(Comment, row.id, populate_existing=True).answered_at is not None  # type: ignore[union-attr]


def test_a_wish_kept_from_being_published_says_why_and_is_on_no_list(
    amina: Someone, denis: Someone, passer_by: Someone
) -> None:
    row = wished(amina.person, None)
    talk.remove(row, Rule.NAMES, by=denis.person, at=ago(0))
    passer_by.get("/souhaits/")
    assert WORDS not in page_of(passer_by)
    amina.get("/mes-contributions")
    assert "Non publiée" in page_of(amina)
