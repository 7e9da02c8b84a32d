"""What the typesetter is given: words as they are, in an order and a shape that the paper can hold."""

from pathlib import Path
from typing import Any

import pytest
import typst

from referentiel.editions.downloads import signs
from referentiel.editions.downloads.pdf import HERE
from referentiel.editions.downloads.typesetting import DEEPEST_BLOCK, LONG_WORD, WIDEST_TABLE, book
from tests.edition_material import criterion, material

SHEET = b"""
#set document(title: "signes")
#set text(font: ("IBM Plex Sans", "DejaVu Sans Mono"))
#for sign in sys.inputs.signs.clusters() [#text(sign) #strong(sign) #emph(sign) #raw(sign) ]
"""


def reason(body: str) -> list[dict[str, Any]]:
    """What stands under « Pourquoi » of a criterion that says this there."""
    given = book(material({"criteres/E4.md": criterion(Pourquoi=body)}))["parts"]
    start = next(number for number, part in enumerate(given) if part["code"] == "E4")
    found = next(part for part in given[start:] if part["title"] == "Pourquoi")
    blocks: list[dict[str, Any]] = found["blocks"]
    return blocks


def said(block: dict[str, Any]) -> str:
    return "".join("".join(run.get("words", "\n")) for run in block["runs"])


def test_each_sign_that_we_say_we_draw_is_drawn_in_every_letter() -> None:
    everything = signs.drawn().replace(" ", "")
    assert {*"0123456789«»éœŒÉàçùî’–—…\u00a0\u202f→←✓☐€²№"} <= set(signs.drawn())
    made = typst.compile(
        SHEET,
        font_paths=[HERE / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"signs": everything},
        pdf_standards="ua-1",
    )
    assert made.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("été 🙂", "été [U+1F642]"),
        ("漢", "[U+6F22]"),
        ("a\u200bb\ufe0f", "ab"),
        ("« à »", "« à »"),
        ("\x07", "[U+0007]"),
    ],
)
def test_a_sign_that_no_letter_draws_is_written_by_its_number(typed: str, shown: str) -> None:
    assert signs.printable(typed) == shown


def test_words_reach_it_as_they_were_typed() -> None:
    [one] = reason('Voir #read("/etc/passwd") @ref $x$ [crochet] {a}')
    assert said(one) == 'Voir #read("/etc/passwd") @ref $x$ [crochet] {a}'
    assert one["kind"] == "paragraph"


def test_a_long_word_may_be_cut_and_loses_no_sign() -> None:
    word = "https://exemple.fr/" + "a" * 90 + "/fin"
    [one] = reason(f"Voir {word} ici")
    pieces = one["runs"][0]["words"]
    assert "".join(pieces) == f"Voir {word} ici"
    assert max(len(place) for piece in pieces for place in piece.split(" ")) <= LONG_WORD


def test_lists_deeper_than_paper_are_drawn_side_by_side_in_order() -> None:
    [outer] = reason("\n".join("    " * depth + f"- niveau {depth}" for depth in range(DEEPEST_BLOCK + 4)))
    told: list[str] = []
    deepest = 0

    def walk(blocks: list[dict[str, Any]], depth: int) -> None:
        nonlocal deepest
        deepest = max(deepest, depth)
        for block in blocks:
            if block["kind"] == "items":
                for item in block["items"]:
                    walk(item, depth + 1)
            else:
                told.append(said(block).removeprefix("– "))

    walk([outer], 0)
    assert told == [f"niveau {depth}" for depth in range(DEEPEST_BLOCK + 4)]
    assert deepest <= DEEPEST_BLOCK


def test_a_table_wider_than_paper_is_told_row_by_row() -> None:
    width = WIDEST_TABLE + 1
    rows = [[f"titre {n}" for n in range(width)], ["---"] * width, [f"case {n}" for n in range(width)]]
    [one] = reason("\n".join("| " + " | ".join(row) + " |" for row in rows))
    assert one["kind"] == "items"
    [[row]] = one["items"]
    assert said(row).split("\n") == [f"titre {n}\u00a0: case {n}" for n in range(width)]


@pytest.mark.parametrize("body", ["[" * 20_000, "> " * 9 + "cité", "|  |\n| --- |\n|  |", "-\n\n1.\n\n>"])
def test_an_awkward_text_is_drawn_like_another(body: str, tmp_path: Path) -> None:
    assert reason(body)


def test_a_link_leads_to_a_place_of_the_book_or_outside() -> None:
    [one] = reason("[E1](/criteres/E1) [dehors](https://exemple.fr/) [nulle part](#rien)")
    leads = [run.get("to") for run in one["runs"] if "".join(run["words"]).strip()]
    inside, outside, nowhere = leads
    assert book(material())["parts"][inside]["code"] == "E1"
    assert outside == "https://exemple.fr/"
    assert nowhere is None
