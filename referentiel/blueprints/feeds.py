"""The doors of feeds: editions, proposals, one criterion, one chapter, one proposal. No cookie, nobody is looked up."""

from collections.abc import Collection

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from referentiel.comments import queries as comments
from referentiel.criteria.paths import Kind, path_of
from referentiel.dates import day
from referentiel.editions import queries as editions
from referentiel.editions.edition import Edition
from referentiel.editions.errata import every_erratum, of_item
from referentiel.errors import N_, Unknown
from referentiel.library import queries as versions
from referentiel.proposals import queries as proposals
from referentiel.proposals.queries.lines import lines
from referentiel.proposals.states import Step
from referentiel.web import origins
from referentiel.web.clock import now
from referentiel.web.feeds import MOST, Page, answer, latest, of_editions, of_errata, of_lines, of_versions, of_voices
from referentiel.web.guard import public
from referentiel.web.listing import page_asked
from referentiel.web.stores import library, settings
from referentiel.web.subjects import Subject, subject

blueprint = Blueprint("feeds", __name__, url_prefix="/flux")

DEEPEST = 200
"""Pages of a feed made of several lists: ten thousand entries"""


@blueprint.get("/editions.atom")
@public
def of_the_editions() -> ResponseReturnValue:
    """Each published edition, and each of its errata."""
    known = [one for edition in _published() for one in every_erratum(library(), str(edition.number))]
    entries = Page.of(latest(of_errata(known), of_editions(_published())), page_asked())
    return _answer("editions", _("Les éditions du référentiel"), "/editions/", entries)


@blueprint.get("/propositions.atom")
@public
def of_the_proposals() -> ResponseReturnValue:
    """The steps of all proposals, the latest first."""
    number = page_asked()
    found = lines(limit=MOST + 1, past=(number - 1) * MOST)
    return _answer("propositions", _("Les propositions"), "/propositions/", Page.rest(of_lines(found), number))


@blueprint.get("/propositions/<int:number>.atom")
@public
def of_a_proposal(number: int) -> ResponseReturnValue:
    """Its steps, and that somebody spoke of it."""
    found = proposals.proposal(number)
    title = _("Proposition\u00a0%(number)s, «\u00a0%(title)s\u00a0»", number=number, title=found.title)
    asked = page_asked()
    steps, spoken = lines(proposal=number, limit=_needed(asked)), comments.on_proposal(number)
    entries = Page.of(latest(of_lines(steps), of_voices(number, spoken)), asked)
    return _answer(f"propositions/{number}", title, f"/propositions/{number}", entries)


@blueprint.get("/criteres/<code>.atom")
@public
def of_a_criterion(code: str) -> ResponseReturnValue:
    """What was adopted, and what is proposed."""
    of = subject(library(), Kind.CRITERION.value, code)
    title = _("Critère\u00a0%(code)s, %(title)s", code=code, title=of.title)
    return _answer(f"criteres/{code}", title, of.address, _about(of, {of.path}))


@blueprint.get("/chapitres/<letter>.atom")
@public
def of_a_chapter(letter: str) -> ResponseReturnValue:
    """The chapter, and each of its criteria."""
    of = subject(library(), Kind.CHAPTER.value, letter)
    chapter = of.state.summary.chapter(letter)
    codes = [line.code for line in chapter.criteria] if chapter else []
    title = _("Chapitre\u00a0%(code)s, %(title)s", code=letter, title=of.title)
    return _answer(
        f"chapitres/{letter}",
        title,
        of.address,
        _about(of, {of.path, *(path_of(Kind.CRITERION, code) for code in codes)}),
    )


def _about(of: Subject, paths: Collection[str]) -> Page:
    """Three statements. The signature of a decision that adopts is told once, as the text that it adopts."""
    asked = page_asked()
    adopted = versions.of_files(paths, limit=_needed(asked))
    acts = [(version, origins.act(library(), version.decision, at=of.state.commit)) for version in adopted]
    told = {version.decision for version in adopted if version.decision}
    steps = lines(paths=paths, limit=_needed(asked) + len(told))
    others = (line for line in steps if line.step is not Step.SIGN or line.decision not in told)
    errata = [one for path in sorted(paths) for one in of_item(library(), path)]
    return Page.of(latest(of_versions(acts), of_errata(errata), of_lines(others)), asked)


def _needed(page: int) -> int:
    """How many of each kind it takes to know the first pages of several kinds together, and whether more follow.

    Raises :class:`Unknown` for a page so deep that reading all the others for it would cost too much.
    """
    if page > DEEPEST:
        raise Unknown(N_("Cette page du flux n’existe pas."))
    return page * MOST + 1


def _published() -> tuple[Edition, ...]:
    return editions.all_editions(library())


def _answer(name: str, title: str, page: str, entries: Page) -> ResponseReturnValue:
    published = _published()
    empty = published[0].published if published else day(now()).replace(month=1, day=1)
    return answer(settings(), name=name, title=title, page=page, entries=entries, empty=empty)
