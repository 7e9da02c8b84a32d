"""What the site shows of a passage is what documents show: the same blocks, read again from what pandoc understood."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from referentiel.editions.downloads.blocks import Block, Items, Paragraph, Run, blocks, blocks_of_page, paragraphs
from referentiel.editions.downloads.commonmark import written
from referentiel.editions.downloads.pandoc import converted

DAY = date(2026, 1, 5)
PARTED = "separation"


def as_pandoc_reads(texts: list[str]) -> list[tuple[Any, ...]]:
    """The blocks that pandoc finds in each of these passages, all given to it at once."""
    markdown = f"\n\n### {PARTED}\n\n".join(written(blocks(text), 3, lambda address: address) for text in texts)
    page = converted(markdown, "html", DAY, options=["--wrap=none"]).decode()
    parts = page.split(f"<h3>{PARTED}</h3>")
    return [blocks_of_page(part) for part in parts]


def bare(value: Any) -> Any:
    """Blocks without what nobody sees: whether a list is airy, and whether a space is strong."""
    if isinstance(value, Items):
        return Items(bare(value.items), value.start)
    if isinstance(value, tuple) and value and all(isinstance(one, Run) for one in value):
        return tuple(replace(run, words=sign) if sign.strip() else sign for run in value for sign in run.words or "\n")
    if isinstance(value, tuple):
        return tuple(map(bare, value))
    if isinstance(value, Block):
        return type(value)(*(bare(getattr(value, field.name)) for field in fields(value)))
    return value


def same(texts: list[str]) -> None:
    for text, found in zip(texts, as_pandoc_reads(texts), strict=True):
        assert bare(found) == bare(blocks(text)), text


HOSTILE = [
    "<script>alert(1)</script> et <b>gras</b>",
    "`x`{=html} et ```{=html}\n<i>\n```",
    "![passe](file:///etc/passwd) ![](http://127.0.0.1:9/x.png)",
    "\\include{/etc/passwd} \\input{x} @cite [@cite] $x$ $$y$$ :smile: H~2~O x^2^ ~~non~~",
    "[^1]\n\n[^1]: note\n\n[lien][ref]\n\n[ref]: http://a.fr",
    "::: {.x}\n:::\n\n[a]{.b} # titre {#id .c}\n\n## autre {#id}",
    "--- \ntitle: x\n---\n\ntexte",
    "- [ ] à faire\n- [x] fait\n\n> [!NOTE]\n> dit",
    "Terme\n:   Définition\n\na) un\nb) deux\n\ni. un\nii. deux\n\n#. x",
    "1) un\n2) deux\n\n3. trois\n4. quatre\n\n+ plus\n* étoile\n- moins",
    "(1) un -- deux --- trois... 'a' \"b\"",
    "| a | b |\n|---|---|\n| `x|y` | `x\\|y` |\n| \\| | **a** |\n\n| seul |\n|---|\n| x |",
    "a**«b»**c **d*e*f** *g **h** i* ***j*** `` ` `` `a``b` **a**b*c*\\*d",
    "ligne  \nsuite\\\nfin  \n",
    "    typé\n      plus\n\n    ```\n\n- a\n\n        typé\n\n- b\n    1. c\n    2. d\n\n        e\n",
    "<https://a.fr/?a=1&amp;b=2_3> [x](https://a.fr/(a)?b=\\<c) [y](mailto:a@b.fr) &amp; &lt; &#42; &copy;",
    "\u00a0a\u00a0: **\u00a0b\u00a0** \u202fc\u202f; ٣ אב 😀",
    "* * *\n\n***\n\n___\n\na\n===\n\nb\n---",
    "> cité\n>\n> - a\n> - b\n>\n>     typé\n\nsuite",
    "#### h4\n# h1\n### h3\n###### h6\n####### h7",
    "1. a\n\n2. b\n\n   c\n\n10. d",
]


def test_hostile_and_awkward_marks_say_in_documents_what_they_say_on_the_site() -> None:
    same(HOSTILE)


def test_every_passage_that_the_renderer_is_tried_on_says_the_same() -> None:
    same(["[" * 20_000, "`" * 300, "a " * 50_000, "**" * 1_000, "> " * 200 + "x", "é" * 60_000])


SIGNS = st.sampled_from(
    [
        *"*`_[]()<>{}|\\#-+.:!\"'$^~=@&;1a é», \u00a0\n",
        "**",
        "\n\n",
        "\n- ",
        "\n1. ",
        "\n    ",
        "`",
        " | ",
        "](/x)",
        "&amp;",
    ]
)
AWKWARD = st.lists(SIGNS, max_size=40).map("".join)
PHRASES = st.sampled_from(
    [
        "un mot",
        "**gras**",
        "*appuyé*",
        "`code`",
        "[lien](/criteres/E4)",
        "«\u00a0dit\u00a0»",
        "l’eau",
        "a*b*c",
        "(b)",
        "1. x",
    ]
)
ROWS = st.lists(st.lists(PHRASES, min_size=2, max_size=2), min_size=1, max_size=3).map(
    lambda rows: "\n".join(["| A | B |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])
)
LINES = st.lists(PHRASES, min_size=1, max_size=4).map("".join)
SHAPES = st.one_of(
    LINES,
    LINES.map("> {}".format),
    LINES.map("### {}".format),
    LINES.map("    {}".format),
    st.lists(LINES, min_size=1, max_size=4).map(lambda lines: "\n".join(f"- {line}" for line in lines)),
    st.lists(LINES, min_size=1, max_size=4).map(lambda lines: "\n".join(f"3. {line}" for line in lines)),
    st.lists(LINES, min_size=1, max_size=3).map(lambda lines: "\n\n".join(f"- {line}\n\n    {line}" for line in lines)),
    st.lists(LINES, min_size=2, max_size=3).map(lambda lines: f"- {lines[0]}\n    1. " + "\n    1. ".join(lines[1:])),
    ROWS,
)
STRUCTURED = st.lists(SHAPES, min_size=1, max_size=6).map("\n\n".join)


@settings(max_examples=25)
@given(st.lists(st.one_of(AWKWARD, STRUCTURED), min_size=1, max_size=12))
@example(["*a**b*c**"])
def test_whatever_is_typed_documents_show_what_the_site_shows(texts: list[str]) -> None:
    same(texts)


def test_lines_of_plain_words_bear_no_mark() -> None:
    (one, two) = paragraphs(["**pas gras** ", "", "# ni titre"])
    assert one == Paragraph((Run("**pas gras**"),))
    assert written([one, two], 3, str) == "\\*\\*pas gras\\*\\*\n\n\\# ni titre"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "//ailleurs.fr", "data:text/html,x"])
def test_an_address_that_the_site_refuses_leads_nowhere_in_documents(address: str) -> None:
    assert written(blocks(f"[mot]({address})"), 3, lambda kept: kept) == "mot"
