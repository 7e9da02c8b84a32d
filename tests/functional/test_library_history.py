"""What pages list of history, kept in SQL and made again from Git."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from referentiel.criteria.document import Document
from referentiel.database import session, writing
from referentiel.journal.changes import FileChange
from referentiel.library import queries
from referentiel.library.actions import carry_out
from referentiel.library.models import ParagraphOrigin, Projected, Version
from referentiel.library.projection import compare, rebuild, record
from tests.library_house import FIRST_DAY, House, copy_folder, house_in, on_server
from tests.postgresql import Server


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    with house_in(on_server(copy_folder(tmp_path / "house"), server)) as opened:
        yield opened


def decision(number: int) -> FileChange:
    text = Document.make(
        {"numero": str(number), "proposition": "42", "issue": "adoptee", "date": "2026-02-01", "classe": "substance"},
        {"Raison": "Parce que.", "En clair": "C’est dit."},
    ).text
    return FileChange(f"decisions/{number}.md", None, text, frozenset({"file"}))


def live(house: House) -> None:
    """A short life: substance, a typing correction, another criterion, a decision with its file."""
    house.adopt("criteres/A1.md", {"Énoncé": "La structure acueille.\n\nLe premier jour."}, proposal=1)
    house.adopt(
        "criteres/A1.md", {"Énoncé": "La structure accueille.\n\nLe premier jour."}, proposal=2, change_class="typo"
    )
    house.adopt("criteres/A2.md", {"key:titre": "Autre titre"}, proposal=3, college="siae", change_class="clarity")
    change = house.edit("criteres/A1.md", {"Pourquoi": "Pour de bon."})
    carry_out(house.library, house.begin([change, decision(17)], proposal=4, decision=17), at=house.tick())


def test_history_says_each_version_newest_first(house: House) -> None:
    live(house)
    versions = queries.history("criteres/A1.md")
    assert [(v.proposal, v.change_class, v.status) for v in versions] == [
        (4, "substance", "changed"),
        (2, "typo", "changed"),
        (1, "substance", "changed"),
        (None, None, "added"),
    ]
    assert versions[0].before_blob == versions[1].blob
    assert (versions[0].decision, versions[0].college, versions[0].number) == (17, "employees", 5)
    assert versions[-1].committed_at == FIRST_DAY
    (last,) = queries.history("criteres/A2.md", limit=1)
    assert (last.college, last.subject) == ("siae", "Adopter une proposition")
    assert [v.path for v in queries.recent(3)] == ["decisions/17.md", "criteres/A1.md", "criteres/A2.md"]
    assert len(queries.recent(50)) == 5
    assert [v.proposal for v in queries.recent(2, before=versions[0].seq)] == [3, 2]
    assert [v.proposal for v in queries.since(FIRST_DAY + timedelta(minutes=1, seconds=1))] == [4, 4, 3, 2]


def test_each_paragraph_leads_back_to_who_gave_it_its_wording(house: House) -> None:
    live(house)
    found = queries.origins("criteres/A1.md")
    statement = [(o.version.proposal, o.retouched.proposal if o.retouched else None) for o in found["section:Énoncé"]]
    assert statement == [(1, 2), (1, None)]
    assert [o.version.proposal for o in found["section:Pourquoi"]] == [4]
    assert [o.version.proposal for o in found["section:Facile à lire"]] == [None]
    assert [o.version.proposal for o in queries.origins("criteres/A2.md")["key:titre"]] == [3]


def test_the_tables_made_again_are_the_same(house: House) -> None:
    live(house)
    assert compare(house.library) == []
    assert rebuild(house.library) == 5
    assert compare(house.library) == []
    with writing():
        session.execute(delete(ParagraphOrigin))
        session.execute(delete(Version))
        session.execute(delete(Projected))
    assert compare(house.library) != []
    house.adopt("criteres/A3.md", {"Énoncé": "Après la perte."})
    assert compare(house.library) == []


def test_what_differs_from_git_is_named(house: House) -> None:
    live(house)
    with writing():
        session.execute(update(Version).where(Version.proposal == 3).values(proposal=9))
    assert [line for line in compare(house.library) if line.startswith("criteres/A2.md")]
    with writing():
        session.execute(update(ParagraphOrigin).where(ParagraphOrigin.part == "section:Pourquoi").values(version_seq=1))
    assert len(compare(house.library)) >= 2


def test_commits_that_another_process_has_not_listed_yet_are_listed_in_order(house: House) -> None:
    first = house.begin([house.edit("criteres/A1.md", {"Énoncé": "Un."})], proposal=1)
    order = first.order
    session.rollback()
    house.library.apply(order)
    house.adopt("criteres/A2.md", {"Énoncé": "Deux."}, proposal=2)
    assert [v.proposal for v in queries.recent(2)] == [2, 1]
    carry_out(house.library, first, at=house.tick())
    assert [v.proposal for v in queries.recent(2)] == [2, 1]
    assert compare(house.library) == []


def test_a_library_put_back_to_an_older_day_has_its_lists_made_again(house: House) -> None:
    live(house)
    old = queries.history("criteres/A1.md")[1].commit
    session.rollback()
    house.library.repositories.run("update-ref", "refs/heads/main", old)
    change = house.edit("criteres/A3.md", {"Énoncé": "Autre branche."})
    order = house.begin([change]).order
    session.rollback()
    applied = house.library.apply(order)
    with writing():
        record(house.library, applied.commit)
    assert compare(house.library) == []


def test_the_same_words_in_two_criteria_have_two_origins(house: House) -> None:
    house.adopt("criteres/A1.md", {"Pourquoi": "Parce que le premier jour compte.\n\nVraiment."}, proposal=7)
    assert [o.version.proposal for o in queries.origins("criteres/A1.md")["section:Pourquoi"]] == [None, 7]
    assert [o.version.proposal for o in queries.origins("criteres/A2.md")["section:Pourquoi"]] == [None]
