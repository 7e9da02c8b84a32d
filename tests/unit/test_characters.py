"""Which characters enter the text: ordinary writing in any script, and nothing hidden."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.criteria.characters import clean, unwelcome, visible
from referentiel.errors import Invalid

CASES = [
    json.loads(line) for line in (Path(__file__).parents[1] / "data" / "bad_inputs.jsonl").read_text().splitlines()
]
UNICODE = {case["id"]: case["input"] for case in CASES if case["id"].startswith("uni-")}


def refusal(text: str, **options: int | bool) -> Invalid:
    with pytest.raises(Invalid) as caught:
        clean(text, field="titre", **options)  # type: ignore[arg-type]
    assert caught.value.field == "titre"
    return caught.value


def test_a_character_that_reverses_the_line_is_refused_by_its_name() -> None:
    message = str(refusal(UNICODE["uni-01"]))
    assert "inverse le sens d’écriture" in message
    assert "U+202E" in message


def test_zero_width_spaces_vanish_so_that_words_are_what_they_look_like() -> None:
    assert clean(UNICODE["uni-03"], field="titre") == "salaire"


@pytest.mark.parametrize("name", ["uni-06", "uni-09"])
def test_names_of_any_script_and_emoji_are_kept_as_typed(name: str) -> None:
    assert clean(UNICODE[name], field="titre") == UNICODE[name]
    assert visible(UNICODE[name]) == UNICODE[name]
    assert unwelcome(UNICODE[name]) == ""


def test_a_text_that_only_looks_blank_is_refused_as_empty() -> None:
    for text in (UNICODE["uni-07"], "\u200b", "\u2800 \u3164", "\ufe0f", "\u200d\u200d"):
        assert "paraît vide" in str(refusal(text))


def test_half_a_character_is_refused_and_never_breaks_the_answer() -> None:
    message = str(refusal("Amina \ud800"))
    assert "U+D800" in message
    message.encode()
    assert visible("Amina \ud800") == "Amina [U+D800]"


def test_other_bad_inputs_are_refused() -> None:
    by_id = {case["id"]: case["input"] for case in CASES}
    assert "U+0000" in str(refusal(by_id["cmt-01"]))
    assert "une seule ligne" in str(refusal(by_id["cmt-02"], lines=False))
    assert "une seule ligne" in str(refusal(by_id["web-06"], lines=False))
    assert "crochets" in str(refusal("[" * 20_000))
    assert "crochets" in str(refusal("![" * 10_000))
    assert "la limite est 20000" in str(refusal("mot " * 2_000_000))


def test_nothing_typed_is_nothing_stored() -> None:
    assert clean("", field="titre") == ""
    assert clean(" \u00a0\r\n ", field="titre") == ""


def test_what_word_processors_and_browsers_put_in_is_set_right() -> None:
    assert clean("Un\r\ndeux\vtrois\u2028quatre", field="titre") == "Un\ndeux\ntrois\nquatre"
    assert clean("\uf0b7\tUn point", field="titre") == "• Un point"
    assert clean("accompa\u00adgnement", field="titre") == "accompagnement"
    assert clean("e\u0301crit", field="titre") == "écrit"
    assert clean("e\u200b\u0301crit", field="titre") == "écrit"


@pytest.mark.parametrize(
    "text",
    [
        "« Œuvre » : l’équipe dit « oui » à 20 000 € ; n° 3, 1ᵉʳ mai — fin…",
        "المساعدة\u200f (IAE) متاحة ؟",
        "می\u200cخواهم",
        "क्\u200dष",
        "👩🏽‍🏭 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️",
        "Trần Thị Bích",
        "\U0001fae9",
    ],
)
def test_ordinary_writing_is_never_touched(text: str) -> None:
    assert clean(text, field="titre") == unicodedata.normalize("NFC", text)


def test_direction_marks_stay_only_beside_letters_read_from_the_right() -> None:
    assert clean("abc\u200f", field="titre") == "abc"
    assert clean("\u0645\u200f", field="titre") == "\u0645\u200f"


def test_the_message_says_the_line() -> None:
    assert str(refusal("Un\nDeux\nTrois \x07")).startswith("Ligne 3 :")


def test_the_limit_counts_characters() -> None:
    assert clean("é" * 50, field="titre", limit=50) == "é" * 50
    assert "51 caractères" in str(refusal("é" * 51, limit=50))


@given(st.text(max_size=60))
def test_what_is_accepted_is_stable_and_may_be_stored(text: str) -> None:
    try:
        found = clean(text, field="titre")
    except Invalid as refused:
        found = str(refused)  # A message can be shown and stored too.
    assert clean(found, field="titre") == found
    assert unicodedata.is_normalized("NFC", found)
    assert found.encode().decode() == found
    assert all(unwelcome(line) == "" for line in found.split("\n"))
    assert visible(found) == found


@given(st.text(alphabet=st.characters(categories=["Cc", "Cf", "Cs", "Cn", "Co", "Lu", "Zs"]), max_size=20))
def test_what_is_shown_can_always_be_sent(text: str) -> None:
    shown = visible(text)
    shown.encode()
    assert "\u202e" not in shown
