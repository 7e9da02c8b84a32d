"""The pages about the site, the display settings, and what machines ask for."""

import json
import re
from dataclasses import replace

import pytest
from flask import Flask

from referentiel.app import create_app
from referentiel.blueprints.pages import CHOICES
from referentiel.config import Settings
from referentiel.people.keeping import Keeping
from tests.cast import Someone, forms_of

PAGES = ("/aide", "/accessibilite", "/mentions-legales", "/donnees-personnelles", "/plan-du-site", "/apparence")

LEGAL_PAGES = ("/accessibilite", "/mentions-legales", "/donnees-personnelles")
LEGAL = {
    "legal_publisher": "La Régie du Pont",
    "legal_address": "1 rue du Pont, 38000 Grenoble",
    "legal_contact": "00 00 00 00 00, contact@tests.invalid",
    "legal_director": "La présidente de la Régie",
    "legal_host": "Hébergeur du Val, 2 rue du Val, 00 00 00 00 01",
    "legal_dpo": "dpo@tests.invalid",
    "legal_mission": "la convention régionale du 3 mars 2026",
}


@pytest.mark.parametrize("address", PAGES)
def test_a_passer_by_opens_it(passer_by: Someone, address: str) -> None:
    passer_by.get(address)


@pytest.mark.parametrize("address", ["/accessibilite", "/mentions-legales", "/donnees-personnelles"])
def test_on_this_machine_a_legal_page_says_which_settings_are_missing(passer_by: Someone, address: str) -> None:
    page = passer_by.get(address).get_data(as_text=True)
    assert "Cette page n’est pas complète." in page
    assert "REFERENTIEL_LEGAL_PUBLISHER" in page.replace("<wbr>", "")


def test_once_set_the_legal_pages_say_who_publishes_who_hosts_and_whom_to_write_to(settings: Settings) -> None:
    app = create_app(replace(settings, **LEGAL))
    visitor = Someone(app, "a passer-by")
    pages = {name: visitor.get(name).get_data(as_text=True) for name in LEGAL_PAGES}
    assert not any("Cette page n’est pas complète." in page for page in pages.values())
    for name in ("legal_publisher", "legal_address", "legal_contact", "legal_director", "legal_host"):
        assert LEGAL[name] in pages["/mentions-legales"]
    for name in ("legal_dpo", "legal_mission", "legal_publisher"):
        assert LEGAL[name] in pages["/donnees-personnelles"]
    assert LEGAL["legal_contact"] in pages["/accessibilite"]
    other = Someone(create_app(replace(settings, **LEGAL, legal_controller="Le Conseil du Val")), "a passer-by")
    assert "Le Conseil du Val" in other.get("/donnees-personnelles").get_data(as_text=True)


def test_the_data_page_names_the_identity_provider_and_what_it_gives(settings: Settings, passer_by: Someone) -> None:
    assert "ProConnect" not in passer_by.get("/donnees-personnelles").get_data(as_text=True)
    site = replace(
        settings,
        oidc_issuer="https://id.tests.invalid",
        oidc_client_id="us",
        oidc_client_secret="s" * 40,
        oidc_name="Agent <Connect>",
        oidc_scopes="openid email",
    )
    visitor = Someone(create_app(site), "a passer-by")
    page = visitor.get("/donnees-personnelles").get_data(as_text=True)
    assert "Vous vous connectez avec Agent &lt;Connect&gt;" in page
    assert "Il nous donne votre adresse" in page
    assert "Il n’appelle Agent &lt;Connect&gt; que si" in page
    assert "SIRET" not in page, "it is not asked for"


def test_what_a_setting_says_is_text_and_nothing_else(settings: Settings) -> None:
    hostile = create_app(replace(settings, **{**LEGAL, "legal_publisher": "<script>alert(1)</script>"}))
    page = Someone(hostile, "a passer-by").get("/mentions-legales").get_data(as_text=True)
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("address", ["/accessibilite", "/mentions-legales", "/donnees-personnelles"])
def test_the_operator_may_add_to_a_legal_page(passer_by: Someone, address: str, app: Flask) -> None:
    folder = app.extensions["referentiel"].settings.instance / "pages"
    folder.mkdir()
    (folder / f"{address[1:]}.md").write_text("L’audit a eu lieu le 3 mars.\n", encoding="utf-8")
    page = passer_by.get(address).get_data(as_text=True)
    assert "Ce que précise l’exploitant" in page
    assert "L’audit a eu lieu le 3 mars." in page


def test_the_data_page_says_each_duration_that_the_jobs_apply(settings: Settings) -> None:
    odd = replace(settings, keep_answered_days=101, keep_unanswered_days=202, keep_idle_days=303, idle_notice_days=44)
    page = Someone(create_app(odd), "a passer-by").get("/donnees-personnelles").get_data(as_text=True)
    keeping = Keeping.of(odd)
    for kept in (keeping.answered, keeping.unanswered, keeping.idle, keeping.idle_notice):
        assert f"{kept.days} jours" in page
    usual = Someone(create_app(settings), "a passer-by").get("/donnees-personnelles").get_data(as_text=True)
    for words in ("3 ans au plus", "2 ans sans visite", "1 jour.", "7 jours au plus"):
        assert words in usual
    assert 'href="/mon-compte"' in usual
    assert "mission d’intérêt public" in usual


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
