"""``/.well-known/security.txt``, RFC 9116: to whom somebody who found a fault writes."""

from datetime import UTC, datetime, time, timedelta

from referentiel.config import EMAIL, Settings

GOOD_FOR = timedelta(days=335)
"""From the first day of the month: under a year, as the standard asks, and the same words all month long"""


def text(settings: Settings, *, at: datetime) -> str:
    begins = datetime.combine(at.astimezone(UTC).date().replace(day=1), time(), UTC)
    expires = (begins + GOOD_FOR).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f"Contact: {contact(settings)}\n"
        f"Expires: {expires}\n"
        "Preferred-Languages: fr, en\n"
        f"Canonical: {settings.base_url}/.well-known/security.txt\n"
    )


def contact(settings: Settings) -> str:
    """An address that programs open: that of the setting, the e-mail of the legal contact, or the legal page."""
    given = settings.security_contact
    if given:
        return f"mailto:{given}" if EMAIL.fullmatch(given) else given
    found = EMAIL.search(settings.legal_contact)
    return f"mailto:{found[0]}" if found else f"{settings.base_url}/mentions-legales"
