"""Territories: the official code as it is kept here, its tree, and finding one by its name or its number."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.errors import Unknown
from referentiel.people.structures.territories import COUNTRY, Territories, Territory, TerritoryKind, of, official
from tools import check_licences

KEYS = sorted(territory.key for territory in official())
VOIRON = Territory("bassin-voironnais", "Bassin du Voironnais", TerritoryKind.BASIN, "dep-38")


def test_the_kept_files_are_those_of_the_list_of_third_parties() -> None:
    assert check_licences.vendored() == []


def test_a_kept_file_that_changed_is_named(tmp_path: Path) -> None:
    for line in check_licences.FILE_LINE.findall((check_licences.ROOT / "THIRD-PARTY.md").read_text()):
        (tmp_path / line[0]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / line[0]).write_bytes((check_licences.ROOT / line[0]).read_bytes())
    (tmp_path / "THIRD-PARTY.md").write_bytes((check_licences.ROOT / "THIRD-PARTY.md").read_bytes())
    assert check_licences.vendored(tmp_path) == []
    with (tmp_path / "referentiel/people/structures/data/regions.json").open("a") as file:
        file.write("\n")
    (tmp_path / "referentiel/people/structures/data/communes.json").write_text("[]")
    assert [line.partition(" ")[0] for line in check_licences.vendored(tmp_path)] == [
        "referentiel/people/structures/data/communes.json",
        "referentiel/people/structures/data/regions.json",
    ]


def test_there_are_eighteen_regions_and_one_hundred_and_one_departments_of_a_region() -> None:
    kinds = [territory.kind for territory in official()]
    assert kinds.count(TerritoryKind.REGION) == 18
    assert sum(1 for t in official() if t.kind is TerritoryKind.DEPARTMENT and t.parent != COUNTRY) == 101


def test_a_department_lies_in_its_region_and_in_the_country() -> None:
    assert [place.key for place in official().around("dep-38")] == ["dep-38", "reg-84", "france"]
    assert of("dep-38").label == "Isère (38)"
    assert of("reg-84").label == "Auvergne-Rhône-Alpes (région)"


def test_a_name_shared_by_two_types_is_told_apart() -> None:
    assert {of("reg-04").label, of("dep-974").label} == {"La Réunion (région)", "La Réunion (974)"}


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("isere", "dep-38"),
        ("ISÈRE", "dep-38"),
        ("38", "dep-38"),
        ("dep-38", "dep-38"),
        ("dep 2a", "dep-2A"),
        ("côte d'azur", "reg-93"),
        ("cote d’azur", "reg-93"),
        ("val d'oise", "dep-95"),
        ("reg-84", "reg-84"),
    ],
)
def test_a_territory_is_found_without_accents_and_by_its_code(typed: str, key: str) -> None:
    assert [place.key for place in official().search(typed)] == [key]


def test_the_widest_place_of_a_name_comes_first() -> None:
    assert [place.key for place in official().search("réunion")] == ["reg-04", "dep-974"]


def test_an_employment_area_is_added_under_a_department() -> None:
    places = official().with_basins([VOIRON])
    assert places.children("dep-38") == (VOIRON,)
    assert VOIRON.key in places.within("reg-84")
    assert places.search("voironnais") == (VOIRON,)
    assert VOIRON.key not in official()


def test_an_employment_area_whose_department_has_gone_stays_under_the_country() -> None:
    places = official().with_basins([Territory("bassin-x", "X", TerritoryKind.BASIN, "dep-999")])
    assert places.of("bassin-x").parent == COUNTRY


@pytest.mark.parametrize("key", ["", "dep-999", "dep-38 ", "DEP-38", "38", "../dep-38"])
def test_what_is_not_in_the_list_is_unknown(key: str) -> None:
    with pytest.raises(Unknown):
        of(key)


def test_a_tree_refuses_an_orphan_and_a_key_given_twice() -> None:
    for wrong in ([VOIRON], [of(COUNTRY), of(COUNTRY)]):
        with pytest.raises(ValueError, match=wrong[-1].key):
            Territories(wrong)


@given(st.sampled_from(KEYS))
def test_each_territory_leads_to_the_country_and_is_found_by_its_key_and_by_its_name(key: str) -> None:
    place = of(key)
    assert official().around(key)[-1].key == COUNTRY
    assert key in official().within(COUNTRY)
    assert place in official().search(key)
    assert place in official().search(place.name.upper())


@given(st.sampled_from(KEYS), st.sampled_from(KEYS))
def test_what_lies_in_a_place_has_that_place_around_it(inner: str, outer: str) -> None:
    around = {place.key for place in official().around(inner)}
    assert (inner in official().within(outer)) == (outer in around)


@given(st.text(max_size=40))
def test_any_words_can_be_looked_for(words: str) -> None:
    assert all(place.key in official() for place in official().search(words))
