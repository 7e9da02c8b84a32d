"""The parts that pages are made of: a difference that ears read whole, a form whose errors lead to their fields."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from referentiel.criteria.comparison import Comparison, compare
from referentiel.criteria.document import Document
from referentiel.web.choices import choices
from referentiel.web.forms import Form

BEFORE = """---
code: E4
titre: Passer d’une étape à l’autre
niveau: imperatif
structures: [ACI, AI]
---

## Énoncé

Tout passage est préparé avec la personne, avec une transmission organisée.

## Facile à lire

Vous changez de structure ?
On prépare ce changement avec vous.

## Indicateurs

- Part des passages sans trou
"""
AFTER = (
    BEFORE.replace("organisée", "écrite dont elle garde une copie")
    .replace("avec vous.", "avec vous.\nVous gardez une copie.")
    .replace("imperatif", "standard")
    .split("\n## Indicateurs")[0]
)


@pytest.fixture
def comparison() -> Comparison:
    return compare(Document.read(BEFORE), Document.read(AFTER))


def macro(app: Flask, file: str, name: str, *arguments: Any, **named: Any) -> str:
    with app.test_request_context("/"):
        module = app.jinja_env.get_template(f"macros/{file}.html").make_module({})
        return str(Markup(getattr(module, name)(*arguments, **named)))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_difference_says_to_ears_what_it_shows_to_eyes(app: Flask, comparison: Comparison) -> None:
    html = macro(app, "difference", "inline", comparison)
    for tag, word in (("del", "supprimé"), ("ins", "ajouté")):
        marks = re.findall(rf"<{tag}>(.*?)</{tag}>", html, flags=re.S)
        assert marks
        for mark in marks:
            assert mark.startswith('<span class="sr say">')
            assert word in words(mark)
            assert "fin de" in words(mark)
    heard = words(html)
    assert (
        "transmission supprimé : organisée , fin de la suppression. ajouté : écrite dont elle garde une copie" in heard
    )
    assert "Niveau supprimé : Impératif" in heard
    assert "Rubrique supprimée" in heard
    assert "Énoncé" in heard


def test_each_side_gives_its_whole_text(app: Flask, comparison: Comparison) -> None:
    html = macro(app, "difference", "sides", comparison, "Avant", "Maintenant")
    before = [words(side) for side in re.findall(r"<div><h4>Avant</h4>(.*?)</div>\s*<div", html, flags=re.S)]
    after = [words(side) for side in re.findall(r'<div class="after"><h4>Maintenant</h4>(.*?)</div>', html, flags=re.S)]
    assert "ajouté" not in " ".join(before)
    assert "supprimé" not in " ".join(after)
    assert any("organisée" in side for side in before)
    assert any("Vous gardez une copie." in side for side in after)
    assert "rien" in after[-1]


def test_the_summary_tells_sentences_with_their_rubric(app: Flask, comparison: Comparison) -> None:
    heard = words(macro(app, "difference", "summary", comparison))
    assert "2 phrases supprimées" in heard
    assert "2 phrases ajoutées" in heard
    assert "Facile à lire : Vous gardez une copie." in heard


def test_what_people_wrote_is_never_markup(app: Flask) -> None:
    hostile = BEFORE.replace("organisée", "<img src=x onerror=alert(1)>")
    html = macro(app, "difference", "inline", compare(Document.read(BEFORE), Document.read(hostile)))
    assert "<img" not in html
    assert "&lt;img" in html
    voice = macro(app, "voices", "voice", "<b>gras</b>", "siae", "octobre 2026")
    assert "&lt;b&gt;" in voice


class Essay(Form):
    text = TextAreaField("Votre contribution", [InputRequired()])
    title = StringField("Titre")
    answer = RadioField(
        "Savez-vous qui vous accompagne ?", choices=choices([("yes", "Oui"), ("partly", "Un peu"), ("no", "Non")])
    )


def test_each_error_leads_to_its_field_and_names_it(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"title": "Un titre"}):
        form = Essay(meta={"csrf": False})
        assert not form.validate()
        module = app.jinja_env.get_template("macros/forms.html").make_module({})
        listed, field = str(module.errors(form)), str(module.field(form.text, hint="Une aide.", counter=200))
        group = str(module.faces(form.answer))
    assert 'role="alert"' in listed
    assert '<a href="#text">Votre contribution' in listed
    assert '<a href="#answer-0">' in listed
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="text-aide text-erreur text-compte"' in field
    assert field.index("text-aide") < field.index("text-erreur") < field.index("<textarea")
    assert "(facultatif)" not in field
    assert group.count('type="radio"') == 3
    assert 'class="field wrong"' in group


def test_an_optional_field_says_so_and_nothing_is_cut_while_typing(app: Flask) -> None:
    with app.test_request_context("/"):
        form = Essay(meta={"csrf": False})
        module = app.jinja_env.get_template("macros/forms.html").make_module({})
        field = str(module.field(form.title, autocomplete="off"))
        area = str(module.field(form.text))
    assert "(facultatif)" in field
    assert 'autocomplete="off"' in field
    assert "required" not in area
    assert "maxlength" not in area


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (20, "Réponse attendue dans 20 jours au plus tard le 11 décembre"),
        (1, "Réponse attendue dans 1 jour"),
        (0, "Réponse aujourd’hui"),
        (-2, "En retard de 2 jours"),
    ],
)
def test_the_clock_says_the_same_in_words(app: Flask, left: int, said: str) -> None:
    html = macro(app, "parts", "clock", left, 60, "11 décembre")
    assert said in words(html)
    assert f'stroke-dasharray="{min(60, 60 - left)} 60"' in html


@pytest.mark.parametrize(
    ("number", "count", "shown"),
    [(1, 1, []), (1, 3, ["1", "2", "3"]), (4, 9, ["1", "3", "4", "5", "9"]), (9, 9, ["1", "8", "9"])],
)
def test_a_list_in_pages_shows_the_ends_and_the_neighbours(
    app: Flask, number: int, count: int, shown: list[str]
) -> None:
    html = macro(app, "parts", "pages", number, count, "?page=")
    assert re.findall(r"</span>(\d+)</a>", html) == shown
    assert html.count('aria-current="page"') == (1 if count > 1 else 0)


def test_a_college_of_few_people_shows_no_figure(app: Flask) -> None:
    rows = [
        SimpleNamespace(college="employees", few=True, favourable=0, reserved=0, unfavourable=0, older=0, note=""),
        SimpleNamespace(college="spe", few=False, favourable=0, reserved=0, unfavourable=0, older=2, note="Invité."),
    ]
    heard = words(macro(app, "voices", "positions", rows))
    assert "Moins de cinq personnes" in heard
    assert "Pas encore d’avis" in heard
    assert not re.search(r"Favorable \d", heard)
