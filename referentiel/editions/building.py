"""What an edition is made of: every sealed file, as bytes, from one commit of the library.

The same commit and the same facts give the same bytes, whatever the process, the folder, the clock, the time zone, the
language of the machine or the order of its hashes: nothing here looks at any of them.
"""

from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, kind_and_key, path_of, tree
from referentiel.criteria.rendering import VERSION, plain_lines, render
from referentiel.criteria.vocabulary import PLAIN_TEXT, EvidenceHolder, Level, Step, anchor
from referentiel.dates import long_date
from referentiel.editions import exports
from referentiel.editions.downloads.making import MAKERS
from referentiel.editions.edition import Edition
from referentiel.editions.material import Material
from referentiel.editions.summary import Card, Summary
from referentiel.library.library import Library

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

Progress = Callable[[int, int], None]

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


def build(library: Library, edition: Edition, *, progress: Progress | None = None) -> dict[str, bytes]:
    """Every file to seal, by its path under ``scelle/``. ``edition`` needs no manifest yet.

    Raises FileError when a file of the text cannot be read. Costs about 10 ms a criterion, and holds the whole
    edition in memory (a few megabytes).
    """
    files = {path: blob for path, blob in library.files(edition.commit).items() if _is_sealed(path)}
    texts = {path: library.text(blob) for path, blob in files.items()}
    documents = {path: Document.read(text, path) for path, text in texts.items()}
    summary = Summary.of(files, lambda path: Card.of(documents[path]))
    material = Material(edition, summary, documents, texts)
    pages = fragments(edition, summary, documents)
    sealed = {path: text.encode() for path, text in texts.items()}
    sealed["sommaire.json"] = exports.as_json(summary.as_data())
    steps = len(pages) + len(edition.formats)
    for done, (path, make) in enumerate(pages.items(), 1):
        sealed[path] = make().encode()
        if progress:
            progress(done, steps)
    for done, name in enumerate(edition.formats, len(pages) + 1):
        sealed |= _whole(material) if name == "html" else MAKERS[name](material)
        if progress:
            progress(done, steps)
    return dict(sorted(sealed.items()))


def builder() -> tuple[str, str]:
    """What builds, and the versions on which the bytes depend: ``("referentiel 0.1.0", "jinja2 3.1.6, …")``."""
    names = ("jinja2", "markdown", "nh3")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"referentiel {version('referentiel-partage')}", f"{versions}, rendu {VERSION}"


def fragments(edition: Edition, summary: Summary, documents: Mapping[str, Document]) -> dict[str, Callable[[], str]]:
    """The HTML of each page of the edition, to stand inside a frame: path → what makes it."""
    env = _environment(edition, summary, documents)
    made: dict[str, Callable[[], str]] = {
        f"{name}.html": partial(_render, env, template) for name, template in LISTS.items()
    }
    for path, document in documents.items():
        if tree(path)[0]:
            continue
        kind, key = kind_and_key(path)
        if kind in PAGES:
            made[f"{kind.value}/{key}.html"] = partial(_render, env, PAGES[kind], key=key, document=document)
    return dict(sorted(made.items()))


def _is_sealed(path: str) -> bool:
    """The text and the decisions that made it; errata belong to what comes after an edition."""
    inner = tree(path)[1]
    try:
        return kind_and_key(inner)[0] is not Kind.ERRATUM
    except ValueError:
        return False


def _environment(edition: Edition, summary: Summary, documents: Mapping[str, Document]) -> Environment:
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
    env.globals |= {
        "long_date": long_date,
        "anchor": anchor,
        "markdown": render,
        "edition": edition,
        "summary": summary,
        "plain_lines": plain_lines,
        "plain_text": PLAIN_TEXT,
        "level_label": _labels(Level),
        "step_label": _labels(Step),
        "holder_label": _labels(EvidenceHolder),
        "document_at": lambda kind, key: documents.get(path_of(Kind(kind), key)),
    }
    return env


def _labels(closed_list: Any) -> dict[str, str]:
    return {member.value: member.label for member in closed_list}


def _render(env: Environment, name: str, **values: Any) -> str:
    return env.get_template(f"published/sealed/{name}.html").render(**values).strip() + "\n"


def _whole(material: Material) -> dict[str, bytes]:
    """The whole edition as one page that needs nothing else."""
    env = _environment(material.edition, material.summary, material.documents)
    style = (TEMPLATES / "published" / "sealed" / "style.css").read_text(encoding="utf-8")
    return {"referentiel.html": _render(env, "referentiel", style=style).encode()}
