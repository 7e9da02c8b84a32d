"""People and what lets them in. Every secret is kept as a digest; nothing here can be used to get in as somebody."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referentiel.database import Base, Moment
from referentiel.permissions import College, Role


def _one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


DIGEST = String(64)
"""SHA-256 in hexadecimal"""


class Structure(Base):
    """A SIAE or an institution. ``territory`` is keyed by type and code: ``dep-38``."""

    __tablename__ = "structures"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    territory: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (CheckConstraint("length(name) > 0", name="named"),)


class Person(Base):
    """An account. Someone who came with a card has neither e-mail nor name; only a pseudonym, for themselves alone."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    college: Mapped[str] = mapped_column(String(20))
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[str | None] = mapped_column(String(100))
    pseudonym: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(Moment)
    suspended_at: Mapped[datetime | None] = mapped_column(Moment)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)
    totp_seed: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    totp_enrolled_at: Mapped[datetime | None] = mapped_column(Moment)
    totp_last_step: Mapped[int | None] = mapped_column()
    """The thirty-second step of the last code taken: a code is never taken twice."""

    structure: Mapped[Structure | None] = relationship(lazy="joined")
    _roles: Mapped[list["PersonRole"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint(_one_of("college", College), name="college"),
        CheckConstraint("email IS NULL OR (email = lower(email) AND email LIKE '%_@_%')", name="email"),
        CheckConstraint("name IS NULL OR length(name) > 0", name="name"),
        CheckConstraint(
            "erased_at IS NULL OR (email IS NULL AND name IS NULL AND pseudonym IS NULL AND totp_seed IS NULL)",
            name="erased",
        ),
        CheckConstraint("totp_enrolled_at IS NULL OR totp_seed IS NOT NULL", name="totp"),
    )

    @property
    def active(self) -> bool:
        return self.suspended_at is None and self.erased_at is None

    @property
    def granted(self) -> frozenset[Role]:
        """The roles added to the college, whether the account is open or not."""
        return frozenset(Role(row.role) for row in self._roles)

    @property
    def roles(self) -> frozenset[Role]:
        """What the permission table sees: nothing at all for a suspended or erased account."""
        return self.granted | {Role.PARTICIPANT} if self.active else frozenset()

    @roles.setter
    def roles(self, wanted: Iterable[Role]) -> None:
        names = {Role(role) for role in wanted} - {Role.PARTICIPANT}
        self._roles[:] = [row for row in self._roles if row.role in names]
        held = {row.role for row in self._roles}
        self._roles.extend(PersonRole(role=role.value) for role in sorted(names) if role not in held)

    @property
    def shown_name(self) -> str:
        """How this person's own pages and the administration call them; never published."""
        return self.name or self.pseudonym or self.email or f"n° {self.id}"


class PersonRole(Base):
    """One role of one person."""

    __tablename__ = "people_roles"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)

    __table_args__ = (CheckConstraint(_one_of("role", set(Role) - {Role.PARTICIPANT}), name="role"),)


class Session(Base):
    """One signed-in browser. The cookie holds the id, this row its digest; ending a session deletes the row."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(DIGEST, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    way: Mapped[str] = mapped_column(String(20))
    """How it was opened: card, words, link, invitation, demo."""
    browser: Mapped[str | None] = mapped_column(DIGEST)
    """Digest of the key of the browser that came in with a card, so that a double press comes in once"""
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    second_factor_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(lazy="joined")

    __table_args__ = (CheckConstraint("expires_at > created_at", name="lasts"),)


class Invitation(Base):
    """An invitation by role: one address, seven days, one account."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(DIGEST, unique=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(32))
    college: Mapped[str] = mapped_column(String(20))
    roles: Mapped[list[str]] = mapped_column(JSON)
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"))
    totp_seed: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    browser: Mapped[str | None] = mapped_column(DIGEST)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    __table_args__ = (
        CheckConstraint(_one_of("college", College), name="college"),
        CheckConstraint("(accepted_at IS NULL) = (person_id IS NULL)", name="accepted"),
    )


class SignInLink(Base):
    """A link asked for by mail. One without a person was asked for an unknown address: no mail leaves, all else is
    the same. A link of the demonstration can be used again and proves the second factor."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(DIGEST, unique=True)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(32))
    kind: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    browser: Mapped[str | None] = mapped_column(DIGEST)
    """Digest of the key of the browser that asked; none for the demonstration."""
    next_url: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    opened_elsewhere_at: Mapped[datetime | None] = mapped_column(Moment)
    wrong_digits: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("kind IN ('mail', 'demo')", name="kind"),
        CheckConstraint("kind = 'demo' OR browser IS NOT NULL", name="bound"),
        CheckConstraint("wrong_digits BETWEEN 0 AND 5", name="wrong_digits"),
    )


class Card(Base):
    """A printed card. It opens one new account; nothing here says which."""

    __tablename__ = "cards"

    id: Mapped[int] = mapped_column(primary_key=True)
    college: Mapped[str] = mapped_column(String(20))
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"))
    locator: Mapped[int] = mapped_column(unique=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary(64))
    """Salt, then scrypt"""
    square: Mapped[str] = mapped_column(DIGEST, unique=True)
    """Digest of the 128 bits of the QR"""
    printed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_on: Mapped[date | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(_one_of("college", College), name="college"),
        CheckConstraint("locator BETWEEN 0 AND 4194303", name="locator"),
    )


class ReturnWords(Base):
    """The four words by which somebody without e-mail comes back. New words replace the former ones."""

    __tablename__ = "return_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    locator: Mapped[int] = mapped_column(unique=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary(64))
    created_on: Mapped[date] = mapped_column()

    __table_args__ = (CheckConstraint("locator BETWEEN 0 AND 4194303", name="locator"),)


class WrongTry(Base):
    """Wrong tries on one locator, whether anything answers to it or not. They slow it down and are forgotten."""

    __tablename__ = "wrong_tries"

    locator: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column()
    last_at: Mapped[datetime] = mapped_column(Moment, index=True)


class RecoveryCode(Base):
    """One way in when the telephone is lost; used once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(DIGEST, unique=True)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
