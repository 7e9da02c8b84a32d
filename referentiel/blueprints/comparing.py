"""Compare two states of the text: what was added, changed, withdrawn, in words and figures, for whom, and why."""

from dataclasses import dataclass
from datetime import date, datetime, time

from flask import Blueprint, get_template_attribute, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from referentiel.blueprints.comparing_asked import Asked, Changes, Side
from referentiel.blueprints.comparing_parts import PER_PAGE, shown
from referentiel.criteria.paths import Kind, path_of
from referentiel.criteria.rendering import packed, unpacked
from referentiel.dates import PARIS, day
from referentiel.editions import queries
from referentiel.editions.comparing.comparisons import compared
from referentiel.editions.comparing.concerns import Role
from referentiel.editions.edition import Edition, in_force
from referentiel.errors import N_, Unknown
from referentiel.library.cache import Cache
from referentiel.proposals.queries.lines import Line, lines
from referentiel.proposals.states import Step
from referentiel.web.clock import now
from referentiel.web.contents import day_of
from referentiel.web.guard import public
from referentiel.web.language import LANGUAGE
from referentiel.web.numbers import page_number
from referentiel.web.stores import library

blueprint = Blueprint("comparing", __name__)

DRAFT = "travail"
NEWS_SHOWN = 60
LONGEST = 20
"""No edition nor role has a longer name"""


@dataclass(frozen=True)
class News:
    """Since a day: what was decided and is in no edition in force yet, what was asked for. The latest first."""

    decided: tuple[Line, ...]
    asked: tuple[Line, ...]


_details: Cache[tuple[object, ...], bytes] = Cache(500_000, len)
"""Packed: about forty comparisons of two editions."""


@blueprint.get("/comparer")
@public
def compare() -> ResponseReturnValue:
    """``de`` and ``a`` each name an edition or the draft, the older first whatever the order; ``pour`` says who asks.

    ``structure`` is a former name of ``pour``.
    """
    published = queries.all_editions(library())
    if not published:
        raise Unknown(N_("Aucune édition n’est encore publiée\u00a0: il n’y a rien à comparer."))
    before, after = _sides(published, request.args.get("de", ""), request.args.get("a", ""))
    who = request.args.get("pour") or request.args.get("structure", "")
    asked = Asked(before, after, _role(who), page_number(request.args.get("page")))
    if "structure" in request.args:
        return redirect(asked.address, 302)
    if _rank(published, before) > _rank(published, after):
        return redirect(Asked(after, before, asked.role, 1).address, 302)
    return _page(published, asked, unknown=bool(who) and asked.role is None)


@blueprint.get("/depuis/<on>")
@public
def since(on: str) -> ResponseReturnValue:
    """What changed in the text in force since a day, what was decided and proposed since; from the first edition for a
    day before it."""
    from_day = day_of(on)
    published = queries.all_editions(library())
    today = in_force(published, day(now()))
    before = in_force(published, from_day) or (published[0] if published and from_day < published[0].applies else None)
    if before is None or today is None:
        raise Unknown(N_("Aucune édition n’était en vigueur ce jour-là."))
    who = request.args.get("pour", "")
    asked = Asked(_of(before), _of(today), _role(who), page_number(request.args.get("page")))
    unknown = bool(who) and asked.role is None
    return _page(published, asked, unknown=unknown, since=from_day, news=_news(from_day, today))


def _news(asked: date, today: Edition) -> News:
    """Two statements."""
    start = datetime.combine(asked, time(), PARIS)
    found = lines(steps=(Step.SUBMIT, Step.SIGN), since=start, limit=NEWS_SHOWN)
    sealed = library().files(today.commit)
    decided = [line for line in found if line.decision and path_of(Kind.DECISION, str(line.decision)) not in sealed]
    return News(tuple(decided), tuple(line for line in found if line.step is Step.SUBMIT))


def _page(
    published: tuple[Edition, ...],
    asked: Asked,
    *,
    unknown: bool,
    since: date | None = None,
    news: News | None = None,
) -> str:
    """The comparison of two states; ``since`` is the day that led to them, ``news`` what is not in them yet.

    ``unknown``: somebody asked for who is none of the roles.
    """
    before, after = asked.before, asked.after
    found = compared(library(), (before.commit, before.edition), (after.commit, after.edition))
    changes = Changes.of(found, asked.role)
    asked = asked.at_most(-(-len(changes.shown) // PER_PAGE))
    return render_template(
        "comparing/compare.html",
        asked=asked,
        before=before,
        after=after,
        published=published[::-1],
        roles=[(role.value, _(role.label)) for role in Role],
        unknown=unknown,
        changes=changes,
        same=found.same,
        detail=_detail(asked, changes),
        since=since,
        news=news,
    )


def _detail(asked: Asked, changes: Changes) -> str:
    """Rendered once for two commits, a role, a page and a language."""
    before, after = asked.before, asked.after
    key = (before.commit, after.commit, before.name, after.name, asked.role, asked.page, LANGUAGE)
    return unpacked(_details.get(key, lambda _key: packed(_rendered(asked, changes))))


def _rendered(asked: Asked, changes: Changes) -> str:
    macro = get_template_attribute("comparing/parts.html", "detail")
    return str(macro(asked, changes, shown(library(), asked, changes)))


def _of(edition: Edition) -> Side:
    return Side(str(edition.number), edition.commit, edition)


def _role(name: str) -> Role | None:
    return next((role for role in Role if role.value.lower() == name[:LONGEST].lower()), None)


def _rank(published: tuple[Edition, ...], side: Side) -> int:
    """Where a state stands in time: the draft comes after every edition."""
    return published.index(side.edition) if side.edition else len(published)


def _sides(published: tuple[Edition, ...], de: str, a: str) -> tuple[Side, Side]:
    """The two states that the address names; the last edition and what came before it when it names none."""
    last, head = published[-1], library().head()
    if not a:
        a = DRAFT if last.commit != head or len(published) == 1 or de == str(last.number) else str(last.number)
    after = _side(published, a, head)
    if not de:
        earlier = after.edition.previous if after.edition else str(last.number)
        de = earlier or str(published[0].number)
    return _side(published, de, head), after


def _side(published: tuple[Edition, ...], name: str, head: str) -> Side:
    if name == DRAFT:
        return Side(DRAFT, head, None)
    edition = next((edition for edition in published if str(edition.number) == name), None)
    if edition is None:
        raise Unknown(
            N_("Cette édition n’existe pas."),
            way_out=N_("Choisissez-en deux dans la liste des éditions, puis «\u00a0Comparer\u00a0»."),
        )
    return _of(edition)
