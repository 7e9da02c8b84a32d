"""The addresses are a contract with the outside: each that exists so far answers, or leads where it says."""

import gzip
import re
from pathlib import Path

import pytest

from tests.cast import BASE, Someone

READ = (
    "/",
    "/referentiel/",
    "/referentiel/?q=direccte",
    "/referentiel/?structure=ACI&etape=coordination&niveau=imperatif",
    "/referentiel/?le=2026-06-01",
    "/criteres/E4",
    "/criteres/E4/historique",
    "/criteres/E4/pourquoi",
    "/chapitres/A",
    "/pages/methode",
    "/glossaire/",
    "/territoires/",
    "/outils/",
    "/outils/pass-iae",
    "/competences/",
    "/editions/",
    "/editions/2026.0/",
    "/editions/2026.0/criteres/E4",
    "/editions/2026.0/scelle/criteres/E4.md",
    "/comparer?de=2026.0&a=travail",
    "/depuis/2026-06-01",
    "/suivre",
    "/flux/editions.atom",
    "/flux/propositions.atom",
    "/flux/criteres/E4.atom",
    "/flux/chapitres/E.atom",
    "/criteres/E4/historique/comparer?de=1&a=1",
    "/travail/",
    "/travail/criteres/E4",
    "/propositions/",
    "/moderation/registre",
    "/rejoindre",
    "/mes-contributions",
    "/connexion",
    "/apparence",
    "/apparence.css",
    "/aide",
    "/accessibilite",
    "/mentions-legales",
    "/donnees-personnelles",
    "/plan-du-site",
    "/robots.txt",
    "/sitemap.xml",
    "/manifest.webmanifest",
    "/sante",
    "/sante/pret",
)
LEAD = {
    "/propositions/nouvelle?critere=E4": "/connexion",
    "/bureau": "/connexion",
    "/mon-compte": "/connexion",
    "/administration/": "/connexion",
    "/editions/2026.0/referentiel.html": "/editions/2026.0/scelle/",
    "/editions/2026.0/referentiel.json": "/editions/2026.0/scelle/",
}
ON_THE_WIRE = 60_000


@pytest.mark.parametrize("address", READ)
def test_an_address_of_the_contract_answers(address: str, passer_by: Someone) -> None:
    passer_by.get(address)


@pytest.mark.parametrize("address", [address for address in READ if not address.startswith(("/rejoindre", "/con"))])
def test_reading_sets_no_cookie(address: str, passer_by: Someone) -> None:
    response = passer_by.get(address)
    allowed = address == "/apparence"
    assert allowed or "Set-Cookie" not in response.headers


@pytest.mark.parametrize(("address", "where"), LEAD.items())
def test_an_address_leads_where_the_contract_says(address: str, where: str, passer_by: Someone) -> None:
    response = passer_by.client.get(address, base_url=BASE)
    assert response.status_code in {302, 303, 307, 308}
    assert where in response.headers["Location"]


@pytest.mark.parametrize("address", ["/", "/referentiel/", "/criteres/E4", "/editions/2026.0/criteres/E4"])
def test_a_first_view_weighs_little_on_an_old_telephone(address: str, passer_by: Someone) -> None:
    """The page and all that it asks for, compressed as a server in front would do it."""
    page = passer_by.get(address).get_data()
    asked = set(re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="(/[^"]+)"', page.decode()))
    linked = {name for name in asked if re.search(r"\.(css|js|svg|webmanifest)(\?|$)", name)}
    assert linked
    bodies = [page]
    for name in linked:
        bodies.append(passer_by.get(name).get_data())
    for module in re.findall(rb'from "\./([a-z-]+\.js)', b"".join(bodies)):
        bodies.append((Path("referentiel/static/js") / module.decode()).read_bytes())
    assert sum(len(gzip.compress(body, 6)) for body in bodies) <= ON_THE_WIRE
