"""A file of the text: the same bytes after reading and writing, and edits that touch what they name alone."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from referentiel.criteria.document import Document, stored
from referentiel.errors import FileError, Invalid

E4 = """---
code: E4
titre: Passer d'une étape à l'autre : sans trou
# à relire avec la mission locale
structures: [ACI, AI,EI]
cle_inconnue:   gardée
outils: []
---

## Énoncé

Tout passage est préparé.

## Rubrique d'ailleurs
Collée à son titre.

## Pourquoi
## Indicateurs

- Un
- Deux
"""

WORDS = st.text(alphabet=" abcdéœ’#*-[],:\t", max_size=12)
LINES = st.lists(WORDS, max_size=6).map("\n".join)
KEYS = st.sampled_from(["code", "titre", "niveau", "structures", "cle_inconnue", "etat"])
TITLES = st.sampled_from(["Énoncé", "Facile à lire", "Pourquoi", "Ailleurs", "Indicateurs", "Points d'attention"])
PLAIN_VALUES = st.text(alphabet="abé :#’-", max_size=10)
LIST_VALUES = st.lists(st.text(alphabet="abé’-", min_size=1, max_size=6), max_size=3)
VALUES = st.one_of(PLAIN_VALUES, LIST_VALUES)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file of the closed subset, with comments, blank lines, ragged spacing and perhaps no newline at its end."""
    lines = []
    for key in draw(st.lists(KEYS, unique=True, max_size=5)):
        if draw(st.booleans()):
            lines.append(draw(st.sampled_from(["", "# un mot", "  # en retrait", "  "])))
        value = draw(VALUES)
        written = value if isinstance(value, str) else "[" + ",  ".join(value) + " ]"
        gap = draw(st.sampled_from([" ", "   ", "\t"]))
        lines.append(f"{key}:{gap}{written}{draw(st.sampled_from(['', ' ']))}")
    body = draw(st.sampled_from(["", "\n", "\n\n", "avant\n"]))
    for title in draw(st.lists(TITLES, unique=True, max_size=5)):
        text = stored(draw(LINES))
        mark = draw(st.sampled_from(["# ", "## ", "##"]))
        body += f"{mark}{title}\n{draw(st.sampled_from(['', chr(10)]))}{text}\n{draw(st.sampled_from(['', chr(10)]))}"
    if draw(st.booleans()):
        body = body[:-1]
    return "---\n" + "".join(f"{line}\n" for line in lines) + "---\n" + body


@given(files())
def test_reading_then_writing_gives_the_same_bytes(text: str) -> None:
    assert Document.read(text).text == text


def test_every_file_of_the_first_text_is_read_and_written_to_the_byte() -> None:
    paths = sorted((Path(__file__).parents[2] / "content").rglob("*.md"))
    assert len(paths) > 100
    for path in paths:
        text = path.read_bytes().decode()
        assert Document.read(text, str(path)).text == text


@given(files(), TITLES, LINES)
def test_changing_a_section_changes_that_section_alone(text: str, title: str, body: str) -> None:
    before = Document.read(text)
    after = before.with_section(title, body)
    assert Document.read(after.text).pieces == after.pieces
    assert after.section(title) == stored(body)
    assert after.front == before.front
    others = [s for s in after.sections if s.title != title]
    assert [s.title for s in others] == [s.title for s in before.sections if s.title != title]
    for was, now in zip((s for s in before.sections if s.title != title), others, strict=True):
        assert now.body == was.body
        assert now.raw.rstrip("\n") == was.raw.rstrip("\n")
    if title in [s.title for s in before.sections]:
        position = text.index(next(s.raw for s in before.sections if s.title == title))
        assert after.text[:position] == text[:position]


@given(files(), TITLES)
def test_removing_what_was_just_added_gives_the_same_bytes(text: str, title: str) -> None:
    before = Document.read(text)
    assume(before.section(title) is None and text.endswith("\n") and before.pieces[0].raw)
    assert before.with_section(title, "Un mot.").with_section(title, None).text == text


@given(files(), KEYS, VALUES)
def test_changing_a_key_changes_its_line_alone(text: str, key: str, value: str | list[str]) -> None:
    before = Document.read(text)
    after = before.with_value(key, value)
    assert Document.read(after.text) == after
    assert after.pieces == before.pieces
    if isinstance(value, str):
        assert after.value(key) == value.strip()
    else:
        assert after.values(key) == tuple(value)
    assert [line for line in after.front if line.key != key] == [line for line in before.front if line.key != key]


