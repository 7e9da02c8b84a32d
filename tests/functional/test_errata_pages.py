"""Errata through the pages, without script: from the text of an edition to an erratum beside it."""

import pytest
from sqlalchemy import select

from referentiel.comments.actions import publish
from referentiel.comments.anchors import Anchor, Target, quote
from referentiel.comments.suggesting import suggest
from referentiel.criteria.document import Document
from referentiel.criteria.erratum import RIGHT
from referentiel.database import session
from referentiel.errors import Invalid
from referentiel.library.library import Library
from referentiel.proposals import actions
from referentiel.proposals.models import Draft, Proposal
from tests.cast import Someone, explain, forms_of
from tests.errata_lives import CORRECTED, EDITION, WORDS, discussed, reported
from tests.proposal_lives import ago, decided

FORM = {
    "key_rubrique": "Énoncé",
    "section_au-lieu-de": WORDS,
    "section_lire": CORRECTED,
    "reason": "Le texte voté dit « par écrit ».",
    "licence": "y",
}
REPORT = f"/editions/{EDITION}/signaler"


def test_from_the_page_of_an_edition_to_an_erratum_beside_it(
    bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone, library: Library
) -> None:
    choose = bruno.get(REPORT).get_data(as_text=True)
    assert f"{REPORT}?texte=criteres/E4" in choose
    answer = bruno.fill(f"{REPORT}?texte=criteres/E4", button="Envoyer mon signalement", **FORM)
    assert answer.status_code == 303, explain(answer)
    page = bruno.follow(answer).get_data(as_text=True)
    assert f"Erratum sur E4, édition {EDITION}" in page
    assert f"Édition {EDITION}, critère" in page
    assert "<del>" not in page or "par écrit" in page
    proposal = session.scalars(select(Proposal)).one()
    actions.admit(proposal, by=chloe.person, at=ago(40))
    number = proposal.id
    for page_of_it in ("", "/differences", "/decision"):
        chloe.get(f"/propositions/{number}{page_of_it}")
    reasons = {"reason": "Une raison.", "plain_reason": "Une raison simple.", "outcome": "adopted"}
    silences = {f"silence_{college}": "Invité, sans réponse." for college in ("employees", "siae", "spe")}
    signed = chloe.fill(f"/propositions/{number}/decision", button="Signer et demander", **reasons, **silences)
    assert signed.status_code == 303, explain(signed)
    second = denis.fill(f"/propositions/{number}/signature", button="Signer la décision")
    assert second.status_code == 303, explain(second)
    act = denis.follow(second).get_data(as_text=True)
    assert f"/editions/{EDITION}/errata#E4-1" in act
    told = passer_by.get(f"/editions/{EDITION}/errata").get_data(as_text=True)
    assert WORDS in told
    assert CORRECTED in told


