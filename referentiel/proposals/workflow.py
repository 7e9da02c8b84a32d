"""The life of a proposal, as a table: from where, which step, on what condition, to where. Pure.

Who may take a step is said by the permission table, under the same name; this table adds the states, the dates and
what the form must bring. The same table shows the buttons (:func:`steps_for`), and the database refuses any move that
it does not hold (:func:`moves`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from referentiel.errors import N_, Invalid, NotAllowed, Refused
from referentiel.permissions import Action, Actor, College, Role, may, require
from referentiel.proposals.delays import Delays, in_words
from referentiel.proposals.states import DECIDED, OPEN, Outcome, State, Step


class NotNow(NotAllowed):
    """The person could take this step, but not on this proposal as it is today. What was typed is shown again."""

    status = 409
    title = N_("Cette étape n’est pas possible maintenant")


class Who(Enum):
    """Whose buttons a step belongs to; the permission table says which of them may press."""

    AUTHOR = "author"
    EDITOR = "editor"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Case:
    """A proposal as the table sees it on one day."""

    state: State
    today: date
    author_ids: frozenset[int] = frozenset()
    authors_gone: bool = False
    declared_inadmissible_by_id: int | None = None
    declared_inadmissible_on: date | None = None
    appealed: bool = False
    window_ends: date | None = None
    first_signatory_id: int | None = None
    first_signatory_college: str | None = None
    outcome: Outcome | None = None
    digest: str | None = None
    signed_twice: bool = False
    amended_on: date | None = None
    amendment_answered: bool = False
    resume_on: date | None = None
    silent: frozenset[College] = frozenset()
    delays: Delays = field(default_factory=Delays)


@dataclass(frozen=True, slots=True)
class Given:
    """What the form brings with a step."""

    reason: str = ""
    plain_reason: str = ""
    changes_something: bool = False
    licence: bool = False
    outcome: Outcome | None = None
    resume_on: date | None = None
    silences: Mapping[College, str] = field(default_factory=dict)
    digest: str | None = None
    target: State | None = None
    target_is_itself: bool = False
    text_moved: bool = False


Condition = Callable[[Case], Refused | None]
Need = Callable[[Case, Given], Refused | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. ``conditions`` hold before the form is filled; ``needs`` look at what it brings."""

    step: Step
    sources: frozenset[State]
    who: Who
    targets: frozenset[State]
    conditions: tuple[Condition, ...] = ()
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """A step shown to a person: possible, or refused with its reason beside it (French, ``%(name)s`` places)."""

    step: Step
    allowed: bool
    reason: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


# --- conditions: what the calendar and the past say


def window_closed(case: Case) -> Refused | None:
    if case.window_ends is not None and case.today <= case.window_ends:
        return NotNow(
            N_("La discussion est ouverte jusqu’au %(date)s : la décision se prépare ensuite."),
            date=in_words(case.window_ends),
        )
    return None


def once(case: Case) -> Refused | None:
    return NotNow(N_("Un second regard a déjà été demandé : il n’y en a qu’un.")) if case.appealed else None


def within_appeal(case: Case) -> Refused | None:
    declared = case.declared_inadmissible_on
    if declared is not None and (case.today - declared).days > case.delays.appeal:
        return NotNow(
            N_("Le délai pour demander un second regard était de %(days)s jours : il est passé."),
            days=case.delays.appeal,
        )
    return None


def before_second_signature(case: Case) -> Refused | None:
    if case.signed_twice:
        return NotNow(N_("La deuxième signature est donnée : la décision est en train d’être écrite."))
    return None


def amendment_read(case: Case) -> Refused | None:
    if case.outcome is not Outcome.ADOPTED_WITH_CHANGES or case.amendment_answered or case.authors_gone:
        return None
    if case.amended_on is not None and (case.today - case.amended_on).days > case.delays.amendment:
        return None
    return NotNow(
        N_("L’auteur de la proposition a %(days)s jours pour répondre au texte modifié."), days=case.delays.amendment
    )


def date_reached(case: Case) -> Refused | None:
    if case.resume_on is None or case.today < case.resume_on:
        return NotNow(N_("La discussion reprendra d’elle-même à la date que la décision indique."))
    return None


# --- needs: what the form must bring


