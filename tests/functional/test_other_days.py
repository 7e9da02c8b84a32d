"""The text of another day, and what is said when there was none; what is announced before it applies; how to quote."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from referentiel.database import session
from referentiel.dates import day
from referentiel.library.library import Library
from referentiel.proposals.models import Proposal
from referentiel.proposals.states import ProposalKind
from tests.cast import BASE, Someone
from tests.edition_lives import adopted, published, second_edition, withdrawn
from tests.functional.test_reading import statements, words
from tests.proposal_lives import decided, in_discussion

TODAY = day(datetime.now(UTC))


# --- a day that had a text


def test_a_past_day_tells_the_decisions_that_made_its_text(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person)
    for address in ("/criteres/E4", "/referentiel/"):
        then = words(passer_by.get(f"{address}?le=2026-02-01"))
        assert "Vous lisez le texte d’un autre jour : l’édition 2026.0." in then
        assert "Elle s’appliquait depuis le 5 janvier 2026." in then
        assert "Aucune : c’est le texte de départ." in then
        now = words(passer_by.get(f"{address}?le={TODAY}"))
        assert "Les décisions qui ont fait ce texte" in now
        assert 'href="/decisions/1"' in now
        assert "Vous serez prévenu plus tôt." in now
        assert "Les décisions qui ont fait ce texte" not in words(passer_by.get(address))
    assert "un mois avant, avec la personne" in words(passer_by.get(f"/criteres/E4?le={TODAY}"))
    assert "un mois avant, avec la personne" not in words(passer_by.get("/criteres/E4?le=2026-02-01"))


def test_a_decision_after_the_edition_did_not_make_its_text(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person)
    adopted(library, amina.person, chloe.person, denis.person, days=1, sections={"Énoncé": "Le passage est préparé."})
    page = words(passer_by.get(f"/criteres/E4?le={TODAY}"))
    assert 'href="/decisions/1"' in page
    assert 'href="/decisions/2"' not in page


def test_the_text_of_a_day_costs_few_statements(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person)
    for address in (f"/criteres/E4?le={TODAY}", f"/referentiel/?le={TODAY}", f"/chapitres/E?le={TODAY}"):
        passer_by.get(address)
        with statements() as sent:
            passer_by.get(address)
        assert len(sent) <= 2, address


def test_a_day_to_come_says_that_nothing_is_certain(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person, in_days=20)
    then = TODAY + timedelta(days=30)
    page = words(passer_by.get(f"/criteres/E4?le={then}"))
    assert "Ce jour n’est pas encore venu." in page
    assert "Ce sera l’édition 2026.1, si aucune autre n’est publiée d’ici là." in page
    assert "<dt>Applicable</dt><dd>à partir du" in page
    assert "<dt>En vigueur</dt>" not in page
    assert "un mois avant, avec la personne" in page


# --- a day that had none


@pytest.mark.parametrize("address", ["/referentiel/", "/criteres/E4", "/chapitres/E", "/pages/methode", "/outils/"])
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2025-12-31", "Aucune édition n’était en vigueur ce jour-là."),
        ("0001-01-02", "Aucune édition n’était en vigueur ce jour-là."),
        ("9999-12-31", "Personne ne sait encore quel texte s’appliquera ce jour-là."),
        ("2026-02-30", "Cette date n’existe pas : écrivez-la ainsi, 2026-06-01."),
        ("hier", "Cette date n’existe pas : écrivez-la ainsi, 2026-06-01."),
        ("0001-01-01", "Cette date n’existe pas"),
        ("%00", "Cette date n’existe pas"),
    ],
)
def test_a_day_without_a_text_offers_another(passer_by: Someone, address: str, asked: str, told: str) -> None:
    page = words(passer_by.get(f"{address}?le={asked}", status=404))
    assert told in page
    first = "La première édition, 2026.0, s’applique à partir du 5 janvier 2026."
    assert (first in page) == (asked != "9999-12-31")
    assert f'href="{address}"' in page
    answer = passer_by.send(to=address, le="2026-02-01")
    assert answer.status_code == 200
    assert "Vous lisez le texte d’un autre jour" in words(answer)


def test_no_day_at_all_is_today(passer_by: Someone) -> None:
    assert "En vigueur depuis" in words(passer_by.get("/referentiel/?le="))


def test_a_criterion_that_came_later_did_not_exist_that_day(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    proposal = in_discussion(
        library,
        bruno.person,
        chloe.person,
        days=60,
        kind=ProposalKind.CREATE,
        sections={"Énoncé": "La structure garde le contact.", "Facile à lire": "On garde le contact."},
        keys={
            **{"titre": "Garder le contact", "chapitre": "E", "niveau": "standard", "etape": "suivi"},
            "structures": ("ACI",),
        },
    )
    decided(library, proposal, chloe.person, denis.person, days=12)
    code = session.get_one(Proposal, proposal.id).code
    published(library, denis.person, chloe.person)
    assert "Garder le contact" in words(passer_by.get(f"/criteres/{code}"))
    page = words(passer_by.get(f"/criteres/{code}?le=2026-02-01", status=404))
    assert "Cette page n’existait pas ce jour-là" in page
    assert 'href="/referentiel/?le=2026-02-01"' in page
    assert f'href="/criteres/{code}"' in page
    assert "Cette page n’existait pas" not in words(passer_by.get("/criteres/Z9?le=2026-02-01", status=404))


def test_what_is_withdrawn_is_read_as_it_was(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    withdrawn(library, amina.person, chloe.person, denis.person)
    published(library, denis.person, chloe.person)
    assert "Ce critère est retiré" not in words(passer_by.get("/criteres/G7?le=2026-02-01"))
    today = words(passer_by.get(f"/criteres/G7?le={TODAY}"))
    assert "Ce critère est retiré" in today
    assert f'href="/criteres/G6?le={TODAY}"' in today


# --- an edition to come


def test_an_edition_to_come_is_announced_where_people_arrive_and_beside_what_it_changes(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person, in_days=20)
    for address in ("/", "/referentiel/"):
        page = words(passer_by.get(address))
        assert "L’édition 2026.1 est déjà publiée." in page
        assert "Elle sera applicable le" in page
    listed = words(passer_by.get("/editions/"))
    assert "À venir" in listed
    assert "<b>applicable le" in listed
    changed = words(passer_by.get("/criteres/E4"))
    assert "Ce critère change bientôt." in changed
    assert 'href="/editions/2026.1/criteres/E4"' in changed
    assert 'href="/travail/criteres/E4">Lire la version de travail</a></p></div></div>' not in changed
    assert "change bientôt" not in words(passer_by.get("/criteres/E3"))


def test_the_list_tells_how_long_each_edition_held(
    library: Library, amina: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person)
    page = words(passer_by.get("/editions/"))
    assert "appliquée du 5 janvier 2026 au" in page
    assert "Remplacée par 2026.1" in page
    assert 'href="/editions/2026.0/verifier"' in page
    assert 'href="/editions/2026.0/referentiel.json"' in page
    answer = passer_by.send(to="/referentiel/", le="2026-02-01")
    assert "l’édition 2026.0" in words(answer)


# --- quoting


def test_the_text_in_force_is_quoted_and_each_rubric_has_its_address(passer_by: Someone) -> None:
    page = words(passer_by.get("/criteres/E4"))
    quoted = re.search(r'<p class="cite">(.*?)</p>', page)
    assert quoted
    assert "critère E4" in quoted[1]
    assert f"{BASE}/editions/2026.0/criteres/E4" in quoted[1]
    assert 'class="anchor" href="#enonce"' in page
    assert 'class="anchor" href="#niveau-attendu"' in page
    assert "Adresse de la rubrique Niveau attendu" in page
    assert 'src="/editions/2026.0/verifier.svg"' in page
    draft = words(passer_by.get("/travail/criteres/E4"))
    assert '<p class="cite">' not in draft
    assert "verifier.svg" not in draft
