"""Read the text: the edition in force, the draft, one criterion and what is said around it, the glossary, the tools."""

from flask import Blueprint, get_template_attribute, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from referentiel.blueprints.reading_around import around as under
from referentiel.criteria.erratum import Erratum
from referentiel.criteria.paths import Kind, path_of
from referentiel.criteria.rendering import VERSION, packed, unpacked
from referentiel.criteria.vocabulary import Step, reaches_everyone
from referentiel.editions import queries
from referentiel.editions.edition import Edition
from referentiel.editions.errata import errata_of
from referentiel.editions.summary import ChapterLine, CriterionLine
from referentiel.errors import N_, Unknown
from referentiel.library.cache import Cache
from referentiel.web.citing import quoting
from referentiel.web.contents import Filters, changed_codes, label_of
from referentiel.web.dated import (
    NoSuchDay,
    NotThatDay,
    asked_state,
    decisions_behind,
    decisions_of,
    same_in_force,
    to_come,
)
from referentiel.web.downloads import downloads
from referentiel.web.finding import Found, search
from referentiel.web.guard import public
from referentiel.web.language import LANGUAGE
from referentiel.web.origins import Act
from referentiel.web.related import cited_by, neighbours, related, terms, version_links, words_explained
from referentiel.web.stores import library, settings
from referentiel.web.texts import ItemText, State, draft_state

blueprint = Blueprint("reading", __name__)

_wholes: Cache[tuple[object, ...], bytes] = Cache(500_000, len)
"""Packed: about 120 criteria."""
KINDS = {kind.value: kind for kind in (Kind.REFERENTIAL, Kind.CHAPTER, Kind.PAGE, Kind.TOOL, Kind.SKILL)}
LISTS = {Kind.TERM.value: Kind.TERM, Kind.TOOL.value: Kind.TOOL, Kind.SKILL.value: Kind.SKILL}


@blueprint.get("/referentiel/")
@public
def contents() -> ResponseReturnValue:
    """The edition in force, or that of the day of ``?le=``."""
    state = asked_state()
    if state is None:
        return render_template("reading/nothing.html"), 404
    return _contents(state)


@blueprint.get("/travail/")
@public
def draft() -> ResponseReturnValue:
    return _contents(draft_state(library()))


@blueprint.get("/criteres/<code>")
@public
def criterion(code: str) -> ResponseReturnValue:
    state = asked_state()
    if state is None or state.summary.criterion(code) is None:
        return _elsewhere(state, Kind.CRITERION, code)
    return _criterion(state, code, around=state.asked is None)


@blueprint.get("/travail/criteres/<code>")
@public
def draft_criterion(code: str) -> ResponseReturnValue:
    return _criterion(draft_state(library()), code, around=False)


@blueprint.get("/<any(referentiel, chapitres, pages, outils, competences):kind>/<key>")
@public
def item(kind: str, key: str) -> ResponseReturnValue:
    state = asked_state()
    if state is None or not state.holds(KINDS[kind], key):
        return _elsewhere(state, KINDS[kind], key)
    return _item(state, KINDS[kind], key)


@blueprint.get("/travail/<any(referentiel, chapitres, pages, outils, competences):kind>/<key>")
@public
def draft_item(kind: str, key: str) -> ResponseReturnValue:
    return _item(draft_state(library()), KINDS[kind], key)


@blueprint.get("/<any(glossaire, outils, competences):kind>/")
@public
def listed(kind: str) -> ResponseReturnValue:
    state = asked_state()
    return _listed(state or draft_state(library()), LISTS[kind])


@blueprint.get("/travail/<any(glossaire, outils, competences):kind>/")
@public
def draft_listed(kind: str) -> ResponseReturnValue:
    return _listed(draft_state(library()), LISTS[kind])


@blueprint.errorhandler(NoSuchDay)
def no_such_day(error: NoSuchDay) -> ResponseReturnValue:
    """No text, or not this page, on the day of ``?le=``: what there is instead, and another day to choose."""
    absent = isinstance(error, NotThatDay)
    return render_template("reading/no_day.html", error=error, today=request.path, absent=absent), 404


def _elsewhere(state: State | None, kind: Kind, key: str) -> ResponseReturnValue:
    """What was adopted and waits for its edition is read in the draft; what does not exist is a 404."""
    draft = draft_state(library())
    draft.blob(kind, key)
    if state is not None and state.asked:
        raise NotThatDay(N_("Elle est venue plus tard."), asked=state.asked)
    return redirect(draft.address(kind.value, key), 302)


def _contents(state: State) -> ResponseReturnValue:
    filters = Filters.read(request.args, state)
    found = search(filters)
    chapters = [(chapter, _shown(chapter, filters, found)) for chapter in state.summary.chapters]
    return render_template(
        "reading/contents.html",
        state=state,
        filters=filters,
        found=found,
        chapters=[(chapter, lines) for chapter, lines in chapters if lines or not filters.active],
        shown=found.criteria if found else sum(len(lines) for _, lines in chapters),
        total=len(state.summary.in_force),
        changed=changed_codes(library(), state),
        coming=to_come(library(), state),
        downloads=downloads,
        acts=decisions_of(library(), state.edition) if state.asked and state.edition else (),
    )


