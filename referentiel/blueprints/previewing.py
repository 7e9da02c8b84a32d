"""Before an edition is sealed: each page as its readers will see it, and what the text still lacks."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from referentiel.editions import queries
from referentiel.editions.pages.addresses import REVISION, heading
from referentiel.editions.preparing import previewing
from referentiel.editions.preparing.queries import lacks
from referentiel.errors import N_, Unknown
from referentiel.permissions import Action
from referentiel.web import frames
from referentiel.web.clock import now
from referentiel.web.frame_parts import CONTENTS
from referentiel.web.guard import requires
from referentiel.web.stores import library

blueprint = Blueprint("previewing", __name__, url_prefix="/editions/preparation")


@blueprint.get("/apercu/")
@requires(Action.SEE_DESK)
def contents() -> ResponseReturnValue:
    return _preview(CONTENTS)


@blueprint.get("/apercu/<any(criteres, chapitres, pages, outils, competences):kind>/<key>")
@requires(Action.SEE_DESK)
def page(kind: str, key: str) -> ResponseReturnValue:
    return _preview(f"{kind}/{key}")


@blueprint.get("/apercu/<any(glossaire, outils, competences):kind>/")
@requires(Action.SEE_DESK)
def listed(kind: str) -> ResponseReturnValue:
    return _preview(kind)


@blueprint.get("/apercu/note-de-revision/")
@requires(Action.SEE_DESK)
def revision_note() -> ResponseReturnValue:
    return _preview(REVISION)


@blueprint.get("/manques")
@requires(Action.SEE_DESK)
def missing() -> ResponseReturnValue:
    """What the draft lacks: told to who prepares, and stopping nobody."""
    return render_template("publishing/missing.html", lacks=lacks(library()))


def _preview(name: str) -> ResponseReturnValue:
    plan = queries.open_plan()
    if plan is None:
        raise Unknown(N_("Aucune édition n’est annoncée."))
    edition = previewing.coming(library(), plan, at=now())
    fragment = previewing.page(library(), edition, name)
    around = render_template(
        "publishing/preview.html",
        edition=edition,
        place=frames.PLACE,
        heading=heading(fragment),
        is_contents=name == CONTENTS,
    )
    return Response(frames.put_in(around, fragment.encode()), content_type="text/html; charset=utf-8")
