"""DOCX, ODT and EPUB as their own readers find them: open, in French, with real headings, without a date of the day."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from referentiel.editions.downloads import documents
from referentiel.editions.downloads.book import Role, parts
from referentiel.editions.downloads.manuscript import heading
from referentiel.editions.downloads.pandoc import PandocFailed, converted
from referentiel.editions.material import Material
from referentiel.editions.mentions import NOTICE
from tests.edition_material import criterion, edition, material

pytestmark = pytest.mark.xdist_group("documents")

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
XHTML = "{http://www.w3.org/1999/xhtml}"
EPUBCHECK = Path("/usr/share/java/epubcheck.jar")
NOTE = "Deux critères précisés.\nUn critère ajouté : G8."
HOSTILE = {
    "criteres/E4.md": criterion(
        Énoncé="<script>alert(1)</script> `x`{=html} ![plan](file:///etc/passwd) ![](http://127.0.0.1:9/plan.png) "
        "\\include{/etc/passwd} @cite $x$ [^1] :smile:\n\n[^1]: note\n\n::: {.x}\n\n## Titre {#A}\n\n"
        "[mot](javascript:alert(1)) [fichier](file:///etc/passwd) [site](/auto-evaluation/) [outil](/outils/pass-iae) "
        "[ici](#pourquoi) [bas](#nulle-part)\n\n| a | b |\n|---|---|\n| `c|d` | **e** |\n",
        Pourquoi="[" * 299 + "\n\n" + "long " * 3_000,
    ).replace("Passer d’une étape à l’autre sans trou", '<b>Titre</b> *un* {#A} "deux" & ]]> ${x}'),
    "referentiel.md": material()
    .texts["referentiel.md"]
    .replace("titre: ", 'titre: <i>*Référentiel*</i> & "partagé" ]]> -- ', 1),
}


@pytest.fixture(scope="module")
def text() -> Material:
    return material(note=NOTE)


@pytest.fixture(scope="module")
def made(text: Material) -> Mapping[str, bytes]:
    return {**documents.as_docx(text), **documents.as_odt(text), **documents.as_epub(text)}


@pytest.fixture(scope="module")
def hostile() -> Mapping[str, bytes]:
    text = material(HOSTILE)
    return {**documents.as_docx(text), **documents.as_odt(text), **documents.as_epub(text)}


def inside(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def words(element: ElementTree.Element) -> str:
    return "".join(element.itertext())


def outline(text: Material) -> list[tuple[int, str]]:
    """The headings that the book has: level, words."""
    return [(part.level, heading(part)) for part in parts(text) if part.level]


# --- DOCX


def paragraphs(docx: bytes) -> list[tuple[str, str]]:
    """Style and words of each paragraph."""
    body = ElementTree.fromstring(inside(docx)["word/document.xml"])
    found = []
    for paragraph in body.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        found.append(((style.get(f"{W}val") if style is not None else "") or "", words(paragraph)))
    return found


def test_docx_has_the_headings_of_the_book_as_headings(made: Mapping[str, bytes], text: Material) -> None:
    levels = {f"Heading{level}": level for level in range(1, 7)}
    found = [(levels[style], said) for style, said in paragraphs(made["referentiel.docx"]) if style in levels]
    assert found[1:] == outline(text)
    assert found[0] == (1, "Sommaire")
    styles = inside(made["referentiel.docx"])["word/styles.xml"].decode()
    for level in range(1, 7):
        (style,) = re.findall(rf'<w:style [^>]*w:styleId="Heading{level}".*?</w:style>', styles, flags=re.DOTALL)
        assert f'<w:name w:val="heading {level}"' in style
        assert f'<w:outlineLvl w:val="{level - 1}"' in style


def test_docx_is_in_french_on_a4_and_its_statements_have_their_style(made: Mapping[str, bytes]) -> None:
    files = inside(made["referentiel.docx"])
    assert re.findall(r'<w:lang [^>]*w:val="([^"]*)"', files["word/styles.xml"].decode()) == ["fr-FR"]
    assert "<dc:language>fr-FR</dc:language>" in files["docProps/core.xml"].decode()
    assert 'w:w="11906"' in files["word/document.xml"].decode()
    styles = [style for style, _ in paragraphs(made["referentiel.docx"])]
    assert styles.count("Enonce") == 40
    assert styles.count("Facile") > 100
    (footer,) = (content for name, content in files.items() if re.fullmatch(r"word/footer\d\.xml", name))
    assert NOTICE in footer.decode()


# --- ODT


def test_odt_has_the_headings_of_the_book_as_headings_and_is_in_french(
    made: Mapping[str, bytes], text: Material
) -> None:
    files = inside(made["referentiel.odt"])
    body = ElementTree.fromstring(files["content.xml"])
    found = [(int(h.get(f"{T}outline-level", "0")), " ".join(words(h).split(" "))) for h in body.iter(f"{T}h")]
    assert found == [(1, "Sommaire"), *outline(text)]
    styles = files["styles.xml"].decode()
    assert set(re.findall(r'fo:language="(\w+)"', styles)) <= {"fr", "zxx"}
    (style,) = re.findall(r'<style:style [^>]*style:name="Heading_20_1"[^>]*>', styles)
    assert 'style:default-outline-level="1"' in style
    assert "<dc:language>fr-FR</dc:language>" in files["meta.xml"].decode()
    assert 'fo:page-width="21cm"' in styles
    assert NOTICE in styles
    assert 'fo:border="none"' not in files["content.xml"].decode()
    assert set(re.findall(r'text:style-name="([^"]*)"', files["content.xml"].decode())) >= {"Énoncé", "Facile"}


# --- EPUB


def test_epub_leads_to_each_criterion_and_says_how_it_can_be_read(made: Mapping[str, bytes], text: Material) -> None:
    files = inside(made["referentiel.epub"])
    package = ElementTree.fromstring(files["EPUB/content.opf"])
    meta = [(one.get("property"), one.text) for one in package.iter(f"{OPF}meta")]
    assert ("schema:accessMode", "textual") in meta
    assert {value for name, value in meta if name == "schema:accessibilityFeature"} == set(
        documents.FEATURES["accessibilityFeatures"]
    )
    assert ("schema:accessibilityHazard", "none") in meta
    assert ("dcterms:modified", "2026-03-02T00:00:00Z") in meta
    assert [one.text for one in package.iter(f"{DC}language")] == ["fr-FR"]
    assert [one.text for one in package.iter(f"{DC}identifier")] == [documents.identifier(text.edition)]
    nav = ElementTree.fromstring(files["EPUB/nav.xhtml"])
    links = [words(link) for link in nav.iter(f"{XHTML}a")]
    assert {heading(part) for part in parts(text) if part.role is Role.CRITERION} <= set(links)
    for name, content in files.items():
        if name.endswith(".xhtml"):
            page = ElementTree.fromstring(content)
            assert page.get("lang") == page.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr-FR"
            assert ".xhtml" not in words(next(page.iter(f"{XHTML}title")))


def test_an_edition_keeps_its_identifier_and_no_other_has_it() -> None:
    first = documents.identifier(edition())
    assert first == documents.identifier(edition(note="autre"))
    assert first.startswith("urn:uuid:")
    assert first != documents.identifier(edition(commit="0" * 40))


@pytest.mark.skipif(not EPUBCHECK.exists() or shutil.which("java") is None, reason="epubcheck is not installed")
@pytest.mark.parametrize("which", ["made", "hostile"])
def test_epubcheck_finds_nothing(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    (tmp_path / "referentiel.epub").write_bytes(request.getfixturevalue(which)["referentiel.epub"])
    command = ["java", "-jar", str(EPUBCHECK), "referentiel.epub", "--json", "report.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    report = json.loads((tmp_path / "report.json").read_text())
    assert (done.returncode, report["messages"]) == (0, [])


# --- all of them


def said_by(archive: bytes) -> str:
    shown = [
        content.decode()
        for name, content in inside(archive).items()
        if re.search(r"(document|content)\.xml|xhtml$", name)
    ]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", " ".join(shown)))


@pytest.mark.parametrize("form", ["docx", "odt", "epub"])
def test_each_document_says_its_number_status_dates_licence_commit_and_how_to_check_it(
    form: str, made: Mapping[str, bytes], text: Material
) -> None:
    said = said_by(made[f"referentiel.{form}"])
    for fact in (
        f"2026.1, {text.edition.status}",
        "2 mars 2026",
        "1er avril 2026",
        "Licence Ouverte 2.0 (etalab-2.0)",
        text.edition.commit,
        "https://referentiel.example/editions/2026.1/verifier",
        NOTICE,
        "des personnes concernées ne les ont pas encore relus",
        *NOTE.split("\n"),
    ):
        assert fact in said, fact


@pytest.mark.parametrize("form", ["docx", "odt", "epub"])
def test_what_is_typed_to_read_a_file_or_a_site_is_only_words(form: str, hostile: Mapping[str, bytes]) -> None:
    files = inside(hostile[f"referentiel.{form}"])
    everything = "\n".join(content.decode(errors="replace") for content in files.values())
    assert "root:" not in everything
    assert not [name for name in files if re.search(r"\.(png|jpe?g|svg|js|ttf|otf)$|media/", name)]
    addresses = set(re.findall(r'(?:href|Target|src)="([^"]*)"', everything))
    schemes = {address.partition(":")[0] for address in addresses if ":" in address}
    assert schemes <= {"http", "https"}
    assert "https://referentiel.example/auto-evaluation/" in addresses
    assert not any("127.0.0.1" in address or "passwd" in address for address in addresses)
    said = said_by(hostile[f"referentiel.{form}"])
    for words_typed in (
        "&lt;script",
        "$x$",
        "[^1]",
        ":smile:",
        "@cite",
        "{=html}",
        "&lt;i&gt;*Référentiel*",
        "\\include{/etc/passwd}",
        "${x}",
    ):
        assert words_typed in said, words_typed


def test_links_lead_inside_the_book_where_they_can(hostile: Mapping[str, bytes]) -> None:
    pages = inside(hostile["referentiel.epub"])
    (page,) = (content.decode() for content in pages.values() if b'<section id="E4"' in content)
    for address, name in re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(outil|ici|bas)</a>', page):
        if name == "outil":
            file, _, place = address.partition("#")
            assert f'id="{place}"' in pages[f"EPUB/text/{file}"].decode()
            assert place == "outil-pass-iae"
        else:
            assert (name, address.partition("#")[2]) == ("ici", "E4-pourquoi")
    assert "bas" in page
    assert page.count(">outil</a>") == page.count(">ici</a>") == 1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_hostile_documents_with_their_outline(hostile: Mapping[str, bytes], tmp_path: Path) -> None:
    for form in ("docx", "odt"):
        (tmp_path / f"{form}.{form}").write_bytes(hostile[f"referentiel.{form}"])
    home = f"-env:UserInstallation={tmp_path.as_uri()}/profile"
    command = ["soffice", home, "--headless", "--convert-to", "fodt", "docx.docx", "odt.odt"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=300)
    for form in ("docx", "odt"):
        flat = ElementTree.parse(tmp_path / f"{form}.fodt").getroot()
        headings = [(int(h.get(f"{T}outline-level", "0")), words(h).strip()) for h in flat.iter(f"{T}h")]
        assert (2, 'E4. <b>Titre</b> *un* {#A} "deux" & ]]> ${x}') in headings
        assert len([level for level, _ in headings if level == 2]) > 100


def test_no_date_inside_is_that_of_the_day_when_it_was_made(made: Mapping[str, bytes]) -> None:
    for name, archive in made.items():
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            assert {entry.date_time for entry in opened.infolist()} == {(2026, 3, 2, 0, 0, 0)}, name
            first = opened.infolist()[0]
            if not name.endswith("docx"):
                assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        stamps = re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"".join(inside(archive).values()))
        assert set(stamps) <= {b"2026-03-02T00:00:00Z"}, name


def test_a_form_that_pandoc_does_not_know_says_so() -> None:
    with pytest.raises(PandocFailed, match="inconnu"):
        converted("texte", "inconnu", edition().published)
