"""Search: accents and plurals forgiven, old names known, no query ever wrong; the same on both engines."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, event, inspect

from referentiel.config import Settings
from referentiel.criteria.paths import Kind
from referentiel.search.actions import entry_of
from referentiel.search.index import Entry, Hit, add, create, drop, find_in, remove, snippets_in
from referentiel.search.snippets import Marker, plain
from referentiel.search.words import Asked, fold, forms, stems
from tests import postgresql
from tests.patience import patience
from tests.slow_texts import SLOW_TEXTS

CONTENT = Path(__file__).parents[2] / "content"
CASES = [
    json.loads(line) for line in (Path(__file__).parents[1] / "data" / "bad_inputs.jsonl").read_text().splitlines()
]
HOSTILE = [case["input"] for case in CASES if case["id"].startswith("fts-") or case["id"] == "dos-13"]


def first_text() -> list[Entry]:
    found = (
        entry_of(str(path.relative_to(CONTENT)), path.read_text(), blob="0" * 40) for path in CONTENT.rglob("*.md")
    )
    return [entry for entry in found if entry is not None]


@pytest.fixture(scope="module")
def connection(server: postgresql.Server | None) -> Iterator[Connection]:
    """An index of the first text, on the engine of this run."""
    url = Settings(instance=Path(), database_url=server.create("search")).sqlalchemy_url if server else "sqlite://"
    engine = create_engine(url)
    with engine.connect() as open_connection:
        create(open_connection)
        add(open_connection, first_text())
        yield open_connection
    engine.dispose()
    if server:
        server.drop("search")


def keys(connection: Connection, query: str, *kinds: Kind) -> list[str]:
    return [hit.key for hit in find_in(connection, query, kinds=kinds or None)]


def around(connection: Connection, query: str, hits: list[Hit]) -> list[str]:
    """The snippets of these hits, what was found between brackets."""
    return [
        "".join(f"[{run.text}]" if run.found else run.text for run in snippet)
        for snippet in snippets_in(connection, query, hits)
    ]


def test_a_reader_finds_a_service_by_its_former_name(connection: Connection) -> None:
    assert keys(connection, "DIRECCTE")[0] == "dreets"
    assert keys(connection, "direccte")[0] == "dreets"
    first, *_others = find_in(connection, "CDIAE")
    assert first.key == "commission-inclusion-iae"
    assert first.former_names == ("CDIAE (conseil départemental de l’insertion par l’activité économique)",)
    (snippet,) = around(connection, "CDIAE", [first])
    assert snippet.startswith("[CDIAE] (")


def test_a_code_comes_first(connection: Connection) -> None:
    for query in ("E4", "e4"):
        assert keys(connection, query)[0] == "E4"
    assert keys(connection, "E4", Kind.CRITERION) == ["E4"]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("passer étape", "E4"),
        ("passer etapes", "E4"),
        ("ÉTAPES PASSER", "E4"),
        ("étape d’une passer", "E4"),
        ("candidatures", "A2"),
        ("repondre candidature", "A2"),
        ("diagnostics", "A3"),
        ("attestations lisibles", "D3"),
        ("attesta", "D3"),
    ],
)
def test_accents_plurals_order_and_word_ends_do_not_count(connection: Connection, query: str, key: str) -> None:
    assert key in keys(connection, query, Kind.CRITERION)


def test_a_title_comes_before_the_text(connection: Connection) -> None:
    found = keys(connection, "diagnostic", Kind.CRITERION)
    assert found[0] == "A3"
    assert len(found) > 3


def test_only_the_kinds_asked_are_found(connection: Connection) -> None:
    assert {hit.kind for hit in find_in(connection, "personne", kinds=[Kind.TERM, Kind.TOOL])} <= {Kind.TERM, Kind.TOOL}
    assert find_in(connection, "personne", kinds=[]) == []


def test_every_word_must_be_there(connection: Connection) -> None:
    assert keys(connection, "diagnostic zeppelin") == []
    assert set(keys(connection, "salaire horaires")) <= set(keys(connection, "salaire"))


def test_the_snippet_shows_the_words_found_as_they_are_written(connection: Connection) -> None:
    hits = find_in(connection, "reorientation", kinds=[Kind.CRITERION])
    snippets = dict(zip([hit.key for hit in hits], around(connection, "reorientation", hits), strict=True))
    assert "[Réorientations]" in snippets["A2"]
    for snippet in snippets.values():
        assert "**" not in snippet
        assert len(snippet) < 300


def test_snippets_are_made_for_the_hits_that_are_shown_in_their_order_by_one_statement(connection: Connection) -> None:
    hits = find_in(connection, "personne", limit=40)
    all_of_them = around(connection, "personne", hits)
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        assert around(connection, "personne", hits[20:25]) == all_of_them[20:25]
        assert len(sent) == 1
        assert around(connection, "personne", []) == []
        assert len(sent) == 1
    finally:
        event.remove(connection, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("plan", "Un aéroplane, un plan, des PLANS. Explanter.", "Un aéroplane, un [plan], des [PLANS]. Explanter."),
        ("oeuvre", "L’œuvre, une ŒUVRE, le désœuvrement.", "L’[œuvre], une [ŒUVRE], le désœuvrement."),
        ("etape", "Étape_1 et l'étape", "[Étape]_1 et l'[étape]"),
        ("2026", "En 2026, pas 12026.", "En [2026], pas 12026."),
    ],
)
def test_whole_words_are_marked_in_either_case(query: str, text: str, marked: str) -> None:
    runs = Marker(Asked(query)).snippet(text)
    assert "".join(f"[{run.text}]" if run.found else run.text for run in runs) == marked


def test_a_hit_that_left_the_index_meanwhile_has_no_words_around(connection: Connection) -> None:
    gone = Hit(10**6, "pages/essai.md", "", Kind.PAGE, "essai", "Zéppelin")
    assert around(connection, "zeppelin", [gone]) == [""]


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_is_wrong(connection: Connection, query: str) -> None:
    for asked in (query, f"plan {query} personne"):
        hits = find_in(connection, asked)
        assert len(snippets_in(connection, asked, hits)) == len(hits)


@given(query=st.text(max_size=40))
def test_whatever_is_typed_gives_an_answer(connection: Connection, query: str) -> None:
    hits = find_in(connection, query, limit=7)
    assert len(hits) <= 7
    assert len(snippets_in(connection, query, hits)) == len(hits)


@given(
    query=st.lists(
        st.sampled_from(["AND", "OR", "NEAR(", ")", '"', "'", "plan", "*", ":", "&", "|", "!", "<->", "%s", "\\"])
    )
)
def test_the_engines_languages_are_never_spoken(connection: Connection, query: list[str]) -> None:
    find_in(connection, " ".join(query))
    find_in(connection, "".join(query))


@pytest.mark.parametrize("unit", SLOW_TEXTS["search"])
def test_a_long_query_is_answered(connection: Connection, unit: str) -> None:
    query = (unit * 20_000)[:20_000]
    with patience():
        assert len(snippets_in(connection, query, find_in(connection, query, limit=5))) <= 5


def test_an_entry_that_went_is_no_longer_found_and_another_state_can_be_asked(connection: Connection) -> None:
    old = Entry("pages/essai.md", Kind.PAGE, "essai", "Zéppelin ancien", "Un texte.", blob="1" * 40, current=False)
    new = Entry("pages/essai.md", Kind.PAGE, "essai", "Zéppelin nouveau", "Un texte.", blob="2" * 40)
    with connection.begin_nested() as try_out:
        add(connection, [old, new])
        assert [hit.title for hit in find_in(connection, "zeppelins")] == ["Zéppelin nouveau"]
        sealed = {"pages/essai.md": "1" * 40}
        assert [hit.title for hit in find_in(connection, "zeppelins", files=sealed)] == ["Zéppelin ancien"]
        assert find_in(connection, "zeppelins", files={}) == []
        try_out.rollback()
    assert find_in(connection, "zeppelins") == []


def test_entries_are_taken_away_by_their_ids(connection: Connection) -> None:
    with connection.begin_nested() as try_out:
        add(connection, [Entry("pages/essai.md", Kind.PAGE, "essai", "Zéppelin", "Un texte.")])
        (id,) = connection.exec_driver_sql("SELECT id FROM search_entry WHERE title = 'Zéppelin'").scalars()
        remove(connection, [id])
        assert find_in(connection, "zeppelin") == []
        try_out.rollback()


def test_the_tables_can_be_made_and_dropped_twice(server: postgresql.Server | None) -> None:
    url = Settings(instance=Path(), database_url=server.create("tables")).sqlalchemy_url if server else "sqlite://"
    engine = create_engine(url)
    with engine.begin() as own:
        for _ in range(2):
            create(own)
            create(own)
            assert "search_entry" in inspect(own).get_table_names()
            drop(own)
            drop(own)
            assert not [name for name in inspect(own).get_table_names() if name.startswith("search_")]
    engine.dispose()
    if server:
        server.drop("tables")


def test_what_is_not_part_of_the_text_is_no_entry() -> None:
    assert entry_of("decisions/17.md", "---\nnumero: 17\n---\n") is None
    assert entry_of("criteres/E4.md", "rien de lisible") is None
    assert entry_of("README.md", "---\n---\n") is None


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Œuvre d'État", "oeuvre d'etat"), ("Ça, où ?", "ca, ou ?"), ("ÆGIR ﬁn", "aegir fin"), ("Trần Łódź", "tran lodz")],
)
def test_accents_and_ligatures_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("emploi", "emplois"),
        ("travail", "travaux"),
        ("évaluée", "evaluees"),
        ("accompagner", "accompagnements"),
        ("salarié", "SALARIÉES"),
        ("œuvre", "oeuvres"),
        ("préparé", "prepare"),
        ("régional", "regionaux"),
        ("relais", "relai"),
    ],
)
def test_words_that_people_take_for_one_have_a_form_in_common(one: str, other: str) -> None:
    assert forms(one) & forms(other)


def test_codes_and_numbers_are_themselves() -> None:
    assert forms("E4") == {"e4"}
    assert not forms("E4") & forms("E40")
    assert not Asked("E4").prefix
    assert stems("E4, art. 12") == "e4 art 12"


def test_little_words_are_asked_only_when_alone() -> None:
    assert Asked("le plan de la personne").words == ("plan", "personne")
    assert Asked("la").words == ("la",)
    assert not Asked("« ? »")


def test_a_snippet_has_no_markdown_marks() -> None:
    body = "- **Un** plan, voir [le guide](/pages/guide)\n\n| a | b |\n| --- | --- |\n\n### Titre\n1. `deux`"
    assert plain(body) == "Un plan, voir le guide\na  b\nTitre\ndeux"