@given(st.dictionaries(KEYS, VALUES, max_size=4), st.dictionaries(st.one_of(st.just(""), TITLES), LINES, max_size=4))
def test_a_file_that_was_made_reads_back(front: dict[str, str | list[str]], sections: dict[str, str]) -> None:
    made = Document.make(front, sections)
    read = Document.read(made.text)
    assert read == made
    assert read.pieces[1:] == made.pieces[1:]
    assert read.keys == tuple(front)
    for title, body in sections.items():
        assert (read.section(title) or "") == stored(body)


def test_values_lists_comments_and_unknown_keys_are_found() -> None:
    document = Document.read(E4)
    assert document.value("titre") == "Passer d'une étape à l'autre : sans trou"
    assert document.values("structures") == ("ACI", "AI", "EI")
    assert document.values("code") == ("E4",)
    assert document.values("outils") == ()
    assert document.value("absente") is None
    assert document.keys == ("code", "titre", "structures", "cle_inconnue", "outils")
    assert "# à relire avec la mission locale" in document.with_value("code", "E5").text


def test_sections_keep_their_place_and_known_ones_enter_in_the_usual_order() -> None:
    document = Document.read(E4).with_section("Facile à lire", "On prépare avec vous.").with_section("Nouvelle", "X")
    assert [section.title for section in document.sections] == [
        "Énoncé",
        "Facile à lire",
        "Rubrique d'ailleurs",
        "Pourquoi",
        "Indicateurs",
        "Nouvelle",
    ]
    assert document.section("Indicateurs") == "- Un\n- Deux"
    assert document.section("Pourquoi") == ""
    assert document.section("Jamais vue") is None
    assert document.with_value("niveau", "standard").keys.index("niveau") == 2


def test_filling_an_empty_section_gives_it_air() -> None:
    text = Document.read(E4).with_section("Pourquoi", "Parce que.").text
    assert "## Pourquoi\n\nParce que.\n\n## Indicateurs" in text


def test_a_heading_typed_in_a_field_opens_no_section() -> None:
    document = Document.read(E4).with_section("Énoncé", "# Grand\r\n## Moyen\n### Petit\nc#")
    assert document.section("Énoncé") == "### Grand\n### Moyen\n### Petit\nc#"
    assert len(document.sections) == len(Document.read(E4).sections)


def test_a_text_without_heading_is_the_section_without_title() -> None:
    document = Document.read("---\nterme: AI\n---\n\nUne association.\n")
    assert document.section("") == "Une association."
    assert document.with_section("", "Deux.").text == "---\nterme: AI\n---\n\nDeux.\n"
    assert document.with_section("", None).sections == ()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("code: E4\n", 1, "« --- »"),
        ("---\ncode: E4\n", 1, "n’est pas fermé"),
        ("---\ncode: E4\n---", 3, "fin de ligne"),
        ("---\ncode: E4\ncode: E5\n---\n", 3, "déjà à la ligne 2"),
        ("---\ncode:E4\n---\n", 2, "espace après les deux-points"),
        ("---\ncode : E4\n---\n", 2, "deux-points tout de suite"),
        ("---\n- E4\n---\n", 2, "sur une ligne"),
        ("---\nÉtape: x\n---\n", 2, "sans accent"),
        ("---\nstructures: [ACI, AI\n---\n", 2, "« ] »"),
        ("---\na: b\n---\n\n## Énoncé\n\n## Énoncé\n", 7, "déjà à la ligne 5"),
        ("---\na: b\n---\n\n##\n", 5, "donnez un titre"),
        ("---\na: b\r\n---\n", 2, "Windows"),
        ("", 1, "« --- »"),
    ],
)
def test_a_malformed_file_says_where_and_what_to_do(text: str, line: int, words: str) -> None:
    with pytest.raises(FileError) as caught:
        Document.read(text, "criteres/E4.md")
    assert caught.value.file == "criteres/E4.md"
    assert caught.value.line == line
    assert words in caught.value.message


def test_an_item_that_holds_a_comma_is_refused_with_its_field() -> None:
    with pytest.raises(Invalid) as caught:
        Document.read(E4).with_value("structures", ["ACI, AI"])
    assert caught.value.field == "structures"


def test_an_unchanged_value_or_section_changes_no_byte() -> None:
    document = Document.read(E4)
    assert document.with_value("structures", ["ACI", "AI", "EI"]) is document
    assert document.with_value("code", "E4") is document
    assert document.with_section("Énoncé", "\nTout passage est préparé.\n\n") is document
