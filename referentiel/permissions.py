"""Who may do what: colleges, roles, and one table from each action to who may do it and on what condition.

The table speaks of protocols, never of models, and knows nothing of dates or states: those are in each life's own table
(``proposals.workflow``). The same table that allows an action also says whether to show its button, and gives the
sentence that explains a refusal.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from referentiel.errors import N_, NotAllowed


class College(StrEnum):
    """The four colleges."""

    EMPLOYEES = "employees"
    SIAE = "siae"
    SPE = "spe"
    PARTNERS = "partners"

    @property
    def label(self) -> str:
        """How the screen names it."""
        return COLLEGE_LABELS[self]


COLLEGE_LABELS: Mapping[College, str] = {
    College.EMPLOYEES: N_("Salariés en insertion"),
    College.SIAE: N_("Structures (SIAE)"),
    College.SPE: N_("Référents du SPE"),
    College.PARTNERS: N_("État et partenaires"),
}

FOUNDING_COLLEGES = (College.EMPLOYEES, College.SIAE, College.SPE)


class Role(StrEnum):
    """What a person adds to a college. Everyone whose account is open is a participant."""

    PARTICIPANT = "participant"
    FACILITATOR = "facilitator"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """How the screen names it."""
        return ROLE_LABELS[self]


ROLE_LABELS: Mapping[Role, str] = {
    Role.PARTICIPANT: N_("Participation"),
    Role.FACILITATOR: N_("Animation des rencontres"),
    Role.EDITOR: N_("Édition"),
    Role.PUBLISHER: N_("Publication"),
    Role.ADMINISTRATOR: N_("Administration"),
}

SECOND_FACTOR_ROLES = frozenset({Role.EDITOR, Role.PUBLISHER, Role.ADMINISTRATOR})


class Action(StrEnum):
    """Everything that somebody can ask to do. The steps of a proposal bear the names of its workflow."""

    READ = "read"
    READ_DRAFT = "read_draft"

    SAVE_DRAFT = "save_draft"
    SUBMIT = "submit"
    RESUBMIT = "resubmit"
    REVISE = "revise"
    APPEAL = "appeal"
    WITHDRAW = "withdraw"
    ANSWER_AMENDMENT = "answer_amendment"
    ADMIT = "admit"
    ASK_COMPLETION = "ask_completion"
    DECLARE_INADMISSIBLE = "declare_inadmissible"
    MERGE_INTO = "merge_into"
    PROPOSE_DECISION = "propose_decision"
    SEND_BACK = "send_back"
    SIGN = "sign"
    RESUME = "resume"

    TAKE_POSITION = "take_position"
    COMMENT = "comment"
    REPLY = "reply"
    SEE_OWN_CONTRIBUTIONS = "see_own_contributions"
    APPLY_SUGGESTION = "apply_suggestion"
    REATTACH_OWN = "reattach_own"
    REATTACH = "reattach"
    MODERATE = "moderate"
    REPORT = "report"
    JUDGE_REPORT = "judge_report"
    APPEAL_REMOVAL = "appeal_removal"
    JUDGE_REMOVAL = "judge_removal"
    TRANSCRIBE = "transcribe"
    EXPORT_WORDS = "export_words"

    ANNOUNCE_EDITION = "announce_edition"
    CARRY_OVER = "carry_over"
    PREPARE_EDITION = "prepare_edition"
    CONFIRM_EDITION = "confirm_edition"

    SEE_DESK = "see_desk"
    SEE_WORKSHOPS = "see_workshops"
    OPEN_WORKSHOP = "open_workshop"
    AGREE_TO_WORKSHOP = "agree_to_workshop"
    HOLD_WORKSHOP = "hold_workshop"
    SHOW_CODE = "show_code"
    PRINT_CARDS = "print_cards"
    INVITE = "invite"
    ADMINISTER = "administer"
    MANAGE_ACCOUNT = "manage_account"


class Actor(Protocol):
    """A person as the table sees one. A suspended or erased account has no role at all."""

    @property
    def id(self) -> int: ...
    @property
    def college(self) -> str: ...
    @property
    def structure_id(self) -> int | None: ...
    @property
    def roles(self) -> Collection[Role]: ...


class Authored(Protocol):
    """A proposal or a draft: its proposer and credited co-authors, without the erased ones."""

    @property
    def author_ids(self) -> Collection[int]: ...


class Credited(Protocol):
    """A proposal that took up suggestions or wishes: whose, as long as it is known."""

    @property
    def credited_ids(self) -> Collection[int]: ...


class Judged(Authored, Protocol):
    """A proposal that was perhaps declared inadmissible once: by whom, so that another editor reads the appeal."""

    @property
    def declared_inadmissible_by_id(self) -> int | None: ...


class Signed(Authored, Protocol):
    """A proposal in decision: who gave the first signature, and from which college."""

    @property
    def first_signatory_id(self) -> int | None: ...
    @property
    def first_signatory_college(self) -> str | None: ...


class Spoken(Protocol):
    """A comment: who wrote it, when the link is still kept."""

    @property
    def author_id(self) -> int | None: ...


class Placed(Protocol):
    """Words, or the collective session where they are said: the structure of who speaks, when it is known."""

    @property
    def structure_id(self) -> int | None: ...


class Reread(Protocol):
    """Words not published, whose author asks for a second reading: who read them first, and from which structure."""

    @property
    def first_reader_id(self) -> int | None: ...
    @property
    def first_reader_structure_id(self) -> int | None: ...


class Signalled(Protocol):
    """Published words that somebody asks another to read again."""

    @property
    def reporter_ids(self) -> Collection[int]: ...


class Prepared(Protocol):
    """An edition that waits for its confirmation."""

    @property
    def prepared_by_id(self) -> int | None: ...
    @property
    def prepared_by_college(self) -> str | None: ...


class Held(Placed, Protocol):
    """A collective session: who opened it, from which college, and the second person who agreed, if any."""

    @property
    def opened_by_id(self) -> int | None: ...
    @property
    def opened_by_college(self) -> str: ...
    @property
    def second_id(self) -> int | None: ...
    @property
    def second_college(self) -> str | None: ...


@dataclass(frozen=True)
class Verdict:
    """True when allowed; otherwise ``reason`` is the French sentence to show, beside the button or on the page."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(True)

