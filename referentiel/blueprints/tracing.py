"""Where an item comes from: why each of its sentences is there, all its versions, and any two of them compared."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from referentiel.comments import queries as comments
from referentiel.criteria.document import Document
from referentiel.editions.errata import of_item
from referentiel.errors import N_, Unknown
from referentiel.library.library import Library
from referentiel.proposals import queries as proposals
from referentiel.proposals.models import Proposal
from referentiel.proposals.queries import FileDifference
from referentiel.web import origins
from referentiel.web.guard import public
from referentiel.web.numbers import page_number, whole_number
from referentiel.web.phrases import phrases, replaced
from referentiel.web.stores import library
from referentiel.web.subjects import subject

blueprint = Blueprint("tracing", __name__)

ITEM = "/<any(referentiel, criteres, chapitres, pages, glossaire, outils, competences):kind>/<key>"
VOICES_SHOWN = 2
SIDE_BY_SIDE = "cote-a-cote"


@blueprint.get(f"{ITEM}/pourquoi")
@public
def why(kind: str, key: str) -> ResponseReturnValue:
    """Paragraph by paragraph: who asked, who decided, why and when."""
    of = subject(library(), kind, key)
    told = phrases(library(), of.path, of.text)
    if not told:
        raise Unknown(N_("Cette page ne contient aucune phrase."))
    asked = request.args.get("phrase")
    chosen = next((phrase for phrase in told if phrase.anchor == asked), told[0])
    version = chosen.version
    act = origins.act(library(), version.decision) if version else None
    return render_template(
        "tracing/why.html",
        of=of,
        phrases=told,
        chosen=chosen,
        replaced=replaced(library(), chosen),
        act=act,
        meeting=(version.meeting if version else None) or (act.meeting if act else None),
        asked=_proposal(version.proposal) if version else None,
        said=comments.on_proposal(version.proposal)[:VOICES_SHOWN] if version and version.proposal else (),
    )


@blueprint.get(f"{ITEM}/historique")
@public
def history(kind: str, key: str) -> ResponseReturnValue:
    """Every version, newest first, each with its class; two of them can be chosen."""
    of = subject(library(), kind, key)
    page = origins.turns(
        library(),
        of.path,
        page=page_number(request.args.get("page")),
        chosen=whole_number(request.args.get("version")),
    )
    return render_template("tracing/history.html", of=of, page=page, errata=of_item(library(), of.path))


@blueprint.get(f"{ITEM}/historique/comparer")
@public
def compare(kind: str, key: str) -> ResponseReturnValue:
    """``de`` and ``a`` count the versions from the first text, 1. The older one is shown first, whatever the order."""
    of = subject(library(), kind, key)
    turns = origins.all_turns(library(), of.path)
    last = len(turns)
    after = _place(request.args.get("a"), last, otherwise=last)
    before = _place(request.args.get("de"), last, otherwise=max(1, after - 1))
    view = request.args.get("vue") if request.args.get("vue") == SIDE_BY_SIDE else None
    if before > after:
        more = f"&vue={view}" if view else ""
        return redirect(f"{of.root}/historique/comparer?de={after}&a={before}{more}", 302)
    older, newer = turns[before - 1], turns[after - 1]
    return render_template(
        "tracing/compare.html",
        of=of,
        turns=turns,
        before=older,
        after=newer,
        between=turns[before:after],
        difference=_difference(library(), of.path, older, newer) if before != after else None,
        side_by_side=view is not None,
    )


def _place(typed: str | None, last: int, *, otherwise: int) -> int:
    """The version that the address names. Raises Unknown for one that does not exist."""
    if not typed:
        return otherwise
    place = whole_number(typed)
    if place is None or not 1 <= place <= last:
        raise Unknown(N_("Cette version n’existe pas."))
    return place


def _difference(library: Library, path: str, older: origins.Turn, newer: origins.Turn) -> FileDifference | None:
    """None when both are the same text, put back."""
    before, after = older.version.blob, newer.version.blob
    if before is None or after is None:
        raise Unknown(N_("Cette version n’existe pas."))
    if before == after:
        return None
    old, new = (Document.read(library.text(blob), path) for blob in (before, after))
    return FileDifference(path, old, new, (before, after))


def _proposal(number: int | None) -> Proposal | None:
    """None for a decision older than the rows: a database restored from Git alone has no proposal."""
    try:
        return proposals.proposal(number) if number else None
    except Unknown:
        return None
