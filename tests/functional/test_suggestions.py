"""Talking about a change: a word on a section of the difference, other words suggested, taken up in one click."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from referentiel.comments import actions as talk
from referentiel.comments.anchors import Anchor, Target, quote
from referentiel.comments.models import Comment
from referentiel.comments.suggesting import suggest
from referentiel.config import Settings
from referentiel.criteria.document import Document
from referentiel.database import session
from referentiel.errors import Invalid, NotAllowed, Unknown
from referentiel.library.library import Library
from referentiel.people.models import Person
from referentiel.proposals import actions
from referentiel.proposals.conditions import NotNow
from referentiel.proposals.models import Credit, Proposal, Revision
from referentiel.proposals.queries.talks import talk as talk_on
from referentiel.proposals.sheets import Part
from referentiel.proposals.states import ItemVerb, State
from tests.cast import Someone, environment
from tests.functional.test_commenting import page_of
from tests.patience import PATIENCE
from tests.proposal_lives import ago, decided, in_discussion, sheet

E4 = "criteres/E4.md"
SECTION = f"/contributions/rubrique?fichier={E4}&rubrique=enonce"
PASSAGE, BETTER = "un mois avant", "dès que la date est connue, si possible un mois avant"


@pytest.fixture
def proposal(library: Library, bruno: Someone, chloe: Someone) -> Proposal:
    return in_discussion(library, bruno.person, chloe.person, days=5)


def statement_of(proposal: Proposal, number: int | None = None) -> str:
    session.expire_all()
    wanted = number or proposal.revision_number
    revision = session.scalars(
        select(Revision).where(Revision.proposal_id == proposal.id, Revision.number == wanted)
    ).one()
    return Document.read(revision.files[0].text).section("Énoncé") or ""


def place(proposal: Proposal, passage: str = PASSAGE) -> Anchor:
    (file,) = proposal.revision.files
    on = Anchor(Target.PROPOSAL, str(proposal.id), "Énoncé", file.blob, path=file.path)
    return quote(on, Document.read(file.text).section("Énoncé") or "", passage)


def suggested(
    proposal: Proposal, by: Person, reader: Person | None, passage: str = PASSAGE, better: str = BETTER
) -> Comment:
    """A suggestion, published when somebody has read it."""
    row = suggest(
        place(proposal, passage), "Un mois n’est pas toujours possible.", better, by=by, at=ago(3), form=better
    )
    if reader is not None:
        talk.publish(row, by=reader, at=ago(2))
    return row


def apply(library: Library, proposal: Proposal, number: int, by: Person) -> Revision:
    return actions.apply_suggestion(library, proposal, number, by=by, at=ago(1))


# --- on a section of the difference


def test_somebody_comments_on_a_section_of_the_difference_without_script(
    proposal: Proposal, amina: Someone, chloe: Someone, passer_by: Someone
) -> None:
    page = f"/propositions/{proposal.id}"
    amina.get(f"{page}/differences")
    assert re.search(r'href="/propositions/\d+/contributions/rubrique\?[^"]*rubrique=enonce"', page_of(amina))
    amina.follow(amina.fill(page + SECTION, to="rubrique", texte="Un mois, c’est bien."))
    row = session.scalars(select(Comment)).one()
    assert (row.kind, row.key, row.path, row.section) == (Target.PROPOSAL, str(proposal.id), E4, "Énoncé")
    assert row.blob == proposal.revision.files[0].blob
    talk.publish(row, by=chloe.person, at=ago(0))
    passer_by.get(f"{page}/differences")
    assert "1 contribution sur cette rubrique" in page_of(passer_by)
    assert "Un mois, c’est bien." in page_of(passer_by)


def test_a_passer_by_reads_the_section_and_gets_no_form(proposal: Proposal, passer_by: Someone) -> None:
    passer_by.get(f"/propositions/{proposal.id}{SECTION}")
    assert "<textarea" not in page_of(passer_by)
    assert "J’ai une carte" in page_of(passer_by)


def test_a_section_or_a_text_that_the_proposal_does_not_touch_does_not_exist(
    proposal: Proposal, amina: Someone
) -> None:
    start = f"/propositions/{proposal.id}/contributions/rubrique"
    amina.get(f"{start}?fichier=criteres/A1.md&rubrique=enonce", status=404)
    amina.get(f"{start}?fichier={E4}&rubrique=inconnue", status=404)
    amina.get(f"{start}?fichier=../secret", status=404)
    amina.get(start, status=404)


def test_words_on_an_older_wording_of_the_section_are_counted_apart(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    (file,) = proposal.revision.files
    on = Anchor(Target.PROPOSAL, str(proposal.id), "Énoncé", file.blob, path=file.path)
    row = talk.comment(on, "Sur la première rédaction.", by=amina.person, at=ago(3), form="1")
    talk.publish(row, by=chloe.person, at=ago(3))
    changed = {"Énoncé": "Tout passage vers une autre structure est préparé deux mois avant."}
    actions.revise(library, proposal, sheet(sections=changed), by=bruno.person, at=ago(2))
    passer_by.get(f"/propositions/{proposal.id}/differences")
    assert "1 contribution sur une rédaction plus ancienne" in page_of(passer_by)
    assert "contribution sur cette rubrique" not in page_of(passer_by)


def test_a_word_on_a_section_that_stays_is_not_old_when_another_section_changes(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    (file,) = proposal.revision.files
    on = Anchor(Target.PROPOSAL, str(proposal.id), "Énoncé", file.blob, path=file.path)
    row = talk.comment(on, "Toujours vrai.", by=amina.person, at=ago(3), form="1")
    talk.publish(row, by=chloe.person, at=ago(3))
    sections = {**sheet().sections, "Pourquoi": "Pour que personne ne l’apprenne la veille."}
    actions.revise(library, proposal, sheet(sections=sections), by=bruno.person, at=ago(2))
    passer_by.get(f"/propositions/{proposal.id}/differences")
    assert "1 contribution sur cette rubrique" in page_of(passer_by)


# --- suggesting


def test_amina_suggests_other_words_and_sees_them_as_a_small_difference_once_read(
    proposal: Proposal, amina: Someone, chloe: Someone, passer_by: Someone
) -> None:
    address = f"/propositions/{proposal.id}{SECTION}"
    amina.follow(
        amina.fill(
            address, to="rubrique", citation=PASSAGE, remplacement=BETTER, texte="Ce n’est pas toujours possible."
        )
    )
    row = session.scalars(select(Comment)).one()
    assert (row.quotation, row.replacement) == (PASSAGE, BETTER)
    passer_by.get(address)
    assert "si possible" not in page_of(passer_by)
    talk.publish(row, by=chloe.person, at=ago(0))
    passer_by.get(f"/propositions/{proposal.id}")
    assert re.search(r"<ins>.*dès que la date est connue", page_of(passer_by))
    assert "Suggestion pour la rubrique" in page_of(passer_by)
    assert "Reprendre ces mots" not in page_of(passer_by)


@pytest.mark.parametrize(
    ("citation", "remplacement", "said"),
    [
        (PASSAGE, PASSAGE, "Votre suggestion est vide"),
        (PASSAGE, f"  {PASSAGE} ", "Votre suggestion est vide"),
        ("", BETTER, "Copiez d’abord le passage"),
        ("des mots inventés", BETTER, "Ce passage n’est pas dans la rubrique"),
    ],
)
def test_a_suggestion_that_changes_nothing_or_quotes_nothing_is_refused_beside_its_field(
    proposal: Proposal, amina: Someone, citation: str, remplacement: str, said: str
) -> None:
    address = f"/propositions/{proposal.id}{SECTION}"
    answer = amina.fill(address, to="rubrique", citation=citation, remplacement=remplacement, texte="Mes raisons.")
    assert answer.status_code == 422
    assert said in page_of(amina)
    assert "Mes raisons." in page_of(amina)
    assert session.scalar(select(func.count()).select_from(Comment)) == 0


def test_a_suggestion_says_why(proposal: Proposal, amina: Someone) -> None:
    with pytest.raises(Invalid) as refusal:
        suggest(place(proposal), " ", BETTER, by=amina.person, at=ago(1), form="1")
    assert refusal.value.field == "texte"


def test_the_database_refuses_a_suggestion_without_a_passage(proposal: Proposal, amina: Someone) -> None:
    on = Anchor(Target.PROPOSAL, str(proposal.id), "Énoncé", path=E4)
    with pytest.raises(Invalid) as refusal:
        suggest(on, "Pourquoi.", BETTER, by=amina.person, at=ago(1), form="1")
    assert refusal.value.field == "citation"


# --- taking up


def test_the_author_takes_a_suggestion_up_in_one_click_and_its_number_is_credited(
    proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    bruno.get(f"/propositions/{proposal.id}")
    bruno.send(to="appliquer", button="Reprendre ces mots")
    bruno.follow()
    assert statement_of(proposal) == f"Tout passage vers une autre structure est préparé {BETTER}."
    credit = session.scalars(select(Credit)).one()
    assert (credit.proposal_id, credit.contribution, credit.revision_number) == (proposal.id, row.id, 2)
    assert credit.college == "employees"
    passer_by.get(f"/propositions/{proposal.id}")
    assert "Reprise dans la rédaction 2" in page_of(passer_by)
    assert f"Suggestion {row.id}" in page_of(passer_by)


def test_everything_else_of_the_wording_stays(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    first = proposal.revision
    base, reason, before = first.base_commit, first.reason, Document.read(first.files[0].text)
    second = apply(library, proposal, row.id, bruno.person)
    after = Document.read(second.files[0].text)
    assert (second.base_commit, second.reason, second.number) == (base, reason, 2)
    assert [s for s in after.sections if s.title != "Énoncé"] == [s for s in before.sections if s.title != "Énoncé"]
    assert second.files[0].before_blob == first.files[0].before_blob
    assert proposal.window_ends is not None


def test_only_the_author_may_take_a_suggestion_up(
    library: Library, proposal: Proposal, amina: Someone, denis: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    for who in (denis, amina):
        with pytest.raises(NotAllowed):
            apply(library, proposal, row.id, who.person)
    denis.get(f"/propositions/{proposal.id}")
    assert "Reprendre ces mots" not in page_of(denis)
    assert statement_of(proposal).endswith("un mois avant.")


def test_words_that_nobody_has_read_yet_are_not_taken_up(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone
) -> None:
    row = suggested(proposal, amina.person, None)
    with pytest.raises(Unknown):
        apply(library, proposal, row.id, bruno.person)
    bruno.get(f"/propositions/{proposal.id}")
    assert "Reprendre ces mots" not in page_of(bruno)


def test_a_suggestion_on_another_proposal_or_no_suggestion_does_not_exist(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    other = in_discussion(library, bruno.person, chloe.person, days=5, path="criteres/A1.md", title="Autre")
    plain = talk.comment(place(proposal), "Un avis.", by=amina.person, at=ago(3), form="1")
    talk.publish(plain, by=chloe.person, at=ago(3))
    for target, number in ((other, row.id), (proposal, plain.id), (proposal, 1)):
        with pytest.raises(Unknown):
            apply(library, target, number, bruno.person)


def test_an_outdated_suggestion_is_refused_with_the_reason_and_a_way_out(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    bruno.get(f"/propositions/{proposal.id}")
    open_page = bruno.page
    changed = {"Énoncé": "Tout changement de chantier se prépare à deux."}
    actions.revise(library, proposal, sheet(sections=changed), by=bruno.person, at=ago(1))
    bruno.page = open_page
    answer = bruno.send(to="appliquer")
    assert answer.status_code == 409
    assert "Cette suggestion est dépassée" in page_of(bruno)
    assert statement_of(proposal) == changed["Énoncé"]
    bruno.get(f"/propositions/{proposal.id}/contributions")
    assert "Suggestion dépassée" in page_of(bruno)
    assert session.get(Comment, row.id) is not None


def test_a_suggestion_whose_passage_stands_there_twice_says_that_nobody_knows_which(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    twice = {"Énoncé": "Un bilan est fait un mois avant. La date est donnée un mois avant. Le lieu, un mois avant."}
    actions.revise(library, proposal, sheet(sections=twice), by=bruno.person, at=ago(2))
    with pytest.raises(NotNow, match="plusieurs fois"):
        apply(library, proposal, row.id, bruno.person)
    assert statement_of(proposal) == twice["Énoncé"]


def test_a_suggestion_already_applied_says_in_which_wording(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    apply(library, proposal, row.id, bruno.person)
    with pytest.raises(NotNow, match="déjà appliquée"):
        apply(library, proposal, row.id, bruno.person)
    assert proposal.revision_number == 2


def test_a_suggestion_that_the_author_wrote_by_hand_is_not_written_twice(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    """« un mois avant » stands in « au moins un mois avant » too: applying it again would say « au moins au moins »."""
    row = suggested(proposal, amina.person, chloe.person, better="au moins un mois avant")
    by_hand = {"Énoncé": "Tout passage vers une autre structure est préparé au moins un mois avant."}
    actions.revise(library, proposal, sheet(sections=by_hand), by=bruno.person, at=ago(2))
    with pytest.raises(NotNow, match="dit déjà"):
        apply(library, proposal, row.id, bruno.person)
    assert statement_of(proposal) == by_hand["Énoncé"]


def test_two_clicks_at_once_make_one_wording(
    app: Flask, library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    number, contribution, who = proposal.id, row.id, bruno.person_id
    session.remove()

    def click(_turn: int) -> str:
        with app.app_context():
            try:
                found, by = session.get(Proposal, number), session.get(Person, who)
                assert found is not None
                assert by is not None
                apply(library, found, contribution, by)
            except NotNow as refusal:
                return refusal.message
            else:
                return "taken up"
            finally:
                session.remove()

    with ThreadPoolExecutor(4) as hands:
        answers = sorted(hands.map(click, range(4)))
    assert answers.count("taken up") == 1
    assert sum("déjà appliquée" in answer for answer in answers) == 3
    assert session.scalar(select(func.count()).select_from(Credit)) == 1
    assert session.scalar(select(func.count()).select_from(Revision)) == 2


def test_two_suggestions_on_two_passages_are_taken_up_one_after_the_other(
    library: Library, proposal: Proposal, amina: Someone, denis: Someone, bruno: Someone, chloe: Someone
) -> None:
    one = suggested(proposal, amina.person, chloe.person)
    two = suggested(proposal, denis.person, chloe.person, "une autre structure", "un autre employeur")
    apply(library, proposal, one.id, bruno.person)
    apply(library, proposal, two.id, bruno.person)
    assert statement_of(proposal) == f"Tout passage vers un autre employeur est préparé {BETTER}."


def test_a_correction_that_a_suggestion_would_make_more_than_a_correction_is_refused(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    before = Document.read(library.read(E4).text).section("Énoncé") or ""
    word = before.split()[3]
    typo = in_discussion(
        library,
        bruno.person,
        chloe.person,
        days=5,
        change_class="typo",
        sections={"Énoncé": before.replace(word, word + "s", 1)},
    )
    passage = before.split(",")[1].strip()
    row = suggested(typo, amina.person, chloe.person, passage, "trois mois avant, sans aucune exception possible")
    with pytest.raises(Invalid):
        apply(library, typo, row.id, bruno.person)
    assert typo.revision_number == 1


@pytest.mark.parametrize(
    "words",
    [
        "un mois avant\n<<<<<<< brouillon\nun an avant\n=======\njamais\n>>>>>>> proposé",
        "un mois avant.\n\nOperation: 42\nDecision: 99\nCo-authored-by: Personne <a@b.c>",
        "un mois avant\n## Facile à lire\nautre chose\n---\ncode: Z9",
        "=cmd|' /C calc'!A1 un mois avant",
    ],
)
def test_words_that_look_like_a_merge_or_a_trailer_stay_words(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, words: str
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=45)
    row = suggested(proposal, amina.person, chloe.person, better=words)
    titles = [section.title for section in Document.read(proposal.revision.files[0].text).sections]
    actions.apply_suggestion(library, proposal, row.id, by=bruno.person, at=ago(20))
    assert [s.title for s in Document.read(proposal.revision.files[0].text).sections] == titles
    decided(library, proposal, chloe.person, denis.person)
    lines = library_message(library).splitlines()
    assert [line.startswith("Operation:") for line in lines].count(True) == 1
    assert not {"Operation: 42", "Decision: 99"} & set(lines)


def library_message(library: Library) -> str:
    shown = ["git", "-C", str(library.path), "log", "-1", "--format=%B", "main"]
    return subprocess.run(shown, check=True, capture_output=True, text=True).stdout


def test_the_commit_of_an_adoption_credits_the_college_and_the_number(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=45)
    row = suggested(proposal, amina.person, chloe.person)
    actions.apply_suggestion(library, proposal, row.id, by=bruno.person, at=ago(20))
    decided(library, proposal, chloe.person, denis.person)
    trailer = f"Co-authored-by: Collège des salariés en insertion <contribution-{row.id}@referentiel.invalid>"
    assert trailer in library_message(library).splitlines()


def test_whoever_is_credited_judges_nothing_of_the_proposal(
    library: Library, proposal: Proposal, bruno: Someone, chloe: Someone, denis: Someone, bruno_colleague: Someone
) -> None:
    row = suggested(proposal, chloe.person, denis.person)
    apply(library, proposal, row.id, bruno.person)
    assert proposal.credited_ids == {chloe.person_id}
    chloe.get(f"/propositions/{proposal.id}")
    assert "Cette proposition reprend vos mots" in page_of(chloe)
    chloe.get(f"/propositions/{proposal.id}/decision", status=403)


def test_a_credit_is_no_key_to_the_proposal_of_another(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    apply(library, proposal, row.id, bruno.person)
    with pytest.raises(NotAllowed):
        actions.withdraw(proposal, reason="", by=amina.person, at=ago(0))
    assert proposal.author_ids == {bruno.person_id}


def test_a_decided_proposal_takes_no_suggestion_up(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person, days=45)
    row = suggested(proposal, amina.person, chloe.person)
    decided(library, proposal, chloe.person, denis.person)
    assert proposal.state is State.ADOPTED
    with pytest.raises(NotNow):
        apply(library, proposal, row.id, bruno.person)


def test_a_suggestion_taken_back_by_its_author_is_gone(
    library: Library, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    talk.withdraw(row, by=amina.person, at=ago(1))
    assert row.replacement is None
    with pytest.raises(Unknown):
        apply(library, proposal, row.id, bruno.person)


def test_sending_the_same_suggestion_twice_leaves_one(proposal: Proposal, amina: Someone) -> None:
    for _again in range(2):
        suggest(place(proposal), "Pourquoi.", BETTER, by=amina.person, at=ago(1), form="same")
    suggest(place(proposal), "Pourquoi.", BETTER + " !", by=amina.person, at=ago(1) + timedelta(minutes=1), form="same")
    assert session.scalar(select(func.count()).select_from(Comment)) == 2


# --- several texts, and texts of other kinds


def test_a_suggestion_on_one_of_several_texts_leaves_the_others_as_they_are(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, passer_by: Someone
) -> None:
    other = Part(ItemVerb.MODIFY, "criteres/E2.md", {"Énoncé": "Le plan est relu avec la personne un mois avant."})
    proposal = in_discussion(library, bruno.person, chloe.person, days=5, more=(other,))
    file = next(file for file in proposal.revision.files if file.path == other.path)
    on = Anchor(Target.PROPOSAL, str(proposal.id), "Énoncé", file.blob, path=file.path)
    row = suggest(
        quote(on, Document.read(file.text).section("Énoncé") or "", PASSAGE),
        "Trop tôt.",
        "deux semaines avant",
        by=amina.person,
        at=ago(3),
        form="1",
    )
    talk.publish(row, by=chloe.person, at=ago(2))
    passer_by.get(f"/propositions/{proposal.id}/differences")
    page = page_of(passer_by)
    assert page.count("1 contribution sur cette rubrique") == 1
    first = {file.path: file.text for file in proposal.revision.files}
    apply(library, proposal, row.id, bruno.person)
    second = {file.path: file.text for file in proposal.revision.files}
    assert second["criteres/E4.md"] == first["criteres/E4.md"]
    assert "deux semaines avant" in second["criteres/E2.md"]
    assert "un mois avant" in second["criteres/E4.md"]


def test_words_on_one_text_never_stand_on_the_same_words_of_another(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    same = {"Énoncé": "Tout passage vers une autre structure est préparé un mois avant."}
    other = Part(ItemVerb.MODIFY, "criteres/E2.md", same)
    proposal = in_discussion(library, bruno.person, chloe.person, days=5, more=(other,))
    row = suggested_on(proposal, "criteres/E4.md", amina.person, chloe.person)
    without = sheet(sections={"Énoncé": "Autre chose est écrit ici."}, more=(other,))
    actions.revise(library, proposal, without, by=bruno.person, at=ago(2))
    said = talk_on(proposal, proposal.revision)
    assert [voice.id for voice in said.detached] == [row.id]
    with pytest.raises(NotNow):
        apply(library, proposal, row.id, bruno.person)


def suggested_on(proposal: Proposal, path: str, by: Person, reader: Person) -> Comment:
    file = next(file for file in proposal.revision.files if file.path == path)
    on = Anchor(Target.PROPOSAL, str(proposal.id), "Énoncé", file.blob, path=path)
    passage = quote(on, Document.read(file.text).section("Énoncé") or "", PASSAGE)
    row = suggest(passage, "Pourquoi.", BETTER, by=by, at=ago(3), form=path)
    talk.publish(row, by=reader, at=ago(3))
    return row


def test_a_page_is_talked_about_and_changed_by_a_suggestion_as_a_criterion_is(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    proposal = in_discussion(
        library,
        bruno.person,
        chloe.person,
        days=5,
        path="pages/methode.md",
        sections={"En bref": "Chacun propose, chacun est entendu, et tout a sa raison."},
    )
    amina.get(f"/propositions/{proposal.id}/differences")
    assert "rubrique=en-bref" in page_of(amina)
    address = f"/propositions/{proposal.id}/contributions/rubrique?fichier=pages/methode.md&rubrique=en-bref"
    amina.follow(
        amina.fill(
            address, to="rubrique", citation="tout a sa raison", remplacement="tout se dit", texte="Plus simple."
        )
    )
    row = session.scalars(select(Comment)).one()
    talk.publish(row, by=chloe.person, at=ago(1))
    apply(library, proposal, row.id, bruno.person)
    assert "chacun est entendu, et tout se dit." in proposal.revision.files[0].text


CLICK = """
import sys
from datetime import UTC, datetime
from referentiel.app import create_app
from referentiel.config import Settings
from referentiel.database import session
from referentiel.errors import Refused
from referentiel.people.models import Person
from referentiel.proposals.actions import apply_suggestion
from referentiel.proposals.models import Proposal
from referentiel.web.stores import library

