"""From Markdown to HTML: safe whatever comes, headings in order, and never slow."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from referentiel.criteria import rendering
from referentiel.criteria.characters import clean
from referentiel.criteria.document import Document
from referentiel.criteria.rendering import plain_lines, render, safe_address, whole
from referentiel.errors import Invalid
from tests.patience import patience
from tests.slow_texts import SLOW_TEXTS

CASES = [
    json.loads(line) for line in (Path(__file__).parents[1] / "data" / "bad_inputs.jsonl").read_text().splitlines()
]
MARKDOWN = {case["id"]: case["input"] for case in CASES if case["id"].startswith("md-")}
SLOW = {case["id"]: case["input"] for case in CASES if case["id"].startswith("dos-") and "repeat" in case["input"]}

ALLOWED = {
    *("p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}


class Reader(HTMLParser):
    """What a browser would see: the elements with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]

    @property
    def links(self) -> list[str | None]:
        return [attributes.get("href") for tag, attributes in self.elements if tag == "a"]


def check_safe(html: str) -> Reader:
    seen = Reader(html)
    for tag, attributes in seen.elements:
        assert tag in ALLOWED
        assert set(attributes) <= {"href", "start", "scope"}
        if tag == "a":
            address = attributes["href"]
            assert address is not None
            assert safe_address(address) == address
    return seen


@pytest.mark.parametrize("name", MARKDOWN)
def test_hostile_markdown_gives_nothing_that_runs_or_leaves(name: str) -> None:
    seen = check_safe(render(MARKDOWN[name]))
    assert seen.text.strip()


@pytest.mark.parametrize("name", ["md-01", "md-15", "md-18", "md-19", "md-24"])
def test_raw_html_and_templates_are_shown_as_they_were_typed(name: str) -> None:
    assert Reader(render(MARKDOWN[name])).text.strip() == MARKDOWN[name]


@pytest.mark.parametrize("name", ["md-03", "md-04", "md-07", "md-08", "md-10", "md-12", "md-22"])
def test_a_forbidden_link_keeps_its_words_and_loses_its_address(name: str) -> None:
    seen = Reader(render(MARKDOWN[name]))
    assert seen.links == []
    assert "a" not in seen.tags
    assert "img" not in seen.tags


def test_a_control_character_in_a_link_is_refused_where_it_is_typed() -> None:
    with pytest.raises(Invalid) as caught:
        clean(MARKDOWN["md-06"], field="enonce")
    assert caught.value.field == "enonce"


@pytest.mark.parametrize("name", SLOW)
def test_a_text_built_to_be_slow_is_rendered(name: str) -> None:
    text = (SLOW[name]["repeat"] * SLOW[name]["n"])[:60_000]
    with patience():
        check_safe(render(text))


@pytest.mark.parametrize("unit", SLOW_TEXTS["render"])
def test_other_repetitions_are_rendered_too(unit: str) -> None:
    with patience():
        check_safe(render((unit * 20_000)[:20_000]))


PIECES = [
    "[",
    "](",
    ")",
    "javascript:",
    "//",
    "<",
    ">",
    "`",
    "*",
    "_",
    "\n",
    "\n\n",
    "# ",
    "- ",
    "1. ",
    "|",
    "&#106;",
    "a",
    " ",
    "\\",
    "é",
]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=30).map("".join))
def test_whatever_is_typed_stays_within_the_allowlist(text: str) -> None:
    check_safe(render(text))


@given(st.text(alphabet="javscripthtp:/\\@&#x6;\t\n .é", max_size=30))
def test_an_address_is_of_one_of_four_schemes_or_of_this_site(address: str) -> None:
    safe = safe_address(address)
    if safe is not None:
        assert safe.lower().startswith(("http://", "https://", "mailto:", "tel:", "/", "#"))
        assert not safe.startswith("//")


@pytest.mark.parametrize(
    "address",
    [
        "https://travail-emploi.gouv.fr/?a=1&b=2",
        "http://exemple.fr",
        "mailto:contact@exemple.fr",
        "tel:+33-4-76-00-00-00",
        "/criteres/E4",
        "/recherche?q=é&le=2",
        "#enonce",
    ],
)
def test_an_ordinary_link_keeps_its_address(address: str) -> None:
    assert Reader(render(f"[lien]({address})")).links == [address]


