"""Structures, by the administration: listed, added, corrected, reunited, taken away; and the places where they are."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from referentiel.comments import actions as comments
from referentiel.comments.anchors import Anchor, Target
from referentiel.comments.models import Comment
from referentiel.database import session, writing
from referentiel.errors import Invalid, NotAllowed
from referentiel.journal.queries import audit_fault, audit_lines
from referentiel.people.cards import issuing
from referentiel.people.models import Card, Invitation, Person, Structure, Workshop
from referentiel.people.structures import directory, registering
from referentiel.people.structures.directory import WantedStructures
from referentiel.people.structures.registering import Sheet, links_to_structures
from referentiel.permissions import College
from tests.cast import Someone

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LIST = "/administration/structures"
LILAS, MISSION = "Chantier des Lilas", "Mission locale du Val"


def place(name: str) -> Structure:
    return session.scalars(select(Structure).where(Structure.name == name)).one()


def text(someone: Someone) -> str:
    assert someone.page is not None
    return " ".join(re.sub(r"<[^>]+>", " ", someone.page.get_data(as_text=True)).split())


def added(denis: Someone, name: str, kind: str = "ACI", territory: str = "dep-38", siret: str = "") -> Structure:
    registering.add_structure(name, kind, territory, siret=siret, by=denis.person, at=AT)
    return place(name)


def test_an_administrator_adds_a_structure_with_its_kind_its_territory_and_its_siret(denis: Someone) -> None:
    form = {"name": "Atelier <b>du</b> Nord", "kind": "EI", "territory": "dep-59", "siret": "732 829 320 00074"}
    answer = denis.fill(f"{LIST}/ajouter", **form)
    assert answer.status_code == 303
    page = denis.follow(answer).get_data(as_text=True)
    assert "Atelier &lt;b&gt;du&lt;/b&gt; Nord" in page
    assert "Nord (59)" in page
    assert "732\u00a0829\u00a0320\u00a000074" in page
    kept = place("Atelier <b>du</b> Nord")
    assert (kept.kind, kept.territory, kept.siret) == ("EI", "dep-59", "73282932000074")
    assert [line.event for line in audit_lines(f"structure:{kept.id}")] == ["structure.added"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Deux\nlignes"),
        ("name", "Caché \u202e ici"),
        ("name", "Bcc: a@tests.invalid\r\nX: y"),
        ("name", LILAS),
        ("name", "n" * 201),
        ("kind", "prison"),
        ("kind", ""),
        ("territory", "dep-999"),
        ("territory", "../dep-38"),
        ("siret", "732 829 320 00075"),
        ("siret", "12"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(denis: Someone, field: str, value: str) -> None:
    form = {"name": "Atelier du Nord", "kind": "EI", "territory": "dep-59", "siret": ""} | {field: value}
    denis.fill(f"{LIST}/ajouter", **form)
    assert denis.page is not None
    assert denis.page.status_code == 422
    assert f'href="#{field}"' in denis.page.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(Structure)) == 4


def test_a_form_made_by_hand_cannot_give_a_kind_or_a_place_that_is_not_in_the_lists(denis: Someone) -> None:
    for typed in (Sheet("X", "prison"), Sheet("X", "ACI", "dep-999"), Sheet("X", "ACI", None, "1" * 14)):
        with pytest.raises(Invalid):
            registering.edit_structure(place(LILAS), typed, by=denis.person, at=AT)
    assert place(LILAS).kind == "ACI"


def test_a_siret_names_one_structure(denis: Someone) -> None:
    added(denis, "Atelier du Nord", siret="73282932000074")
    denis.fill(f"{LIST}/ajouter", name="Autre atelier", kind="EI", siret="73282932000074")
    assert "Une autre structure a déjà ce SIRET." in text(denis)


def test_a_structure_is_corrected_and_the_audit_says_what_changed_and_no_name(denis: Someone) -> None:
    lilas = place(LILAS)
    answer = denis.fill(f"{LIST}/{lilas.id}/modifier", name="Chantier du Lilas", kind="AI", territory="reg-84")
    assert denis.follow(answer).status_code == 200
    session.expire_all()
    assert (lilas.name, lilas.kind, lilas.territory) == ("Chantier du Lilas", "AI", "reg-84")
    [line] = audit_lines(f"structure:{lilas.id}")
    assert line.details == {"changed": ["kind", "name", "territory"]}


def test_correcting_nothing_writes_nothing(denis: Someone) -> None:
    lilas = place(LILAS)
    assert denis.fill(f"{LIST}/{lilas.id}/modifier").status_code == 303
    assert audit_lines(f"structure:{lilas.id}") == []


def test_structures_are_found_by_words_without_accents_by_kind_and_by_what_a_region_holds(denis: Someone) -> None:
    added(denis, "Épicerie de l’Isère", "EI", "dep-38")
    added(denis, "Relais du Nord", "EI", "dep-59")
    added(denis, "Réseau des Alpes", "reseau", "reg-84")

    def found(**asked: str) -> list[str]:
        return [row.name for row in directory.find_structures(WantedStructures(**asked))[0]]

    assert found(words="epicerie isere") == ["Épicerie de l’Isère"]
    assert found(kind="EI") == ["Relais du Nord", "Épicerie de l’Isère"]
    assert found(kind="EI", territory="reg-84") == ["Épicerie de l’Isère"]
    assert "Réseau des Alpes" in found(territory="reg-84")
    assert "Réseau des Alpes" not in found(territory="dep-38")
    assert found(territory="dep-999") == []
    page = denis.get(f"{LIST}?q=epicerie&type=EI&territoire=reg-84").get_data(as_text=True)
    assert "Épicerie de l’Isère" in page
    assert "Relais du Nord" not in page
    assert "Aucune structure ne répond" in denis.get(f"{LIST}?q=%25").get_data(as_text=True)


def test_a_long_list_has_pages_that_keep_what_was_asked(denis: Someone) -> None:
    with writing() as rows:
        rows.add_all(Structure(name=f"Atelier {number:02}", kind="EI", territory="dep-01") for number in range(30))
    page = denis.get(f"{LIST}?type=EI").get_data(as_text=True)
    assert "30 structures" in page
    assert f'href="{LIST}?type=EI&amp;page=2"' in page
    assert "Atelier 29" in denis.get(f"{LIST}?type=EI&page=2").get_data(as_text=True)
    denis.get(f"{LIST}?page=-1&type=%00&territoire=%F0")


def test_a_sensitive_prescriber_has_its_name_for_the_administration_alone(denis: Someone, bruno: Someone) -> None:
    place_of_care = added(denis, "Maison du Pont", "addictions")
    assert "Addictions (CSAPA, CAARUD)" in denis.get(f"{LIST}/{place_of_care.id}").get_data(as_text=True)
    assert "Addictions (CSAPA, CAARUD)" in denis.get(f"{LIST}?q=maison").get_data(as_text=True)
    with writing() as rows:
        rows.get_one(Person, bruno.person_id).structure_id = place_of_care.id
    page = bruno.get("/mon-compte").get_data(as_text=True)
    assert "Maison du Pont</b>, Autre" in page
    assert "CSAPA" not in page


def test_two_structures_become_one_and_everything_of_the_first_is_of_the_second(
    denis: Someone, bruno: Someone, amina: Someone
) -> None:
    lilas = place(LILAS)
    kept = added(denis, "Le Chantier des Lilas", "ACI")
    gone = lilas.id
    with writing() as rows:
        rows.get_one(Structure, gone).siret = "73282932000074"
    issuing.print_cards(2, college=College.EMPLOYEES, by=denis.person, at=AT, secret=b"s" * 32, structure_id=gone)
    comments.comment(Anchor(Target.CRITERION, "E4"), "Mes mots.", by=amina.person, at=AT, form="1")
    with writing() as rows:
        rows.add(
            Workshop(
                title="Séance",
                criteria=["E4"],
                structure_id=gone,
                seats=5,
                opened_by_college="spe",
                nonce=b"n" * 16,
                code="c" * 64,
                created_at=AT,
                ends_at=AT.replace(hour=12),
            )
        )
    before = rows_naming(gone)
    assert before >= 6
    denis.get(f"{LIST}/{gone}/reunir?avec={kept.id}")
    assert "On ne peut pas revenir en arrière" in text(denis)
    denis.follow(denis.send(button="Réunir les deux structures"))
    session.expire_all()
    assert session.get(Structure, gone) is None
    assert rows_naming(gone) == 0
    assert rows_naming(kept.id) == before
    assert bruno.person.structure_id == amina.person.structure_id == kept.id
    for model in (Card, Workshop, Comment):
        assert set(session.scalars(select(model.structure_id))) == {kept.id}
    assert kept.siret == "73282932000074"
    [line] = [line for line in audit_lines(f"structure:{kept.id}") if line.event == "structure.merged"]
    assert (line.details, line.by_id) == ({"from": gone}, denis.person_id)
    assert audit_fault() is None


def rows_naming(structure_id: int) -> int:
    """How many rows of the whole database name a structure."""
    return sum(
        session.scalar(select(func.count()).select_from(column.table).where(column == structure_id)) or 0
        for column in links_to_structures()
    )


def test_every_column_that_names_a_structure_is_known() -> None:
    assert {str(column) for column in links_to_structures()} >= {
        "people.structure_id",
        "invitations.structure_id",
        "cards.structure_id",
        "workshops.structure_id",
        "comments.structure_id",
        "positions.structure_id",
    }


def test_a_structure_is_not_reunited_with_itself(denis: Someone) -> None:
    lilas = place(LILAS)
    with pytest.raises(Invalid):
        registering.merge_structures(lilas, into=lilas, by=denis.person, at=AT)
    assert "Réunir ces deux structures" not in denis.get(f"{LIST}/{lilas.id}/reunir?avec={lilas.id}").get_data(
        as_text=True
    )


@pytest.mark.parametrize("kept", ["", "0", "99999", "x", "²", "1" * 30])
def test_a_structure_is_not_reunited_with_nothing(denis: Someone, kept: str) -> None:
    lilas = place(LILAS)
    denis.get(f"{LIST}/{lilas.id}/reunir?avec={place(MISSION).id}")
    denis.send(avec=kept)
    assert denis.page is not None
    assert denis.page.status_code == 404
    assert place(LILAS).id == lilas.id


def test_a_structure_that_looks_like_another_is_pointed_at(denis: Someone) -> None:
    twin = added(denis, "Chantier des lilas (ACI)")
    page = denis.get(f"{LIST}/{twin.id}").get_data(as_text=True)
    assert "peut-être là deux fois" in page
    assert f"/reunir?avec={place(LILAS).id}" in page
    assert "peut-être là deux fois" not in denis.get(f"{LIST}/{place(MISSION).id}").get_data(as_text=True)


def test_the_one_to_keep_is_found_by_a_search(denis: Someone) -> None:
    denis.get(f"{LIST}/{place(LILAS).id}/reunir?q=mission")
    assert denis.page is not None
    assert f"/reunir?avec={place(MISSION).id}" in denis.page.get_data(as_text=True)


def test_a_structure_that_is_used_stays_and_one_that_nothing_names_goes(denis: Someone) -> None:
    new = added(denis, "Atelier du Nord")
    number = new.id
    assert "ne peut pas être supprimée" in denis.get(f"{LIST}/{place(LILAS).id}").get_data(as_text=True)
    with pytest.raises(NotAllowed):
        registering.delete_structure(place(LILAS), by=denis.person, at=AT)
    denis.follow(denis.fill(f"{LIST}/{number}", button="Supprimer la structure"))
    assert session.get(Structure, number) is None
    assert audit_lines(f"structure:{number}")[0].event == "structure.deleted"


def test_an_invitation_alone_keeps_a_structure(denis: Someone) -> None:
    new = added(denis, "Atelier du Nord")
    with writing() as rows:
        rows.add(
            Invitation(
                digest="d" * 64,
                nonce=b"n",
                college="siae",
                roles=[],
                structure_id=new.id,
                created_at=AT,
                expires_at=AT.replace(hour=12),
            )
        )
    with pytest.raises(NotAllowed):
        registering.delete_structure(new, by=denis.person, at=AT)


def test_an_employment_area_is_added_offered_and_taken_away_when_no_structure_is_in_it(denis: Someone) -> None:
    basins = "/administration/bassins"
    denis.follow(denis.fill(basins, name="Bassin du Voironnais", code="voironnais", parent="dep-38"))
    assert "Isère (38)" in text(denis)
    new = added(denis, "Atelier de Voiron", "EI", "bassin-voironnais")
    found, _ = directory.find_structures(WantedStructures(territory="reg-84"))
    assert "Atelier de Voiron" in [row.name for row in found]
    assert "Bassin du Voironnais" in denis.get(f"{LIST}/{new.id}").get_data(as_text=True)
    denis.fill(basins, button="Retirer")
    assert "Des structures sont dans ce bassin" in text(denis)
    registering.delete_structure(new, by=denis.person, at=AT)
    denis.follow(denis.fill(basins, button="Retirer"))
    assert "Aucun bassin d’emploi n’est ajouté" in text(denis)


@pytest.mark.parametrize(
    ("code", "parent"),
    [("VOIRONNAIS", "dep-38"), ("le voironnais", "dep-38"), ("é", "dep-38"), ("x" * 31, "dep-38"), ("x", "france")],
)
def test_an_employment_area_needs_a_code_of_its_own_and_a_place_above_it(
    denis: Someone, code: str, parent: str
) -> None:
    registering.add_basin("voironnais", "Bassin du Voironnais", "dep-38", by=denis.person, at=AT)
    with pytest.raises(Invalid):
        registering.add_basin(code, "Bassin", parent, by=denis.person, at=AT)


@pytest.mark.parametrize("name", ["amina", "bruno", "chloe"])
def test_nobody_else_touches_structures(name: str, request: pytest.FixtureRequest) -> None:
    someone: Someone = request.getfixturevalue(name)
    lilas = place(LILAS)
    someone.get(LIST, status=403)
    for act in (
        lambda: registering.add_structure("X", "ACI", None, by=someone.person, at=AT),
        lambda: registering.edit_structure(lilas, Sheet("X", "ACI"), by=someone.person, at=AT),
        lambda: registering.merge_structures(lilas, into=place(MISSION), by=someone.person, at=AT),
        lambda: registering.delete_structure(lilas, by=someone.person, at=AT),
        lambda: registering.add_basin("x", "X", "dep-38", by=someone.person, at=AT),
        lambda: registering.delete_basin("bassin-x", by=someone.person, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert place(LILAS).name == LILAS