def _shown(chapter: ChapterLine, filters: Filters, found: Found | None) -> list[CriterionLine]:
    if found:
        return [line for line in chapter.criteria if line.code in found.snippets]
    return [line for line in chapter.criteria if filters.keeps(line)]


def _criterion(state: State, code: str, *, around: bool) -> ResponseReturnValue:
    line = state.summary.criterion(code)
    if line is None:
        raise Unknown(N_("Ce critère n’existe pas."))
    text = state.item(Kind.CRITERION, code)
    easy = request.args.get("presentation") == "facile"
    before, after = state.summary.neighbours(code)
    coming, newer = _coming(state, code, text.blob)
    return render_template(
        "reading/criterion.html",
        state=state,
        site=settings().base_url,
        code=code,
        line=line,
        text=text,
        easy=easy,
        withdrawn=line.withdrawn,
        step=label_of(Step, line.step),
        structures=_structures(line.structures),
        before=before,
        after=after,
        newer=newer,
        words=words_explained(state, text) if easy else (),
        whole="" if easy else _whole(state, line, text, lively=around),
        answer=f"/criteres/{code}/avis" if around else "",
        around=under(code) if around and not easy else None,
        coming=coming,
        acts=_acts(state, Kind.CRITERION, code),
        errata=_errata(state, Kind.CRITERION, code),
        same=same_in_force(state, text),
    )


def _whole(state: State, line: CriterionLine, text: ItemText, *, lively: bool) -> str:
    """The text and what stands beside it: rendered once for a site, a commit, a list of editions and a language."""
    published, site = len(queries.all_editions(library())), settings().base_url
    key = (site, state.commit, state.address("criteres", line.code), lively, published, VERSION, LANGUAGE)
    return unpacked(_wholes.get(key, lambda _key: packed(_render_whole(state, line, text, lively=lively))))


def _render_whole(state: State, line: CriterionLine, text: ItemText, *, lively: bool) -> str:
    before, after = state.summary.neighbours(line.code)
    macro = get_template_attribute("reading/whole.html", "whole")
    links = version_links(library(), state, line.code)
    site, beside = settings().base_url, related(state, text)
    quoted = quoting(state, Kind.CRITERION, line.code, line.title, site)
    html: str = macro(state, line.code, text, line.withdrawn, beside, before, after, links, lively, quoted)
    return html


def _errata(state: State, kind: Kind, key: str) -> list[Erratum]:
    """What corrects the sealed text that is read; nothing for the draft."""
    known = errata_of(library(), str(state.edition.number)) if state.edition else ()
    return [one for one in known if one.path == path_of(kind, key)]


def _coming(state: State, code: str, blob: str) -> tuple[Edition | None, str]:
    """The edition to come that words a criterion in force otherwise, and where the draft words it otherwise again."""
    if state.is_draft or state.asked:
        return None, ""
    announced = to_come(library(), state)
    line = queries.summary_of(library(), announced).criterion(code) if announced else None
    next_blob = line.blob if line else blob
    draft_blob = library().files(library().head()).get(path_of(Kind.CRITERION, code))
    draft = "" if draft_blob in (None, next_blob) else f"/travail/criteres/{code}"
    return (announced if next_blob != blob else None), draft


def _acts(state: State, kind: Kind, key: str) -> tuple[Act, ...]:
    """The decisions that made the text of another day."""
    return decisions_behind(library(), state, kind, key) if state.asked else ()


def _structures(given: tuple[str, ...]) -> str:
    if reaches_everyone(given):
        return str(_("Pour toutes les structures"))
    return str(_("Pour\u00a0: %(types)s", types=", ".join(given)))


def _item(state: State, kind: Kind, key: str) -> ResponseReturnValue:
    text = state.item(kind, key)
    easy = request.args.get("presentation") == "facile"
    if kind is Kind.CHAPTER:
        chapter = state.summary.chapter(key)
        return render_template(
            "reading/chapter.html",
            state=state,
            key=key,
            text=text,
            chapter=chapter,
            easy=easy,
            errata=_errata(state, kind, key),
            acts=_acts(state, kind, key),
            same=same_in_force(state, text),
        )
    return render_template(
        "reading/item.html",
        state=state,
        kind=kind,
        key=key,
        text=text,
        line=state.summary.item(kind, key),
        neighbours=neighbours(state, kind, key),
        cited=cited_by(state, kind, key),
        acts=_acts(state, kind, key),
        same=same_in_force(state, text),
    )


def _listed(state: State, kind: Kind) -> ResponseReturnValue:
    if kind is Kind.TERM:
        return render_template("reading/glossary.html", state=state, terms=terms(state))
    items = [(line, state.item(kind, line.key)) for line in state.summary.items(kind)]
    return render_template("reading/items.html", state=state, kind=kind, items=items)