Condition = Callable[[Actor, Any], Verdict]


@dataclass(frozen=True)
class Rule:
    """One row: any of ``roles``, then every condition on the thing, in order. No role at all means everybody."""

    roles: frozenset[Role]
    conditions: tuple[Condition, ...] = ()
    second_factor: bool = False
    refusal: str = ""


def _refuse_unless(condition: bool, reason: str) -> Verdict:
    return ALLOWED if condition else Verdict(False, reason)


def author(by: Actor, thing: Authored) -> Verdict:
    return _refuse_unless(
        by.id in thing.author_ids, N_("Seule la personne qui a écrit cette proposition peut le faire.")
    )


def author_if_any(by: Actor, thing: Authored | None) -> Verdict:
    """A draft that does not exist yet belongs to who saves it first."""
    return ALLOWED if thing is None else author(by, thing)


def not_author(by: Actor, thing: Authored) -> Verdict:
    return _refuse_unless(
        by.id not in thing.author_ids,
        N_("Vous avez écrit cette proposition : une autre personne doit s’en charger."),
    )


def not_credited(by: Actor, thing: Credited) -> Verdict:
    return _refuse_unless(
        by.id not in thing.credited_ids,
        N_("Cette proposition reprend vos mots : une autre personne doit s’en charger."),
    )


def not_first_judge(by: Actor, thing: Judged) -> Verdict:
    return _refuse_unless(
        thing.declared_inadmissible_by_id != by.id,
        N_("Vous avez déclaré cette proposition irrecevable : une autre personne doit lire le recours."),
    )


def not_first_signatory(by: Actor, thing: Signed) -> Verdict:
    return _refuse_unless(
        thing.first_signatory_id != by.id,
        N_("Vous avez donné la première signature : une autre personne doit donner la deuxième."),
    )


