"""The text moves beside a proposal: its author reads the merge that is offered, or settles each passage."""

import re

import pytest

from referentiel.criteria.document import Document
from referentiel.library.library import Library
from referentiel.proposals import actions, queries
from referentiel.proposals.actions.rebasing import WORDS, take_up_offer
from referentiel.proposals.conditions import NotNow
from referentiel.proposals.models import Proposal
from referentiel.proposals.offers import stand
from referentiel.proposals.queries import standings
from referentiel.proposals.sheets import Part
from referentiel.proposals.standing import Answer
from referentiel.proposals.states import ItemVerb, State
from tests.cast import Someone
from tests.proposal_lives import ago, decided, in_decision, in_discussion, sheet, statement

PASSAGE = "criteres-e4-md-section-enonce"
FACILE = "criteres-e4-md-section-facile-a-lire"
OTHERS = "avec la personne et son encadrant"
COPY = "écrite dont elle garde une copie"


def page_of(response: object) -> str:
    text = response.get_data(as_text=True)  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", text).replace("\xa0", " ")


def again(number: int = 1) -> Proposal:
    return queries.proposal(number)


def changed(library: Library, was: str, becomes: str) -> str:
    assert was in statement(library)
    return statement(library).replace(was, becomes)


@pytest.fixture
def mergeable(library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone) -> Library:
    """Amina's proposal, 1, beside a text whose other words were changed by the adoption of Bruno's."""
    mine = changed(library, "organisée", COPY)
    in_discussion(library, amina.person, chloe.person, title="La copie", sections={"Énoncé": mine})
    theirs = in_discussion(
        library, bruno.person, chloe.person, sections={"Énoncé": changed(library, "avec la personne", OTHERS)}
    )
    decided(library, theirs, chloe.person, denis.person)
    return library


@pytest.fixture
def colliding(library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone) -> Library:
    """Amina's proposal, 1, changes the same words as Bruno's, which was adopted; and the plain text beside."""
    sections = {
        "Énoncé": changed(library, "avec la personne", "par la personne elle-même"),
        "Pourquoi": "Pour ne perdre personne.",
    }
    in_discussion(library, amina.person, chloe.person, title="Elle-même", sections=sections)
    theirs = in_discussion(
        library, bruno.person, chloe.person, sections={"Énoncé": changed(library, "avec la personne", OTHERS)}
    )
    decided(library, theirs, chloe.person, denis.person)
    return library


def move_again(library: Library, bruno: Someone, chloe: Someone, denis: Someone, words: str) -> None:
    """The text of E4 changes once more."""
    third = in_discussion(library, bruno.person, chloe.person, title="Encore", sections={"Énoncé": words})
    decided(library, third, chloe.person, denis.person)


# --- the merge that is offered


def test_the_page_of_a_proposal_leads_its_author_to_the_merge_and_others_to_the_readings(
    mergeable: Library, amina: Someone, passer_by: Someone
) -> None:
    assert "/propositions/1/texte-reuni" in page_of(amina.get("/propositions/1"))
    shown = page_of(passer_by.get("/propositions/1"))
    assert "/propositions/1/texte-reuni" not in shown
    assert "peuvent être réunis" in shown
    readings = page_of(passer_by.get("/propositions/1/collision"))
    assert "Avant" in readings
    assert "et son encadrant" in readings
    assert "dont elle garde une copie" in readings
    assert "<form method" not in readings.partition("<main")[2]


def test_the_author_reads_the_merge_beside_both_texts_and_takes_it_up(mergeable: Library, amina: Someone) -> None:
    page = page_of(amina.get("/propositions/1/texte-reuni"))
    assert "Du texte d’aujourd’hui au texte réuni" in page
    assert "De votre rédaction au texte réuni" in page
    assert "/decisions/1" in page
    assert again().revision_number == 1
    assert amina.send(button="Reprendre cette rédaction").status_code == 303
    proposal = again()
    assert proposal.revision_number == 2
    first, second = proposal.revisions
    assert (second.reason, second.plain_change, second.change_class) == (
        first.reason,
        first.plain_change,
        first.change_class,
    )
    assert second.base_commit == mergeable.head()
    (file,) = second.files
    both = statement(mergeable).replace("organisée", COPY)
    assert Document.read(file.text).section("Énoncé") == both
    assert "organisée" in statement(mergeable), "the text itself has not changed"
    page = page_of(amina.get("/propositions/1"))
    assert "Le texte a changé depuis cette rédaction" not in page
    assert page_of(amina.get("/propositions/1/differences?redaction=1")), "the wording before is still there"


def test_the_merge_of_somebody_else_does_not_exist(mergeable: Library, bruno: Someone, chloe: Someone) -> None:
    for someone in (bruno, chloe):
        someone.get("/propositions/1/texte-reuni", status=404)


