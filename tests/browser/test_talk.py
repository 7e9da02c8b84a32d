"""Talking about a change in a real browser: every page for everybody; words suggested and taken up without script."""

import pytest

from referentiel.comments import actions as talk
from referentiel.comments.anchors import Anchor, Target, quote
from referentiel.comments.models import Comment
from referentiel.comments.suggesting import suggest
from referentiel.comments.wishing import wish
from referentiel.criteria.document import Document
from referentiel.database import session
from referentiel.people.models import Person
from referentiel.permissions import Role
from referentiel.web.stores import library
from tests.browser.conftest import Site, Visit
from tests.browser.harness import axe, small_targets
from tests.proposal_lives import ago, in_discussion

SECTION = "contributions/rubrique?fichier=criteres/E4.md&rubrique=enonce"


@pytest.fixture
def pages(site: Site) -> dict[str, str]:
    """A proposal with a suggestion, a word whose passage has gone, and a wish: their addresses."""
    with site.app.app_context():
        people = {
            person.college.value if hasattr(person.college, "value") else str(person.college): person
            for person in session.query(Person).order_by(Person.id.desc())
        }
        editors = [person for person in session.query(Person).order_by(Person.id) if Role.EDITOR in person.roles]
        amina, bruno = people["employees"], session.query(Person).filter_by(email="bruno@tests.invalid").one()
        proposal = in_discussion(library(), bruno, editors[0], days=5)
        (file,) = proposal.revision.files
        on = Anchor(Target.PROPOSAL, str(proposal.id), "Énoncé", file.blob, path=file.path)
        passage = quote(on, Document.read(file.text).section("Énoncé") or "", "un mois avant")
        said: list[Comment] = [
            suggest(passage, "Pas toujours.", "si possible un mois avant", by=amina, at=ago(3), form="1"),
            talk.comment(
                Anchor(Target.PROPOSAL, on.key, "Énoncé", file.blob, "des mots partis d’ici", "a", "b", file.path),
                "Je ne comprends pas.",
                by=amina,
                at=ago(3),
                form="2",
            ),
            wish(Anchor(Target.CRITERION, "E4"), "on me prévienne.", by=amina, at=ago(3), form="3"),
        ]
        for row in said:
            talk.publish(row, by=editors[1], at=ago(2))
        start = f"/propositions/{proposal.id}"
        return {
            "differences": f"{start}/differences",
            "section": f"{start}/{SECTION}",
            "all": f"{start}/contributions",
            "reattach": f"/mes-contributions/{said[1].id}/rattacher",
            "wish": f"/souhaits/{said[2].id}",
            "wishes": "/souhaits/",
            "ask": "/souhaits/nouveau?critere=E4",
            "thanks": f"/souhaits/{said[2].id}/merci",
            "mine": "/mes-contributions",
        }


@pytest.mark.parametrize(("size", "scheme"), [("narrow", "dark"), ("wide", "light")])
def test_every_page_of_talk_is_for_everybody(visit: Visit, pages: dict[str, str], size: str, scheme: str) -> None:
    page = visit("/souhaits/", size=size, scheme=scheme, person="amina")
    for address in pages.values():
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        axe(page)
        assert list(small_targets(page)) == [], address


def test_bruno_takes_a_suggestion_up_without_script(visit: Visit, pages: dict[str, str]) -> None:
    page = visit(pages["section"], person="bruno", script=False)
    page.get_by_role("button", name="Reprendre ces mots").click()
    assert "/differences" in page.url
    assert "La rédaction 2 reprend ces mots" in page.inner_text("main, [role=status], body")
    assert page.locator("ins").first.inner_text()


def test_amina_attaches_her_words_again_without_script(visit: Visit, pages: dict[str, str]) -> None:
    page = visit(pages["reattach"], person="amina", script=False, size="narrow")
    page.get_by_label("De quelle rubrique parle-t-elle maintenant ?").select_option("enonce")
    page.get_by_label("De quels mots parle-t-elle ?").fill("un mois avant")
    page.get_by_role("button", name="Rattacher").click()
    assert "La contribution est rattachée" in page.inner_text("body")
