"""Errata: a correction asked for a published edition, signed twice, shown beside it; the sealed bytes do not move."""

import hashlib
from typing import Any
from uuid import uuid4

import pytest

from referentiel.criteria.document import Document
from referentiel.criteria.erratum import RIGHT
from referentiel.dates import day
from referentiel.editions.errata import errata_of, every_erratum, state
from referentiel.editions.queries import shelf_of
from referentiel.errors import Invalid, NotAllowed, TextMoved, Unknown
from referentiel.library.library import Library
from referentiel.library.verification import verify
from referentiel.proposals import actions
from referentiel.proposals.queries.standings import standings
from referentiel.proposals.sheets import Incomplete
from referentiel.proposals.standing import Answer
from referentiel.proposals.states import Outcome, State
from tests.cast import Someone
from tests.errata_lives import CORRECTED, EDITION, WORDS, adopted_erratum, discussed, erratum_sheet, reported
from tests.proposal_lives import ago, decided, in_decision, verdict

PATH = f"errata/{EDITION}/E4-1.md"


def sealed_bytes(library: Library) -> str:
    """One digest of all the sealed files of the edition."""
    folder = shelf_of(library).path / EDITION / "scelle"
    found = hashlib.sha256()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        found.update(path.as_posix().encode() + path.read_bytes())
    return found.hexdigest()


# --- adopted: one commit, one file beside the edition, nothing else


