"""The page of territories: an old name, what to look for today, and how sure that is, on screen."""

import re

import pytest

from tests.cast import Someone

PAGE = "/territoires/"


def words(someone: Someone) -> str:
    assert someone.page is not None
    main = re.search(r"<main.*?</main>", someone.page.get_data(as_text=True), flags=re.S)
    assert main
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


def test_a_passer_by_reads_an_old_name_and_finds_the_one_of_today(passer_by: Someone) -> None:
    answer = passer_by.get(f"{PAGE}?q=direccte")
    said = words(passer_by)
    assert "DREETS" in said
    assert "DRIEETS , Île-de-France" in said.replace(" ,", " ,") or "Île-de-France" in said
    assert "depuis : 1er avril 2021" in said
    assert "Set-Cookie" not in answer.headers


def test_the_marks_are_said_in_words_and_what_they_mean_too(passer_by: Someone) -> None:
    passer_by.get(PAGE)
    said = words(passer_by)
    assert "Ce que vaut chaque ligne" in said
    assert "Reste à préciser : nom exact, jour et existence actuelle." in said
    # A note never says of a line that is sure that it is still to be checked.
    assert "À vérifier :" not in said.replace("\u00a0", " ")
    assert said.count("Sûr") > 10
    assert "est un brouillon" in said


def test_a_department_shows_its_own_bodies(passer_by: Someone) -> None:
    passer_by.get(f"{PAGE}?territoire=dep-38")
    said = words(passer_by)
    assert "DREETS" in said
    assert "DEETS ," not in said.replace("DREETS", "").replace("DRIEETS", "")
    passer_by.get(f"{PAGE}?territoire=dep-974")
    assert "Commission spécialisée" not in words(passer_by)


def test_a_day_of_the_past_shows_the_names_of_that_day(passer_by: Someone) -> None:
    passer_by.get(f"{PAGE}?le=2020-01-01&q=pole+emploi")
    said = words(passer_by)
    assert "Aucun ancien nom ne répond" in said
    passer_by.get(f"{PAGE}?le=2026-01-01&q=pole+emploi")
    assert "Cherchez le 1er janvier 2026" in words(passer_by)


def test_a_body_that_is_no_more_says_what_took_over(passer_by: Someone) -> None:
    passer_by.get(f"{PAGE}?q=cdiae&territoire=dep-38")
    assert "Cette instance n’existe plus. Cherchez : Commission spécialisée de l’inclusion et de l’IAE" in words(
        passer_by
    )


@pytest.mark.parametrize(
    "asked",
    ["?q=zzz", "?territoire=dep-999", "?le=hier", "?le=0000-00-00", "?q=%00%F0&le=9999-12-31", "?le=0001-01-01"],
)
def test_anything_can_be_asked(passer_by: Someone, asked: str) -> None:
    passer_by.get(f"{PAGE}{asked}")


def test_the_page_is_found_from_the_glossary_and_the_site_map(passer_by: Someone) -> None:
    for place in ("/glossaire/", "/plan-du-site", "/sitemap.xml"):
        assert PAGE in passer_by.get(place).get_data(as_text=True)
