"""The PDF of an edition, read by what reads PDF: pikepdf, qpdf, poppler. Nothing here knows how it is drawn."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from referentiel.commands.init import CONTENT
from referentiel.criteria.rendering import plain_lines, render
from referentiel.editions.downloads.book import DRAFT_PLAIN_TEXT, Role, facts_of, parts
from referentiel.editions.downloads.pdf import as_pdf
from referentiel.editions.material import Material
from referentiel.editions.mentions import NOTICE
from referentiel.editions.summary import Card, Summary
from tests.edition_material import criterion, material

PROGRAMS = ("qpdf", "pdftotext", "pdfinfo", "pdffonts")
MISSING = [program for program in PROGRAMS if shutil.which(program) is None]
pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"these programs are not installed: {', '.join(MISSING)}"),
    pytest.mark.xdist_group("pdf"),
]

A4 = (595.28, 841.89)
PAGES_OF_A4 = 800
BODY = ("-x", "0", "-y", "66", "-W", "600", "-H", "710")
"""The page without its running heads and feet, in points"""
HOSTILE = """\
#read("/etc/passwd") #eval("1+1") @ref $x$ \\ <p1> {attr} #panic() ~ -- ... "q" // dehors /* dedans */

`#read("/etc/passwd")` et **#[gras]** puis `]#` ; *#emph[x]*

    #import "/etc/passwd"

| #table | @cellule |
| --- | --- |
| $1 + 1$ | [E1](/criteres/E1) |

