"""The public acts: what was decided, in the words of the file that the library keeps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from referentiel.blueprints.changed_items import in_edition, sides
from referentiel.blueprints.proposal_views import TONES, edition_of
from referentiel.criteria.items import title_of
from referentiel.criteria.paths import Kind, corrected_by, is_erratum, is_new, kind_and_key, path_of, tree
from referentiel.errors import N_, Unknown
from referentiel.people.workshops.queries import PublicFigures, public_figures
from referentiel.proposals import queries
from referentiel.proposals.act import Written
from referentiel.proposals.models import Decision
from referentiel.proposals.queries import FileDifference
from referentiel.web.guard import public
from referentiel.web.numbers import page_number
from referentiel.web.stores import library, settings

blueprint = Blueprint("decisions", __name__)


@dataclass(frozen=True, slots=True)
class Item:
    """One of the texts of a decision: a code when it has a short one, an address when it is in the version of today."""

    path: str
    code: str
    title: str
    address: str


@blueprint.get("/decisions/")
@public
def listing() -> ResponseReturnValue:
    """The public acts, latest first."""
    number = page_number(request.args.get("page"))
    rows, total = queries.decisions(page=number)
    count = max(1, -(-total // 20))
    if number > count:
        raise Unknown(N_("Cette page de la liste n’existe pas."))
    return render_template("deciding/list.html", decisions=rows, total=total, number=number, count=count, tones=TONES)


@blueprint.get("/decisions/<int:number>")
@public
def act(number: int) -> ResponseReturnValue:
    """A decision as a public act: what its file says, what changed, and where it stands.

    One that the library holds and the database does not know, after a restoration, is shown as its file tells it.
    """
    said = queries.written(library(), number)
    try:
        decision = queries.decision(number)
    except Unknown:
        return render_template("deciding/written.html", said=said, tone=TONES.get(said.outcome.state, ""))
    proposal = decision.proposal
    shown = (
        queries.difference_of_decision(library(), decision)
        if decision.outcome.adopts
        else queries.difference(library(), decision.revision)
    )
    shown = in_edition(sorted(shown, key=lambda one: (one.path != proposal.path, one.path)))
    return render_template(
        "deciding/act.html",
        decision=decision,
        said=said,
        proposal=proposal,
        differences=list(zip(_items(shown, said), shown, strict=True)),
        sides=sides(shown[0]),
        credits=[row for row in proposal.credits if row.contribution in said.contributions],
        edition=edition_of(library(), decision),
        tone=TONES.get(decision.outcome.state, ""),
        sessions=_sessions(decision),
        smallest=settings().small_group,
    )


def _items(shown: Sequence[FileDifference], said: Written) -> Iterator[Item]:
    """The texts of a decision, under the codes that its file tells in the same order."""
    files = library().files(library().head())
    # An older file names its main text alone.
    codes = said.items if len(said.items) == len(shown) else (said.item, *(_key(one.path) for one in shown[1:]))
    for one, code in zip(shown, codes, strict=True):
        if is_erratum(one.path):
            yield _erratum(one, code)
            continue
        prefix, local = tree(one.path)
        kind = kind_and_key(local)[0]
        path = one.path if kind is Kind.REFERENTIAL else f"{prefix}{kind.value}/{code}.md"
        known = path in files and not prefix
        address = f"/travail/{kind.value}/{f'#{code}' if kind is Kind.TERM else code}" if known else ""
        short = kind in (Kind.CRITERION, Kind.CHAPTER) and not is_new(path)
        yield Item(one.path, code if short else "", title_of(one.after), address)


def _erratum(one: FileDifference, code: str) -> Item:
    """An erratum leads to the list of those of its edition."""
    number, _slash, name = code.partition("/")
    address = "" if is_new(path_of(Kind.ERRATUM, code)) else f"/editions/{number}/errata#{name}"
    return Item(one.path, name, title_of(one.after), address)


def _key(path: str) -> str:
    return kind_and_key(tree(path)[1])[1]


def _sessions(decision: Decision) -> PublicFigures | None:
    """The collective sessions that discussed the criterion between the admission and the second signature."""
    found = decision.proposal
    if found.admitted_at is None or decision.signed_at is None:
        return None
    code = corrected_by(found.path)[1] if is_erratum(found.path) else found.code
    return public_figures([code], since=found.admitted_at, until=decision.signed_at)
