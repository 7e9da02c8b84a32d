"""Letters leave: as files in the instance folder, or by SMTP when an address is set."""

import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from referentiel.config import LOOPBACK, BadSetting, Settings
from referentiel.durable import SECRET, write_durably
from referentiel.errors import N_
from referentiel.notices.letters import Letter


class Plain(EmailPolicy):
    """Headers as mail programs read them: an address in a header is never cut nor encoded, however long it is."""

    WHOLE = ("List-Unsubscribe",)

    def fold(self, name: str, value: str) -> str:
        return f"{name}: {value}{self.linesep}" if name in self.WHOLE else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode() if name in self.WHOLE else super().fold_binary(name, value)


POLICY = Plain(linesep="\r\n")


def message(letter: Letter, *, sender: str, number: str, host: str, at: datetime) -> EmailMessage:
    """The mail of a letter. The same outbox item always gives the same ``Message-ID``: sent twice, shown once."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = sender
    # One address as it is kept: never read again as a list, nor as encoded words.
    mail["To"] = Address(addr_spec=letter.to)
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{number}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # As it is read: a file of the instance folder opens in any editor, and no link is cut.
    mail.set_content(letter.body, cte="8bit")
    return mail


def send(letter: Letter, settings: Settings, *, number: str, at: datetime) -> None:
    """Send one letter. Raises ``OSError`` or ``smtplib.SMTPException`` when it could not leave."""
    host = urlsplit(settings.base_url).hostname or "localhost"
    mail = message(letter, sender=settings.mail_from, number=number, host=host, at=at)
    if settings.smtp_url:
        _send_by_smtp(mail, settings.smtp_url, settings.smtp_seconds)
    else:
        _write(mail, settings, number)


def _write(mail: EmailMessage, settings: Settings, number: str) -> None:
    settings.mail_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(settings.mail_path / f"{number}.eml", mail.as_bytes(), mode=SECRET)


def _send_by_smtp(mail: EmailMessage, url: str, seconds: int) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadSetting(N_("REFERENTIEL_SMTP_URL doit ressembler à smtp://hôte:port ou smtps://hôte:port."))
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(parts.hostname, parts.port or 465, timeout=seconds, context=context)
    else:
        server = smtplib.SMTP(parts.hostname, parts.port or 25, timeout=seconds)
    with server:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif parts.scheme == "smtp" and parts.username and parts.hostname not in LOOPBACK:
            raise BadSetting(N_("Le serveur de mail ne chiffre pas : le mot de passe ne lui est pas donné."))
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)