def other_college_than_first_signatory(by: Actor, thing: Signed) -> Verdict:
    return _refuse_unless(
        thing.first_signatory_college != by.college,
        N_("La première signature vient de votre collège : la deuxième doit venir d’un autre collège."),
    )


def first_signatory_or_possible_second(by: Actor, thing: Signed) -> Verdict:
    if thing.first_signatory_id == by.id:
        return ALLOWED
    return _first_refusal(by, thing, (not_author, not_credited, other_college_than_first_signatory))


def not_writer(by: Actor, thing: Spoken) -> Verdict:
    return _refuse_unless(
        thing.author_id != by.id, N_("Vous avez écrit cette contribution : une autre personne doit la relire.")
    )


def writer(by: Actor, thing: Spoken) -> Verdict:
    return _refuse_unless(
        thing.author_id == by.id, N_("Seule la personne qui a écrit cette contribution peut le faire.")
    )


def other_structure(by: Actor, thing: Placed) -> Verdict:
    """The refusal does not say that the words come from the structure of who asks: that alone would tell who wrote."""
    return _refuse_unless(
        thing.structure_id is None or thing.structure_id != by.structure_id,
        N_("Une autre personne doit s’occuper de ces mots."),
    )


def not_first_reader(by: Actor, thing: Reread) -> Verdict:
    return _refuse_unless(
        thing.first_reader_id != by.id,
        N_("Vous avez relu cette contribution la première fois : une autre personne doit lire le recours."),
    )


def other_structure_than_first_reader(by: Actor, thing: Reread) -> Verdict:
    return _refuse_unless(
        thing.first_reader_structure_id is None or thing.first_reader_structure_id != by.structure_id,
        N_("La première lecture vient de votre structure : une personne d’une autre structure doit lire le recours."),
    )


def not_reporter(by: Actor, thing: Signalled) -> Verdict:
    return _refuse_unless(
        by.id not in thing.reporter_ids,
        N_("Vous avez signalé cette contribution : une autre personne doit la relire."),
    )


def not_preparer(by: Actor, thing: Prepared) -> Verdict:
    return _refuse_unless(
        thing.prepared_by_id != by.id,
        N_("Vous avez préparé cette édition : une autre personne doit la confirmer."),
    )


def other_college_than_preparer(by: Actor, thing: Prepared) -> Verdict:
    return _refuse_unless(
        thing.prepared_by_college != by.college,
        N_("Cette édition a été préparée par votre collège : une personne d’un autre collège doit la confirmer."),
    )


def not_opener(by: Actor, thing: Held) -> Verdict:
    return _refuse_unless(
        thing.opened_by_id != by.id, N_("Vous avez ouvert cette séance : une autre personne doit l’accepter.")
    )


def other_college_than_opener(by: Actor, thing: Held) -> Verdict:
    return _refuse_unless(
        thing.opened_by_college != by.college,
        N_("Cette séance est ouverte par votre collège : une personne d’un autre collège doit l’accepter."),
    )


def holder(by: Actor, thing: Held) -> Verdict:
    """One of the two who hold the session; or the administration, when neither can any more."""
    return _refuse_unless(
        by.id in (thing.opened_by_id, thing.second_id) or Role.ADMINISTRATOR in by.roles,
        N_("Seules les deux personnes qui tiennent cette séance peuvent le faire."),
    )


def holder_if_any(by: Actor, thing: Held | None) -> Verdict:
    return ALLOWED if thing is None else holder(by, thing)


def second_person_if_siae(by: Actor, thing: Held | None) -> Verdict:
    """The employers' college never lets people in alone: neither by cards of its own, nor by a session of its own."""
    if thing is None:
        return _refuse_unless(
            by.college != College.SIAE,
            N_("Dans votre collège, on imprime des cartes pour une séance tenue avec une personne d’un autre collège."),
        )
    return _refuse_unless(
        thing.opened_by_college != College.SIAE or thing.second_college is not None,
        N_("Une deuxième personne, d’un autre collège, doit d’abord accepter de tenir cette séance avec vous."),
    )


