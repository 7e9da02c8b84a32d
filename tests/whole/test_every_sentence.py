"""Each sentence of the text is in each form of an edition, in reading order, as the form's own reader gives it back.

A form joins by its name in ``config.FORMATS``; one that nothing here knows how to read fails.
"""

import csv
import io
import json
import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from referentiel.commands.init import CONTENT
from referentiel.config import FORMATS
from referentiel.criteria.paths import Kind, path_of
from referentiel.criteria.rendering import plain_lines, render
from referentiel.criteria.sentences import sentences
from referentiel.criteria.vocabulary import PLAIN_TEXT, SECTION_ORDER, WITHDRAWAL
from referentiel.editions.downloads.making import MAKERS
from referentiel.editions.material import Material
from referentiel.editions.pages.fragments import whole
from tests.edition_material import criterion, material

Files = Mapping[str, bytes]

AWKWARD = criterion(
    Énoncé="Le <b>salarié</b> signe, **avec** son _référent_ : $x$, :smile:, [^1] et @cite. "
    "![plan](file:///etc/passwd) \\include{/etc/passwd} `x`{=html} -- 'ainsi' ...\n\n3. troisième\n4. quatrième\n\n"
    "- **un.** Suite *l’*un\n- deux\n    1. dedans\n    2. encore\n\n> Cité « en **entier** ».\n\n"
    "| Qui | Quoi |\n|---|---|\n| La structure | `a|b` |\n| La personne | **relit** tout |\n\n"
    "#### Un titre dedans\n\nVoir [le PASS](/outils/pass-iae)\n\n    typé tel quel\n",
    Facile_à_lire="**Pas gras.**\n- Une ligne.\n# Pas un titre.\n[mot](http://ailleurs.example)",
    Pourquoi="[" * 290 + "\n\n" + "a" * 3_000 + " fin.\n\n" + "mot " * 2_000,
)


@dataclass(frozen=True, slots=True)
class Item:
    """A criterion, a page, a term… and its sections in the order of its file: title, Markdown."""

    kind: Kind
    path: str
    title: str
    sections: tuple[tuple[str, str], ...]

    @property
    def is_asked(self) -> bool:
        """Whether a structure answers it: a criterion in force."""
        return self.kind is Kind.CRITERION and WITHDRAWAL not in dict(self.sections)


def reading_order(text: Material) -> Iterator[Item]:
    """The items of the text as a reader meets them, from its table of contents alone."""
    summary = text.summary
    yield _item(text, Kind.REFERENTIAL, "", summary.title)
    for chapter in summary.chapters:
        yield _item(text, Kind.CHAPTER, chapter.code, chapter.title)
        yield from (_item(text, Kind.CRITERION, line.code, line.title) for line in chapter.criteria)
    for kind in (Kind.PAGE, Kind.TERM, Kind.TOOL, Kind.SKILL):
        yield from (_item(text, kind, line.key, line.title) for line in summary.items(kind))
    yield from (_item(text, gone.kind, gone.line.key, gone.line.title) for gone in summary.tombstones)


def _item(text: Material, kind: Kind, key: str, title: str) -> Item:
    document = text.document(kind, key)
    assert document is not None
    return Item(kind, path_of(kind, key), title, tuple((s.title, s.body) for s in document.sections if s.body))


def shown(title: str, body: str) -> list[str]:
    """The sentences of a section as the site shows them."""
    if title == PLAIN_TEXT:
        lines = plain_lines(body)
    else:
        parted = re.sub(r"</?(?:p|li|ul|ol|h\d|t[hdr]|blockquote|pre)\b[^>]*>|<br>", "\n", str(render(body)))
        lines = unescape(re.sub(r"<[^>]*>", "", parted)).split("\n")
    return [sentence for line in lines for sentence in sentences(line)]


def typed(_title: str, body: str) -> list[str]:
    """The sentences of a section as its file holds them."""
    return [sentence for line in body.split("\n") for sentence in sentences(line)]


def bare(words: str) -> str:
    """What counts in a sentence: its signs, without spaces, cuts at the end of a line, ligatures or escapes."""
    return re.sub(r"[\s\u00ad\u200b\u2060\u2010-]", "", unicodedata.normalize("NFKC", words))


# --- what each form's reader gives back


def of_page(page: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)))


def of_html(files: Files, _text: Material) -> str:
    return of_page(files["referentiel.html"].decode())


def of_epub(files: Files, _text: Material) -> str:
    """The pages in the order of the spine."""
    with zipfile.ZipFile(io.BytesIO(files["referentiel.epub"])) as book:
        package = ElementTree.fromstring(book.read("EPUB/content.opf"))
        names = {item.get("id"): item.get("href") for item in package.iter("{http://www.idpf.org/2007/opf}item")}
        spine = [names[ref.get("idref")] for ref in package.iter("{http://www.idpf.org/2007/opf}itemref")]
        return "\n".join(of_page(book.read(f"EPUB/{name}").decode()) for name in spine)


