"""Above each button that sends a text to be published, one sentence says under which licence it is given."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.dates import day
from referentiel.editions.preparing import actions as editions
from referentiel.library.library import Library
from referentiel.proposals import actions as proposals
from tests.cast import Someone
from tests.pages import parse, tags, words
from tests.proposal_lives import ago, decided, in_decision, in_discussion, submitted

TEMPLATES = Path(__file__).parents[2] / "referentiel" / "templates"
BLUEPRINTS = TEMPLATES.parent / "blueprints"
SENTENCE = "vous donnez ce texte sous Licence Ouverte 2.0"
NOT_PUBLISHED = {
    "answers/appeal.html": "the second reader alone sees why the author appeals",
    "moderating/appeal.html": "the author alone is told why",
    "moderating/refuse.html": "the author alone is told why",
    "structure_wishes/refuse.html": "the person alone is told why",
    "reattaching/page.html": "words copied from the text itself, to say where a contribution stands",
    "own_data/erase.html": "a choice between two, no text",
    "deciding/amendment.html": "who signs alone sees what the author answers",
}


def check(who: Someone, address: str) -> None:
    """Open an address: each form that takes words says the licence once, before its last button."""
    page = parse(who.get(address).get_data(as_text=True))
    forms = [form for form in tags(page, "form") if any(True for _ in tags(form, "textarea"))]
    assert forms, f"{address} has no form that takes words"
    for form in forms:
        told = words(form)
        assert told.count(SENTENCE) == 1, f"{address}: {told[:300]}"
        button = [words(one) for one in tags(form, "button") if one.get("name") != "action" or one.get("value")][-1]
        sentence = told.index(SENTENCE)
        assert told.rindex(button) > sentence, f"{address}: the licence is said after « {button} »"


def test_who_comments_is_told(library: Library, amina: Someone, bruno: Someone, chloe: Someone) -> None:
    spoken = comments.comment(Anchor(Target.CRITERION, "E4"), "Une idée.", by=bruno.person, at=ago(1), form="1")
    comments.publish(spoken, by=chloe.person, at=ago(1))
    proposal = in_discussion(library, bruno.person, chloe.person, days=5)
    for someone in (amina, bruno):
        check(someone, "/criteres/E4/contributions")
        check(someone, f"/contributions/{spoken.id}/repondre")
        check(someone, f"/propositions/{proposal.id}/contributions")
    check(amina, "/criteres/E4/avis")


def test_who_settles_a_collision_is_told(library: Library, bruno: Someone, chloe: Someone, denis: Someone) -> None:
    first = in_discussion(library, bruno.person, chloe.person, sections={"Énoncé": "Une phrase."})
    other = in_discussion(library, bruno.person, chloe.person, sections={"Énoncé": "Une autre."})
    decided(library, other, chloe.person, denis.person)
    check(bruno, f"/propositions/{first.id}/collision")


def test_who_proposes_is_told(library: Library, bruno: Someone, chloe: Someone) -> None:
    check(bruno, "/propositions/nouvelle?critere=E4")
    check(bruno, "/propositions/nouvelle?critere=E4&retirer=1")
    check(bruno, "/propositions/nouvelle?ajouter=1&chapitre=E")
    proposal = in_discussion(library, bruno.person, chloe.person, days=5)
    check(bruno, f"/propositions/{proposal.id}/modifier")
    check(bruno, f"/propositions/{proposal.id}/retirer")
    refused = submitted(library, bruno.person, days=5)
    proposals.declare_inadmissible(refused, reason="Non.", plain_reason="Non.", by=chloe.person, at=ago(1))
    check(bruno, f"/propositions/{refused.id}/second-regard")


def test_who_examines_and_decides_is_told(library: Library, bruno: Someone, chloe: Someone, denis: Someone) -> None:
    waiting = submitted(library, bruno.person, days=5)
    for step in ("faire-completer", "irrecevable"):
        check(chloe, f"/propositions/{waiting.id}/{step}")
    in_discussion(library, bruno.person, chloe.person, days=5)
    check(chloe, f"/propositions/{waiting.id}/reunir")
    ripe = in_discussion(library, bruno.person, chloe.person, path="criteres/A1.md")
    check(chloe, f"/propositions/{ripe.id}/decision")
    in_decision(library, ripe, chloe.person)
    check(denis, f"/propositions/{ripe.id}/renvoyer")


def test_who_publishes_is_told(library: Library, bruno: Someone, chloe: Someone, denis: Someone) -> None:
    closing = day(ago(40)) + timedelta(days=35)
    editions.announce(closing=closing, by=denis.person, at=ago(40))
    waiting = submitted(library, bruno.person, days=20)
    check(denis, f"/editions/preparation/reports/{waiting.id}")
    proposals.withdraw(waiting, by=bruno.person, at=ago(10))
    ripe = in_discussion(library, bruno.person, chloe.person)
    decided(library, ripe, chloe.person, denis.person, days=1)
    check(denis, "/editions/preparation")


def text_forms() -> list[Path]:
    """The templates that show a text area: those that name a field which a blueprint declares as one."""
    declared = re.compile(r"(\w+) = TextAreaField")
    fields = {
        name for file in BLUEPRINTS.glob("*.py") for name in declared.findall(file.read_text(encoding="utf-8"))
    } - {"fields"}
    shown = re.compile(rf"<textarea|form\.({'|'.join(sorted(fields))})\b|form\['section_'")
    return sorted(file for file in TEMPLATES.rglob("*.html") if shown.search(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("template", text_forms(), ids=lambda file: file.relative_to(TEMPLATES).as_posix())
def test_each_template_that_takes_text_says_the_licence_or_why_it_need_not(template: Path) -> None:
    name = template.relative_to(TEMPLATES).as_posix()
    says = re.search(r"\blicence\(\)", template.read_text(encoding="utf-8")) is not None
    assert says != (name in NOT_PUBLISHED), f"{name}: put forms.licence() above its button, or say here why not"
