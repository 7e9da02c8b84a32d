"""Who: structures, people, the browsers where they are signed in, and what proves that they are who they say."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referentiel.database import Base, Moment
from referentiel.errors import N_
from referentiel.people.kinds import StructureKind
from referentiel.people.models.columns import DIGEST, one_of
from referentiel.permissions import College, Role


class Basin(Base):
    """An employment area that an operator adds under a region or a département, whose key is ``parent``."""

    __tablename__ = "basins"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    parent: Mapped[str] = mapped_column(String(40))

    __table_args__ = (
        CheckConstraint("length(name) > 0", name="named"),
        CheckConstraint("key LIKE 'bassin-_%'", name="key"),
        CheckConstraint("parent LIKE 'dep-_%' OR parent LIKE 'reg-_%'", name="parent"),
    )


class Structure(Base):
    """A SIAE or an institution. ``territory`` is keyed by type and code: ``dep-38``."""

    __tablename__ = "structures"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    territory: Mapped[str | None] = mapped_column(String(40))
    siret: Mapped[str | None] = mapped_column(String(14), unique=True)

    __table_args__ = (
        CheckConstraint("length(name) > 0", name="named"),
        CheckConstraint("siret IS NULL OR length(siret) = 14", name="siret"),
        CheckConstraint(one_of("kind", StructureKind), name="kind"),
    )


class Mail(StrEnum):
    """What somebody with an address is written about."""

    ALL = "all"
    FOLLOWED = "followed"
    ANSWERS = "answers"
    NONE = "none"

    @property
    def label(self) -> str:
        """How the screen names it."""
        return MAIL_LABELS[self]


MAIL_LABELS = {
    Mail.ALL: N_("Les réponses tout de suite, le reste une fois par jour"),
    Mail.FOLLOWED: N_("Les réponses tout de suite, mes pages suivies une fois par jour"),
    Mail.ANSWERS: N_("Les réponses à ce que j’ai écrit, rien d’autre"),
    Mail.NONE: N_("Aucun message"),
}


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
    workshop_id: Mapped[int | None] = mapped_column(
        ForeignKey("workshops.id", ondelete="SET NULL", use_alter=True), index=True
    )
    """The workshop where the account was opened"""
    typed: Mapped[bool] = mapped_column(default=False)
    """True when a facilitator types for this person, who is then known to them"""
    mail: Mapped[str] = mapped_column(String(10), default=Mail.ALL.value)
    last_seen_on: Mapped[date | None] = mapped_column()
    """Kept for professionals alone: an account that sleeps is closed, with notice"""
    idle_notice_at: Mapped[datetime | None] = mapped_column(Moment)

    structure: Mapped[Structure | None] = relationship(lazy="joined")
    _roles: Mapped[list["PersonRole"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint(one_of("college", College), name="college"),
        CheckConstraint("email IS NULL OR (email = lower(email) AND email LIKE '%_@_%')", name="email"),
        CheckConstraint("name IS NULL OR length(name) > 0", name="name"),
        CheckConstraint(
            "erased_at IS NULL OR (email IS NULL AND name IS NULL AND pseudonym IS NULL AND totp_seed IS NULL)",
            name="erased",
        ),
        CheckConstraint(one_of("mail", Mail), name="mail"),
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

    __table_args__ = (CheckConstraint(one_of("role", set(Role) - {Role.PARTICIPANT}), name="role"),)


class Session(Base):
    """One signed-in browser. The cookie holds the id, this row its digest; ending a session deletes the row."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(DIGEST, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    way: Mapped[str] = mapped_column(String(20))
    """How it was opened: card, words, code, tablet, link, invitation, openid, demo."""
    browser: Mapped[str | None] = mapped_column(DIGEST)
    """Digest of the key of the browser that came in with a card, so that a double press comes in once"""
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    second_factor_at: Mapped[datetime | None] = mapped_column(Moment)
    id_token: Mapped[str | None] = mapped_column(Text)
    """What the identity provider gave, to be shown to it at the end: it ends its own session too"""

    person: Mapped[Person] = relationship(lazy="joined")

    __table_args__ = (CheckConstraint("expires_at > created_at", name="lasts"),)


class Identity(Base):
    """Somebody as an identity provider knows them: its own number, that it never gives to anybody else."""

    __tablename__ = "identities"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("issuer", "subject"),)


class RecoveryCode(Base):
    """One way in when the telephone is lost; used once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(DIGEST, unique=True)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