def only_time(by: Actor, thing: object) -> Verdict:
    return Verdict(False, N_("Cette étape se fait d’elle-même, à la date que la décision indique."))


WITHOUT_THING: frozenset[Condition] = frozenset({author_if_any, only_time, holder_if_any, second_person_if_siae})

EVERYBODY = Rule(frozenset())


def participant(*conditions: Condition) -> Rule:
    return Rule(
        frozenset({Role.PARTICIPANT}),
        conditions,
        refusal=N_("Votre compte ne permet pas de participer pour le moment."),
    )


def facilitator(*conditions: Condition) -> Rule:
    return Rule(
        frozenset({Role.FACILITATOR}),
        conditions,
        refusal=N_("Seule une personne qui anime des rencontres peut le faire."),
    )


def editor(*conditions: Condition) -> Rule:
    return Rule(
        frozenset({Role.EDITOR}),
        conditions,
        second_factor=True,
        refusal=N_("Seule une personne chargée de l’édition peut le faire."),
    )


def publisher(*conditions: Condition) -> Rule:
    return Rule(
        frozenset({Role.PUBLISHER}),
        conditions,
        second_factor=True,
        refusal=N_("Seule une personne responsable de la publication peut le faire."),
    )


def publisher_or_editor(*conditions: Condition) -> Rule:
    return Rule(
        frozenset({Role.PUBLISHER, Role.EDITOR}),
        conditions,
        second_factor=True,
        refusal=N_("Seule une personne chargée de l’édition ou de la publication peut le faire."),
    )


def administrator(*conditions: Condition) -> Rule:
    return Rule(
        frozenset({Role.ADMINISTRATOR}),
        conditions,
        second_factor=True,
        refusal=N_("Seule une personne chargée de l’administration peut le faire."),
    )


HOLDERS = frozenset({Role.FACILITATOR, Role.EDITOR, Role.ADMINISTRATOR})
NOT_A_HOLDER = N_("Les séances sont réservées aux personnes qui animent des rencontres ou qui les accompagnent.")

