"""Three ways: other sections carry over, the same section is a collision, and no word is ever lost or brought back."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from referentiel.criteria.document import Document
from referentiel.criteria.merging import Collision, Merge, merge, touched

TITLES = ["Énoncé", "Facile à lire", "Pourquoi", "Rubrique d'ailleurs"]
Merging = Callable[[Document | None, Document | None, Document | None], Merge]


@dataclass(frozen=True)
class Case:
    base: Document
    draft: Document
    proposed: Document

    @property
    def same_section(self) -> bool:
        both = touched(self.base, self.draft) & touched(self.base, self.proposed)
        return any(part.startswith("section:") for part in both)


@st.composite
def bases(draw: st.DrawFn) -> Document:
    """Each word of the base stands in it once, so that what became of it can be told."""
    sections = {}
    for place, title in enumerate(draw(st.lists(st.sampled_from(TITLES), unique=True, min_size=1))):
        size = draw(st.integers(0, 4))
        sections[title] = " ".join(f"base{place}x{number}" for number in range(size))
    front = {"code": "E4", "niveau": "standard", "structures": ["ACI", "AI"]}
    return Document.make(
        {key: front[key] for key in draw(st.lists(st.sampled_from(list(front)), unique=True))}, sections
    )


@st.composite
def edits(draw: st.DrawFn, base: Document, name: str, section: str) -> Document:
    """What one side made of the base: it always touches ``section``, and perhaps other parts, keys and comments."""
    side = base
    titles = [section, *draw(st.lists(st.sampled_from([*TITLES, f"Neuve {name}"]), max_size=2))]
    for number, title in enumerate(titles):
        words = (side.section(title) or "").split()
        act = draw(st.sampled_from(["add", "add", "delete", "replace", "remove section"]))
        place = draw(st.integers(0, len(words)))
        if act == "remove section":
            side = side.with_section(title, None)
            continue
        if act in ("delete", "replace"):
            words[place : place + 1] = []
        if act in ("add", "replace"):
            words[place:place] = [f"{name}{number}"]
        side = side.with_section(title, " ".join(words))
    if draw(st.booleans()):
        side = side.with_value(
            draw(st.sampled_from(["niveau", "titre", "code"])), draw(st.sampled_from([f"clef{name}", None]))
        )
    if draw(st.integers(0, 3)) == 0:
        side = Document.read(side.text.replace("---\n", f"---\n# note{name}\n", 1))
    return side


@st.composite
def cases(draw: st.DrawFn) -> Case:
    base = draw(bases())
    titles = [section.title for section in base.sections] + ["Pourquoi"]
    section = draw(st.sampled_from(titles))
    other = draw(st.one_of(st.just(section), st.sampled_from(titles)))
    draft = draw(edits(base, "draft", section))
    proposed = draw(st.one_of(edits(base, "proposed", other), edits(base, "proposed", other), st.just(draft)))
    return Case(base, draft, proposed)


def words(text: str | None) -> set[str]:
    """Without the marks of headings and of the front matter, which every version has."""
    return set((text or "").replace("[", " ").replace("]", " ").replace(",", " ").split()) - {"#", "##", "---"}


def check_that_nothing_is_lost(merging: Merging, case: Case) -> None:
    """The property: additions stand in the result or in a declared collision, deletions are kept, the rest stays."""
    base, draft, proposed = words(case.base.text), words(case.draft.text), words(case.proposed.text)
    found = merging(case.base, case.draft, case.proposed)
    assert (found.document is None) == bool(found.collisions)
    result = words(found.document.text if found.document else None)
    disputed_by_draft = set().union(*(words(c.draft) for c in found.collisions))
    disputed_by_proposal = set().union(*(words(c.proposed) for c in found.collisions))
    if found.document is None:
        parts = {c.part for c in found.collisions}
        assert parts <= touched(case.base, case.draft) & touched(case.base, case.proposed)
        for side, disputed in ((case.draft, disputed_by_draft), (case.proposed, disputed_by_proposal)):
            for part in parts:
                if part.startswith("section:"):
                    assert words(side.section(part.removeprefix("section:"))) <= disputed
    else:
        assert draft - base <= result
        assert proposed - base <= result
        assert not result & (base - draft)
        assert not result & (base - proposed)
        assert base & draft & proposed <= result
        assert Document.read(found.document.text) == found.document


@given(cases())
def test_nothing_is_lost_and_nothing_comes_back(case: Case) -> None:
    event(f"same section: {case.same_section}")
    check_that_nothing_is_lost(merge, case)


@given(cases())
def test_exchanging_the_sides_gives_the_same_parts(case: Case) -> None:
    one, other = merge(case.base, case.draft, case.proposed), merge(case.base, case.proposed, case.draft)
    assert {c.part for c in one.collisions} == {c.part for c in other.collisions}
    if one.document and other.document:
        assert {p for p in touched(one.document, other.document) if p != "order"} == set()


@given(cases())
def test_a_part_that_both_changed_differently_is_always_declared(case: Case) -> None:
    found = merge(case.base, case.draft, case.proposed)
    both = touched(case.base, case.draft) & touched(case.base, case.proposed) & touched(case.draft, case.proposed)
    if case.draft not in (case.base, case.proposed) and case.proposed != case.base:
        assert {c.part for c in found.collisions} == both


def test_the_strategy_touches_the_same_section_in_at_least_a_third_of_the_cases() -> None:
    seen: list[bool] = []

    @settings(max_examples=300, database=None, phases=[Phase.generate], deadline=None)
    @given(cases())
    def collect(case: Case) -> None:
        seen.append(case.same_section and case.draft != case.proposed)

    collect()
    assert len(seen) >= 200
    assert sum(seen) * 3 >= len(seen), f"{sum(seen)} of {len(seen)}"


def drop_the_proposal(base: Document | None, draft: Document | None, proposed: Document | None) -> Merge:
    return Merge(draft)


def drop_the_draft(base: Document | None, draft: Document | None, proposed: Document | None) -> Merge:
    return Merge(proposed)


def drop_the_draft_in_silence_where_they_collide(
    base: Document | None, draft: Document | None, proposed: Document | None
) -> Merge:
    found = merge(base, draft, proposed)
    return replace(found, document=proposed, collisions=()) if found.collisions else found


def forget_the_last_collision(base: Document | None, draft: Document | None, proposed: Document | None) -> Merge:
    found = merge(base, draft, proposed)
    if len(found.collisions) > 1 or not found.collisions:
        return found
    return replace(found, document=draft, collisions=())


def bring_deleted_sections_back(base: Document | None, draft: Document | None, proposed: Document | None) -> Merge:
    found = merge(base, draft, proposed)
    if found.document is None or base is None:
        return found
    document = found.document
    for section in base.sections:
        if document.section(section.title) is None:
            document = document.with_section(section.title, section.body)
    return replace(found, document=document)


@pytest.mark.parametrize(
    "mutant",
    [
        drop_the_proposal,
        drop_the_draft,
        drop_the_draft_in_silence_where_they_collide,
        forget_the_last_collision,
        bring_deleted_sections_back,
    ],
)
def test_a_merge_that_drops_one_side_is_caught_by_the_same_property(mutant: Merging) -> None:
    @settings(max_examples=500, database=None, phases=[Phase.generate], deadline=None)
    @given(cases())
    def run(case: Case) -> None:
        check_that_nothing_is_lost(mutant, case)

    with pytest.raises(AssertionError):
        run()


BASE = Document.make(
    {"code": "E4", "titre": "Passer", "niveau": "standard"},
    {"Énoncé": "Un plan.", "Facile à lire": "On prépare.", "Indicateurs": "- Un"},
)


def test_changes_of_other_sections_and_keys_carry_over() -> None:
    draft = BASE.with_section("Facile à lire", "On prépare avec vous.").with_value("niveau", "imperatif")
    proposed = BASE.with_section("Énoncé", "Un plan écrit.").with_section("Pourquoi", "Parce que.")
    found = merge(BASE, draft, proposed)
    assert found.collisions == ()
    assert found.carried == ("key:niveau", "section:Facile à lire")
    assert found.document == draft.with_section("Énoncé", "Un plan écrit.").with_section("Pourquoi", "Parce que.")


def test_the_same_section_changed_on_both_sides_is_a_collision_with_its_three_readings() -> None:
    draft = BASE.with_section("Énoncé", "Un plan relu.").with_value("titre", "Avancer")
    proposed = BASE.with_section("Énoncé", "Un plan écrit.").with_section("Indicateurs", None)
    found = merge(BASE, draft, proposed)
    assert found.document is None
    assert found.collisions == (Collision("section:Énoncé", "Un plan.", "Un plan relu.", "Un plan écrit."),)
    assert found.carried == ("key:titre",)


def test_the_same_change_on_both_sides_is_no_collision() -> None:
    changed = BASE.with_section("Énoncé", "Un plan écrit.")
    other = changed.with_value("niveau", "imperatif")
    assert merge(BASE, changed, other).document == other
    assert merge(BASE, other, changed).document == other


def test_a_section_taken_away_on_one_side_and_reworded_on_the_other_is_a_collision() -> None:
    found = merge(BASE, BASE.with_section("Indicateurs", None), BASE.with_section("Indicateurs", "- Deux"))
    assert found.collisions == (Collision("section:Indicateurs", "- Un", None, "- Deux"),)


def test_two_spellings_of_one_list_are_one_value() -> None:
    base = Document.read("---\nstructures: [ACI, AI]\n---\n")
    draft = Document.read("---\nstructures: [ACI,AI]\n---\n\n## Énoncé\n\nUn.\n")
    proposed = base.with_value("structures", ["ACI"])
    assert merge(base, draft, proposed).document == draft.with_value("structures", ["ACI"])


def test_a_new_order_of_sections_and_a_note_in_the_front_matter_survive_changes_of_the_other_side() -> None:
    swapped = Document.make(
        {"code": "E4", "titre": "Passer", "niveau": "standard"},
        {"Facile à lire": "On prépare.", "Énoncé": "Un plan.", "Indicateurs": "- Un"},
    )
    noted = Document.read(swapped.text.replace("titre:", "# revoir le titre\ntitre:"))
    assert touched(BASE, noted) == {"order", "comments"}
    draft = BASE.with_section("Énoncé", "Un plan écrit.").with_value("niveau", "imperatif")
    for found in (merge(BASE, draft, noted), merge(BASE, noted, draft)):
        assert found.document == noted.with_section("Énoncé", "Un plan écrit.").with_value("niveau", "imperatif")


def test_a_file_that_comes_or_goes_is_one_part() -> None:
    other = BASE.with_value("titre", "Avancer")
    assert merge(None, None, BASE) == Merge(BASE)
    assert merge(BASE, BASE, None) == Merge(None)
    assert merge(None, BASE, BASE) == Merge(BASE)
    assert [c.part for c in merge(None, BASE, other).collisions] == ["file"]
    assert [c.part for c in merge(BASE, other, None).collisions] == ["file"]
    assert merge(BASE, None, BASE) == Merge(None, ("file",))
    assert touched(None, BASE) == touched(BASE, None) == {"file"}
    assert touched(BASE, BASE) == frozenset()


def test_a_proposal_that_changes_nothing_leaves_the_draft_to_the_byte() -> None:
    draft = Document.read(BASE.text.replace("\n\n- Un", "\n- Un, deux"))
    assert merge(BASE, draft, BASE) == Merge(draft, ("section:Indicateurs",))


def test_a_new_section_follows_the_one_it_followed() -> None:
    proposed = BASE.with_section("Témoignage", "« On m'a aidé. »", after="Énoncé")
    draft = BASE.with_section("Indicateurs", "- Deux")
    found = merge(BASE, draft, proposed).document
    assert found is not None
    assert [s.title for s in found.sections] == ["Énoncé", "Témoignage", "Facile à lire", "Indicateurs"]