def something_changed(case: Case, given: Given) -> Refused | None:
    if given.changes_something:
        return None
    return Invalid(N_("Le texte est le même qu’avant : changez au moins une rubrique."), field="changes")


def reasoned(case: Case, given: Given) -> Refused | None:
    return None if given.reason.strip() else Invalid(N_("Dites pourquoi : il manque la raison."), field="reason")


def plainly_reasoned(case: Case, given: Given) -> Refused | None:
    if given.plain_reason.strip():
        return None
    return Invalid(N_("Dites aussi la raison en mots simples."), field="plain_reason")


def licensed(case: Case, given: Given) -> Refused | None:
    if given.licence:
        return None
    return Invalid(N_("Acceptez que votre texte soit publié sous Licence Ouverte 2.0."), field="licence")


def outcome_chosen(case: Case, given: Given) -> Refused | None:
    if given.outcome is None:
        return Invalid(N_("Choisissez une décision."), field="outcome")
    if (given.outcome is Outcome.POSTPONED) != (given.resume_on is not None):
        return Invalid(N_("Dites à quelle date la discussion reprend."), field="resume_on")
    if given.resume_on is not None and given.resume_on <= case.today:
        return Invalid(N_("La date de reprise doit être après aujourd’hui."), field="resume_on")
    return None


def silences_justified(case: Case, given: Given) -> Refused | None:
    for college in College:
        if college in case.silent and not given.silences.get(college, "").strip():
            return Invalid(
                N_("Un collège fondateur n’a pas été entendu : dites pourquoi décider sans lui."),
                field=f"silence_{college.value}",
            )
    return None


def same_wording(case: Case, given: Given) -> Refused | None:
    if given.digest is not None and given.digest == case.digest:
        return None
    return NotNow(
        N_("La décision a changé depuis que vous l’avez lue : rien n’a été signé."),
        way_out=N_("Relisez la décision telle qu’elle est maintenant, puis signez-la si elle vous convient."),
    )


def open_target(case: Case, given: Given) -> Refused | None:
    if given.target_is_itself:
        return Invalid(N_("Une proposition ne peut pas être réunie avec elle-même."), field="target")
    if given.target not in OPEN:
        return Invalid(N_("Choisissez une proposition encore ouverte."), field="target")
    return None


def reasoned_unless_text_moved(case: Case, given: Given) -> Refused | None:
    return None if given.text_moved else reasoned(case, given)


JUDGED = (reasoned, plainly_reasoned)

TABLE: tuple[Row, ...] = (
    Row(
        Step.SUBMIT,
        frozenset({State.DRAFT}),
        Who.AUTHOR,
        frozenset({State.SUBMITTED}),
        needs=(something_changed, reasoned, licensed),
    ),
    Row(Step.ADMIT, frozenset({State.SUBMITTED}), Who.EDITOR, frozenset({State.IN_DISCUSSION})),
    Row(Step.ASK_COMPLETION, frozenset({State.SUBMITTED}), Who.EDITOR, frozenset({State.TO_COMPLETE}), needs=JUDGED),
    Row(
        Step.DECLARE_INADMISSIBLE,
        frozenset({State.SUBMITTED}),
        Who.EDITOR,
        frozenset({State.INADMISSIBLE}),
        needs=JUDGED,
    ),
    Row(
        Step.RESUBMIT,
        frozenset({State.TO_COMPLETE}),
        Who.AUTHOR,
        frozenset({State.SUBMITTED}),
        needs=(something_changed, reasoned),
    ),
    Row(
        Step.APPEAL,
        frozenset({State.INADMISSIBLE}),
        Who.AUTHOR,
        frozenset({State.SUBMITTED}),
        conditions=(once, within_appeal),
    ),
    Row(
        Step.REVISE,
        frozenset({State.IN_DISCUSSION}),
        Who.AUTHOR,
        frozenset({State.IN_DISCUSSION}),
        needs=(something_changed, reasoned),
    ),
    Row(
        Step.PROPOSE_DECISION,
        frozenset({State.IN_DISCUSSION}),
        Who.EDITOR,
        frozenset({State.IN_DECISION}),
        conditions=(window_closed,),
        needs=(outcome_chosen, reasoned, plainly_reasoned, silences_justified),
    ),
    Row(
        Step.SIGN,
        frozenset({State.IN_DECISION}),
        Who.EDITOR,
        DECIDED,
        conditions=(before_second_signature, amendment_read),
        needs=(same_wording,),
    ),
    Row(
        Step.SEND_BACK,
        frozenset({State.IN_DECISION}),
        Who.EDITOR,
        frozenset({State.IN_DISCUSSION}),
        conditions=(before_second_signature,),
        needs=(reasoned_unless_text_moved,),
    ),
    Row(
        Step.RESUME,
        frozenset({State.POSTPONED}),
        Who.TIME,
        frozenset({State.IN_DISCUSSION}),
        conditions=(date_reached,),
    ),
    Row(Step.MERGE_INTO, OPEN, Who.EDITOR, frozenset({State.MERGED_INTO}), needs=(open_target,)),
    Row(
        Step.WITHDRAW,
        frozenset({State.DRAFT, State.INADMISSIBLE, State.IN_DECISION}) | OPEN,
        Who.AUTHOR,
        frozenset({State.WITHDRAWN}),
        conditions=(before_second_signature,),
    ),
)

