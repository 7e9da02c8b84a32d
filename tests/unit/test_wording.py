"""A whole proposal, several items and their verbs: places, near words, and what is written or refused together."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referentiel.criteria.document import Document
from referentiel.criteria.items import check, is_withdrawn
from referentiel.criteria.links import unsettled
from referentiel.criteria.paths import Kind
from referentiel.proposals.near import near
from referentiel.proposals.sheets import MOST_PARTS, Part, Sheet
from referentiel.proposals.states import ItemVerb, ProposalKind
from referentiel.proposals.wording import Written, part_of, write
from referentiel.proposals.wording.places import Place, like, put_after

CONTENT = Path(__file__).parents[2] / "content"
TEXTS = {str(path.relative_to(CONTENT)): path.read_text() for path in sorted(CONTENT.rglob("*.md"))}
SAID = {"title": "Un titre", "reason": "Une raison.", "change_class": "substance"}


def fields(written: Written) -> set[str | None]:
    return {problem.field for problem in written.problems}


def one(verb: ItemVerb, path: str, **keys: object) -> Part:
    return Part(verb, path, {}, keys)  # type: ignore[arg-type]


# --- places


@given(
    st.lists(st.integers(0, 60), min_size=0, max_size=12),
    st.integers(0, 12),
)
def test_an_item_stands_where_it_is_asked_and_nobody_else_changes_order(ranks: list[int], place: int) -> None:
    order = [Place(rank, f"E{number:02}", f"E{number:02}") for number, rank in enumerate(sorted(ranks))]
    after = order[min(place, len(order)) - 1].key if order and place else ""
    rank, pushed = put_after(order, after)
    now = [(pushed.get(one.path, one.rank), one.key) for one in order]
    assert now == sorted(now)
    before = [key for at, key in now if at < rank or (at == rank and key < "ZZ")]
    assert before == [one.key for one in order[: [one.key for one in order].index(after) + 1 if after else 0]]


def test_nobody_follows_who_is_not_there() -> None:
    with pytest.raises(LookupError):
        put_after(like(TEXTS, Kind.CRITERION, "E"), "Z9")


# --- near words


def test_near_words_are_found_and_common_ones_are_not_enough() -> None:
    known = [
        (1, "Prévenir la personne un mois avant un changement de chantier"),
        (2, "La personne et la structure signent un contrat"),
        (3, "La personne et la structure visitent une entreprise"),
    ]
    assert [found.thing for found in near("Être prévenu un mois avant de changer de chantier", known)] == [1]
    assert near("La personne et la structure", [(2, "La personne et la structure signent un contrat de travail")])
    assert near("Rien à voir du tout", known) == []
    assert near("", known) == near("a", []) == []


# --- several items


def test_the_same_item_is_not_twice_in_a_proposal() -> None:
    sheet = Sheet(**SAID, more=(one(ItemVerb.WITHDRAW, "criteres/E4.md"),))  # type: ignore[arg-type]
    assert fields(write(ProposalKind.MODIFY, sheet, path="criteres/E4.md", texts=TEXTS)) == {"changes"}


def test_a_proposal_touches_ten_texts_at_most() -> None:
    many = tuple(one(ItemVerb.MODIFY, path) for path in list(TEXTS)[20 : 20 + MOST_PARTS])
    written = write(ProposalKind.MODIFY, Sheet(**SAID, more=many), path="criteres/A1.md", texts=TEXTS)  # type: ignore[arg-type]
    assert written.changes == ()
    assert any("dix" in problem.message or "au plus" in problem.message for problem in written.problems)


def test_a_merge_needs_another_criterion_and_a_split_a_new_one() -> None:
    for kind in (ProposalKind.MERGE, ProposalKind.SPLIT):
        sheet = Sheet(**SAID, sections={"Énoncé": "Un autre texte."})  # type: ignore[arg-type]
        assert fields(write(kind, sheet, path="criteres/A1.md", texts=TEXTS)) == {"changes"}


def test_a_successor_is_in_force_once_all_is_adopted() -> None:
    gone = one(ItemVerb.WITHDRAW, "criteres/G7.md")
    sheet = Sheet(**SAID, keys={"remplace_par": ("G7",)}, more=(gone,))  # type: ignore[arg-type]
    written = write(ProposalKind.WITHDRAW, sheet, path="criteres/G6.md", texts=TEXTS)
    assert "key_remplace_par" in fields(written)


def test_a_correction_of_two_files_is_one_in_each() -> None:
    more = (Part(ItemVerb.MODIFY, "criteres/E5.md", {"Énoncé": "Tout à fait autre chose que ce qui y était."}),)
    first = Document.read(TEXTS["criteres/E4.md"]).section("Énoncé") or ""
    sheet = Sheet(**{**SAID, "change_class": "typo"}, sections={"Énoncé": first.replace("é", "è", 1)}, more=more)  # type: ignore[arg-type]
    assert fields(write(ProposalKind.MODIFY, sheet, path="criteres/E4.md", texts=TEXTS)) == {"change_class"}


PATHS = [
    path for path in TEXTS if path.startswith(("criteres/E", "criteres/F", "outils/", "glossaire/a", "chapitres/"))
]


@st.composite
def parts(draw: st.DrawFn) -> Part:
    path = draw(st.sampled_from(PATHS))
    verbs = [ItemVerb.MODIFY, ItemVerb.WITHDRAW, ItemVerb.RESTORE]
    if path.startswith(("criteres/", "chapitres/")):
        verbs.append(ItemVerb.MOVE)
    verb = draw(st.sampled_from(verbs))
    base = part_of(verb, Document.read(TEXTS[path], path), TEXTS)
    words = draw(st.text("abc é[](/criteres/E2)\n#-", max_size=30))
    sections = {title: draw(st.sampled_from([text, words])) for title, text in base.sections.items()}
    keys = dict(base.keys)
    if "remplace_par" in keys:
        keys["remplace_par"] = tuple(draw(st.lists(st.sampled_from(["E1", "E5", "F2", "dora", "B"]), max_size=2)))
    if "apres" in keys:
        keys["apres"] = draw(st.sampled_from(["", "E1", "E6", "F3", "A"]))
    return Part(verb, path, sections, keys)


@settings(max_examples=60)
@given(st.lists(parts(), min_size=1, max_size=4))
def test_any_list_of_changes_is_written_whole_and_sound_or_not_at_all(asked: list[Part]) -> None:
    kinds = {
        ItemVerb.MODIFY: ProposalKind.MODIFY,
        ItemVerb.MOVE: ProposalKind.MOVE,
        ItemVerb.WITHDRAW: ProposalKind.WITHDRAW,
        ItemVerb.RESTORE: ProposalKind.RESTORE,
    }
    main, *more = asked
    sheet = Sheet(**SAID, sections=main.sections, keys=main.keys, more=tuple(more))  # type: ignore[arg-type]
    written = write(kinds[main.verb], sheet, path=main.path, texts=TEXTS)
    assert bool(written.problems) != bool(written.changes)
    if written.changes:
        assert written.changes[0].path == main.path
        assert {part.path for part in asked} <= {change.path for change in written.changes}
        documents = {change.path: change.after for change in written.changes}
        for path, document in documents.items():
            check(path, document.text)
        assert unsettled(TEXTS, documents) == ()
        assert {path for path, document in documents.items() if is_withdrawn(document)} == {
            part.path for part in asked if part.verb is ItemVerb.WITHDRAW
        }