def test_taking_the_merge_up_twice_is_one_wording(mergeable: Library, amina: Someone) -> None:
    seen = stand(mergeable, again().revision.files).digest
    first = take_up_offer(mergeable, again(), seen=seen, by=amina.person, at=ago(0))
    second = take_up_offer(mergeable, again(), seen=seen, by=amina.person, at=ago(0))
    assert first.id == second.id
    assert again().revision_number == 2


def test_a_merge_that_changed_under_the_eyes_is_shown_again_and_not_sent(
    mergeable: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    amina.get("/propositions/1/texte-reuni")
    move_again(mergeable, bruno, chloe, denis, changed(mergeable, "Tout passage", "Chaque passage"))
    answer = amina.send(button="Reprendre cette rédaction")
    assert answer.status_code == 409
    page = page_of(answer)
    assert "Le texte a encore changé pendant que vous lisiez" in page
    assert "Chaque passage" in re.sub(r"<[^>]+>", "", page).replace("  ", " ") or "Chaque" in page
    assert again().revision_number == 1
    assert amina.send(button="Reprendre cette rédaction").status_code == 303
    (file,) = again().revision.files
    assert "Chaque passage" in file.text


def test_nothing_is_offered_when_nothing_moved_or_when_it_collides(
    colliding: Library, library: Library, amina: Someone, chloe: Someone
) -> None:
    amina.get("/propositions/1/texte-reuni", status=409)
    in_discussion(library, amina.person, chloe.person, path="criteres/E5.md", sections={"Énoncé": "Une phrase."})
    answer = amina.get("/propositions/3/texte-reuni", status=409)
    assert "Aucun texte réuni" in page_of(answer)


def test_a_merge_is_not_taken_up_once_the_decision_is_under_way(
    mergeable: Library, amina: Someone, chloe: Someone
) -> None:
    seen = stand(mergeable, again().revision.files).digest
    in_decision(mergeable, again(), chloe.person, outcome=queries.decision(1).outcome.__class__("refused"))
    with pytest.raises(NotNow):
        take_up_offer(mergeable, again(), seen=seen, by=amina.person, at=ago(0))
    amina.get("/propositions/1/texte-reuni", status=409)
    assert again().state is State.IN_DECISION


# --- a collision, settled


def test_each_passage_is_asked_with_its_three_readings_and_no_answer_is_chosen_before(
    colliding: Library, amina: Someone
) -> None:
    page = page_of(amina.get("/propositions/1/collision"))
    assert "Deux textes possibles" in page
    assert "Que doit dire ce passage ?" in page
    for words in ("Garder le texte d’aujourd’hui", "Garder le mien", "Écrire autre chose"):
        assert words in page
    assert "checked" not in page
    assert "/decisions/1" in page
    assert "<<<<<<<" not in page
    answer = amina.send(button="Envoyer cette rédaction")
    assert answer.status_code == 422
    assert "Dites ce que ce passage doit dire." in page_of(answer)
    assert again().revision_number == 1


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("aujourd-hui", "avec la personne et son encadrant"),
        ("le-mien", "par la personne elle-même"),
        ("autre-chose", "par la personne et son encadrant"),
    ],
)
def test_what_the_author_answers_is_the_next_wording_and_both_readings_are_kept(
    colliding: Library, amina: Someone, passer_by: Someone, choice: str, said: str
) -> None:
    today = statement(colliding)
    words = today.replace("avec la personne et", "par la personne et")
    answer = amina.fill(
        "/propositions/1/collision",
        button="Envoyer cette rédaction",
        **{PASSAGE: choice, WORDS + PASSAGE: words},
    )
    assert answer.status_code == 303
    first, second = again().revisions
    (file,) = second.files
    document = Document.read(file.text)
    assert said in (document.section("Énoncé") or "")
    assert document.section("Pourquoi") == "Pour ne perdre personne.", "what does not collide comes by itself"
    assert (second.base_commit, second.reason) == (colliding.head(), first.reason)
    assert statement(colliding) == today, "the text keeps today's reading until a decision"
    assert "par la personne elle-même" in first.files[0].text, "the wording before keeps the other"
    assert "Le texte a changé depuis cette rédaction" not in page_of(passer_by.get("/propositions/1"))


def test_positions_on_the_wording_before_are_asked_again(colliding: Library, amina: Someone, bruno: Someone) -> None:
    bruno.fill("/propositions/1", to="/avis", stance="favourable")
    amina.fill("/propositions/1/collision", button="Envoyer cette rédaction", **{PASSAGE: "le-mien"})
    own = queries.own_position(again(), bruno.person)
    assert own is not None
    assert own.revision_id != again().revision.id
    assert "Donner mon avis" in page_of(bruno.get("/propositions/1"))


