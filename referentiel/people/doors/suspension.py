"""An account that is closed until further notice: what its person is told, wherever they come from."""

from referentiel.errors import N_, NotAllowed

MAIL = "mail.account"
SUSPENDED, REINSTATED, MERGED = "suspended", "reinstated", "merged"
"""What the mail says; it is sent whatever mails the person chose, because it is about the account itself"""


def suspended() -> NotAllowed:
    """For whoever proved that the account is theirs: a session that it had, a link sent to its address."""
    return NotAllowed(
        N_("Votre compte est suspendu."),
        way_out=N_("Écrivez à la personne qui vous a invité·e : l’administration peut le rouvrir."),
    )
