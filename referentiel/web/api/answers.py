"""An answer of the API as it leaves: JSON, its addresses, its ETag."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, request
from werkzeug.wrappers import Response as Answer

from referentiel.editions.values import as_json
from referentiel.web.api.resources import PREFIX, Asked, Page, Resource, Told
from referentiel.web.stores import settings

LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
A_WHILE = "public, max-age=300"
EACH_TIME = "public, no-cache"
DESCRIPTION = "openapi.json"
AFTER = "apres"


def answer(resource: Resource, asked: Asked, found: Any) -> Answer:
    """What was found, with its addresses in the body and in ``Link``."""
    links = links_of(resource, asked, found)
    told = as_json(resource.whole.of(Told(found, links)))
    response = sent(told, A_WHILE if resource.settled(found) else EACH_TIME)
    response.headers["Link"] = ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links.items())
    return response


def sent(body: bytes, keep: str) -> Answer:
    """JSON with the digest of its bytes: who has them already is told so, and nothing more."""
    response = Response(body, mimetype="application/json")
    response.headers["Cache-Control"] = keep
    response.add_etag()
    return response.make_conditional(request)


def links_of(resource: Resource, asked: Asked, found: Any) -> Mapping[str, str]:
    """Relation → address. The next page goes on in the state of the text in which this one stands."""
    links = {"self": address(resource, asked)}
    if isinstance(found, Page):
        fixed = {**asked, **found.fixed}
        links["first"] = address(resource, {**fixed, AFTER: None})
        if found.after:
            links["next"] = address(resource, {**fixed, AFTER: found.after})
    if resource.page is not None and (page := resource.page(asked, found)):
        links["alternate"] = f"{settings().base_url}{page}"
    return links | {"license": LICENCE, "service-desc": f"{settings().base_url}{PREFIX}/{DESCRIPTION}"}


def address(resource: Resource, asked: Asked) -> str:
    """The address at which this is asked, without what would be so anyway."""
    path = resource.path
    for one in resource.inside:
        path = path.replace(f"{{{one.name}}}", quote(str(asked[one.name]), safe=""))
    given = {one.name: asked[one.name] for one in resource.query if asked[one.name] != one.usual}
    return f"{settings().base_url}{PREFIX}{path}" + (f"?{urlencode(given)}" if given else "")
