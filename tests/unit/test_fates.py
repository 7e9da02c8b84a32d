"""What became of a criterion, and whom it concerns: the rules alone."""

from dataclasses import replace

import pytest

from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.paths import Kind
from referentiel.editions.comparing.concerns import Role, concerns, enters, leaves
from referentiel.editions.comparing.differences import Difference, ItemChange, Scope
from referentiel.editions.comparing.fates import COUNTED, Fate, Move, Neighbour, fate_of, moved
from referentiel.editions.comparing.revision_notes import revision_note
from referentiel.editions.summary import ChapterLine, CriterionLine, Summary

EVERYBODY = Scope(frozenset({"ACI", "AI", "EI", "ETTI", "EITI"}), "travail", frozenset({"structure"}), relayed=False)


def summary(*chapters: str) -> Summary:
    """``"A: A1 A2"`` is a chapter with its criteria in their order."""
    lines = []
    for one in chapters:
        letter, _, codes = one.partition(": ")
        inside = (
            CriterionLine(code, f"Titre {code}", letter, "", "", (), "en_vigueur", code) for code in codes.split()
        )
        lines.append(ChapterLine(letter, f"Chapitre {letter}", "", letter, tuple(inside)))
    return Summary("", "", "", "", tuple(lines), (), (), (), ())


def change(
    *parts: str, fate: Fate = Fate.SUBSTANCE, was: Scope | None = EVERYBODY, now: Scope | None = EVERYBODY
) -> ItemChange:
    return ItemChange(
        path="criteres/E4.md",
        kind=Kind.CRITERION,
        key="E4",
        title="Titre",
        fate=fate,
        before="a",
        after="b",
        was=was,
        now=now,
        parts=frozenset(parts),
    )


def test_the_one_that_moved_is_told_not_those_that_made_room() -> None:
    """E4 goes up, and every number below changes."""
    before, after = summary("E: E1 E2 E3 E4 E5"), summary("E: E1 E4 E2 E3 E5")
    suspects = [(Kind.CRITERION, code) for code in ("E2", "E3", "E4")]
    place = Move(Neighbour("E", "Chapitre E"), Neighbour("E1", "Titre E1"), Neighbour("E2", "Titre E2"), came=False)
    assert moved(before, after, suspects) == {"criteres/E4.md": place}


def test_numbers_that_change_without_an_order_that_does_are_no_move() -> None:
    same = summary("E: E1 E2 E3")
    assert moved(same, same, [(Kind.CRITERION, "E1"), (Kind.CRITERION, "E2"), (Kind.CRITERION, "E3")]) == {}


def test_another_chapter_is_a_move_and_a_newcomer_is_none() -> None:
    before, after = summary("D: D1", "E: E1 E2"), summary("D: D1 E2 D2", "E: E1")
    found = moved(before, after, [(Kind.CRITERION, "E2"), (Kind.CRITERION, "D2")])
    assert list(found) == ["criteres/E2.md"]
    assert found["criteres/E2.md"].came
    assert found["criteres/E2.md"].following == Neighbour("D2", "Titre D2")


def test_chapters_and_pages_move_too() -> None:
    found = moved(summary("A: A1", "B: B1", "C: C1"), summary("B: B1", "A: A1", "C: C1"), [(Kind.CHAPTER, "A")])
    assert list(found) == ["chapitres/A.md"]


@pytest.mark.parametrize(
    ("there", "parts", "signed", "fate"),
    [
        ((False, True), {"file"}, ChangeClass.SUBSTANCE, Fate.ADDED),
        ((True, False), {"key:etat"}, ChangeClass.SUBSTANCE, Fate.REMOVED),
        ((True, True), set(), ChangeClass.CLARITY, None),
        ((True, True), {"section:Énoncé"}, ChangeClass.TYPO, Fate.TYPO),
        ((True, True), {"section:Énoncé"}, None, Fate.SUBSTANCE),
        ((True, True), {"section:Pourquoi"}, None, Fate.CLARITY),
    ],
)
def test_files_and_the_class_that_was_signed_give_the_fate(
    there: tuple[bool, bool], parts: set[str], signed: ChangeClass | None, fate: Fate | None
) -> None:
    assert fate_of(*there, parts, signed) is fate


def test_an_employee_is_told_of_what_they_are_told_and_can_ask_for() -> None:
    for part in ("section:Facile à lire", "section:Énoncé", "section:Question au salarié", "key:niveau", "key:titre"):
        assert concerns(Role.EMPLOYEE, change(part))
    for part in ("section:Indicateurs", "section:Comment vérifier", "key:voir_aussi"):
        assert not concerns(Role.EMPLOYEE, change(part))
    assert not concerns(Role.EMPLOYEE, change("section:Énoncé", fate=Fate.TYPO))
    assert concerns(Role.EMPLOYEE, change("file", fate=Fate.ADDED, was=None))


def test_a_structure_is_told_of_what_binds_or_bound_its_type() -> None:
    workshop = replace(EVERYBODY, structures=frozenset({"ACI"}))
    bound = change("key:structures", was=EVERYBODY, now=workshop)
    assert concerns(Role.EITI, bound)
    assert leaves(Role.EITI, bound)
    assert not leaves(Role.ACI, bound)
    assert enters(Role.EITI, change("key:structures", was=workshop, now=EVERYBODY))
    assert not concerns(Role.EITI, change("section:Énoncé", was=workshop, now=workshop))
    assert concerns(Role.GEIQ, change("section:Énoncé", now=replace(EVERYBODY, structures=frozenset())))
    assert concerns(Role.ACI, change("section:Énoncé", fate=Fate.TYPO))


def test_who_prescribes_is_told_of_their_steps_their_evidence_and_every_handing_over() -> None:
    assert not concerns(Role.PRESCRIBER, change("section:Énoncé"))
    for mine in (
        replace(EVERYBODY, step="prescription"),
        replace(EVERYBODY, step="reperage"),
        replace(EVERYBODY, holders=frozenset({"prescripteur"})),
        replace(EVERYBODY, relayed=True),
    ):
        assert concerns(Role.PRESCRIBER, change("section:Indicateurs", was=mine))
        assert not concerns(Role.PRESCRIBER, change("section:Indicateurs", was=mine, fate=Fate.TYPO))
    assert concerns(Role.PRESCRIBER, change("section:Passage de relais"))


def test_everything_concerns_who_says_nothing_of_themselves() -> None:
    assert concerns(None, change("key:voir_aussi", fate=Fate.TYPO))


def test_a_note_of_revision_is_one_line_a_criterion_whatever_its_words_hold() -> None:
    odd = replace(change("section:Énoncé", "section:Indicateurs", "key:niveau"), title="# Un\n## titre l'an")
    note = revision_note(Difference((odd,), (), 39), {}, since="2026.1")
    assert note == (
        "Depuis l’édition\u00a02026.1, un critère change\u00a0: 1\u00a0modifié sur le fond. Les 39\u00a0autres restent "
        "identiques.\n\n### Critères modifiés sur le fond\n\n"
        "- **E4. # Un ## titre l’an** (niveau, énoncé, indicateurs)\n"
    )
    assert revision_note(Difference((), (), 40), {}, since="2026.1") == "Le texte n’a pas changé.\n"


def test_each_fate_has_its_figure() -> None:
    assert set(COUNTED) == set(Fate)
