"""People and what lets them in. Every secret is kept as a digest; nothing here can be used to get in as somebody."""

from referentiel.people.models.accounts import (
    MAIL_LABELS,
    Basin,
    Identity,
    Mail,
    Person,
    PersonRole,
    RecoveryCode,
    Session,
    Structure,
)
from referentiel.people.models.doors import Card, Invitation, OpenIdTry, ReturnWords, SignInLink, WrongTry
from referentiel.people.models.workshops import MOST_SEATS, Tablet, Workshop

__all__ = [
    "MAIL_LABELS",
    "MOST_SEATS",
    "Basin",
    "Card",
    "Identity",
    "Invitation",
    "Mail",
    "OpenIdTry",
    "Person",
    "PersonRole",
    "RecoveryCode",
    "ReturnWords",
    "Session",
    "SignInLink",
    "Structure",
    "Tablet",
    "Workshop",
    "WrongTry",
]
