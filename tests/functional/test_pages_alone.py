"""Each page of an edition as a file by itself: opened from a disk or from the site, it needs nothing else."""

import re
from posixpath import dirname, join, normpath

import pytest

from referentiel.editions import queries
from referentiel.editions.shelf import Shelf
from referentiel.errors import Unknown
from referentiel.library.library import Library
from tests.cast import BASE, Someone
from tests.functional.test_reading import statements, words

FOLDER = "pages-seules/"
START = f"/editions/2026.0/scelle/{FOLDER}"


@pytest.fixture
def shelf(library: Library) -> Shelf:
    return queries.shelf_of(library)


@pytest.fixture
def files(shelf: Shelf) -> dict[str, str]:
    """Path → HTML of every page that stands alone."""
    paths = [path for path in shelf.edition("2026.0").manifest if path.startswith(FOLDER)]
    return {path: (shelf.path / "2026.0" / "scelle" / path).read_text("utf-8") for path in paths}


def test_each_page_of_the_edition_stands_alone_too(shelf: Shelf, files: dict[str, str]) -> None:
    assert {path[len(FOLDER) : -len(".html")] for path in files} == set(shelf.pages("2026.0"))


def test_a_file_says_which_text_it_holds_what_it_is_worth_and_how_to_verify_it(
    library: Library, files: dict[str, str]
) -> None:
    edition = queries.edition(library, "2026.0")
    page = files[f"{FOLDER}criteres/E4.html"].replace("\xa0", " ")
    for expected in (
        "2026.0, texte de départ, proposé à la discussion",
        "5 janvier 2026",
        "Licence Ouverte 2.0",
        edition.commit,
        f"{BASE}/editions/2026.0/criteres/E4",
        f"{BASE}/editions/2026.0/verifier",
        "ni une règle de droit, ni un contrôle",
        "Tout passage vers une autre structure",
        "<svg",
    ):
        assert expected in page, expected


def test_a_file_asks_for_nothing_and_leads_to_its_neighbours_on_the_same_disk(files: dict[str, str]) -> None:
    anchors = {path: set(re.findall(r' id="([^"]+)"', text)) for path, text in files.items()}
    for path, text in files.items():
        assert "<script" not in text
        assert not re.search(r'<(?:img|iframe|object)\b|<link rel="(?!canonical)', text), path
        assert not re.search(r"\ssrc=|url\(|@import", text), path
        for href in re.findall(r'<a [^>]*href="([^"]+)"', text):
            target, _hash, anchor = href.partition("#")
            if target.startswith(("http", "mailto:", "tel:")):
                continue
            assert not target.startswith("/"), (path, href)
            found = normpath(join(dirname(path), target)) if target else path
            assert found in files, (path, href)
            assert not anchor or anchor in anchors[found], (path, href)


@pytest.mark.parametrize("page", ["sommaire", "criteres/E4", "chapitres/E", "glossaire", "outils/pass-iae", "outils"])
def test_a_reader_opens_one_from_the_site(passer_by: Someone, page: str) -> None:
    """The browser of the test checks that the policy lets its own style through, and nothing else."""
    with statements() as sent:
        answer = passer_by.get(f"{START}{page}.html")
    assert sent == []
    assert answer.mimetype == "text/html"
    assert "immutable" in answer.headers["Cache-Control"]
    policy = answer.headers["Content-Security-Policy"]
    assert re.search(r"style-src 'sha256-[A-Za-z0-9+/=]+'(;|$)", policy)


def test_a_page_that_stands_alone_is_not_put_in_a_frame(shelf: Shelf, passer_by: Someone) -> None:
    with pytest.raises(Unknown):
        shelf.frame("2026.0", "fr", f"{FOLDER}criteres/E4")
    passer_by.get("/editions/2026.0/pages-seules/criteres/E4", status=404)
    fragment = passer_by.client.get("/editions/2026.0/scelle/criteres/E4.html", base_url=BASE)
    assert fragment.mimetype == "text/plain"


def test_the_page_of_a_frame_and_the_file_say_the_same_words(shelf: Shelf, files: dict[str, str]) -> None:
    for page in ("criteres/E4", "pages/methode", "glossaire"):
        sealed = (shelf.path / "2026.0" / "scelle" / f"{page}.html").read_text("utf-8")
        assert text_of(sealed) in text_of(files[f"{FOLDER}{page}.html"])


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_words_of_the_page_are_read(passer_by: Someone) -> None:
    assert "Les outils" in words(passer_by.get(f"{START}outils.html"))