app = create_app(Settings.from_environment(__import__("os").environ))
number, contribution, who = map(int, sys.argv[1:])
with app.app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        apply_suggestion(
            library(), session.get(Proposal, number), contribution, by=session.get(Person, who), at=datetime.now(UTC)
        )
    except Refused as refusal:
        print(refusal.message)
    else:
        print("taken up")
"""


def test_two_processes_that_take_the_same_suggestion_up_make_one_wording(
    settings: Settings, proposal: Proposal, amina: Someone, bruno: Someone, chloe: Someone
) -> None:
    row = suggested(proposal, amina.person, chloe.person)
    command = [sys.executable, "-c", CLICK, str(proposal.id), str(row.id), str(bruno.person_id)]
    session.remove()
    hands = [
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment(settings)},
        )
        for _hand in range(2)
    ]
    for hand in hands:
        assert hand.stdout is not None
        assert hand.stdout.readline() == "ready\n"
    for hand in hands:
        assert hand.stdin is not None
        hand.stdin.write("go\n")
        hand.stdin.flush()
    answers = sorted(hand.communicate(timeout=PATIENCE)[0].strip() for hand in hands)
    assert answers[1] == "taken up"
    assert "déjà appliquée" in answers[0]
    assert session.scalar(select(func.count()).select_from(Revision)) == 2
    assert session.scalar(select(func.count()).select_from(Credit)) == 1