def test_an_adopted_erratum_is_one_file_with_its_day_and_its_decision(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    decision = adopted_erratum(library, bruno.person, chloe.person, denis.person)
    assert library.read(PATH).text == (
        "---\n"
        f"edition: {EDITION}\n"
        "texte: criteres/E4\n"
        "rubrique: Énoncé\n"
        f"date: {day(ago(0))}\n"
        f"decision: {decision.number}\n"
        "---\n\n"
        f"## Au lieu de\n\n{WORDS}\n\n"
        f"## Lire\n\n{CORRECTED}\n\n"
        "## Raison\n\nLe texte voté dit « par écrit » : ces mots ont été oubliés.\n"
    )
    (erratum,) = errata_of(library, EDITION)
    assert (erratum.kind.value, erratum.key, erratum.anchor, erratum.number) == ("criteres", "E4", "enonce", 1)
    assert (erratum.quotation, erratum.corrected) == (WORDS, CORRECTED)
    assert (erratum.on, erratum.decision) == (day(ago(0)), decision.number)
    assert decision.proposal.code == f"{EDITION}/E4-1"
    assert Document.read(library.read(f"decisions/{decision.number}.md").text).value("objet") == f"{EDITION}/E4-1"


def test_an_erratum_is_one_commit_that_touches_neither_the_draft_nor_the_sealed_bytes(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    before, sealed = library.head(), sealed_bytes(library)
    decision = adopted_erratum(library, bruno.person, chloe.person, denis.person)
    changed = library.files(library.head()).changes_from(library.files(before))
    assert [one.path for one in changed] == [f"decisions/{decision.number}.md", PATH]
    assert library.snapshots.commit(library.head()).parent == before
    assert sealed_bytes(library) == sealed
    assert verify(library) == []


def test_a_refused_erratum_leaves_its_decision_alone(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    proposal = discussed(library, bruno.person, chloe.person)
    decided(library, proposal, chloe.person, denis.person, Outcome.REFUSED)
    assert proposal.state is State.REFUSED
    assert errata_of(library, EDITION) == ()


def test_errata_of_one_item_are_numbered_as_they_are_adopted(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    first = discussed(library, bruno.person, chloe.person)
    second = discussed(library, bruno.person, chloe.person, wrong="sans période sans solution", right="sans rupture")
    other = discussed(library, bruno.person, chloe.person, code="E", section="titre", wrong=title(library), right="X")
    for proposal in (second, first, other):
        decided(library, proposal, chloe.person, denis.person)
    assert [one.name for one in errata_of(library, EDITION)] == ["E-1", "E4-1", "E4-2"]
    assert second.code == f"{EDITION}/E4-1"
    assert state(library, EDITION)
    assert not state(library, "2026.1")


def title(library: Library) -> str:
    return Document.read(library.read("chapitres/E.md").text).value("titre") or ""


# --- the same life: who may, when, what each of them may not do


def test_nobody_signs_an_erratum_twice_nor_that_of_their_college_nor_their_own(
    bruno: Someone, chloe: Someone, bruno_colleague: Someone, denis: Someone, library: Library
) -> None:
    proposal = discussed(library, denis.person, chloe.person)
    with pytest.raises(NotAllowed):
        in_decision(library, proposal, denis.person)
    decision = in_decision(library, proposal, chloe.person)
    for person in (chloe.person, denis.person, bruno.person):
        with pytest.raises(NotAllowed):
            actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=person, at=ago(0))
    actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=bruno_colleague.person, at=ago(0))
    assert proposal.state is State.ADOPTED


def test_a_typing_error_has_no_window_and_words_of_weight_are_no_typing_error(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    adopted = adopted_erratum(
        library,
        bruno.person,
        chloe.person,
        denis.person,
        wrong="est préparé avec la personne",
        right="est préparée avec la personne",
        change_class="typo",
    )
    assert adopted.proposal.window_ends is None
    with pytest.raises(Incomplete) as refused:
        reported(library, bruno.person, right="aucune transmission", change_class="typo")
    assert [one.field for one in refused.value.problems] == ["change_class"]


def test_an_editor_corrects_the_words_to_read_and_not_the_passage(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    proposal = discussed(library, bruno.person, chloe.person)
    outcome = Outcome.ADOPTED_WITH_CHANGES
    with pytest.raises(Invalid, match="Seuls les mots à lire"):
        in_decision(library, proposal, chloe.person, outcome, sections={"Au lieu de": "une transmission"})
    decision = in_decision(library, proposal, chloe.person, outcome, sections={RIGHT: "une transmission écrite"})
    actions.answer_amendment(decision, digest=decision.digest, accepts=True, by=bruno.person, at=ago(0))
    actions.sign(library, decision, digest=decision.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
    assert [one.corrected for one in errata_of(library, EDITION)] == ["une transmission écrite"]


# --- two on the same words


def test_the_second_of_two_errata_on_the_same_words_is_told_and_can_take_the_place_of_the_first(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    first = discussed(library, bruno.person, chloe.person)
    second = discussed(library, bruno.person, chloe.person, right="une transmission orale")
    pending = in_decision(library, second, chloe.person)
    decided(library, first, chloe.person, denis.person)
    with pytest.raises(TextMoved, match="Un autre erratum"):
        actions.sign(library, pending, digest=pending.digest, form_id=str(uuid4()), by=denis.person, at=ago(0))
    assert second.state is State.IN_DISCUSSION
    assert standings(library, [second.id])[second.id] is Answer.COLLIDES
    with pytest.raises(TextMoved):
        actions.propose_decision(library, second, verdict(), form_id=str(uuid4()), by=chloe.person, at=ago(0))
    actions.revise(library, second, erratum_sheet(right="une transmission orale"), by=bruno.person, at=ago(20))
    assert standings(library, [second.id])[second.id] is Answer.APPLIES
    decided(library, second, chloe.person, denis.person)
    assert [one.name for one in every_erratum(library, EDITION)] == ["E4-1", "E4-2"]
    assert [(one.name, one.replaces) for one in errata_of(library, EDITION)] == [("E4-2", ("E4-1",))]


def test_an_erratum_that_was_mistaken_is_taken_back_by_another(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    adopted_erratum(library, bruno.person, chloe.person, denis.person)
    adopted_erratum(library, bruno.person, chloe.person, denis.person, right=WORDS)
    assert errata_of(library, EDITION) == ()
    assert [one.name for one in every_erratum(library, EDITION)] == ["E4-1", "E4-2"]


def test_a_smaller_passage_than_that_of_an_erratum_is_refused_with_its_words(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    adopted_erratum(library, bruno.person, chloe.person, denis.person)
    with pytest.raises(Incomplete, match=f"citez tout son passage, «\u00a0{WORDS}\u00a0»"):
        reported(library, bruno.person, wrong="transmission", right="passation")


def test_the_same_correction_twice_is_refused(bruno: Someone, chloe: Someone, denis: Someone, library: Library) -> None:
    proposal = reported(library, bruno.person)
    with pytest.raises(Invalid, match=f"La proposition {proposal.id} demande déjà cette correction"):
        reported(library, chloe.person)
    actions.admit(proposal, by=chloe.person, at=ago(40))
    decided(library, proposal, chloe.person, denis.person)
    with pytest.raises(Incomplete, match="L’erratum E4-1 dit déjà cela"):
        reported(library, bruno.person)


# --- bad inputs


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"wrong": "des mots que personne n’a écrits"}, "section_au-lieu-de", "ne sont pas dans cette rubrique"),
        ({"wrong": ""}, "section_au-lieu-de", "Recopiez les mots"),
        ({"wrong": "sans"}, "section_au-lieu-de", "ne sont pas dans cette rubrique|plusieurs fois"),
        ({"wrong": "e"}, "section_au-lieu-de", "plusieurs fois"),
        ({"right": ""}, "section_lire", "ce qu’il faut lire"),
        ({"right": WORDS}, "section_lire", "sont ceux de l’édition"),
        ({"right": "x" * 2001}, "section_lire", "2000 signes au plus"),
        ({"right": "a\x00b"}, "section_lire", "caractère nul"),
        ({"section": "Rubrique inventée"}, "key_rubrique", "Choisissez la rubrique"),
        ({"section": ""}, "key_rubrique", "Choisissez la rubrique"),
        ({"reason": ""}, "reason", "manque la raison"),
        ({"code": "Z9"}, "changes", "n’est pas dans cette édition"),
    ],
)
def test_what_cannot_be_an_erratum_is_refused_by_its_field(
    bruno: Someone, library: Library, given: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Incomplete, match=words) as refused:
        reported(library, bruno.person, **given)
    assert field in [one.field for one in refused.value.problems]


@pytest.mark.parametrize("number", ["2025.9", "2026.1"])
def test_an_edition_that_does_not_exist_has_no_erratum(bruno: Someone, library: Library, number: str) -> None:
    with pytest.raises(Unknown):
        reported(library, bruno.person, edition=number)


def test_words_copied_from_the_page_are_found_in_the_sealed_text(bruno: Someone, library: Library) -> None:
    """Other apostrophes, other spaces, a mark of bold left out: the words kept are those of the edition."""
    proposal = reported(
        library,
        bruno.person,
        section="Niveau attendu",
        wrong="Pas encore :  Le contrat s'arrête à sa date",
        right="Pas encore : La mission s’arrête à sa date",
    )
    text = Document.read(proposal.revision.main.text, proposal.revision.main.path)
    assert text.section("Au lieu de") == "**Pas encore**\u00a0: Le contrat s’arrête à sa date"


def test_markup_in_the_words_to_read_stays_words(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    hostile = "<script>alert(1)</script> [ici](javascript:alert(1))"
    adopted_erratum(library, bruno.person, chloe.person, denis.person, right=hostile)
    assert [one.corrected for one in errata_of(library, EDITION)] == [hostile]
