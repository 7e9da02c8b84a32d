"""Before words that seem to tell who somebody is leave, the person is asked. Nothing is lost, nothing is refused."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from referentiel.comments.models import Comment
from referentiel.database import session
from referentiel.library.library import Library
from referentiel.proposals.models import Proposal
from tests.cast import Someone
from tests.functional.test_commenting import page_of, published, rows, said
from tests.proposal_lives import in_discussion

CALL = "Appelez-moi au 06 12 34 56 78, merci."
ASKED = "Votre texte semble contenir un numéro de téléphone\u00a0: «\u00a006 12 34 56 78\u00a0»."


def test_amina_is_asked_about_a_telephone_number_and_sends_all_the_same(amina: Someone) -> None:
    response = amina.fill("/criteres/E4/avis", visage="yes", texte=CALL)
    assert response.status_code == 422
    assert rows() == 0
    page = page_of(amina)
    assert ASKED in page
    assert CALL in page, "her words are still there"
    assert 'value="yes"' in page
    assert "checked" in page, "so is her face"
    assert "Avant d’envoyer, relisez ceci" in page
    assert "Votre texte est gardé. Rien n’a été envoyé." in page
    assert amina.send(to="/avis", button="Envoyer quand même").status_code == 303
    assert session.scalars(select(Comment)).one().text == CALL


def test_amina_takes_the_number_out_and_is_asked_nothing_more(amina: Someone) -> None:
    amina.fill("/criteres/E4/avis", visage="yes", texte=CALL)
    assert amina.send(to="/avis", button="Envoyer mon avis", texte="Appelez-moi, merci.").status_code == 303
    assert session.scalars(select(Comment)).one().text == "Appelez-moi, merci."


def test_sending_all_the_same_is_for_what_was_shown_and_something_new_is_asked_about(amina: Someone) -> None:
    amina.fill("/criteres/E4/avis", visage="yes", texte=CALL)
    both = f"{CALL} Ou à amina@exemple.fr."
    assert amina.send(to="/avis", button="Envoyer quand même", texte=both).status_code == 422
    assert "amina@exemple.fr" in page_of(amina)
    assert ASKED not in page_of(amina)
    assert amina.send(to="/avis", button="Envoyer quand même").status_code == 303


def test_what_was_said_once_is_not_asked_again_after_another_mistake(bruno: Someone) -> None:
    bruno.fill("/criteres/E4/contributions", texte=CALL, citation="des mots qui n’y sont pas")
    assert bruno.send(to="/contributions", button="Envoyer quand même").status_code == 422
    assert "Copiez-les tels qu’ils y sont" in page_of(bruno)
    assert ASKED not in page_of(bruno)
    assert bruno.send(to="/contributions", button="Envoyer ma contribution", citation="").status_code == 303
    assert session.scalars(select(Comment)).one().text == CALL


@pytest.mark.parametrize("forged", ["", "oui", "0" * 16, "x" * 5000, "0123456789abcdef,," * 400])
def test_an_invented_leave_to_send_asks_all_the_same(forged: str, amina: Someone) -> None:
    amina.get("/criteres/E4/avis")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page_of(amina))
    assert token
    sent = {"csrf_token": token[1], "visage": "yes", "texte": CALL, "quand_meme": forged}
    assert amina.post("/criteres/E4/avis", sent).status_code == 422
    assert rows() == 0


def test_ordinary_words_are_asked_about_by_nobody(amina: Someone) -> None:
    words = "L’article 5132-1 le dit, M. le préfet aussi, le 01/02/2026. Voir E4, SIRET 732 829 320 00074."
    assert amina.fill("/criteres/E4/avis", visage="yes", texte=words).status_code == 303


def test_a_reply_asks(bruno: Someone, chloe: Someone, denis: Someone) -> None:
    parent = published(bruno, "Des mots.", denis)
    assert chloe.fill(f"/contributions/{parent.id}/repondre", texte="Voyez M. Dupont.").status_code == 422
    assert "le nom d’une personne" in page_of(chloe)
    assert chloe.send(to="/repondre", button="Envoyer quand même").status_code == 303


def test_words_on_a_proposal_ask(bruno: Someone, chloe: Someone, library: Library) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    assert chloe.fill(f"/propositions/{proposal.id}/contributions", texte=CALL).status_code == 422
    assert chloe.send(to="/contributions", button="Envoyer quand même").status_code == 303


def test_a_reason_of_moderation_asks(amina: Someone, chloe: Someone) -> None:
    row = said(amina, "Des mots.")
    path = f"/moderation/{row.id}/ne-pas-publier"
    assert chloe.fill(path, regle="names", precision="Appelez Mme Durand.").status_code == 422
    assert chloe.send(to=path, button="Envoyer quand même").status_code == 303


def test_an_appeal_asks(amina: Someone, chloe: Someone) -> None:
    row = said(amina, "Des mots.")
    chloe.fill(f"/moderation/{row.id}/ne-pas-publier", regle="twice")
    assert amina.fill(f"/mes-contributions/{row.id}/recours", texte=CALL).status_code == 422
    assert amina.send(to="/recours", button="Envoyer quand même").status_code == 303


def test_a_proposal_asks_in_its_reasons_and_its_texts_and_leaves_when_told_to(bruno: Someone) -> None:
    sheet = {
        "title": "Prévenir",
        "section_enonce": "On prévient la personne, au 04 76 00 11 22.",
        "reason": "Mme Durand l’a demandé.",
        "plain_change": "On me prévient.",
        "licence": "y",
    }
    assert bruno.fill("/propositions/nouvelle?critere=E4", button="Envoyer", **sheet).status_code == 422
    page = page_of(bruno)
    assert "04 76 00 11 22" in page
    assert "Mme Durand" in page
    assert "On me prévient." in page
    assert session.scalars(select(Proposal)).all() == []
    assert bruno.send(to="/propositions/nouvelle", button="Envoyer quand même").status_code == 303
    assert session.scalars(select(Proposal)).one().revision.reason == "Mme Durand l’a demandé."


def test_a_draft_and_a_preview_ask_nothing(bruno: Someone) -> None:
    for button, status in (("brouillon", 303), ("Prévisualiser", 200)):
        response = bruno.fill("/propositions/nouvelle?critere=E4", button=button, reason=CALL)
        assert response.status_code == status, button
        assert "Envoyer quand même" not in page_of(bruno)


def test_a_step_s_reason_asks(bruno: Someone, chloe: Someone, library: Library) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    path = f"/propositions/{proposal.id}/retirer"
    assert bruno.fill(path, reason="Mme Durand s’en charge.").status_code == 422
    assert bruno.send(button="Envoyer quand même").status_code == 303


def test_every_place_to_write_says_not_to_name_anybody(
    amina: Someone, bruno: Someone, chloe: Someone, library: Library
) -> None:
    proposal = in_discussion(library, bruno.person, chloe.person)
    row = said(amina, "Des mots.", at=datetime.now(UTC))
    pages = (
        (amina, "/criteres/E4/avis"),
        (bruno, "/criteres/E4/contributions"),
        (bruno, "/propositions/nouvelle?critere=E4"),
        (bruno, "/propositions/nouvelle?ajouter=1"),
        (bruno, f"/propositions/{proposal.id}"),
        (bruno, f"/propositions/{proposal.id}/retirer"),
        (chloe, f"/moderation/{row.id}/ne-pas-publier"),
    )
    for who, path in pages:
        who.get(path)
        page = page_of(who)
        areas = re.findall(r"<textarea[^>]*>", page)
        assert areas, path
        for area in areas:
            if 'name="citation"' in area:
                continue
            described = re.search(r'aria-describedby="([^" ]+)', area)
            assert described, (path, area)
            hint = re.search(rf'id="{re.escape(described[1])}"[^>]*>([^<]*)', page)
            assert hint, (path, area)
            assert "N’écrivez ni nom, ni téléphone, ni adresse." in hint[1], (path, area)
