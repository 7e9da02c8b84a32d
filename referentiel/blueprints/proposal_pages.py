"""The pages of who writes: the choice of a verb and of an item, and the form with its difference."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from referentiel.blueprints.proposal_credits import wish_shown
from referentiel.blueprints.proposal_sheets import HINTS, ROWS, SheetForm
from referentiel.blueprints.proposal_similar import near_words, on_the_same, similar
from referentiel.blueprints.proposal_subjects import IN_ADDRESSES, WORDS, Subject
from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.comparison import compare
from referentiel.criteria.links import citing
from referentiel.criteria.paths import Kind, is_new, kind_and_key
from referentiel.criteria.readability import review
from referentiel.criteria.vocabulary import PLAIN_TEXT, STATEMENT
from referentiel.editions.queries import summary_at
from referentiel.proposals import queries
from referentiel.proposals.models import Draft
from referentiel.proposals.sheets import (
    LONGEST_PLAIN,
    LONGEST_REASON,
    LONGEST_SECTION,
    LONGEST_TITLE,
    MOST_PARTS,
    Sheet,
)
from referentiel.proposals.states import ItemVerb, ProposalKind
from referentiel.proposals.wording import Written
from referentiel.proposals.wording.layouts import CREATED, RANKED
from referentiel.web.identity import signed_in
from referentiel.web.stores import library, settings

LIMITS = {"title": LONGEST_TITLE, "reason": LONGEST_REASON, "plain": LONGEST_PLAIN, "section": LONGEST_SECTION}
MOST_CITING = 12


def choice_page(subject: Subject | None) -> str:
    """What is chosen before writing: a verb and an item; with which other one to merge; whether a split one stays."""
    wish = wish_shown(request.args.get("souhait"))
    if subject is None:
        said = IN_ADDRESSES.get(request.args.get("verbe", ""), ProposalKind.MODIFY)
        return render_template(
            "proposing/choose.html",
            summary=summary_at(library(), library().head()),
            drafts=queries.drafts_of(signed_in()),
            wish=wish,
            verb=said,
            words=WORDS,
            kinds=_kinds(said),
        )
    if subject.kind is ProposalKind.MERGE:
        base = subject.base
        words = " ".join((base.section(STATEMENT) or "", base.section(PLAIN_TEXT) or "")) if base is not None else ""
        return render_template("proposing/other.html", subject=subject, near=near_words(subject, words), wish=wish)
    return render_template("proposing/split.html", subject=subject, wish=wish)


def _kinds(verb: ProposalKind) -> tuple[Kind, ...]:
    """Of which items a verb can be said; the presentation of the text, of which there is one, is shown apart."""
    if verb in (ProposalKind.MERGE, ProposalKind.SPLIT):
        return (Kind.CRITERION,)
    return tuple(kind for kind in CREATED if verb is not ProposalKind.MOVE or kind in RANKED)


def wording_page(
    subject: Subject,
    form: SheetForm,
    *,
    written: Written | None = None,
    sheet: Sheet | None = None,
    kept: Draft | None = None,
    **more: Any,
) -> str:
    """The form, with the difference when it was asked for. ``added``: the place of an item just added, from 1."""
    comparisons = []
    if written is not None:
        for problem in written.problems:
            if problem.field != "licence":
                form.refuse(problem)
        comparisons = [(change.path, compare(change.before, change.after)) for change in written.changes]
    return render_template(
        "proposing/write.html",
        subject=subject,
        form=form,
        comparisons=comparisons,
        unchanged=bool(comparisons) and all(one.same for _path, one in comparisons),
        previewed=written is not None,
        remarks=_remarks(subject, form) if written is not None else (),
        similar=similar(subject, sheet) if sheet is not None else on_the_same(subject),
        searched=sheet is not None,
        citing=_citing(subject),
        hints=HINTS,
        class_hints={kind.value: _(kind.explanation) for kind in ChangeClass},
        rows=ROWS,
        limits=LIMITS,
        most=MOST_PARTS,
        kinds=CREATED,
        settings=settings(),
        before=[{s.title: s.body for s in base.sections} if base is not None else {} for base in subject.bases],
        wish=wish_shown(form.souhait.data),
        asked_class=_asked_class(subject),
        kept=kept,
        **{"moved": None, "added": 0} | more,
    )


def _asked_class(subject: Subject) -> bool:
    return subject.kind in (ProposalKind.MODIFY, ProposalKind.MOVE)


def _remarks(subject: Subject, form: SheetForm) -> tuple[Any, ...]:
    """How easy the easy text of the main item reads."""
    layout = subject.layouts[0]
    if not any(section.title == PLAIN_TEXT for section in layout.sections):
        return ()
    return tuple(review(form[layout.section_field(PLAIN_TEXT)].data or ""))


def _citing(subject: Subject) -> list[tuple[str, str]]:
    """Who cites what the form withdraws, and is not in it: (path, key), so that it can be added by one button."""
    gone = [path for verb, path in subject.items if verb is ItemVerb.WITHDRAW and not is_new(path)]
    if not gone:
        return []
    own = {path for _verb, path in subject.items}
    found = dict.fromkeys(link.source for link in citing(subject.texts, gone) if link.source not in own)
    return [(path, kind_and_key(path)[1]) for path in found][:MOST_CITING]
