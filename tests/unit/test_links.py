"""Who cites what: a withdrawal leaves no link behind it without a successor."""

from pathlib import Path

import pytest

from referentiel.criteria.document import Document
from referentiel.criteria.links import Link, citing, links_of, unsettled

CONTENT = Path(__file__).parents[2] / "content"
TEXTS = {str(path.relative_to(CONTENT)): path.read_text() for path in sorted(CONTENT.rglob("*.md"))}


def read(path: str) -> Document:
    return Document.read(TEXTS[path], path)


def gone(path: str, *successors: str) -> Document:
    return read(path).with_value("etat", "retire").with_value("remplace_par", successors or None)


def test_a_criterion_cites_its_chapter_its_neighbours_its_tools_and_its_skills() -> None:
    found = {(link.part, link.target) for link in links_of("criteres/E4.md", read("criteres/E4.md"))}
    assert ("key:chapitre", "chapitres/E.md") in found
    assert ("key:voir_aussi", "criteres/D3.md") in found
    assert ("key:outils", "outils/pass-iae.md") in found
    assert ("key:competences", "competences/faire-une-demarche.md") in found


def test_words_cite_by_their_links_to_the_text_in_force_or_to_the_draft() -> None:
    words = "Voir [le PASS](/outils/pass-iae), [le mot](/glossaire/#aci), [E2](/travail/criteres/E2)."
    document = read("pages/methode.md").with_section("En bref", words)
    assert [link.target for link in links_of("pages/methode.md", document)] == [
        "outils/pass-iae.md",
        "glossaire/aci.md",
        "criteres/E2.md",
    ]


def test_a_sealed_edition_is_cited_for_ever_and_a_foreign_site_is_none_of_ours() -> None:
    words = "[Scellé](/editions/2026.0/criteres/E2) et [ailleurs](https://exemple.fr/criteres/E2)."
    assert links_of("pages/methode.md", read("pages/methode.md").with_section("En bref", words)) == ()


def test_a_tombstone_cites_only_what_replaces_it() -> None:
    assert [link.target for link in links_of("criteres/E4.md", gone("criteres/E4.md", "E5"))] == ["criteres/E5.md"]


def test_everybody_who_cites_an_item_is_found_by_the_whole_code_alone() -> None:
    found = {link.source for link in citing(TEXTS, ["criteres/E2.md"])}
    by_hand = {path for path in TEXTS if path.startswith("criteres/") and "E2" in read(path).values("voir_aussi")}
    assert found == by_hand != set()


def test_withdrawing_what_others_cite_names_each_of_them() -> None:
    left = unsettled(TEXTS, {"criteres/E2.md": gone("criteres/E2.md")})
    assert {link.source for link in left} == {link.source for link in citing(TEXTS, ["criteres/E2.md"])}


def test_a_successor_settles_every_link() -> None:
    assert unsettled(TEXTS, {"criteres/E2.md": gone("criteres/E2.md", "E5")}) == ()


def test_the_same_proposal_may_change_whoever_cites() -> None:
    changes = {"criteres/E2.md": gone("criteres/E2.md")}
    for link in citing(TEXTS, ["criteres/E2.md"]):
        document = read(link.source)
        kept = tuple(code for code in document.values("voir_aussi") if code != "E2")
        changes[link.source] = document.with_value("voir_aussi", kept)
    assert unsettled(TEXTS, changes) == ()


def test_two_items_that_cite_each_other_go_together() -> None:
    texts = {path: TEXTS[path] for path in ("criteres/A1.md", "criteres/A2.md")}
    texts["criteres/A1.md"] = read("criteres/A1.md").with_value("voir_aussi", ["A2"]).text
    texts["criteres/A2.md"] = read("criteres/A2.md").with_value("voir_aussi", ["A1"]).text
    alone = {"criteres/A1.md": Document.read(texts["criteres/A1.md"]).with_value("etat", "retire")}
    both = alone | {"criteres/A2.md": Document.read(texts["criteres/A2.md"]).with_value("etat", "retire")}
    assert [link.source for link in unsettled(texts, alone)] == ["criteres/A2.md"]
    assert unsettled(texts, both) == ()


def test_a_chapter_goes_once_its_criteria_are_elsewhere_whatever_replaces_it() -> None:
    left = unsettled(TEXTS, {"chapitres/A.md": gone("chapitres/A.md", "B")})
    assert {link.part for link in left} == {"key:chapitre"}
    moved = {link.source: read(link.source).with_value("chapitre", "B") for link in left}
    assert unsettled(TEXTS, {"chapitres/A.md": gone("chapitres/A.md", "B"), **moved}) == ()


@pytest.mark.parametrize("successors", [(), ("E5",)])
def test_nobody_begins_to_cite_a_tombstone(successors: tuple[str, ...]) -> None:
    texts = TEXTS | {"criteres/E2.md": gone("criteres/E2.md", *successors).text}
    document = read("criteres/A1.md").with_value("voir_aussi", ["E2"])
    assert unsettled(texts, {"criteres/A1.md": document}) == (
        Link("criteres/A1.md", "key:voir_aussi", "criteres/E2.md"),
    )


def test_what_cited_a_tombstone_already_is_left_in_peace() -> None:
    texts = TEXTS | {"criteres/E2.md": gone("criteres/E2.md").text}
    source = next(link.source for link in citing(TEXTS, ["criteres/E2.md"]))
    assert unsettled(texts, {source: read(source).with_value("titre", "Un autre titre")}) == ()


def test_a_tombstone_that_loses_its_successor_leaves_its_links_alone_again() -> None:
    texts = TEXTS | {"criteres/E2.md": gone("criteres/E2.md", "E5").text}
    assert unsettled(texts, {"criteres/E2.md": gone("criteres/E2.md")}) != ()
    assert unsettled(texts, {"criteres/E2.md": gone("criteres/E2.md", "E6")}) == ()


class Counted(dict[str, str]):
    """The texts, and which of them were asked for."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__(texts)
        self.asked: set[str] = set()

    def __getitem__(self, path: str) -> str:
        self.asked.add(path)
        return super().__getitem__(path)


def test_a_change_that_withdraws_nothing_reads_no_text_but_its_own_and_those_it_begins_to_cite() -> None:
    texts = Counted(TEXTS)
    assert unsettled(texts, {"criteres/E4.md": read("criteres/E4.md").with_section("Énoncé", "Autre.")}) == ()
    assert texts.asked == {"criteres/E4.md"}


def test_a_withdrawal_reads_no_decision_nor_any_other_file_that_cannot_cite() -> None:
    texts = Counted(TEXTS | {f"decisions/{number}.md": "F6" for number in range(1, 9)})
    unsettled(texts, {"criteres/F6.md": gone("criteres/F6.md", "F5")})
    assert not [path for path in texts.asked if path.startswith("decisions/")]
