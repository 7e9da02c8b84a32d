"""One's own account: the letters that one wants, one's structure, and all that is kept about oneself."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from enum import Enum

import pytest
from flask import Flask
from sqlalchemy import Table, func, select
from sqlalchemy.exc import IntegrityError

from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.comments.moderation import Rule
from referentiel.database import Base, session, writing
from referentiel.errors import Unknown
from referentiel.journal.events import EVENTS
from referentiel.journal.queries import audit_lines
from referentiel.library.library import Library
from referentiel.people.accounts import administering, settling
from referentiel.people.models import Identity, Mail, Person, Session, Structure
from referentiel.people.models.wishes import StructureWish
from referentiel.people.structures import registering
from referentiel.people.upkeep import forget
from referentiel.permissions import Action, College, Role
from referentiel.proposals import actions as proposals
from referentiel.proposals.states import Stance
from referentiel.web.identity import open_session
from tests.cast import Someone, forms_of, now
from tests.proposal_lives import decided, in_discussion


def text_of(someone: Someone) -> str:
    assert someone.page is not None
    return someone.page.get_data(as_text=True)


def structure(name: str) -> Structure:
    return session.scalars(select(Structure).where(Structure.name == name)).one()


# Letters


def test_bruno_chooses_what_he_is_written_about(bruno: Someone) -> None:
    [asked] = [form for form in forms_of(bruno.get("/mon-compte")) if form.action.endswith("/messages")]
    assert asked.values["mail"] == ["all"]
    answer = bruno.fill("/mon-compte", to="messages", mail="answers")
    bruno.follow(answer)
    assert bruno.person.mail == Mail.ANSWERS
    assert "Votre choix est enregistré" in text_of(bruno)


def test_a_choice_that_is_not_offered_is_refused_and_the_name_is_left_alone(bruno: Someone) -> None:
    bruno.fill("/mon-compte", to="nom", name="Bruno B.")
    response = bruno.fill("/mon-compte", to="messages", mail="toutes")
    assert response.status_code == 422
    assert bruno.person.mail == Mail.ALL
    assert 'value="Bruno B."' in text_of(bruno)


def test_who_came_by_a_card_is_asked_neither_for_letters_nor_for_a_structure(amina: Someone) -> None:
    amina.get("/mon-compte")
    assert "Mes messages" not in text_of(amina)
    assert "Ma structure" not in text_of(amina)
    assert "Chantier des Lilas" not in text_of(amina)
    amina.get("/mon-compte/structure", status=404)
    amina.get("/apparence")
    amina.post("/mon-compte/messages", {"mail": "none", "csrf_token": token(amina)}, status=404)


def token(someone: Someone) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text_of(someone))
    assert found
    return found[1]


# Structure


def test_bruno_asks_for_another_structure_and_an_administrator_confirms_it(bruno: Someone, denis: Someone) -> None:
    place = structure("Régie du Pont").id
    bruno.follow(bruno.fill("/mon-compte/structure", to="/mon-compte/structure", structure=str(place)))
    assert "L’administration doit encore répondre" in text_of(bruno)
    assert bruno.person.structure_id == structure("Chantier des Lilas").id
    denis.get("/administration/demandes")
    assert "Régie du Pont" in text_of(denis)
    denis.follow(denis.fill(f"/administration/demandes/{bruno.person_id}", button="Changer sa structure"))
    session.expire_all()
    assert bruno.person.structure_id == place
    assert session.scalar(select(func.count()).select_from(StructureWish)) == 0
    events = [line.event for line in audit_lines(f"person:{bruno.person_id}")]
    assert events[:2] == ["structure.granted", "structure.asked"]


def test_a_structure_that_is_not_in_the_list_is_given_by_name_and_chosen_by_the_administrator(
    bruno: Someone, denis: Someone
) -> None:
    bruno.fill("/mon-compte/structure", to="/mon-compte/structure", name="Atelier du Lac")
    denis.get(f"/administration/demandes/{bruno.person_id}")
    assert "Atelier du Lac" in text_of(denis)
    assert "n’est pas dans la liste" in text_of(denis)
    assert denis.send(button="Changer sa structure").status_code == 422
    place = structure("Régie du Pont").id
    denis.fill(f"/administration/demandes/{bruno.person_id}", button="Changer", structure=str(place))
    session.expire_all()
    assert bruno.person.structure_id == place


def test_nothing_chosen_is_refused_beside_its_field(bruno: Someone) -> None:
    response = bruno.fill("/mon-compte/structure", to="/mon-compte/structure")
    assert response.status_code == 422
    assert "Choisissez une structure, ou écrivez son nom." in text_of(bruno)


def test_a_request_is_taken_back_and_nothing_changes(bruno: Someone, denis: Someone) -> None:
    bruno.fill("/mon-compte/structure", to="/mon-compte/structure", name="Atelier du Lac")
    bruno.fill("/mon-compte/structure", button="Retirer ma demande")
    assert session.get(StructureWish, bruno.person_id) is None
    denis.get(f"/administration/demandes/{bruno.person_id}", status=404)


def test_a_refusal_says_why_where_the_person_finds_it_and_nothing_changes(bruno: Someone, denis: Someone) -> None:
    before, path = bruno.person.structure_id, f"/administration/demandes/{bruno.person_id}"
    place = structure("Régie du Pont").id
    bruno.fill("/mon-compte/structure", to="/mon-compte/structure", structure=str(place))
    denis.get(path)
    assert f'href="{path}/refuser"' in text_of(denis)
    assert denis.fill(f"{path}/refuser", reason="  ").status_code == 422
    assert "Écrivez à la personne pourquoi vous refusez." in text_of(denis)
    denis.follow(denis.fill(f"{path}/refuser", reason="Votre contrat dit encore le Chantier des Lilas."))
    assert "La personne lira votre raison." in text_of(denis)
    assert "Personne ne demande à changer de structure." in text_of(denis)
    denis.get(path, status=404)
    session.expire_all()
    assert bruno.person.structure_id == before
    for page in ("/mon-compte", "/mon-compte/structure"):
        bruno.get(page)
        assert "Votre demande est refusée" in text_of(bruno)
        assert "Régie du Pont" in text_of(bruno)
        assert "Votre contrat dit encore le Chantier des Lilas." in text_of(bruno)
    bruno.get("/mon-compte")
    assert "doit encore répondre" not in text_of(bruno)


def test_a_new_request_takes_the_place_of_the_answer(bruno: Someone, denis: Someone) -> None:
    bruno.fill("/mon-compte/structure", to="/mon-compte/structure", name="Atelier du Lac")
    settling.refuse_wish(bruno.person_id or 0, "Je ne la trouve pas.", by=denis.person, at=now())
    assert settling.waiting_wishes() == 0
    bruno.follow(bruno.fill("/mon-compte/structure", to="/mon-compte/structure", name="Atelier du Petit Lac"))
    assert "doit encore répondre" in text_of(bruno)
    assert "Je ne la trouve pas." not in text_of(bruno)
    assert settling.waiting_wishes() == 1


def test_what_is_refused_is_answered_once(bruno: Someone, denis: Someone) -> None:
    bruno.fill("/mon-compte/structure", to="/mon-compte/structure", name="Atelier du Lac")
    settling.refuse_wish(bruno.person_id or 0, "Non.", by=denis.person, at=now())
    for act in (
        lambda: settling.refuse_wish(bruno.person_id or 0, "Non plus.", by=denis.person, at=now()),
        lambda: settling.grant_wish(bruno.person_id or 0, structure("Régie du Pont").id, by=denis.person, at=now()),
    ):
        with pytest.raises(Unknown):
            act()


def test_an_answer_does_not_keep_its_structure_in_the_list(bruno: Someone, denis: Someone) -> None:
    number = registering.add_structure("Atelier en double", "ACI", None, by=denis.person, at=now())
    bruno.fill("/mon-compte/structure", to="/mon-compte/structure", structure=str(number))
    settling.refuse_wish(bruno.person_id or 0, "Elle est en double.", by=denis.person, at=now())
    registering.delete_structure(session.get_one(Structure, number), by=denis.person, at=now())
    bruno.get("/mon-compte")
    assert "Atelier en double" in text_of(bruno)


def test_the_answer_goes_after_its_time_and_a_request_that_waits_does_not(bruno: Someone, denis: Someone) -> None:
    bruno.fill("/mon-compte/structure", to="/mon-compte/structure", name="Atelier du Lac")
    denis.fill("/mon-compte/structure", to="/mon-compte/structure", name="Atelier du Bois")
    settling.refuse_wish(bruno.person_id or 0, "Non.", by=denis.person, at=now())
    forget(at=now() + timedelta(days=89))
    assert session.get(StructureWish, bruno.person_id) is not None
    forget(at=now() + timedelta(days=91))
    session.expire_all()
    assert session.get(StructureWish, bruno.person_id) is None
    assert session.get(StructureWish, denis.person_id) is not None


@pytest.mark.parametrize("refused", [True, False])
def test_the_database_wants_a_reason_with_each_refusal_and_with_nothing_else(bruno: Someone, refused: bool) -> None:
    half = {"refused_at": now()} if refused else {"reason": "Non."}
    with pytest.raises(IntegrityError), writing() as rows:
        rows.add(StructureWish(person_id=bruno.person_id, name="Atelier", asked_at=now(), **half))


def test_an_administrator_does_not_confirm_for_oneself(denis: Someone) -> None:
    place = structure("Régie du Pont").id
    denis.fill("/mon-compte/structure", to="/mon-compte/structure", structure=str(place))
    answer = denis.fill(f"/administration/demandes/{denis.person_id}", button="Changer sa structure")
    assert answer.status_code in {403, 422}
    assert "Une autre personne" in text_of(denis)


# Sessions


def test_bruno_ends_the_session_of_another_browser(app: Flask, bruno: Someone) -> None:
    open_session(bruno.person, at=now())
    bruno.get("/mon-compte")
    assert text_of(bruno).count("Fermer cette connexion") == 2
    bruno.fill("/mon-compte", button="Fermer toutes les autres")
    assert session.scalar(select(func.count()).where(Session.person_id == bruno.person_id)) == 1


# What is kept


def lived(library: Library, bruno: Someone, chloe: Someone, amina: Someone, denis: Someone) -> None:
    """Bruno proposed, Amina spoke and took position, Chloé moderated."""
    proposal = in_discussion(library, bruno.person, chloe.person, days=3)
    proposals.take_position(proposal, Stance.FAVOURABLE, revision=1, by=amina.person, at=now())
    said = comments.comment(
        Anchor(Target.CRITERION, "E4", "Énoncé", quotation="Tout passage"),
        "Mon chef Untel crie.",
        by=amina.person,
        at=now(),
        form="1",
    )
    comments.remove(said, Rule.NAMES, "Sans le nom.", by=chloe.person, at=now())


def data_of(someone: Someone) -> dict[str, list[dict[str, object]]]:
    """The rows of the file, by part."""
    answer = someone.get("/mon-compte/mes-donnees.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'
    assert "no-store" in answer.headers["Cache-Control"]
    return {key: part["rows"] for key, part in json.loads(answer.get_data())["parts"].items()}


def test_amina_takes_away_her_words_with_their_place_their_state_and_why(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    lived(library, bruno, chloe, amina, denis)
    data = data_of(amina)
    [said] = data["comments"]
    assert (said["text"], said["state"], said["rule"]) == ("Mon chef Untel crie.", "removed", "names")
    assert (said["kind"], said["key"], said["section"], said["quotation"]) == (
        "criterion",
        "E4",
        "Énoncé",
        "Tout passage",
    )
    assert said["note"] == "Sans le nom."
    assert [row["stance"] for row in data["positions"]] == ["favourable"]
    assert len(data["sessions"]) == 1
    assert data["moderation"] == []


def test_chloe_reads_her_acts_and_nothing_of_the_people_they_were_about(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    lived(library, bruno, chloe, amina, denis)
    answer = chloe.get("/mon-compte/mes-donnees.json").get_data(as_text=True)
    assert "Untel" not in answer
    assert "bruno@tests.invalid" not in answer
    assert [row["rule"] for row in data_of(chloe)["moderation"]] == ["names"]


def test_the_page_says_the_same_in_words(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    lived(library, bruno, chloe, amina, denis)
    amina.get("/mon-compte/mes-donnees")
    for words in ("Mes contributions", "Mon chef Untel crie.", "Non publiée", "Favorable", "effacé avec le compte."):
        assert words in text_of(amina)
    bruno.get("/mon-compte/mes-donnees")
    for words in ("bruno@tests.invalid", "Chantier des Lilas", "Prévenir un mois avant", "Proposition déposée"):
        assert words in text_of(bruno)


def names_of_the_code() -> frozenset[str]:
    """Every value that a column may hold by its enum, or the audit by its event: no French word of a screen."""
    values = {one.value for table in Base.metadata.tables.values() for one in _enums(table)}
    spoken = {one.value for kind in (Action, College, Role) for one in kind}
    return frozenset((values | set(EVENTS) | spoken) - SAME_IN_FRENCH)


def _enums(table: Table) -> Iterator[Enum]:
    for column in table.columns:
        yield from getattr(column.type, "enum_class", None) or ()


SAME_IN_FRENCH = {"participant"}


def test_no_name_of_the_code_stands_on_the_page_of_anybody(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    lived(library, bruno, chloe, amina, denis)
    other = in_discussion(library, bruno.person, chloe.person, path="criteres/E5.md")
    decided(library, other, chloe.person, denis.person)
    denis.fill(f"/administration/personnes/{bruno.person_id}/suspendre", button="Suspendre")
    administering.reinstate(bruno.person, by=denis.person, at=now())
    unsaid = names_of_the_code()
    assert {"removed", "employees", "editor"} <= unsaid
    for someone in (amina, chloe, denis):
        someone.get("/mon-compte/mes-donnees")
        told = re.findall(r'<d[dt](?: dir="auto")?>([^<]*)</d[dt]>', text_of(someone))
        assert len(told) > 10
        assert not unsaid & set(told)
        assert not [words for words in told if re.fullmatch(r"[a-z]+[._][a-z_.]+|None|True|False", words)]


def test_no_secret_leaves_with_the_data(bruno: Someone) -> None:
    with writing() as rows:
        rows.add(Identity(person_id=bruno.person_id, issuer="https://fi.invalid", subject="sub-1", created_at=now()))
        person = rows.get_one(Person, bruno.person_id)
        person.totp_seed = b"seed-of-bruno-seed-of-bruno-seed"
    kept = session.scalars(select(Session).where(Session.person_id == bruno.person_id)).one()
    answer = bruno.get("/mon-compte/mes-donnees.json").get_data(as_text=True)
    assert "sub-1" in answer
    assert kept.digest not in answer
    assert "seed-of-bruno" not in answer


def test_a_line_of_the_audit_about_somebody_else_does_not_give_their_number(denis: Someone, bruno: Someone) -> None:
    denis.fill(f"/administration/personnes/{bruno.person_id}/suspendre", button="Suspendre")
    lines = data_of(denis)["audit"]
    assert ("person.suspended", "person") in {(row["event"], row["subject"]) for row in lines}
    assert f"person:{bruno.person_id}" not in {row["subject"] for row in lines}
    denis.get("/mon-compte/mes-donnees")
    assert "une autre personne" in text_of(denis)


def test_a_draft_is_read_whole(bruno: Someone) -> None:
    bruno.get("/propositions/nouvelle?critere=E4")
    bruno.send(button="brouillon", title="Un début", section_enonce="Un énoncé à peine commencé.")
    bruno.get("/mon-compte/mes-donnees")
    assert "Un énoncé à peine commencé." in text_of(bruno)
    [draft] = data_of(bruno)["drafts"]
    assert "Un énoncé à peine commencé." in json.dumps(draft["content"], ensure_ascii=False)


def test_no_code_of_the_database_is_shown_to_the_reader(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    lived(library, bruno, chloe, amina, denis)
    for someone in (amina, bruno, chloe):
        words = re.sub("<[^>]+>", " ", someone.get("/mon-compte/mes-donnees").get_data(as_text=True))
        for code in ("criterion", "proposal:", "person:", "in_discussion", "favourable", " link ", "comment:"):
            assert code not in words, code


def test_each_sees_their_own_data_alone(amina: Someone, bruno: Someone) -> None:
    comments.comment(
        Anchor(Target.CRITERION, "E4"), "Mots d’Amina.", by=amina.person, at=now() - timedelta(days=1), form="1"
    )
    assert "Mots d’Amina" not in bruno.get("/mon-compte/mes-donnees").get_data(as_text=True)
    assert data_of(bruno)["comments"] == []
    assert session.scalar(select(func.count()).select_from(Comment)) == 1
