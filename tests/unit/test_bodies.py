"""The bodies and their names in time: what one reads, what to look for today, and how sure each line is."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.criteria.vocabulary import Certainty
from referentiel.errors import Unknown
from referentiel.people.structures.bodies import FILE, Bodies, Body, BodyLevel, BodyName, Day, bodies
from referentiel.people.structures.territories import official

TODAY = date(2026, 11, 21)
DAYS = st.dates(date(1990, 1, 1), date(2040, 1, 1))
BODIES = st.sampled_from(sorted(body.key for body in bodies()))


def name_on(key: str, on: date) -> str | None:
    name = bodies().of(key).name_on(on)
    return name.name if name else None


@pytest.mark.parametrize(
    ("key", "on", "name"),
    [
        ("operateur", date(2023, 12, 31), "Pôle emploi"),
        ("operateur", date(2024, 1, 1), "France Travail"),
        ("etat-region", date(2021, 3, 31), "DIRECCTE"),
        ("etat-region", date(2021, 4, 1), "DREETS"),
        ("etat-region", date(2008, 12, 31), None),
        ("etat-ile-de-france", TODAY, "DRIEETS"),
        ("cdiae", date(1998, 7, 28), None),
        ("cdiae", date(2024, 6, 30), "CDIAE"),
        ("cdiae", date(2024, 7, 1), None),
        ("reseau", date(2023, 12, 31), "SPE"),
        ("reseau", TODAY, "Réseau pour l’emploi"),
        ("conseil-departemental", date(2016, 1, 1), "Conseil départemental"),
    ],
)
def test_a_body_has_the_name_of_the_day(key: str, on: date, name: str | None) -> None:
    assert name_on(key, on) == name


def todays(former_name: str, on: date = TODAY) -> set[tuple[str, str, bool]]:
    [former] = [one for one in bodies().former(on) if one.name == former_name]
    return {(today.name.name, today.body.where, today.sure) for today in former.todays}


def test_an_old_name_leads_to_the_one_of_each_place() -> None:
    assert todays("DIRECCTE") == {("DREETS", "Métropole, hors Île-de-France", True), ("DRIEETS", "Île-de-France", True)}
    assert todays("Pôle emploi") == {("France Travail", "", True)}


def test_a_body_that_ended_leads_to_what_took_over_and_the_mark_of_each_line_is_kept() -> None:
    assert todays("CDIAE") == {
        ("Commission spécialisée de l’inclusion et de l’IAE", "Métropole", True),
        ("Commission compétente du comité territorial pour l’emploi", "Outre-mer", False),
    }


def test_before_a_change_nothing_was_former() -> None:
    assert "Pôle emploi" not in {former.name for former in bodies().former(date(2020, 1, 1))}
    assert "DREETS" not in {former.name for former in bodies().former(date(2020, 1, 1))}


def test_what_is_not_sure_in_a_sure_line_is_told() -> None:
    [former] = [one for one in bodies().former(TODAY) if one.name == "SPE"]
    assert former.todays[0].to_check == ("les deux périmètres ne se recouvrent pas exactement",)


def test_the_marks_are_data() -> None:
    marks = {row["key"]: row["certainty"] for row in json.loads(FILE.read_text(encoding="utf-8"))["bodies"]}
    assert {body.key: body.certainty.value for body in bodies()} == marks
    assert marks["conseil-inclusion"] == marks["etat-guyane"] == Certainty.TO_CHECK.value
    assert all(body.to_check for body in bodies() if body.certainty is Certainty.TO_CHECK)


def test_a_department_has_the_bodies_of_its_place_alone() -> None:
    here = {body.key for body in bodies().within("dep-38", official())}
    assert {"etat-region", "cdiae", "commission-iae", "dgefp"} <= here
    assert here.isdisjoint({"etat-ile-de-france", "etat-outre-mer", "cdiae-outre-mer"})
    assert "etat-ile-de-france" in {body.key for body in bodies().within("dep-75", official())}
    assert "etat-collectivites" in {body.key for body in bodies().within("dep-975", official())}


def test_the_whole_country_has_them_all() -> None:
    assert {body.key for body in bodies().within("france", official())} == {body.key for body in bodies()}


def test_a_body_is_found_by_an_acronym_or_by_words_without_accents_with_what_took_over() -> None:
    assert {body.key for body in bodies().search("CDEI")} >= {"cdei", "commission-iae"}
    assert [body.key for body in bodies().search("pole emploi")] == ["operateur"]
    assert list(bodies().search("")) == list(bodies())
    assert list(bodies().search("zzz")) == []


def test_an_unknown_body_is_unknown() -> None:
    with pytest.raises(Unknown):
        bodies().of("anpe")


def test_dates_are_as_precise_as_they_are_known() -> None:
    assert (Day("2009").words, Day("2009").first, Day("2009").last) == ("2009", date(2009, 1, 1), date(2009, 12, 31))
    assert (Day("2019-08").words, Day("2019-08").last) == ("août\u00a02019", date(2019, 8, 31))
    assert Day("2021-04-01").words == "1er\u00a0avril\u00a02021"


def test_every_place_of_a_body_is_a_territory() -> None:
    assert {key for body in bodies() for key in body.territories if key not in official()} == set()


def test_a_key_given_twice_and_a_successor_that_is_not_there_are_refused() -> None:
    one = Body("a", BodyLevel.LOCAL, "A", Certainty.SURE, (BodyName("A"),))
    lost = Body("b", BodyLevel.LOCAL, "B", Certainty.SURE, (BodyName("B"),), successors=("c",))
    for wrong in ([one, one], [lost]):
        with pytest.raises(ValueError, match="bodies"):
            Bodies(wrong)


@given(BODIES, DAYS)
def test_what_a_body_has_become_bears_a_name_that_day(key: str, on: date) -> None:
    for today in bodies().successors(bodies().of(key), on):
        assert today.body.name_on(on) == today.name


@given(DAYS)
def test_a_former_name_is_never_what_it_leads_to(on: date) -> None:
    for former in bodies().former(on):
        assert former.name not in {today.name.name for today in former.todays}


@given(DAYS)
def test_today_every_line_leads_somewhere(on: date) -> None:
    late = max(on, TODAY)
    assert all(bodies().successors(body, late) for body in bodies())


@given(st.text(max_size=30))
def test_any_words_can_be_looked_for(words: str) -> None:
    assert {body.key for body in bodies().search(words)} <= {body.key for body in bodies()}
