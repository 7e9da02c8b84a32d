"""The second factor of editors, publishers and administrators: six digits that change every thirty seconds."""

import hmac
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete, select

from referentiel.database import writing
from referentiel.errors import N_, Invalid
from referentiel.journal.actions import audit
from referentiel.people.doors.keys import derived, digest, totp_secret
from referentiel.people.doors.sessions import end_all_of, renew_as_proven
from referentiel.people.models import Person, RecoveryCode, Session
from referentiel.permissions import Action, require

STEP = 30
ISSUER = "Référentiel partagé"
FIELD = "second_factor_code"
RECOVERY_CODES = 8
_RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"


def seed_of(person: Person, secret: bytes) -> bytes:
    """The person's seed; before the first code is given, one that can be made again, so that looking writes nothing."""
    if person.totp_seed is not None:
        return person.totp_seed
    return hmac.digest(derived(secret, "totp-seed"), f"{person.id}/{person.created_at.isoformat()}".encode(), "sha256")


def otpauth(seed: bytes, account: str, secret: bytes) -> str:
    """The address that an authenticator reads in the QR."""
    return pyotp.TOTP(totp_secret(secret, seed)).provisioning_uri(name=account, issuer_name=ISSUER)


def step_of(code: str, seed: bytes, secret: bytes, *, at: datetime) -> int | None:
    """The thirty-second step that this code belongs to, now or one step around; None for a wrong code. Pure."""
    totp = pyotp.TOTP(totp_secret(secret, seed))
    now = int(at.timestamp()) // STEP
    for step in (now, now - 1, now + 1):
        if hmac.compare_digest(totp.at(step * STEP).encode(), code.encode("utf-8", "replace")):
            return step
    return None


def prove(current: Session, code: str, *, secret: bytes, at: datetime) -> str:
    """Prove the second factor of this session with six digits or a recovery code; the first time, enrol.

    Returns the new raw id of the session. Raises :class:`Invalid` on ``second_factor_code`` for a wrong code, or one
    that was already used. One write.
    """
    typed = "".join(code.split()).replace("-", "").lower()
    with writing() as rows:
        person = current.person
        seed = seed_of(person, secret)
        step = step_of(typed, seed, secret, at=at)
        if step is not None:
            if person.totp_last_step is not None and step <= person.totp_last_step:
                raise Invalid(N_("Ce code a déjà servi : attendez le suivant, dans trente secondes."), field=FIELD)
            person.totp_last_step = step
            if person.totp_enrolled_at is None:
                person.totp_seed = seed
                person.totp_enrolled_at = at
                audit("second_factor.enrolled", f"person:{person.id}", by_id=person.id, at=at, details={})
        else:
            spare = rows.scalar(
                select(RecoveryCode).where(
                    RecoveryCode.person_id == person.id,
                    RecoveryCode.digest == _recovery_digest(person.id, typed),
                    RecoveryCode.used_at.is_(None),
                )
            )
            if spare is None:
                raise Invalid(
                    N_("Ce code n’est pas le bon : écrivez les six chiffres que montre l’application en ce moment."),
                    field=FIELD,
                )
            spare.used_at = at
            audit("second_factor.spare_code_used", f"person:{person.id}", by_id=person.id, at=at, details={})
        return renew_as_proven(current, at=at)


def make_recovery_codes(*, by: Person, at: datetime) -> tuple[str, ...]:
    """Eight new codes, shown once; the former ones stop working. One write."""
    require(by, Action.MANAGE_ACCOUNT)
    codes = tuple(_new_code() for _ in range(RECOVERY_CODES))
    with writing() as rows:
        rows.execute(delete(RecoveryCode).where(RecoveryCode.person_id == by.id))
        rows.add_all(
            RecoveryCode(person_id=by.id, digest=_recovery_digest(by.id, code.replace("-", ""))) for code in codes
        )
        audit("second_factor.spare_codes_made", f"person:{by.id}", by_id=by.id, at=at, details={})
    return codes


def forget_second_factor(person: Person, *, by: Person | None, at: datetime) -> None:
    """A lost telephone: the person will enrol again, and every session of theirs ends. Inside ``writing()``."""
    person.totp_enrolled_at = None
    person.totp_last_step = None
    person.totp_seed = secrets.token_bytes(32)
    end_all_of(person)
    audit("second_factor.reset", f"person:{person.id}", by_id=by.id if by else None, at=at, details={})


def _new_code() -> str:
    letters = "".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _recovery_digest(person_id: int, code: str) -> str:
    return digest(f"{person_id}/{code}")