TABLE: Mapping[Action, Rule] = {
    Action.READ: EVERYBODY,
    Action.READ_DRAFT: EVERYBODY,
    # A proposal, from its author.
    Action.SAVE_DRAFT: participant(author_if_any),
    Action.SUBMIT: participant(author),
    Action.RESUBMIT: participant(author),
    Action.REVISE: participant(author),
    Action.APPEAL: participant(author),
    Action.WITHDRAW: participant(author),
    Action.ANSWER_AMENDMENT: participant(author),
    # A proposal, from those who examine it.
    Action.ADMIT: editor(not_author, not_credited, not_first_judge),
    Action.ASK_COMPLETION: editor(not_author, not_credited, not_first_judge),
    Action.DECLARE_INADMISSIBLE: editor(not_author, not_credited, not_first_judge),
    Action.MERGE_INTO: editor(),
    Action.PROPOSE_DECISION: editor(not_author, not_credited),
    Action.SEND_BACK: editor(first_signatory_or_possible_second),
    Action.SIGN: editor(not_author, not_credited, not_first_signatory, other_college_than_first_signatory),
    Action.RESUME: Rule(frozenset(), (only_time,)),
    # Voices.
    Action.TAKE_POSITION: participant(),
    Action.COMMENT: participant(),
    Action.REPLY: participant(),
    Action.SEE_OWN_CONTRIBUTIONS: participant(),
    Action.APPLY_SUGGESTION: participant(author),
    Action.REATTACH_OWN: participant(writer),
    Action.REATTACH: editor(),
    Action.MODERATE: editor(not_writer, other_structure),
    # Whoever wrote, from wherever: asking for a second look tells nothing.
    Action.REPORT: editor(),
    Action.JUDGE_REPORT: editor(not_writer, other_structure, not_reporter),
    Action.APPEAL_REMOVAL: participant(writer),
    Action.JUDGE_REMOVAL: editor(not_writer, other_structure, not_first_reader, other_structure_than_first_reader),
    # Nobody reads for others, types or carries away the words of their own structure.
    Action.TRANSCRIBE: facilitator(other_structure),
    Action.EXPORT_WORDS: facilitator(other_structure),
    # Editions.
    Action.ANNOUNCE_EDITION: publisher(),
    Action.CARRY_OVER: publisher_or_editor(),
    Action.PREPARE_EDITION: publisher(),
    Action.CONFIRM_EDITION: publisher_or_editor(not_preparer, other_college_than_preparer),
    # People.
    Action.SEE_DESK: Rule(
        frozenset({Role.EDITOR, Role.PUBLISHER}),
        second_factor=True,
        refusal=N_("Le bureau est réservé aux personnes chargées de l’édition ou de la publication."),
    ),
    # Collective sessions and their cards.
    Action.SEE_WORKSHOPS: Rule(HOLDERS, refusal=NOT_A_HOLDER),
    Action.OPEN_WORKSHOP: Rule(
        frozenset({Role.FACILITATOR, Role.ADMINISTRATOR}),
        refusal=N_("Seule une personne qui anime des rencontres peut ouvrir une séance."),
    ),
    Action.AGREE_TO_WORKSHOP: Rule(
        frozenset({Role.FACILITATOR, Role.EDITOR}),
        (not_opener, other_college_than_opener, other_structure),
        refusal=NOT_A_HOLDER,
    ),
    Action.HOLD_WORKSHOP: Rule(HOLDERS, (holder,), refusal=NOT_A_HOLDER),
    Action.SHOW_CODE: Rule(HOLDERS, (holder, second_person_if_siae), refusal=NOT_A_HOLDER),
    Action.PRINT_CARDS: Rule(
        frozenset({Role.FACILITATOR, Role.ADMINISTRATOR}),
        (holder_if_any, second_person_if_siae),
        refusal=N_("Seule une personne qui anime des rencontres peut imprimer des cartes."),
    ),
    Action.INVITE: administrator(),
    Action.ADMINISTER: administrator(),
    Action.MANAGE_ACCOUNT: participant(),
}


def could(actor: Actor | None, action: Action) -> Verdict:
    """The half of the rule that needs no thing: the roles. A page's door asks this; its action asks :func:`may`."""
    rule = TABLE[action]
    if not rule.roles:
        return ALLOWED
    if actor is None:
        return Verdict(False, N_("Entrez avec votre carte, ou connectez-vous, pour continuer."))
    return _refuse_unless(not rule.roles.isdisjoint(actor.roles), rule.refusal)


def may(actor: Actor | None, action: Action, thing: object = None) -> Verdict:
    """The whole rule. Raises :class:`TypeError` when it looks at a thing and none is given: forgetting is safe."""
    verdict = could(actor, action)
    conditions = TABLE[action].conditions
    if not verdict or not conditions:
        return verdict
    if actor is None:
        return Verdict(False, N_("Entrez avec votre carte, ou connectez-vous, pour continuer."))
    if thing is None and not WITHOUT_THING.issuperset(conditions):
        raise TypeError(f"{action} is allowed on a thing: give it")
    return _first_refusal(actor, thing, conditions)


def require(actor: Actor | None, action: Action, thing: object = None) -> None:
    """Raises :class:`NotAllowed` with the reason of :func:`may`."""
    verdict = may(actor, action, thing)
    if not verdict:
        raise NotAllowed(verdict.reason)


def needs_second_factor(action: Action, actor: Actor | None = None) -> bool:
    """True for what editors, publishers and administrators do as such.

    Where other roles allow it too, it depends on ``actor``: only when a role without a second factor would not do.
    """
    rule = TABLE[action]
    if rule.second_factor or actor is None:
        return rule.second_factor
    allowing = rule.roles & frozenset(actor.roles)
    return bool(allowing) and allowing <= SECOND_FACTOR_ROLES


def _first_refusal(by: Actor, thing: Any, conditions: tuple[Condition, ...]) -> Verdict:
    for condition in conditions:
        verdict = condition(by, thing)
        if not verdict:
            return verdict
    return ALLOWED