def of_office(files: Files, _text: Material) -> str:
    """What LibreOffice reads in the only document given."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    ((name, data),) = files.items()
    folder = Path(_FOLDER[0]) / Path(name).suffix[1:]
    folder.mkdir()
    (folder / name).write_bytes(data)
    home = f"-env:UserInstallation={folder.parent.as_uri()}/profile"
    command = ["soffice", home, "--headless", "--convert-to", "txt:Text (encoded):UTF8", name]
    subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=240)
    return (folder / "referentiel.txt").read_text(encoding="utf-8-sig")


def of_pdf(files: Files, _text: Material) -> str:
    """The pages without their running heads and feet."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    page = ["-x", "0", "-y", "70", "-W", "596", "-H", "704"]
    command = ["pdftotext", *page, "-enc", "UTF-8", "-nopgbrk", "-", "-"]
    done = subprocess.run(command, input=files["referentiel.pdf"], capture_output=True, check=True, timeout=240)
    return done.stdout.decode()


def of_json(files: Files, _text: Material) -> str:
    def strings(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | dict):
            for inner in value.values() if isinstance(value, dict) else value:
                yield from strings(inner)

    return "\n".join(strings(json.loads(files["referentiel.json"])))


def of_csv(files: Files, _text: Material) -> str:
    rows = csv.reader(io.StringIO(files["referentiel.csv"].decode("utf-8-sig"), newline=""), delimiter=";")
    return "\n".join(cell for row in rows for cell in row)


def of_xlsx(files: Files, _text: Material) -> str:
    book = load_workbook(io.BytesIO(files["referentiel.xlsx"]), read_only=True)
    cells = (cell for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row)
    return "\n".join(str(cell) for cell in cells if cell is not None)


def of_zip(files: Files, text: Material) -> str:
    """The files as a person opens them, one after the other."""
    with zipfile.ZipFile(io.BytesIO(files["referentiel.zip"])) as archive:
        folder = f"referentiel-{text.edition.number}"
        return "\n".join(archive.read(f"{folder}/{item.path}").decode() for item in reading_order(text))


READERS: Mapping[str, Callable[[Files, Material], str]] = {
    "html": of_html,
    "pdf": of_pdf,
    "docx": of_office,
    "odt": of_office,
    "epub": of_epub,
    "json": of_json,
    "csv": of_csv,
    "xlsx": of_xlsx,
    "zip": of_zip,
}
SOURCES = {"json", "zip"}
"""Forms that give the text as it is written, marks included"""
GRIDS = {"csv", "xlsx"}
"""Forms read column by column: the sections that have one, then the others"""
_FOLDER: list[str] = []


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Material:
    _FOLDER[:] = [str(tmp_path_factory.mktemp("readers"))]
    gone = (("criteres/E5.md", "E4"), ("glossaire/cqp.md", "clea"), ("outils/dora.md", "pass-iae"))
    return material({"criteres/E4.md": AWKWARD} | {path: withdrawn(path, by) for path, by in gone})


def withdrawn(path: str, by: str) -> str:
    """The file of an item of the starting text, once something else replaces it."""
    start, front, body = (CONTENT / path).read_text(encoding="utf-8").split("---\n", 2)
    front = front.replace("etat: en_vigueur\n", "") + f"etat: retire\nremplace_par: [{by}]\n"
    return f"{start}---\n{front}---\n{body}\n## {WITHDRAWAL}\n\nPour {by}, qui le dit mieux.\n"


def as_the_form_reads(form: str, items: list[Item]) -> list[Item]:
    if form not in GRIDS:
        return items
    columns = {title: place for place, title in enumerate(SECTION_ORDER)}
    # The definition of a word is what the word says, before any column.
    columns["Définition"] = -1
    ordered = [
        Item(item.kind, item.path, item.title, tuple(sorted(item.sections, key=lambda s: columns.get(s[0], 99))))
        for item in items
    ]
    # A workbook has the criteria, to be answered, before the other texts.
    return sorted(ordered, key=lambda item: not item.is_asked) if form == "xlsx" else ordered


@pytest.mark.parametrize("form", FORMATS)
def test_each_sentence_is_in_each_form_in_reading_order(form: str, text: Material) -> None:
    files = whole(text) if form == "html" else MAKERS[form](text)
    given = bare(READERS[form](files, text))
    said = typed if form in SOURCES else shown
    place, count = 0, 0
    for item in as_the_form_reads(form, list(reading_order(text))):
        untitled = item.kind is Kind.REFERENTIAL and form in GRIDS
        for words in ([] if untitled else [item.title], *(said(*section) for section in item.sections)):
            for sentence in words:
                found = given.find(bare(sentence), place)
                assert found >= 0, f"{form}, {item.path}: {sentence!r} after {given[max(0, place - 200) : place]!r}"
                place = found + len(bare(sentence))
                count += 1
    assert count > 1_500


def test_the_text_that_is_looked_for_is_the_whole_text(text: Material) -> None:
    read = {item.path for item in reading_order(text)}
    assert read == {path for path in text.texts if not path.startswith(("decisions/", "errata/"))}
