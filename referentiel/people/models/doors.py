"""What lets people in: cards, words, links, invitations, an identity provider. Every secret is kept as a digest."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from referentiel.database import Base, Moment
from referentiel.people.models.columns import DIGEST, one_of
from referentiel.permissions import College


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
        CheckConstraint(one_of("college", College), name="college"),
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
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshops.id", ondelete="SET NULL"), index=True)
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
        CheckConstraint(one_of("college", College), name="college"),
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


class OpenIdTry(Base):
    """A sign-in under way at the identity provider: what came out with the browser must come back with it."""

    __tablename__ = "openid_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(DIGEST, unique=True)
    nonce: Mapped[str] = mapped_column(String(100))
    verifier: Mapped[str] = mapped_column(String(128))
    browser: Mapped[str] = mapped_column(DIGEST)
    next_url: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