@pytest.mark.parametrize(
    "address",
    [
        "JaVaScRiPt:alert(1)",
        "&#x6A;avascript:alert(1)",
        "java&#10;script:alert(1)",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://exemple.fr",
        "/\\evil.example",
        "\\\\evil.example",
        "///evil.example",
        "https:///x",
        "https:evil",
        "https://user:pass@evil.example",
        "http://[::1",
        "criteres/E4",
        "https://a\u202e.fr",
        "mailto:a@b@c",
        "",
    ],
)
def test_a_deceiving_address_is_no_address(address: str) -> None:
    assert safe_address(address) is None
    assert Reader(render(f"[lien]({address})")).links == []


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("# Un\n\n## Deux\n\n### Trois", ["h3", "h4", "h5"]),
        ("### Un\n\n#### Deux\n\n### Trois", ["h3", "h4", "h3"]),
        ("###### Un\n\n# Deux", ["h3", "h3"]),
        ("# Un\n\n#### Deux\n\n## Trois", ["h3", "h4", "h4"]),
        ("# 1\n\n## 2\n\n### 3\n\n#### 4\n\n##### 5\n\n###### 6", ["h3", "h4", "h5", "h6", "h6", "h6"]),
        ("Titre\n=====", ["h3"]),
    ],
)
def test_headings_start_at_the_third_level_and_never_skip_one(text: str, tags: list[str]) -> None:
    assert [tag for tag in Reader(render(text)).tags if tag.startswith("h")] == tags


def test_lists_tables_emphasis_and_quotes_are_rendered() -> None:
    assert render("- Un\n- **Deux**") == "<ul>\n<li>Un</li>\n<li><strong>Deux</strong></li>\n</ul>"
    assert '<ol start="3">' in render("3. Trois\n4. Quatre")
    table = render("| Qui | Quand |\n| :-- | --: |\n| nous | ici |")
    assert '<th scope="col">Qui</th>' in table
    assert "style" not in table
    assert render("> Dit *ainsi*") == "<blockquote>\n<p>Dit <em>ainsi</em></p>\n</blockquote>"
    assert isinstance(table, Markup)


def test_numbered_lists_and_bullets_do_not_melt_into_one_another() -> None:
    assert Reader(render("- Un\n\n1. Deux")).tags == ["ul", "li", "ol", "li"]


def test_too_deep_a_nesting_is_shown_as_typed() -> None:
    assert Reader(render("> " * 400 + "fond")).text.strip() == ("> " * 400 + "fond")


def test_every_section_of_the_first_text_is_rendered_without_loss_of_words() -> None:
    for path in (Path(__file__).parents[2] / "content").rglob("*.md"):
        for section in Document.read(path.read_text()).sections:
            seen = check_safe(render(section.body))
            typed = {word for word in section.body.replace("|", " ").split() if word.isalpha()}
            assert typed <= set(seen.text.split()) | {word.strip("*") for word in typed}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("*a**b*, suite", "*a**b*, suite"), ("*a**b*`c`", "*a**b*<code>c</code>"), ("*a* **b**, c", None)],
)
def test_stars_that_are_not_clear_take_no_sign_away(typed: str, shown: str | None) -> None:
    assert str(render(typed)) == f"<p>{shown or '<em>a</em> <strong>b</strong>, c'}</p>"


@given(st.lists(st.sampled_from(["*", "**", "a", "b", "é", ",", " ", "`c`", "(", "«"]), max_size=30))
def test_whatever_stars_are_typed_every_other_sign_is_shown(signs: list[str]) -> None:
    typed = "x" + "".join(signs)
    shown = unescape(re.sub(r"<[^<>]*>", "", str(render(typed))))
    assert re.sub(r"[\s*`]", "", shown) == re.sub(r"[\s*`]", "", typed)


def test_the_same_text_is_rendered_once() -> None:
    text = "Une phrase que personne d'autre n'écrit ici."
    rendering._remembered.cache_clear()
    assert render(text) is render(text)
    assert rendering._remembered.cache_info().hits == 1


def test_threads_do_not_share_a_converter() -> None:
    results: dict[int, bool] = {}

    def work(number: int) -> None:
        results[number] = all(
            f"{number} {turn}" in rendering._rendered(f"- **{number} {turn}**\n\n[x](/{number})") for turn in range(60)
        )

    threads = [Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == dict.fromkeys(range(6), True)


def test_easy_text_is_given_line_by_line() -> None:
    assert plain_lines("Vous changez ?\n\n- On prépare.\n  Avec vous. \n1. Un") == [
        "Vous changez ?",
        "On prépare.",
        "Avec vous.",
        "Un",
    ]


def test_the_version_names_what_renders() -> None:
    assert rendering.VERSION.count("-") == 2


@pytest.mark.parametrize("word", ["A-t-on", "est-ce", "2026-11", "E-4", "rendez-vous.", "Qu’est-ce"])
def test_a_short_word_of_a_title_is_not_cut_at_its_hyphen(word: str) -> None:
    assert whole(f"Un {word} ici") == f'Un <span class="held">{word}</span> ici'


def test_a_long_word_of_a_title_may_still_be_cut_and_nothing_of_it_is_changed() -> None:
    assert whole("socio-professionnel & Île-de-France") == (
        'socio-professionnel &amp; <span class="held">Île-de-France</span>'
    )
    assert "<b>" not in whole("<b>a-b</b>")
    marked = Markup('<bdi class="a-b">peut-être</bdi>')
    assert whole(marked) == marked, "what is marked up already is left as it is"
    assert whole("- rien -") == "- rien -"
