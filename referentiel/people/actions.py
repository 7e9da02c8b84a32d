"""Everything that can be done about people, in one place to import from."""

from referentiel.people.administering import (
    give_roles,
    reinstate,
    rename,
    reset_second_factor,
    suspend,
)
from referentiel.people.cards import (
    PrintedCard,
    are_words_of,
    enter_by_square,
    make_return_words,
    print_cards,
)
from referentiel.people.entering import enter
from referentiel.people.inviting import (
    Invited,
    accept_invitation,
    accepted_by,
    account_exists,
    invitation_of,
    invite,
    invite_first_administrator,
)
from referentiel.people.linking import (
    Elsewhere,
    SignedIn,
    ask_link,
    demonstration_link,
    link_of,
    open_link,
    type_digits,
)
from referentiel.people.second_factor import make_recovery_codes, prove
from referentiel.people.sessions import end_all_of_mine, end_one_of_mine, end_session, open_session
from referentiel.people.structures import (
    Sheet,
    add_basin,
    add_structure,
    delete_basin,
    delete_structure,
    edit_structure,
    merge_structures,
)
from referentiel.people.upkeep import forget
from referentiel.people.visits import Entered
from referentiel.people.workshops import (
    agree_to_workshop,
    close_workshop,
    enter_by_key,
    open_workshop,
    print_workshop_cards,
)

__all__ = [
    "Elsewhere",
    "Entered",
    "Invited",
    "PrintedCard",
    "Sheet",
    "SignedIn",
    "accept_invitation",
    "accepted_by",
    "account_exists",
    "add_basin",
    "add_structure",
    "agree_to_workshop",
    "are_words_of",
    "ask_link",
    "close_workshop",
    "delete_basin",
    "delete_structure",
    "demonstration_link",
    "edit_structure",
    "end_all_of_mine",
    "end_one_of_mine",
    "end_session",
    "enter",
    "enter_by_key",
    "enter_by_square",
    "forget",
    "give_roles",
    "invitation_of",
    "invite",
    "invite_first_administrator",
    "link_of",
    "make_recovery_codes",
    "make_return_words",
    "merge_structures",
    "open_link",
    "open_session",
    "open_workshop",
    "print_cards",
    "print_workshop_cards",
    "prove",
    "reinstate",
    "rename",
    "reset_second_factor",
    "suspend",
    "type_digits",
]
