"""The desk leads to the next edition: a publisher announces and prepares it, an editor of another college confirms."""

from referentiel.library.library import Library
from tests.cast import Someone
from tests.edition_lives import adopted, prepared

LINK = 'href="/editions/preparation"'


def test_a_publisher_goes_from_the_desk_to_an_edition_that_nobody_announced(denis: Someone) -> None:
    page = denis.get("/bureau").get_data(as_text=True)
    assert LINK in page
    assert "Annoncer une édition" in page


def test_who_cannot_announce_is_not_told_to(chloe: Someone) -> None:
    assert LINK not in chloe.get("/bureau").get_data(as_text=True)


def test_a_prepared_edition_waits_on_the_desk_of_who_may_confirm_it(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    adopted(library, bruno.person, chloe.person, denis.person)
    plan = prepared(library, denis.person)
    hers = chloe.get("/bureau").get_data(as_text=True)
    assert f"L’édition\N{NO-BREAK SPACE}{plan.number} est préparée" in hers
    assert "Relire et confirmer" in hers
    his = denis.get("/bureau").get_data(as_text=True)
    assert "Relire et confirmer" not in his, "he prepared it"
    assert LINK in his


def test_who_administers_sees_the_changes_of_structure_that_wait(
    bruno: Someone, chloe: Someone, denis: Someone
) -> None:
    page = denis.get("/bureau").get_data(as_text=True)
    assert 'href="/administration/"' in page
    assert "/administration/demandes" not in page
    assert "Aucune demande n’attend" in denis.get("/administration/").get_data(as_text=True)
    bruno.fill("/mon-compte/structure", to="/mon-compte/structure", name="Atelier du Lac")
    page = denis.get("/bureau").get_data(as_text=True)
    assert 'href="/administration/demandes"' in page
    assert "changement de structure demandé" in page
    assert "1 demande attend une réponse" in denis.get("/administration/").get_data(as_text=True)
    assert "/administration/" not in chloe.get("/bureau").get_data(as_text=True)