def test_the_passage_that_was_read_is_chosen_already(bruno: Someone) -> None:
    page = bruno.get(f"{REPORT}?texte=criteres/E4&rubrique=facile-a-lire").get_data(as_text=True)
    assert '<option selected value="Facile à lire">' in page


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(bruno: Someone) -> None:
    answer = bruno.fill(
        f"{REPORT}?texte=criteres/E4",
        button="Envoyer mon signalement",
        **{**FORM, "section_au-lieu-de": "des mots inventés", "section_lire": "", "licence": ""},
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for words in ("ne sont pas dans cette rubrique", "ce qu’il faut lire", "des mots inventés", "Le texte voté dit"):
        assert words in page


def test_a_preview_shows_the_text_of_the_edition_with_the_words_to_read(bruno: Someone) -> None:
    page = bruno.fill(f"{REPORT}?texte=criteres/E4", button="Prévisualiser", **FORM).get_data(as_text=True)
    assert "</span>par écrit<span" in page
    assert session.scalars(select(Proposal)).all() == []


def test_a_draft_of_an_erratum_is_kept_for_its_author_alone(bruno: Someone, chloe: Someone) -> None:
    answer = bruno.fill(f"{REPORT}?texte=criteres/E4", button="Enregistrer le brouillon", **FORM)
    assert answer.status_code == 303, explain(answer)
    page = bruno.follow(answer).get_data(as_text=True)
    assert CORRECTED in page
    draft = session.scalars(select(Draft)).one()
    chloe.get(f"/propositions/brouillons/{draft.id}", status=404)
    sent = bruno.fill(f"/propositions/brouillons/{draft.id}", button="Envoyer mon signalement", **FORM)
    assert sent.status_code == 303, explain(sent)
    assert session.scalars(select(Draft)).all() == []


def test_its_author_writes_the_next_wording_and_nobody_else_does(
    bruno: Someone, chloe: Someone, bruno_colleague: Someone, library: Library
) -> None:
    proposal = discussed(library, bruno.person, chloe.person, days=3)
    address = f"/propositions/{proposal.id}/erratum"
    assert f'href="{address}"' in bruno.get(f"/propositions/{proposal.id}").get_data(as_text=True)
    bruno.get(f"/propositions/{proposal.id}/modifier", status=302)
    bruno_colleague.get(address, status=404)
    fields = {"section_lire": "une transmission orale et écrite"}
    answer = bruno.fill(address, button="Envoyer ma nouvelle rédaction", **fields)
    assert answer.status_code == 303, explain(answer)
    session.expire_all()
    assert proposal.revision_number == 2
    assert Document.read(proposal.revision.main.text).section(RIGHT) == "une transmission orale et écrite"


def test_a_form_of_another_verb_makes_no_erratum(bruno: Someone, chloe: Someone, library: Library) -> None:
    """Fields changed by hand: the form of wordings refuses the verb, and the path of an erratum."""
    page = "/propositions/nouvelle?critere=E4"
    for fields in ({"kind": "erratum"}, {"texte": f"errata/{EDITION}/E4-nouveau-1.md"}):
        assert bruno.fill(page, button="Envoyer ma proposition", **fields).status_code in (404, 422)
    proposal = discussed(library, bruno.person, chloe.person, days=3)
    bruno.get(f"{REPORT}?texte=criteres/E4")
    (token,) = {form.values["csrf_token"][0] for form in forms_of(bruno.page) if "csrf_token" in form.values}
    bruno.post(f"/propositions/{proposal.id}/modifier", {"action": "envoyer", "csrf_token": token}, status=404)


@pytest.mark.parametrize(
    "address",
    [
        "/editions/2031.4/signaler",
        "/editions/2031.4/errata",
        f"{REPORT}?texte=pages/methode",
        f"{REPORT}?texte=criteres/Z9",
        f"{REPORT}?texte=criteres/../E4",
        f"{REPORT}?texte=chapitres/E4",
        "/editions/preparation/signaler",
    ],
)
def test_there_is_nothing_to_report_where_there_is_no_text(bruno: Someone, address: str) -> None:
    bruno.get(address, status=404)


def test_who_is_not_signed_in_is_led_to_the_door_and_back(passer_by: Someone) -> None:
    answer = passer_by.get(f"{REPORT}?texte=criteres/E4", status=303)
    assert "/connexion?suite=" in answer.headers["Location"]


# --- what others than its author write into it


def test_a_suggestion_changes_the_words_to_read_and_never_the_passage(
    bruno: Someone, chloe: Someone, denis: Someone, library: Library
) -> None:
    proposal = discussed(library, bruno.person, chloe.person, days=3)
    document = Document.read(proposal.revision.main.text, proposal.revision.main.path)
    numbers = {}
    for title, quotation, words in ((RIGHT, "par écrit", "par lettre"), ("Au lieu de", "transmission", "passation")):
        anchor = quote(
            Anchor(Target.PROPOSAL, str(proposal.id), title, path=document.file),
            document.section(title) or "",
            quotation,
        )
        said = suggest(anchor, "Autrement ?", words, by=chloe.person, at=ago(2), form=words)
        publish(said, by=denis.person, at=ago(1.5))
        numbers[title] = said.id
    actions.apply_suggestion(library, proposal, numbers[RIGHT], by=bruno.person, at=ago(1))
    assert Document.read(proposal.revision.main.text).section(RIGHT) == "une transmission organisée par lettre"
    with pytest.raises(Invalid, match="Seuls les mots à lire"):
        actions.apply_suggestion(library, proposal, numbers["Au lieu de"], by=bruno.person, at=ago(1))


def test_the_desk_finds_an_erratum_by_its_criterion_and_calls_it_by_its_code(
    bruno: Someone, chloe: Someone, library: Library
) -> None:
    reported(library, bruno.person, days=2)
    page = chloe.get("/bureau?critere=E4").get_data(as_text=True)
    assert '<span class="code">E4</span>' in page
    assert "La transmission est écrite" in page
    assert "La transmission est écrite" not in chloe.get("/bureau?critere=E2").get_data(as_text=True)


def test_who_reads_the_collision_of_an_erratum_is_led_back_to_it(
    bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone, library: Library
) -> None:
    first = discussed(library, bruno.person, chloe.person)
    second = discussed(library, bruno.person, chloe.person, right="une transmission orale")
    decided(library, first, chloe.person, denis.person)
    page = passer_by.get(f"/propositions/{second.id}/collision", status=409).get_data(as_text=True)
    assert "Un autre erratum corrige ces mots" in page
    mine = bruno.get(f"/propositions/{second.id}").get_data(as_text=True)
    assert f'href="/propositions/{second.id}/erratum"' in mine
