"""The index holds what the library holds: the draft as it changes, each edition as it was sealed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from referentiel.database import session, writing
from referentiel.search.actions import compare, follow, rebuild
from referentiel.search.index import drop, find
from tests.library_house import House, copy_folder, house_in


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_in(copy_folder(tmp_path / "house")) as house:
        yield house


def titles(query: str) -> list[str]:
    return [hit.title for hit in find(query)]


def test_the_first_text_is_found_once_the_index_has_followed(house: House) -> None:
    assert titles("accueillir") == []
    assert follow(house.library) == 6
    assert titles("accueillir")[0] == "Accueillir"
    assert titles("A2") == ["Un critère A2"]
    assert compare(house.library) == []


def test_following_again_does_nothing_and_writes_nothing(house: House) -> None:
    follow(house.library)
    before = session.execute(text("SELECT total_changes()")).scalar_one()
    assert follow(house.library) == 0
    assert session.execute(text("SELECT total_changes()")).scalar_one() == before


def test_an_adopted_wording_replaces_the_former_one(house: House) -> None:
    follow(house.library)
    house.adopt("criteres/A2.md", {"Énoncé": "La structure offre un vélo."})
    assert titles("vélos") == []
    assert follow(house.library) == 2
    assert titles("vélos") == ["Un critère A2"]
    assert "Un critère A2" not in titles("chaque personne")
    assert compare(house.library) == []


def test_an_index_that_has_not_followed_yet_is_no_fault(house: House) -> None:
    follow(house.library)
    house.adopt("criteres/A2.md", {"Énoncé": "La structure offre un vélo."})
    assert compare(house.library) == []


def test_an_edition_keeps_being_found_as_it_was_sealed(house: House) -> None:
    sealed = house.library.head()
    message = "\n".join(
        (f"Commit: {sealed}", "Published: 2026-02-01", "Applies: 2026-02-01", "", "0" * 64 + "  a.html")
    )
    house.library.tag_edition("2026.0", sealed, message, at=house.tick())
    follow(house.library)
    house.adopt("criteres/A2.md", {"Énoncé": "La structure offre un vélo."})
    follow(house.library)
    edition, draft = house.library.files(sealed), house.library.files(house.library.head())
    assert [hit.key for hit in find("selon A2", files=edition)] == ["A2"]
    assert [hit.key for hit in find("selon A2", files=draft)] == []
    assert [hit.key for hit in find("vélo", files=draft)] == ["A2"]
    assert [hit.key for hit in find("vélo", files=edition)] == []
    assert compare(house.library) == []


def test_an_index_that_lost_an_entry_is_named_and_made_again(house: House) -> None:
    follow(house.library)
    with writing() as rows:
        rows.execute(text("UPDATE search_entry SET current = NOT current WHERE key = 'A2'"))
    assert [line.split(" : ")[0] for line in compare(house.library)] == ["criteres/A2.md"]
    assert rebuild(house.library) == 6
    assert compare(house.library) == []
    assert titles("A2") == ["Un critère A2"]


def test_an_index_made_by_older_words_is_made_again(house: House) -> None:
    follow(house.library)
    with writing() as rows:
        rows.execute(text("UPDATE search_state SET stamp = 'avant ' || stamp"))
    assert follow(house.library) == 6


def test_the_tables_are_made_at_the_first_following(house: House) -> None:
    with writing() as rows:
        drop(rows.connection())
    assert len(compare(house.library)) == 6
    assert follow(house.library) == 6
    assert titles("A2") == ["Un critère A2"]
