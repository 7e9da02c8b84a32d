"""The HTML of each page of an edition, to stand inside a frame: words and few classes, made without Flask.

A page of the site may show it before it is sealed, so nothing here loads what makes documents.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, kind_and_key, path_of, tree
from referentiel.criteria.rendering import plain_lines, render
from referentiel.criteria.vocabulary import (
    PLAIN_TEXT,
    WITHDRAWAL,
    EvidenceHolder,
    Level,
    Step,
    anchor,
    reaches_everyone,
)
from referentiel.dates import long_date
from referentiel.editions.edition import Edition
from referentiel.editions.material import Material
from referentiel.editions.pages.addresses import ALONE, REVISION, Way, alone, heading, in_frame, in_one_page, permanent
from referentiel.editions.pages.square import square
from referentiel.editions.summary import Summary

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

# The lists of an edition, and the kinds whose items have a page; the others are sealed as text alone.
LISTS = {
    "sommaire": "sommaire",
    Kind.TERM.value: "glossaire",
    Kind.TOOL.value: "outils-liste",
    Kind.SKILL.value: "competences-liste",
}
PAGES = {
    Kind.CHAPTER: "chapitres",
    Kind.CRITERION: "criteres",
    Kind.PAGE: "pages",
    Kind.TOOL: "item",
    Kind.SKILL: "item",
}


def fragments(edition: Edition, summary: Summary, documents: Mapping[str, Document]) -> dict[str, Callable[[], str]]:
    """The HTML of each page of the edition, to stand inside a frame: path → what makes it."""
    return _makers(_environment(edition, summary, documents), edition, documents, in_frame)


def pages(material: Material) -> dict[str, Callable[[], str]]:
    """Each page twice, to stand in a frame and to stand alone as a file: path → what makes it.

    The two of one page follow each other: what was rendered for the first is still remembered for the second.
    """
    edition = material.edition
    env = _environment(edition, material.summary, material.documents)
    verify = f"{edition.site}/editions/{edition.number}/verifier" if edition.site else ""
    env.globals |= {"verify": verify, "square": square(verify) if verify else None, "style": _style()}
    framed, files = (_makers(env, edition, material.documents, way) for way in (in_frame, alone))
    made: dict[str, Callable[[], str]] = {}
    for path, make in framed.items():
        made[path] = make
        made[f"{ALONE}/{path}"] = partial(_alone, env, edition, path.removesuffix(".html"), files[path])
    return made


def _makers(
    env: Environment, edition: Edition, documents: Mapping[str, Document], way: Callable[[str], Way]
) -> dict[str, Callable[[], str]]:
    """``way`` gives, for a page, how it leads to the others."""
    lists = LISTS | ({REVISION: REVISION} if edition.revision else {})
    made: dict[str, Callable[[], str]] = {
        f"{name}.html": partial(_render, env, template, to=way(name)) for name, template in lists.items()
    }
    for path, document in documents.items():
        if tree(path)[0]:
            continue
        kind, key = kind_and_key(path)
        if kind in PAGES:
            page = f"{kind.value}/{key}"
            given = {"kind": kind.value, "key": key, "document": document}
            made[f"{page}.html"] = partial(_render, env, PAGES[kind], to=way(page), **given)
    return dict(sorted(made.items()))


def plain_environment() -> Environment:
    """Jinja without Flask: no request, no language of the day, French alone."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return env


def _environment(edition: Edition, summary: Summary, documents: Mapping[str, Document]) -> Environment:
    env = plain_environment()
    env.globals |= {
        "long_date": long_date,
        "anchor": anchor,
        "markdown": render,
        "edition": edition,
        "summary": summary,
        "plain_lines": plain_lines,
        "plain_text": PLAIN_TEXT,
        "withdrawal": WITHDRAWAL,
        "level_label": _labels(Level),
        "step_label": _labels(Step),
        "holder_label": _labels(EvidenceHolder),
        "for_everyone": reaches_everyone,
        "document_at": lambda kind, key: documents.get(path_of(Kind(kind), key)),
    }
    return env


def _labels(closed_list: Any) -> dict[str, str]:
    return {member.value: member.label for member in closed_list}


def _render(env: Environment, name: str, **values: Any) -> str:
    return env.get_template(f"published/sealed/{name}.html").render(**values).strip() + "\n"


def whole(material: Material) -> dict[str, bytes]:
    """The whole edition as one page that needs nothing else."""
    env = _environment(material.edition, material.summary, material.documents)
    return {"referentiel.html": _render(env, "referentiel", style=_style(), to=in_one_page).encode()}


def _alone(env: Environment, edition: Edition, page: str, make: Callable[[], str]) -> str:
    """One page as a file that needs nothing else."""
    fragment = make()
    return _render(
        env,
        "seule",
        page=page,
        heading=heading(fragment),
        fragment=fragment,
        permanent=edition.site + permanent(edition.number, page) if edition.site else "",
        to=alone(page),
    )


def _style() -> str:
    return (TEMPLATES / "published" / "sealed" / "style.css").read_text(encoding="utf-8")
