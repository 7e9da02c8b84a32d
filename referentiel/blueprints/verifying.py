"""How anyone checks an edition, with commands to copy; its signature, and the keys that signed. From files alone."""

import hashlib

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from referentiel.editions.formats import STEM
from referentiel.editions.sealing import signing
from referentiel.editions.shelf import Shelf
from referentiel.errors import N_, Unknown
from referentiel.web.guard import public
from referentiel.web.sealed import A_WHILE
from referentiel.web.stores import settings

blueprint = Blueprint("verifying", __name__)

PREFERRED = ("pdf", "html")
"""The form whose check is shown as an example: the first of these that the edition has"""


@blueprint.get("/editions/<number>/verifier")
@public
def page(number: str) -> ResponseReturnValue:
    """The commands for this very edition. The same page for all: no session, no query."""
    shelf = _shelf()
    edition = shelf.edition(number)
    example = next(form for form in (*PREFERRED, *edition.formats) if form in edition.formats)
    # As frames are made: nothing asks who reads.
    words = current_app.jinja_env.get_template("verifying/page.html").render(
        frame=True,
        edition=edition,
        number=str(edition.number),
        base=settings().base_url,
        seal=hashlib.sha256(shelf.seal(number).encode()).hexdigest(),
        example=f"{STEM}.{example}",
        signed=signing.signature_of(shelf, number) is not None,
        principal=signing.PRINCIPAL,
        namespace=signing.NAMESPACE,
    )
    return _kept(Response(words, mimetype="text/html"))


@blueprint.get("/editions/<number>/sceau.sig")
@public
def signature(number: str) -> ResponseReturnValue:
    """What ``ssh-keygen -Y verify`` reads."""
    found = signing.signature_of(_shelf(), number)
    if found is None:
        raise Unknown(N_("Cette édition n’a pas de signature SSH."))
    return _kept(Response(found, mimetype="text/plain"))


@blueprint.get("/editions/signataires")
@public
def signers() -> ResponseReturnValue:
    """The public keys, as the same program reads them."""
    found = signing.signers(_shelf())
    if not found:
        raise Unknown(N_("Aucune édition n’est signée par une clé SSH."))
    return _kept(Response(found, mimetype="text/plain"))


def _kept(answer: Response) -> ResponseReturnValue:
    answer.headers["Cache-Control"] = A_WHILE
    answer.add_etag()
    return answer.make_conditional(request)


def _shelf() -> Shelf:
    return Shelf(settings().editions_path)
