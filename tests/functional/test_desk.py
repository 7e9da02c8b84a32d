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