ROWS: Mapping[Step, Row] = {row.step: row for row in TABLE}


def moves() -> tuple[tuple[Step, State, State], ...]:
    """Every (step, from, to) that the table holds, in a stable order: the database refuses any other."""
    return tuple(
        (row.step, source, target)
        for row in TABLE
        for source in State
        if source in row.sources
        for target in State
        if target in row.targets
    )


def check(case: Case, step: Step, actor: Actor | None) -> None:
    """Everything that can be said before the form is filled.

    ``actor`` is none when time takes the step, or when the text moved. Raises :class:`NotAllowed` (who) or
    :class:`NotNow` (state, date).
    """
    row = ROWS[step]
    if actor is not None:
        require(actor, Action(step.value), case)
    if case.state not in row.sources:
        raise _wrong_state(case)
    for condition in row.conditions:
        refusal = condition(case)
        if refusal is not None:
            raise refusal


def target(case: Case, step: Step, actor: Actor | None, given: Given | None = None) -> State:
    """The state to which the step leads, once all that the table asks is met.

    ``actor`` may be none for what time does, and for a decision sent back because the text moved. Raises
    :class:`NotAllowed` (who), :class:`NotNow` (state, date, a wording that changed) or :class:`Invalid` (the form).
    """
    given = given or Given()
    row = ROWS[step]
    if actor is None and row.who is not Who.TIME and not (step is Step.SEND_BACK and given.text_moved):
        require(None, Action(step.value), case)
    check(case, step, actor)
    for need in row.needs:
        refusal = need(case, given)
        if refusal is not None:
            raise refusal
    if step is Step.SIGN:
        if case.outcome is None:
            raise _wrong_state(case)
        return case.outcome.state
    (only,) = row.targets
    return only


def steps_for(case: Case, actor: Actor | None) -> tuple[Button, ...]:
    """The buttons of a person on a proposal, in the order of the table.

    Authors see what authors do and editors what editors do, allowed or refused with the reason; nobody sees what would
    never be theirs.
    """
    if actor is None:
        return ()
    rows = (row for row in TABLE if case.state in row.sources and _theirs(row, case, actor))
    return tuple(_button(case, row.step, actor) for row in rows)


def _theirs(row: Row, case: Case, actor: Actor) -> bool:
    if row.who is Who.AUTHOR:
        return actor.id in case.author_ids
    return row.who is Who.EDITOR and Role.EDITOR in actor.roles


def _button(case: Case, step: Step, actor: Actor) -> Button:
    verdict = may(actor, Action(step.value), case)
    if not verdict:
        return Button(step, False, verdict.reason)
    for condition in ROWS[step].conditions:
        refusal = condition(case)
        if refusal is not None:
            return Button(step, False, refusal.message, refusal.values)
    return Button(step, True)


def _wrong_state(case: Case) -> NotNow:
    return NotNow(
        N_("La proposition est « %(state)s » : cette étape n’est pas possible."),
        way_out=N_("Ouvrez la proposition : elle dit où elle en est et ce qui peut être fait."),
        state=case.state.label,
    )
