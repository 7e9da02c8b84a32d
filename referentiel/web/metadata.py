"""What pages say of themselves to machines, in the words of schema.org: data that no browser runs.

The text is a ``CreativeWork``, never a ``Legislation``: it is neither a regulation nor a control.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from referentiel.editions.edition import Edition
from referentiel.editions.manifest import beginning
from referentiel.editions.mentions import NOTICE
from referentiel.web.kinds import kind_of
from referentiel.web.language import LANGUAGE
from referentiel.web.stores import settings

Data = Mapping[str, Any]

CONTEXT = "https://schema.org"
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"


def edition(one: Edition) -> Data:
    """A published edition, with what can be taken away of it."""
    return _page(
        {
            **_edition(one),
            "datePublished": one.published.isoformat(),
            "temporalCoverage": f"{one.applies.isoformat()}/..",
            "creativeWorkStatus": one.status,
            "abstract": one.note or NOTICE,
            "isPartOf": _referential(),
            "encoding": [_file(one, path) for path in _files(one)],
        }
    )


def text(one: Edition, path: str, title: str) -> Data:
    """A page of a published edition: ``criteres/E4``, ``pages/methode``, ``glossaire``."""
    return _page(
        {
            "@type": "CreativeWork",
            "@id": f"{_home(one)}{path}",
            "url": f"{_home(one)}{path}",
            "name": title,
            "identifier": path.rpartition("/")[2],
            "version": str(one.number),
            "datePublished": one.published.isoformat(),
            "isPartOf": _edition(one),
        }
    )


def terms(one: Edition) -> Data:
    """The glossary as a whole: its words are a page further on, in the API."""
    site = settings().base_url
    return _page(
        {
            "@type": "DefinedTermSet",
            "@id": f"{_home(one)}glossaire/",
            "url": f"{_home(one)}glossaire/",
            "name": _("Les mots expliqués"),
            "version": str(one.number),
            "datePublished": one.published.isoformat(),
            "isPartOf": _edition(one),
            "encoding": {
                "@type": "MediaObject",
                "contentUrl": f"{site}/api/v1/glossaire/?edition={one.number}",
                "encodingFormat": "application/json",
            },
        }
    )


def decision(number: int, on: str, plain: str) -> Data:
    """A public act: when, and in plain words why."""
    here = f"{settings().base_url}/decisions/{number}"
    return _page(
        {
            "@type": "CreativeWork",
            "@id": here,
            "url": here,
            "name": _("Décision\u00a0%(number)s", number=number),
            "identifier": str(number),
            "datePublished": on,
            "abstract": plain,
            "isPartOf": _referential(),
        }
    )


def dataset(one: Edition | None, description: str) -> Data:
    """The open data, as catalogues of data list them."""
    site = settings().base_url
    files = [{**_file(one, path), "@type": "DataDownload"} for path in _files(one)] if one else []
    return _page(
        {
            "@type": "Dataset",
            "@id": f"{site}/api/",
            "url": f"{site}/api/",
            "name": _("Référentiel partagé, données ouvertes"),
            "description": f"{description} {NOTICE}",
            **({"version": str(one.number), "dateModified": one.published.isoformat()} if one else {}),
            **({"creator": _publisher()} if settings().legal_publisher else {}),
            "distribution": [
                *files,
                {
                    "@type": "DataDownload",
                    "name": "OpenAPI",
                    "contentUrl": f"{site}/api/v1/openapi.json",
                    "encodingFormat": "application/json",
                },
            ],
        }
    )


def _page(data: Data) -> Data:
    """What all of them say."""
    return {"@context": CONTEXT, **data, "inLanguage": LANGUAGE, "license": LICENCE, "isAccessibleForFree": True}


def _home(one: Edition) -> str:
    return f"{settings().base_url}/editions/{one.number}/"


def _edition(one: Edition) -> Data:
    return {
        "@type": "CreativeWork",
        "@id": _home(one),
        "url": _home(one),
        "name": _("Référentiel partagé, édition\u00a0%(number)s", number=str(one.number)),
        "version": str(one.number),
    }


def _referential() -> Data:
    site = settings().base_url
    said = {"@type": "CreativeWork", "@id": f"{site}/referentiel/", "name": _("Référentiel partagé")}
    return {**said, "publisher": _publisher()} if settings().legal_publisher else said


def _publisher() -> Data:
    return {"@type": "Organization", "name": settings().legal_publisher}


def _files(one: Edition) -> list[str]:
    """The whole of it in each form that was made; its first is the text, as it is in the library."""
    return [path for path in beginning(one.manifest, "referentiel") if "/" not in path and not path.endswith(".md")]


def _file(one: Edition, path: str) -> Data:
    return {
        "@type": "MediaObject",
        "name": path,
        "contentUrl": f"{_home(one)}scelle/{path}",
        "encodingFormat": kind_of(path),
        "sha256": one.manifest[path],
    }


def install(app: Flask) -> None:
    """``metadata.edition(…)`` and the others, in the templates."""
    said = (edition, text, terms, decision, dataset)
    app.jinja_env.globals["metadata"] = {one.__name__: one for one in said}
