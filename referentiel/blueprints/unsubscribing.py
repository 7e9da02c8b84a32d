"""The end of letters, from the letter itself: the page asks, the button ends; mail programs press it for people.

RFC 8058: the address alone says who, without any cookie; looking changes nothing; the answer to the press is a page.
"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from referentiel.notices.unsubscribing import read, stop
from referentiel.web.guard import public
from referentiel.web.stores import secret

blueprint = Blueprint("unsubscribing", __name__)


@blueprint.get("/desabonnement/<token>")
@public
def page(token: str) -> ResponseReturnValue:
    """What the button will end. A program that opens links changes nothing."""
    _person, what = read(token, secret=secret())
    return render_template("unsubscribing/page.html", token=token, what=what)


@blueprint.post("/desabonnement/<token>")
@public
def end(token: str) -> ResponseReturnValue:
    """No more of these letters."""
    return render_template("unsubscribing/done.html", what=stop(token, secret=secret()))
