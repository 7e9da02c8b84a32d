"""What the rows of the workflow look at: a proposal on one day, what a form brings, each condition on them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from referentiel.dates import long_date
from referentiel.errors import N_, Invalid, NotAllowed, Refused
from referentiel.permissions import College
from referentiel.proposals.delays import Delays
from referentiel.proposals.sheets import Incomplete
from referentiel.proposals.states import OPEN, Outcome, State


class NotNow(NotAllowed):
    """The person could take this step, but not on this proposal as it is today. What was typed is shown again."""

    status = 409
    title = N_("Cette étape n’est pas possible maintenant")


@dataclass(frozen=True, slots=True)
class Case:
    """A proposal as the table sees it on one day."""

    state: State
    today: date
    author_ids: frozenset[int] = frozenset()
    credited_ids: frozenset[int] = frozenset()
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


# --- conditions: what the calendar and the past say


def window_closed(case: Case) -> Refused | None:
    if case.window_ends is not None and case.today <= case.window_ends:
        return NotNow(
            N_("La discussion est ouverte jusqu’au %(date)s : la décision se prépare ensuite."),
            date=long_date(case.window_ends),
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
    unsaid = [
        Invalid(
            N_("Un collège fondateur n’a pas été entendu : dites pourquoi décider sans lui."),
            field=f"silence_{college.value}",
        )
        for college in College
        if college in case.silent and not given.silences.get(college, "").strip()
    ]
    return Incomplete(unsaid) if len(unsaid) > 1 else next(iter(unsaid), None)


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
