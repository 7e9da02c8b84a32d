"""What writing a letter needs, besides what it is about."""

from dataclasses import dataclass
from datetime import datetime

from referentiel.config import Settings


@dataclass(frozen=True)
class Desk:
    """The settings, from which addresses are made; the secret, from which keys are; and now."""

    settings: Settings
    secret: bytes
    at: datetime