[Une page du dehors](https://exemple.fr/a?b=c&d=e#f) et [la même rubrique](#pourquoi), [un critère parti](/criteres/Z9).
"""


@pytest.fixture(scope="module")
def text() -> Material:
    withdrawn = (CONTENT / "criteres" / "E5.md").read_text(encoding="utf-8")
    withdrawn = withdrawn.replace("etat: en_vigueur", "etat: retire\nremplace_par: [E4]")
    withdrawn += "\n## Raison du retrait\n\nLe critère E4 dit la même chose.\n"
    return material({"criteres/E5.md": withdrawn}, note="Cette édition retire un critère.")


@pytest.fixture(scope="module")
def printed(text: Material, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(text, tmp_path_factory.mktemp("pdf"))


@pytest.fixture(scope="module")
def document(printed: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(printed) as opened:
        yield opened


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    text = criterion(Pourquoi=HOSTILE, Énoncé="#include " + "très" * 900, Facile_à_lire="#lorem(9) 🙂\n- [x](y)")
    return written(material({"criteres/E4.md": text}), tmp_path_factory.mktemp("pdf"))


def test_qpdf_finds_nothing_to_say(printed: Path, hostile: Path) -> None:
    for path in (printed, hostile):
        done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_each_page_is_a4_and_bears_number_status_and_its_own_number(text: Material, printed: Path) -> None:
    with pikepdf.open(printed) as document:
        sizes = {tuple(round(float(side), 2) for side in page.mediabox[2:]) for page in document.pages}
    assert sizes == {A4}
    pages = run("pdftotext", printed, "-").split("\f")[:-1]
    assert 40 < len(pages) < PAGES_OF_A4
    for number, page in enumerate(pages, 1):
        assert f"Édition {text.edition.number}" in page
        assert text.edition.status in page
        assert bare(NOTICE) in bare(page)
        assert f"Page {number} sur {len(pages)}" in page


def test_every_letter_is_in_the_file(printed: Path, hostile: Path) -> None:
    for path in (printed, hostile):
        fonts = run("pdffonts", path).splitlines()[2:]
        assert fonts
        for line in fonts:
            embedded, _, to_unicode = line.split()[-5:-2]
            assert (embedded, to_unicode) == ("yes", "yes"), line


def test_it_says_what_it_is_to_those_who_do_not_see_it(text: Material, document: pikepdf.Pdf) -> None:
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert text.summary.title in metadata["dc:title"]
        assert "dc:creator" not in metadata
    assert bool(document.Root.MarkInfo.Marked)
    assert str(document.Root.Lang) == "fr-FR"
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    assert "/Author" not in document.docinfo
    assert all(page.get("/Tabs") == "/S" for page in document.pages if "/Annots" in page)


def test_its_headings_are_those_of_the_book_and_skip_no_level(text: Material, document: pikepdf.Pdf) -> None:
    found = [
        (int(str(element.S)[2:]), str(element.get("/T", "")))
        for element in elements(document)
        if re.fullmatch(r"/H[1-6]", str(element.S))
    ]
    levels = [level for level, _ in found]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    known = [part.level for part in parts(text) if part.level]
    body = levels[2:]
    assert len(body) >= len(known)
    assert body.count(1) == known.count(1)
    assert body.count(2) == known.count(2)


def test_lists_tables_and_the_square_are_told_as_such(text: Material, document: pikepdf.Pdf) -> None:
    by_kind: dict[str, list[Any]] = {}
    for element in elements(document):
        by_kind.setdefault(str(element.S), []).append(element)
    shown = "".join(str(render(part.body)) for part in parts(text) if part.role not in (Role.PLAIN_TEXT, Role.CHAPTER))
    assert len(by_kind["/Table"]) == shown.count("<table>") > 0
    assert len(by_kind["/TH"]) == len(re.findall("<th[ >]", shown))
    assert len(by_kind["/TD"]) == len(re.findall("<td[ >]", shown))
    assert len(by_kind["/LI"]) == len(by_kind["/LBody"]) > shown.count("<li>")
    assert {str(element.P.S) for element in by_kind["/LI"]} == {"/L"}
    assert {str(element.P.S) for element in by_kind["/TR"]} == {"/THead", "/TBody"}
    assert all(any(str(attribute.get("/Scope")) == "/Column" for attribute in attributes(th)) for th in by_kind["/TH"])
    [figure] = by_kind["/Figure"]
    assert text.edition.verification_address in str(figure.Alt)


def test_bookmarks_lead_to_each_chapter_and_each_criterion(text: Material, document: pikepdf.Pdf) -> None:
    with document.open_outline() as outline:
        told = [(item.title, [child.title for child in item.children]) for item in outline.root]
    by_title = dict(told)
    for chapter in text.summary.chapters:
        assert {f"{line.code}. {line.title}" for line in chapter.criteria} <= set(
            by_title[f"{chapter.code}. {chapter.title}"]
        )
    assert len(by_title["Les mots expliqués"]) == len(text.summary.terms)


def test_each_sentence_is_there_in_order_for_the_eye(text: Material, printed: Path) -> None:
    is_said_in_order(run("pdftotext", *BODY, "-f", "2", printed, "-"), text)


def test_each_sentence_is_there_in_order_for_the_ear(text: Material, tmp_path: Path) -> None:
    kept = re.compile(r"referentiel|chapitres/[AE]|criteres/(A1|E4|E5)|pages/methode|glossaire/c.*|outils/dora")
    texts = {path: words for path, words in text.texts.items() if kept.fullmatch(path.removesuffix(".md"))}
    documents = {path: text.documents[path] for path in texts}
    summary = Summary.of(dict.fromkeys(texts, "0" * 40), lambda path: Card.of(documents[path]))
    some = Material(text.edition, summary, documents, texts)
    told = run("pdfinfo", "-struct-text", written(some, tmp_path))
    is_said_in_order("".join(re.findall(r'^ *"(.*)"$', told, re.M)), some)


def test_the_first_page_says_which_text_this_is(text: Material, printed: Path) -> None:
    first = bare(run("pdftotext", "-l", "1", printed, "-"))
    assert bare(text.summary.title) in first
    for label, words in facts_of(text.edition):
        assert bare(label) in first
        assert bare(words) in first


def test_what_is_withdrawn_keeps_its_page_and_says_why(printed: Path) -> None:
    pages = run("pdftotext", printed, "-").split("\f")
    [page] = [page for page in pages if "Raison du retrait" in page]
    assert "E5" in page or any("E5" in before and "Retiré" in before for before in pages)
    assert "Le critère E4 dit la même chose." in page


def test_nothing_of_the_text_is_run_or_opens_a_file(hostile: Path) -> None:
    said = run("pdftotext", hostile, "-")
    assert "root:" not in said
    for typed in (
        '#read("/etc/passwd")',
        '#eval("1+1")',
        "@ref",
        "$x$",
        "<p1>",
        "{attr}",
        "#panic()",
        "/* dedans */",
        "#[gras]",
        "#emph[x]",
        '#import "/etc/passwd"',
        "#table",
        "$1 + 1$",
        "#lorem(9)",
    ):
        assert bare(typed) in bare(said), typed
    assert "[U+1F642]" in said


def test_links_lead_to_the_book_or_outside_and_nowhere_else(hostile: Path) -> None:
    with pikepdf.open(hostile) as document:
        links = [note for page in document.pages for note in page.get("/Annots", []) if str(note.Subtype) == "/Link"]
        outside = {str(note.A.URI) for note in links if "/A" in note and "/URI" in note.A}
        assert all(str(note.get("/Contents", "")) for note in links)
    assert "https://exemple.fr/a?b=c&d=e#f" in outside
    assert outside <= {
        "https://exemple.fr/a?b=c&d=e#f",
        "https://referentiel.example/editions/2026.1/verifier",
        "https://referentiel.example/criteres/Z9",
    }


def test_a_word_that_no_line_would_hold_stays_on_the_paper(hostile: Path) -> None:
    ends = [float(end) for end in re.findall(r'<word [^>]*xMax="([0-9.]+)"', run("pdftotext", "-bbox", hostile, "-"))]
    assert max(ends) < A4[0] - 50


def written(text: Material, folder: Path) -> Path:
    [(name, made)] = as_pdf(text).items()
    path = folder / name
    path.write_bytes(made)
    return path


def run(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode(errors="replace")


def bare(words: str) -> str:
    """The signs alone: where lines were cut, and at which hyphen, is nobody's concern."""
    return re.sub(r"[\s\u00ad\u2010-]", "", words)


def is_said_in_order(told: str, text: Material) -> None:
    said = bare(told)
    place = said.index(bare("Note de cette édition"))
    for piece in pieces(text):
        found = said.find(bare(piece), place)
        assert found >= 0, f"{piece!r} is missing after {said[place - 80 : place]!r}"
        place = found + len(bare(piece))


def elements(document: pikepdf.Pdf) -> Iterator[Any]:
    """Each element of the structure tree, in the order in which it is read aloud."""
    waiting = [document.Root.StructTreeRoot.K]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting.extend(reversed(list(one)))
        elif isinstance(one, pikepdf.Dictionary):
            if "/S" in one:
                yield one
            if "/K" in one:
                waiting.append(one.K)


def attributes(element: Any) -> list[Any]:
    held = element.get("/A", [])
    return list(held) if isinstance(held, pikepdf.Array) else [held]


def pieces(text: Material) -> Iterator[str]:
    """What each passage says, in reading order, as the site shows it."""
    for part in parts(text):
        if part.level:
            yield part.title
        for label, words in part.facts:
            yield label
            yield words
        if part.role in (Role.PLAIN_TEXT, Role.CHAPTER):
            yield from plain_lines(part.body)
        else:
            yield from _Words.of(str(render(part.body)))
        if part.role is Role.PLAIN_TEXT:
            yield DRAFT_PLAIN_TEXT


class _Words(HTMLParser):
    """The words of HTML, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    @classmethod
    def of(cls, html: str) -> list[str]:
        reader = cls()
        reader.feed(html)
        reader.close()
        return [words for words in reader.found if words.strip()]
