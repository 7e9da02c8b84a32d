"""The pages about the site, the display settings, and what machines ask for."""

import json
import re

import pytest
from flask import Flask

from referentiel.blueprints.pages import CHOICES
from tests.cast import Someone, forms_of

PAGES = ("/aide", "/accessibilite", "/mentions-legales", "/donnees-personnelles", "/plan-du-site", "/apparence")


@pytest.mark.parametrize("address", PAGES)
def test_a_passer_by_opens_it(passer_by: Someone, address: str) -> None:
    passer_by.get(address)


@pytest.mark.parametrize("address", ["/accessibilite", "/mentions-legales", "/donnees-personnelles"])
def test_a_legal_page_says_what_the_operator_has_not_written_yet(passer_by: Someone, address: str, app: Flask) -> None:
    assert "Cette page n’est pas complète." in passer_by.get(address).get_data(as_text=True)
    folder = app.extensions["referentiel"].settings.instance / "pages"
    folder.mkdir()
    (folder / f"{address[1:]}.md").write_text("## Responsable\n\nLa Régie du Pont, 1 rue du Pont.\n", encoding="utf-8")
    page = passer_by.get(address).get_data(as_text=True)
    assert "La Régie du Pont" in page
    assert "Cette page n’est pas complète." not in page


def test_the_display_is_kept_in_one_cookie_and_changes_one_file_only(passer_by: Someone) -> None:
    before = passer_by.get("/aide").get_data()
    plain = passer_by.get("/apparence.css")
    assert plain.get_data() == b""
    assert plain.headers["Vary"] == "Cookie"
    assert "private" in plain.headers["Cache-Control"]

    answer = passer_by.fill("/apparence", taille="3", theme="jaune-sur-noir", espace="2", lettres="larges")
    assert answer.status_code == 303
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("apparence="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Vos choix sont gardés" in passer_by.follow(answer).get_data(as_text=True)

    sheet = passer_by.get("/apparence.css").get_data(as_text=True)
    assert "font-size: 135%" in sheet
    assert "--paper: #000" in sheet
    assert "word-spacing" in sheet
    assert "Verdana" in sheet
    assert passer_by.get("/aide").get_data() == before


def test_who_asks_for_plain_words_first_gets_them_on_the_page_of_a_criterion(passer_by: Someone) -> None:
    before = passer_by.get("/criteres/E4").get_data(as_text=True)
    assert 'class="plain-first' in before
    passer_by.fill("/apparence", facile="2")
    assert ".plain-first { display: block" in passer_by.get("/apparence.css").get_data(as_text=True)
    assert passer_by.get("/criteres/E4").get_data(as_text=True) == before


def test_a_cookie_that_we_did_not_write_changes_nothing(passer_by: Someone) -> None:
    for value in ("taille:99_theme:../../x", "taille", "_:_", "theme:clair}body{}", "é" * 200):
        passer_by.client.set_cookie("apparence", value, domain="127.0.0.1")
        assert passer_by.get("/apparence.css").get_data() == b""


def test_a_setting_that_does_not_exist_is_refused_beside_its_field(passer_by: Someone) -> None:
    answer = passer_by.fill("/apparence", taille="99")
    assert answer.status_code in {200, 422}
    assert "Choisissez une des réponses proposées" in answer.get_data(as_text=True)


def test_the_sheet_is_not_sent_twice(passer_by: Someone) -> None:
    tag = passer_by.get("/apparence.css").headers["ETag"]
    passer_by.get("/apparence.css", headers={"If-None-Match": tag}, status=304)


def test_each_setting_has_its_file(app: Flask) -> None:
    for name, values in CHOICES.items():
        for value in values[1:]:
            with app.open_resource(f"static/apparence/{name}-{value}.css") as file:
                assert file.read().strip()


def test_machines_are_answered(passer_by: Someone) -> None:
    assert passer_by.get("/sante").get_data() == b"ok\n"
    assert json.loads(passer_by.get("/sante/pret").get_data()) == {"ready": True, "missing": []}
    assert "Disallow: /connexion" in passer_by.get("/robots.txt").get_data(as_text=True)
    assert "<loc>http://127.0.0.1:8000/criteres/E4</loc>" in passer_by.get("/sitemap.xml").get_data(as_text=True)
    passer_by.get("/favicon.ico", status=301)
    manifest = passer_by.get("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    assert json.loads(manifest.get_data())["start_url"] == "/"


def test_a_static_file_is_kept_for_ever_under_its_own_hash_and_compressed(passer_by: Someone) -> None:
    page = passer_by.get("/aide").get_data(as_text=True)
    address = re.search(r'href="(/static/ui\.css\?v=\w+)"', page)
    assert address
    packed = passer_by.get(address.group(1), headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "immutable" in packed.headers["Cache-Control"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.get_data()) <= 14_000
    plain = passer_by.get("/static/ui.css?v=another")
    assert "immutable" not in plain.headers["Cache-Control"]
    assert b"--accent" in plain.get_data()
    passer_by.get(address.group(1), headers={"If-None-Match": plain.headers["ETag"]}, status=304)


@pytest.mark.parametrize("name", ["../config.py", "..%2fconfig.py", "absent.css", "js", ""])
def test_nothing_else_is_served_as_a_static_file(passer_by: Someone, name: str) -> None:
    passer_by.get(f"/static/{name}", status=404)


def test_the_first_view_is_light(passer_by: Someone) -> None:
    page = passer_by.get("/")
    text = page.get_data(as_text=True)
    weight = len(page.get_data())
    for address in re.findall(r'<(?:link|script)[^>]+(?:href|src)="(/[^"]+)"', text):
        weight += len(passer_by.get(address, headers={"Accept-Encoding": "gzip"}).get_data())
    assert weight <= 60_000, f"the first view weighs {weight} bytes on the wire"


def test_an_address_that_does_not_exist_offers_a_search(passer_by: Someone) -> None:
    page = passer_by.get("/nulle-part", status=404).get_data(as_text=True)
    assert 'action="/referentiel/"' in page
    assert "Lire l’édition en vigueur" in page


def test_an_address_asked_in_the_wrong_way_says_what_to_do(passer_by: Someone) -> None:
    passer_by.get("/apparence")
    token = forms_of(passer_by.page)[-1].values["csrf_token"]  # type: ignore[arg-type]
    page = passer_by.post("/aide", {"csrf_token": token}, status=405)
    assert "par un lien ou par un bouton" in page.get_data(as_text=True)
