"""What became of what somebody said: the decision that followed, its reason, and the sentences that it changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from referentiel.comments.anchors import Target
from referentiel.comments.models import Comment
from referentiel.criteria.changes import ChangeClass
from referentiel.criteria.paths import Kind, path_of
from referentiel.criteria.sentences import Sentence
from referentiel.criteria.vocabulary import QUESTION
from referentiel.database import session
from referentiel.library.library import Library
from referentiel.proposals.models import Decision, DecisionState, Proposal, Revision
from referentiel.proposals.queries.differences import FileDifference, difference, difference_of_decision
from referentiel.proposals.states import Outcome

MOST_SENTENCES = 6
MOST_JOINED = 10
"""How many times a proposal that joined another is followed"""


@dataclass(frozen=True, slots=True)
class Change:
    """What one section said before and says since: whole sentences, in the order of the text."""

    section: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """The decision that followed some words, and what it changed where they stand; nothing when the text stays."""

    decision: Decision
    changes: tuple[Change, ...]


def followed(library: Library, said: Sequence[Comment]) -> Mapping[int, Followed]:
    """For each of these contributions that a decision followed: which, and what it changed. Six statements.

    On a proposal, its decision, or that of the one it joined. On a criterion, the first decision later than the words
    that touches their section; failing that, the first on the criterion.
    """
    ends = _ends({int(row.key) for row in said if row.kind is Target.PROPOSAL})
    paths = {path_of(Kind.CRITERION, row.key) for row in said if row.kind is Target.CRITERION}
    on_proposals, on_paths = _decisions(paths, ends.values())
    found = {}
    for row in said:
        if row.kind is Target.PROPOSAL:
            theirs = on_proposals.get(ends[int(row.key)], [])
        elif row.kind is Target.CRITERION:
            theirs = on_paths.get(path_of(Kind.CRITERION, row.key), [])
        else:
            continue
        answer = _answer(library, row, [one for one in theirs if one.signed_at and one.signed_at >= row.created_at])
        if answer is not None:
            found[row.id] = answer
    return found


def last_decisions(proposals: Iterable[Proposal]) -> Mapping[int, Decision]:
    """By proposal, the last of its decisions that took effect. One statement."""
    numbers = {one.decision_number for one in proposals} - {None}
    rows = session.scalars(select(Decision).where(Decision.number.in_(numbers))) if numbers else ()
    return {row.proposal_id: row for row in rows}


def _ends(numbers: Collection[int]) -> Mapping[int, int]:
    """For each proposal, where it ends: itself, or the one it joined. One statement, and one for each junction."""
    ends = {number: number for number in numbers}
    for _junction in range(MOST_JOINED):
        joined = select(Proposal.id, Proposal.merged_into_id).where(
            Proposal.id.in_(set(ends.values())), Proposal.merged_into_id.is_not(None)
        )
        into = {number: target for number, target in session.execute(joined) if target} if ends else {}
        if not into:
            break
        ends = {number: into.get(end, end) for number, end in ends.items()}
    return ends


def _decisions(
    paths: Collection[str], numbers: Iterable[int]
) -> tuple[Mapping[int, list[Decision]], Mapping[str, list[Decision]]]:
    """The decisions in effect on these proposals and on these files, oldest first.

    A corrected misprint answers who spoke of that proposal, and nobody who spoke of the text.
    """
    on_proposals: dict[int, list[Decision]] = defaultdict(list)
    on_paths: dict[str, list[Decision]] = defaultdict(list)
    rows = session.scalars(
        select(Decision)
        .join(Decision.proposal)
        .where(
            Decision.state == DecisionState.EFFECTIVE,
            or_(Proposal.path.in_(paths), Proposal.adopted_path.in_(paths), Proposal.id.in_(tuple(numbers))),
        )
        .options(
            joinedload(Decision.proposal),
            joinedload(Decision.revision).selectinload(Revision.files),
            selectinload(Decision.amended_files),
        )
        .order_by(Decision.number)
    )
    for row in rows:
        on_proposals[row.proposal_id].append(row)
        if row.change_class is ChangeClass.TYPO:
            continue
        for path in {row.proposal.path, row.proposal.adopted_path} - {None}:
            on_paths[str(path)].append(row)
    return on_proposals, on_paths


def _answer(library: Library, said: Comment, decisions: Sequence[Decision]) -> Followed | None:
    """The first of these decisions that speaks of what was said; one that ends the matter before one that waits."""
    ordered = sorted(decisions, key=lambda one: one.outcome is Outcome.POSTPONED)
    section = said.section if said.section != QUESTION else ""
    for decision in ordered if section else ():
        shown = _shown(library, decision)
        if any(change.title == section for one in shown for change in one.comparison.changed_sections):
            return Followed(decision, _changes(decision, shown, section))
    if not ordered:
        return None
    first = ordered[0]
    return Followed(first, () if section else _changes(first, _shown(library, first), ""))


def _shown(library: Library, decision: Decision) -> Sequence[FileDifference]:
    return (
        difference_of_decision(library, decision) if decision.outcome.adopts else difference(library, decision.revision)
    )


def _changes(decision: Decision, shown: Sequence[FileDifference], section: str) -> tuple[Change, ...]:
    """The sentences that came and went, section by section; of one section alone when it is named."""
    if not decision.outcome.adopts:
        return ()
    changes = []
    for one in shown:
        told = one.comparison.sentences
        titles = [change.title for change in one.comparison.changed_sections if section in ("", change.title)]
        for title in titles:
            before, after = _of(told.removed, title), _of(told.added, title)
            if before or after:
                changes.append(Change(title, before, after))
    return tuple(changes)


def _of(sentences: Iterable[Sentence], title: str) -> tuple[str, ...]:
    return tuple(one.text.replace("**", "") for one in sentences if one.section == title)[:MOST_SENTENCES]
