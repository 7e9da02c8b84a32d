"""Settings, read once from the environment. ``docs/settings.md`` documents each; a test refuses an undocumented one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from referentiel.errors import N_, Refused

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PREFIX = "REFERENTIEL_"
LAST_HOUR = 23
FORMATS = ("html", "pdf", "docx", "odt", "epub", "json", "csv", "xlsx", "zip")
"""The forms in which an edition can be taken away, in the order in which pages offer them"""
CONTACT = re.compile(r"(?:https://|mailto:|tel:)[!-~]+\Z")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
REQUIRED = "required"
"""In the metadata of a setting without which a public site may not open: what it is, in French"""


class BadSetting(Refused):
    """A setting cannot be used; the message names the variable and what to write."""


@dataclass(frozen=True)
class Settings:
    """Everything that an operator can choose. Delays are whole days in the calendar of Europe/Paris."""

    instance: Path = field(default=Path("instance"), metadata={"doc": "folder of everything that lasts"})
    host: str = field(default="127.0.0.1", metadata={"doc": "address to listen on"})
    port: int = field(default=8000, metadata={"doc": "port to listen on"})
    database_url: str = field(default="", metadata={"doc": "SQLAlchemy address; empty: SQLite in the instance folder"})
    public_url: str = field(default="", metadata={"doc": "public address, https unless loopback"})
    smtp_url: str = field(default="", metadata={"doc": "smtp://user:password@host:port; empty: mails are files"})
    smtp_seconds: int = field(default=15, metadata={"doc": "how long the mail server may keep a letter waiting"})
    mail_from: str = field(default="referentiel@localhost", metadata={"doc": "sender of the mails"})
    upstream: str = field(default="", metadata={"doc": "Git address that receives each adopted change"})
    proxies: int = field(default=0, metadata={"doc": "number of trusted proxies in front"})
    window_days: int = field(default=30, metadata={"doc": "consultation window of a proposal"})
    window_after_revision_days: int = field(default=10, metadata={"doc": "least window left by a new wording"})
    decision_days: int = field(default=90, metadata={"doc": "decision promised after submission"})
    appeal_days: int = field(default=30, metadata={"doc": "time to appeal against an inadmissibility"})
    amendment_days: int = field(default=10, metadata={"doc": "time for an author to answer an amended wording"})
    heard_people: int = field(default=5, metadata={"doc": "people needed for a college to be heard"})
    heard_structures: int = field(default=2, metadata={"doc": "structures needed for a college to be heard"})
    closing_notice_days: int = field(default=30, metadata={"doc": "least notice of the closing date of an edition"})
    formats: str = field(default=" ".join(FORMATS), metadata={"doc": "forms in which an edition can be taken away"})
    signing_key: str = field(default="", metadata={"doc": "path of the OpenSSH private key that signs editions"})
    small_group: int = field(default=5, metadata={"doc": "under this number of people no figure is shown"})
    moderation_days: int = field(default=5, metadata={"doc": "working days within which a held word is read"})
    tag_authority: str = field(
        default="", metadata={"doc": "domain in the names of what feeds tell; empty: that of the public address"}
    )
    digest_hour: int = field(default=8, metadata={"doc": "hour of Paris of the letter of the day, 0 to 23"})
    session_days: int = field(default=7, metadata={"doc": "life of a signed-in session"})
    oidc_issuer: str = field(default="", metadata={"doc": "issuer of the identity provider; empty: no such door"})
    oidc_client_id: str = field(default="", metadata={"doc": "our number at the identity provider"})
    oidc_client_secret: str = field(default="", repr=False, metadata={"doc": "our secret at the identity provider"})
    oidc_scopes: str = field(default="openid email siret", metadata={"doc": "what it is asked to say of people"})
    oidc_name: str = field(default="ProConnect", metadata={"doc": "its name on the button"})
    oidc_email: str = field(default="verified", metadata={"doc": "which of its addresses are believed"})
    keep_answered_days: int = field(default=365, metadata={"doc": "a card's words stay its author's, once answered"})
    keep_unanswered_days: int = field(default=1095, metadata={"doc": "the same, whatever became of them"})
    keep_wrong_tries_days: int = field(default=1, metadata={"doc": "wrong tries on a code"})
    keep_invitations_days: int = field(default=30, metadata={"doc": "an invitation, after its end"})
    keep_workshops_days: int = field(default=365, metadata={"doc": "title, place and holders of an ended workshop"})
    keep_mails_days: int = field(default=30, metadata={"doc": "letters that left, and mail files of the instance"})
    keep_notices_days: int = field(default=90, metadata={"doc": "what people were told by mail"})
    keep_security_log_days: int = field(default=365, metadata={"doc": "audit lines of who came in and how"})
    keep_idle_days: int = field(default=730, metadata={"doc": "an account with an e-mail where nobody comes"})
    idle_notice_days: int = field(default=42, metadata={"doc": "least notice before such an account is closed"})
    legal_publisher: str = field(
        default="", metadata={"doc": "who publishes the site", REQUIRED: N_("l’éditeur du site")}
    )
    legal_address: str = field(
        default="", metadata={"doc": "the publisher's postal address", REQUIRED: N_("l’adresse de l’éditeur")}
    )
    legal_contact: str = field(
        default="",
        metadata={"doc": "the publisher's telephone and e-mail", REQUIRED: N_("le téléphone et l’e-mail de l’éditeur")},
    )
    legal_director: str = field(
        default="",
        metadata={"doc": "director of publication", REQUIRED: N_("la personne qui dirige la publication")},
    )
    legal_host: str = field(
        default="",
        metadata={
            "doc": "name, address and telephone of the host",
            REQUIRED: N_("le nom, l’adresse et le téléphone de l’hébergeur"),
        },
    )
    legal_dpo: str = field(
        default="",
        metadata={
            "doc": "how to write to the data protection officer",
            REQUIRED: N_("l’adresse du délégué à la protection des données"),
        },
    )
    legal_mission: str = field(
        default="",
        metadata={
            "doc": "the law or act that founds the task of public interest",
            REQUIRED: N_("le texte qui fonde la mission d’intérêt public"),
        },
    )
    security_contact: str = field(
        default="", metadata={"doc": "where a fault of security is told; empty: the e-mail of the legal contact"}
    )
    legal_controller: str = field(default="", metadata={"doc": "data controller; empty: the publisher"})

    @property
    def base_url(self) -> str:
        """Public address without a trailing slash; the listening address when none is set."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def production(self) -> bool:
        """True as soon as the public address is not this machine's own."""
        return urlsplit(self.base_url).hostname not in LOOPBACK

    @property
    def missing(self) -> Mapping[str, str]:
        """What the law asks a public site to say, and that is not set yet: variable → what it is, in French."""
        return {
            PREFIX + setting.name.upper(): setting.metadata[REQUIRED]
            for setting in fields(self)
            if REQUIRED in setting.metadata and not getattr(self, setting.name)
        }

    @property
    def controller(self) -> str:
        """Who answers for personal data."""
        return self.legal_controller or self.legal_publisher

    @property
    def environment(self) -> dict[str, str]:
        """The variables from which :meth:`from_environment` reads these settings again: for a process of ours."""
        given = ((setting, getattr(self, setting.name)) for setting in fields(self))
        return {PREFIX + setting.name.upper(): str(value) for setting, value in given if value != setting.default}

    @property
    def library_path(self) -> Path:
        return self.instance / "library.git"

    @property
    def editions_path(self) -> Path:
        return self.instance / "editions"

    @property
    def mail_path(self) -> Path:
        return self.instance / "mail"

    @property
    def formats_made(self) -> tuple[str, ...]:
        """The names of the forms that sealing makes, in the order of :data:`FORMATS`."""
        asked = set(self.formats.split())
        return tuple(name for name in FORMATS if name in asked)

    @property
    def archives_path(self) -> Path:
        return self.instance / "archives"

    @property
    def erasures_path(self) -> Path:
        """What is to be erased again after a restoration."""
        return self.instance / "erasures.jsonl"

    @property
    def secret_path(self) -> Path:
        return self.instance / "secret"

    @property
    def sqlalchemy_url(self) -> str:
        """The address that SQLAlchemy opens: PostgreSQL through psycopg, SQLite by absolute path."""
        if not self.database_url:
            return f"sqlite:///{(self.instance / 'referentiel.sqlite').resolve()}"
        for scheme in ("postgres://", "postgresql://"):
            if self.database_url.startswith(scheme):
                return "postgresql+psycopg://" + self.database_url[len(scheme) :]
        return self.database_url

    @property
    def openid(self) -> bool:
        """True when people may come in with an identity provider."""
        return bool(self.oidc_issuer)

    @property
    def session_life(self) -> timedelta:
        return timedelta(days=self.session_days)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read ``REFERENTIEL_*``. Raises :class:`BadSetting` on a value that cannot be used."""
        given: dict[str, object] = {}
        for setting in fields(cls):
            name = PREFIX + setting.name.upper()
            raw = environ.get(name, "").strip()
            if raw:
                given[setting.name] = _typed(name, raw, setting.default)
        settings = cls(**given)  # type: ignore[arg-type]
        if settings.digest_hour > LAST_HOUR:
            raise BadSetting(
                N_("REFERENTIEL_DIGEST_HOUR vaut %(hour)s : écrivez une heure de 0 à 23."), hour=settings.digest_hour
            )
        if settings.production and urlsplit(settings.base_url).scheme != "https":
            raise BadSetting(
                N_("REFERENTIEL_PUBLIC_URL vaut « %(url)s » : en production, écrivez une adresse https."),
                url=settings.base_url,
            )
        if settings.production and settings.missing:
            raise BadSetting(
                N_(
                    "En production, le site doit dire qui le publie. Il manque : %(missing)s. Écrivez ces réglages "
                    "(docs/settings.md), puis recommencez."
                ),
                missing=", ".join(f"{name} ({what})" for name, what in settings.missing.items()),
            )
        _check_openid(settings)
        _check_security(settings)
        _check_formats(settings)
        return settings


def _check_formats(settings: Settings) -> None:
    unknown = sorted(set(settings.formats.split()).difference(FORMATS))
    if unknown:
        raise BadSetting(
            N_("REFERENTIEL_FORMATS contient « %(name)s » : choisissez parmi %(known)s."),
            name=unknown[0],
            known=", ".join(FORMATS),
        )


def _check_security(settings: Settings) -> None:
    said = settings.security_contact
    if said and not (CONTACT.match(said) or EMAIL.fullmatch(said)):
        raise BadSetting(
            N_(
                "REFERENTIEL_SECURITY_CONTACT vaut « %(said)s » : écrivez un e-mail, ou une adresse qui commence par "
                "https:, mailto: ou tel:."
            ),
            said=said,
        )


def _check_openid(settings: Settings) -> None:
    """The three settings of the identity provider go together, and it is spoken to over https alone."""
    trio = {
        "REFERENTIEL_OIDC_ISSUER": settings.oidc_issuer,
        "REFERENTIEL_OIDC_CLIENT_ID": settings.oidc_client_id,
        "REFERENTIEL_OIDC_CLIENT_SECRET": settings.oidc_client_secret,
    }
    if not any(trio.values()):
        return
    missing = [name for name, value in trio.items() if not value]
    if missing:
        raise BadSetting(
            N_("Le fournisseur d’identité demande aussi : %(missing)s. Écrivez-les, ou retirez les autres."),
            missing=", ".join(missing),
        )
    issuer = urlsplit(settings.oidc_issuer)
    here = issuer.hostname in LOOPBACK and not settings.production
    if not issuer.hostname or (issuer.scheme != "https" and not here) or (_is_number(issuer.hostname) and not here):
        raise BadSetting(
            N_("REFERENTIEL_OIDC_ISSUER vaut « %(url)s » : écrivez l’adresse https du fournisseur, avec son nom."),
            url=settings.oidc_issuer,
        )
    if issuer.query or issuer.fragment or issuer.username:
        raise BadSetting(
            N_("REFERENTIEL_OIDC_ISSUER vaut « %(url)s » : écrivez l’adresse seule."), url=settings.oidc_issuer
        )
    if "openid" not in settings.oidc_scopes.split():
        raise BadSetting(N_("REFERENTIEL_OIDC_SCOPES doit contenir « openid »."))
    if settings.oidc_email not in {"verified", "promised"}:
        raise BadSetting(
            N_("REFERENTIEL_OIDC_EMAIL vaut « %(raw)s » : écrivez « verified » ou « promised »."),
            raw=settings.oidc_email,
        )


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _typed(name: str, raw: str, default: object) -> object:
    if isinstance(default, Path):
        return Path(raw)
    if isinstance(default, int):
        if not raw.isascii() or not raw.isdigit():
            raise BadSetting(N_("%(name)s vaut « %(raw)s » : écrivez un nombre entier."), name=name, raw=raw)
        return int(raw)
    return raw
