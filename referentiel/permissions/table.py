"""The one table: from each action to who may do it and on what condition."""

from collections.abc import Mapping

from referentiel.errors import N_
from referentiel.permissions.actions import Action
from referentiel.permissions.conditions import (
    author,
    author_if_any,
    first_signatory_or_possible_second,
    holder,
    holder_if_any,
    not_author,
    not_credited,
    not_first_judge,
    not_first_reader,
    not_first_signatory,
    not_opener,
    not_preparer,
    not_reporter,
    not_writer,
    only_time,
    opener,
    other_college_than_first_signatory,
    other_college_than_opener,
    other_college_than_preparer,
    other_structure,
    other_structure_than_first_reader,
    second_one,
    second_person_if_siae,
    writer,
)
from referentiel.permissions.roles import Role
from referentiel.permissions.rules import (
    EVERYBODY,
    Rule,
    administrator,
    editor,
    facilitator,
    participant,
    publisher,
    publisher_or_editor,
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
    # What waits for somebody: one's own proposals and positions; then what editors and publishers have to do.
    Action.SEE_WAITING: participant(),
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
    Action.RAISE_SEATS: Rule(HOLDERS, (opener,), refusal=NOT_A_HOLDER),
    Action.AGREE_TO_SEATS: Rule(frozenset({Role.FACILITATOR, Role.EDITOR}), (second_one,), refusal=NOT_A_HOLDER),
    Action.SHOW_CODE: Rule(HOLDERS, (holder, second_person_if_siae), refusal=NOT_A_HOLDER),
    Action.PRINT_CARDS: Rule(
        frozenset({Role.FACILITATOR, Role.ADMINISTRATOR}),
        (holder_if_any, second_person_if_siae),
        refusal=N_("Seule une personne qui anime des rencontres peut imprimer des cartes."),
    ),
    Action.INVITE: administrator(),
    Action.ADMINISTER: administrator(),
    Action.MANAGE_ACCOUNT: participant(),
    Action.FOLLOW: participant(),
}