def test_keeping_the_text_of_today_everywhere_leaves_nothing_to_ask_for(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    mine = in_discussion(library, amina.person, chloe.person, sections={"Énoncé": "Une phrase."})
    move_again(library, bruno, chloe, denis, "Une autre phrase.")
    answer = amina.fill("/propositions/1/collision", button="Envoyer cette rédaction", **{PASSAGE: "aujourd-hui"})
    assert answer.status_code == 422
    assert "ne demanderait plus rien" in page_of(answer)
    assert again(mine.id).revision_number == 1


def test_other_words_are_written_or_refused_beside_their_field(colliding: Library, amina: Someone) -> None:
    for typed in ("", "   ", "mots \u202e cachés"):
        answer = amina.fill(
            "/propositions/1/collision",
            button="Envoyer cette rédaction",
            **{PASSAGE: "autre-chose", WORDS + PASSAGE: typed},
        )
        assert answer.status_code == 422
        assert f'id="{WORDS}{PASSAGE}-erreur"' in answer.get_data(as_text=True)
    assert again().revision_number == 1


def test_words_that_look_like_conflict_markers_or_trailers_are_words(colliding: Library, amina: Someone) -> None:
    marks = "<<<<<<< HEAD\n=======\n>>>>>>> main\n\nOperation: 42"
    answer = amina.fill(
        "/propositions/1/collision",
        button="Envoyer cette rédaction",
        **{PASSAGE: "autre-chose", WORDS + PASSAGE: marks},
    )
    assert answer.status_code == 303
    (file,) = again().revision.files
    assert Document.read(file.text).section("Énoncé") == marks


def test_settled_against_a_text_that_changed_again_all_that_was_typed_comes_back(
    colliding: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    amina.get("/propositions/1/collision")
    move_again(colliding, bruno, chloe, denis, "Chaque passage est préparé à trois.")
    typed = "Chaque passage est préparé par la personne, avec qui elle veut."
    answer = amina.send(button="Envoyer cette rédaction", **{PASSAGE: "autre-chose", WORDS + PASSAGE: typed})
    assert answer.status_code == 409
    page = page_of(answer)
    assert "Le texte a encore changé pendant que vous lisiez" in page
    assert typed in page
    assert "préparé à trois" in re.sub(r"<[^>]+>", "", page)
    assert "checked" not in page, "the answer was about another text"
    assert again().revision_number == 1
    assert amina.send(button="Envoyer cette rédaction", **{PASSAGE: "autre-chose"}).status_code == 303
    (file,) = again().revision.files
    assert Document.read(file.text).section("Énoncé") == typed
    assert file.before_blob == colliding.read("criteres/E4.md").blob


def test_settled_when_the_text_came_back_to_what_it_was_the_words_typed_are_shown(
    colliding: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    amina.get("/propositions/1/collision")
    move_again(colliding, bruno, chloe, denis, changed(colliding, OTHERS, "avec la personne"))
    typed = "Chaque passage est préparé par la personne, avec qui elle veut."
    answer = amina.send(button="Envoyer cette rédaction", **{PASSAGE: "autre-chose", WORDS + PASSAGE: typed})
    assert answer.status_code == 409
    assert typed in page_of(answer)
    assert again().revision_number == 1


def test_settled_beside_a_wording_sent_from_another_window_nothing_is_overwritten(
    colliding: Library, amina: Someone
) -> None:
    amina.get("/propositions/1/collision")
    other = sheet("Elle-même", sections={"Énoncé": "Une phrase écrite dans l’autre fenêtre."})
    actions.revise(colliding, again(), other, by=amina.person, at=ago(0))
    typed = "Chaque passage est préparé par la personne."
    answer = amina.send(button="Envoyer cette rédaction", **{PASSAGE: "autre-chose", WORDS + PASSAGE: typed})
    assert answer.status_code == 409
    assert typed in page_of(answer)
    assert "l’autre fenêtre" in again().revision.files[0].text


def test_settling_twice_is_one_wording(colliding: Library, amina: Someone) -> None:
    amina.get("/propositions/1/collision")
    form = {PASSAGE: "le-mien"}
    held = amina.page
    assert amina.send(button="Envoyer cette rédaction", **form).status_code == 303
    amina.page = held
    assert amina.send(button="Envoyer cette rédaction", **form).status_code == 303
    assert again().revision_number == 2


def test_a_title_that_both_changed_is_a_passage_too(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    def titled(title: str) -> dict[str, object]:
        return {"sections": {}, "keys": {"titre": title}}

    in_discussion(library, amina.person, chloe.person, **titled("Passer sans attendre"))
    decided(
        library,
        in_discussion(library, bruno.person, chloe.person, **titled("Passer ensemble")),
        chloe.person,
        denis.person,
    )
    passage = "criteres-e4-md-key-titre"
    answer = amina.fill(
        "/propositions/1/collision",
        button="Envoyer cette rédaction",
        **{passage: "autre-chose", WORDS + passage: "Passer ensemble, sans attendre"},
    )
    assert answer.status_code == 303
    (file,) = again().revision.files
    assert Document.read(file.text).value("titre") == "Passer ensemble, sans attendre"


def test_a_level_that_both_changed_is_chosen_among_the_two(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    def scope(*kinds: str) -> dict[str, object]:
        return {"sections": {}, "keys": {"structures": kinds}}

    in_discussion(library, amina.person, chloe.person, **scope("ACI"))
    decided(library, in_discussion(library, bruno.person, chloe.person, **scope("AI")), chloe.person, denis.person)
    passage = "criteres-e4-md-key-structures"
    page = page_of(amina.get("/propositions/1/collision"))
    assert "Écrire autre chose" not in page
    forged = amina.send(button="Envoyer cette rédaction", **{passage: "autre-chose"})
    assert forged.status_code == 422
    assert amina.send(button="Envoyer cette rédaction", **{passage: "le-mien"}).status_code == 303
    (file,) = again().revision.files
    assert Document.read(file.text).values("structures") == ("ACI",)


def test_a_correction_that_becomes_more_is_asked_its_class_again(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    mine = changed(library, "organisée", "bien organisée")
    in_discussion(library, amina.person, chloe.person, sections={"Énoncé": mine}, change_class="typo")
    move_again(library, bruno, chloe, denis, "Une phrase sans rapport.")
    amina.get("/propositions/1/collision")
    answer = amina.send(button="Envoyer cette rédaction", **{PASSAGE: "le-mien"})
    assert answer.status_code == 422
    assert "choisissez « Clarté » ou « Fond »" in page_of(answer)
    answer = amina.send(button="Envoyer cette rédaction", **{PASSAGE: "le-mien", "change_class": "substance"})
    assert answer.status_code == 303
    assert again().revision.change_class.value == "substance"
    assert again().window_ends is not None


# --- a wording of several texts


OTHER = "criteres-e5-md-section-enonce"


def of_two(library: Library, amina: Someone, chloe: Someone, second: str) -> None:
    """Amina's proposal, 1: the statements of E4 and of E5."""
    first = changed(library, "organisée", COPY)
    more = (Part(ItemVerb.MODIFY, "criteres/E5.md", {"Énoncé": second}),)
    in_discussion(library, amina.person, chloe.person, title="Les deux", sections={"Énoncé": first}, more=more)


def test_a_wording_of_two_texts_is_offered_whole_or_settled_whole(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    of_two(library, amina, chloe, "Une phrase de plus pour E5.")
    move_again(library, bruno, chloe, denis, changed(library, "avec la personne", OTHERS))
    assert standings(library, [1]) == {1: Answer.OFFERED}
    page = page_of(amina.get("/propositions/1/texte-reuni"))
    assert page.count("Du texte d’aujourd’hui au texte réuni") == 2
    third = in_discussion(
        library, bruno.person, chloe.person, path="criteres/E5.md", sections={"Énoncé": "Tout autre."}
    )
    decided(library, third, chloe.person, denis.person)
    assert amina.send(button="Reprendre cette rédaction").status_code == 409, "the other text moved, and collides"
    assert standings(library, [1]) == {1: Answer.COLLIDES}
    assert again().revision_number == 1
    page = page_of(amina.get("/propositions/1/collision"))
    assert "E4 · Énoncé" in page
    assert "E5 · Énoncé" in page
    assert "Nous avons réuni les deux pour vous aider" in page
    half = amina.send(button="Envoyer cette rédaction", **{PASSAGE: "autre-chose"})
    assert half.status_code == 422, "all of it or nothing"
    answer = amina.send(button="Envoyer cette rédaction", **{PASSAGE: "autre-chose", OTHER: "le-mien"})
    assert answer.status_code == 303
    files = {file.path: Document.read(file.text).section("Énoncé") for file in again().revision.files}
    assert files == {
        "criteres/E4.md": statement(library).replace("organisée", COPY),
        "criteres/E5.md": "Une phrase de plus pour E5.",
    }
    assert standings(library, [1]) == {1: Answer.APPLIES}


def test_a_text_that_keeps_the_words_of_today_leaves_the_wording_the_others_stay(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    of_two(library, amina, chloe, "Une phrase de plus pour E5.")
    move_again(library, bruno, chloe, denis, "Tout autre.")
    answer = amina.fill("/propositions/1/collision", button="Envoyer cette rédaction", **{PASSAGE: "aujourd-hui"})
    assert answer.status_code == 303
    assert [file.path for file in again().revision.files] == ["criteres/E5.md"]
