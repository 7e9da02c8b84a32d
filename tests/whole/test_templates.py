"""Templates: they compile, every word is marked for translation, and none hides a style, a script or a raw string."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from flask import Flask
from jinja2 import Environment

from tools.check_translations import KEYWORDS

FOLDER = Path("referentiel/templates")
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-done", "data-stop")
POOR = re.compile(r"[a-zà-ÿ]'[a-zà-ÿ]|(?<![\u00a0\u202f])[;:?!](?=[\s»]|$)|«(?!\u00a0)|(?<!\u00a0)»")
"""A straight apostrophe, or a sign without its no-break space"""
# The one page that carries its style, with its digest in the policy: it must open from a disk.
ALONE = {"published/sealed/referentiel.html", "published/sealed/seule.html", "published/copy/parts.html"}
DATA = '<script type="application/ld+json">{{ data|tojson }}</script>'
"""What no browser runs, written in one place"""
UNIVERSAL = {"nbsp", "rarr", "larr", "middot", "amp", "lt", "gt"}


def source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def static_text(name: str) -> str:
    """What a template writes by itself: without comments, expressions and statements."""
    text = re.sub(r"\{#.*?#\}", "", source(name), flags=re.S)
    text = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", text, flags=re.S)
    text = re.sub(r"\{%.*?%\}", "\x00", text, flags=re.S)
    return re.sub(r"\{\{.*?\}\}", "\x00", text, flags=re.S)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(name: str, app: Flask) -> None:
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_word_is_marked_for_translation(name: str) -> None:
    text = static_text(name)
    for tag in re.findall(r"<[a-zA-Z][^>]*>", text):
        for attribute, value in re.findall(r'([\w-]+)="([^"]*)"', tag):
            assert attribute not in SPOKEN or not re.search(r"[^\W\d_]", value), f"{attribute}={value!r}"
    text = re.sub(r"<(code|kbd|text)\b[^>]*>.*?</\1>", "", text, flags=re.S)
    text = re.sub(r"<[^>]*>", " ", text)
    words = [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in UNIVERSAL]
    assert not words, f"not marked: {words[:8]}"


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_inline_and_nothing_is_raw(name: str) -> None:
    text = source(name)
    assert name in ALONE or "<style" not in text
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", text)
    scripts = text.replace(DATA, "") if name == "macros/metadata.html" else text
    assert not re.search(r"<script(?![^>]*\bsrc=)", scripts)
    assert name == "macros/picto.html" or name in ALONE or not re.search(r"\|\s*safe\b|autoescape", text)


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_pictogram_exists(name: str) -> None:
    known = set(re.findall(r"^  '([\w-]+)':", source("macros/picto.html"), flags=re.M))
    asked = set(re.findall(r"\b(?:picto|image|p\.picto)\('([\w-]+)'", source(name)))
    assert asked <= known, asked - known


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.startswith("macros/")])
def test_each_macro_is_documented_at_the_top_of_its_file(name: str) -> None:
    top = re.match(r"\{#(.*?)#\}", source(name), flags=re.S)
    assert top, "the file begins with its parameters"
    for macro in re.findall(r"\{%-? macro (\w+)\(", source(name)):
        if re.search(rf"\b{macro}\(", top.group(1)):
            continue
        used_inside = len(re.findall(rf"\b{macro}\(", source(name))) > 1
        assert used_inside, f"{macro} is neither documented nor used here"


def test_french_words_are_typeset() -> None:
    env = Environment(extensions=["jinja2.ext.i18n"])
    wrong = [
        f"{name}: {message}"
        for name in TEMPLATES
        for _line, _function, messages in env.extract_translations(source(name))  # type: ignore[attr-defined]
        for message in (messages if isinstance(messages, tuple) else (messages,))
        if message and POOR.search(message)
    ]
    assert not wrong, "\n".join(wrong)


def test_french_words_of_the_screens_in_python_are_typeset_too() -> None:
    wrong = [
        f"{folder}/{file}:{line}: {message}"
        for folder in ("referentiel/blueprints", "referentiel/web")
        for file, line, messages, _notes, _context in extract_from_dir(
            folder, method_map=[("**.py", "python")], keywords=KEYWORDS
        )
        for message in (messages if isinstance(messages, tuple) else (messages,))
        if isinstance(message, str) and POOR.search(message)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_catalogue_knows_every_name_under_which_the_code_marks_a_sentence() -> None:
    marked = re.compile(r"^from flask_babel import .*?\b\w*gettext(?: as (\w+))?$", flags=re.M)
    names = {
        name
        for file in Path("referentiel").rglob("*.py")
        for name in marked.findall(file.read_text(encoding="utf-8"))
        if name
    }
    assert names <= set(KEYWORDS)
    assert "lazy" in names
