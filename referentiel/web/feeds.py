"""Feeds, RFC 4287: what they hold, under names that stay. Days, never hours; colleges, never people.

No contribution's words are in a feed: whoever takes words back could not call them back from the readers of feeds.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from flask import Response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from referentiel.comments.voices import Voice
from referentiel.config import Settings
from referentiel.criteria.erratum import Erratum
from referentiel.dates import PARIS, day
from referentiel.editions.edition import Edition
from referentiel.errors import N_, Unknown
from referentiel.library.models import Version
from referentiel.proposals.queries.lines import Line
from referentiel.proposals.states import Step
from referentiel.web.filters import college_label, date_long
from referentiel.web.origins import Act

TYPE = "application/atom+xml"
A_WHILE = "public, max-age=300"
MOST = 50
"""Entries of one page"""
SINCE = "2026"
"""The year from which the authority of our ``tag:`` names is ours"""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of news. ``name`` is the end of its ``tag:``; ``updated`` the day on which it happened."""

    name: str
    title: str
    on: date
    address: str
    summary: str = ""
    college: str = ""

    @property
    def updated(self) -> datetime:
        return datetime.combine(self.on, time(), PARIS).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a feed, from 1; ``more`` when older entries follow. RFC 5005."""

    entries: Sequence[Entry]
    number: int
    more: bool

    @classmethod
    def of(cls, found: Sequence[Entry], number: int) -> "Page":
        """The page of this number in what was found from the newest on. Raises :class:`Unknown` past the last."""
        return cls.rest(found[(number - 1) * MOST :], number)

    @classmethod
    def rest(cls, found: Sequence[Entry], number: int) -> "Page":
        """The page of this number, which begins what was found. Raises :class:`Unknown` when nothing was."""
        if not found and number > 1:
            raise Unknown(N_("Cette page du flux n’existe pas."))
        return cls(found[:MOST], number, len(found) > MOST)


def authority(settings: Settings) -> str:
    """Who names things: a setting keeps it when the site moves to another address."""
    return settings.tag_authority or urlsplit(settings.base_url).hostname or "localhost"


def answer(settings: Settings, *, name: str, title: str, page: str, entries: Page, empty: date) -> Answer:
    """A feed with its ETag: the same bytes as long as nothing is new. ``empty`` dates a feed without entries."""
    updated = max(
        (entry.updated for entry in entries.entries), default=datetime.combine(empty, time(), PARIS).astimezone(UTC)
    )
    text = render_template(
        "feeds/feed.xml",
        base=settings.base_url,
        tag=f"tag:{authority(settings)},{SINCE}:",
        name=name,
        title=title,
        page=page,
        updated=updated,
        entries=entries.entries,
        number=entries.number,
        more=entries.more,
    )
    response = Response(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text), mimetype=TYPE)
    response.headers["Cache-Control"] = A_WHILE
    response.add_etag()
    return response.make_conditional(request)


def of_editions(editions: Iterable[Edition]) -> list[Entry]:
    """Newest first."""
    return [
        Entry(
            name=f"editions/{one.number}",
            title=_("Édition\u00a0%(number)s", number=one.number),
            on=one.published,
            address=f"/editions/{one.number}/",
            summary=" ".join((one.note or one.status, _("Applicable le %(day)s.", day=date_long(one.applies)))),
        )
        for one in editions
    ][::-1]


def of_errata(errata: Iterable[Erratum]) -> list[Entry]:
    """What corrects a published edition, beside it; the words to read are those of a public act, and nobody's."""
    return [
        Entry(
            name=f"editions/{one.edition}/errata/{one.name}",
            title=_("Édition\u00a0%(number)s, %(code)s\u00a0: un erratum est publié", number=one.edition, code=one.key),
            on=one.on,
            address=f"/editions/{one.edition}/errata#{one.name}",
            summary=_("Lire\u00a0: %(words)s", words=one.corrected),
        )
        for one in errata
        if one.on is not None
    ]


def of_lines(lines: Iterable[Line]) -> list[Entry]:
    return [
        Entry(
            name=f"propositions/{line.proposal}/{line.step.value}/{line.occurrence}",
            title=_(
                "Proposition\u00a0%(number)s, «\u00a0%(title)s\u00a0»\u00a0: %(news)s",
                number=line.proposal,
                title=line.title,
                news=_said(line.step),
            ),
            on=line.on,
            address=f"/decisions/{line.decision}" if line.decision else f"/propositions/{line.proposal}",
            summary=line.plain,
            college=college_label(line.college.value) if line.college else "",
        )
        for line in lines
    ]


def of_versions(versions: Iterable[tuple[Version, Act | None]]) -> list[Entry]:
    """What was adopted, file by file. The number of the commit in history is the name of a version."""
    found = []
    for version, act in versions:
        item = version.path.removesuffix(".md")
        words = _("texte de départ") if version.number == 1 else _("nouveau texte adopté")
        found.append(
            Entry(
                name=f"{item}/versions/{version.number}",
                title=_("%(item)s\u00a0: %(news)s", item=item.partition("/")[2], news=words),
                on=act.on if act and act.on else day(version.committed_at),
                address=f"/decisions/{act.number}" if act else f"/{item}/historique",
                summary=(act.plain or act.reason) if act else "",
                college=college_label(version.college) if act else "",
            )
        )
    return found


def of_voices(proposal: int, voices: Iterable[Voice]) -> list[Entry]:
    """That somebody spoke, in which month: never what they said."""
    spoken = [one for voice in voices for one in (voice, *voice.replies) if one.text]
    return [
        Entry(
            name=f"propositions/{proposal}/contributions/{one.id}",
            title=_("Proposition\u00a0%(number)s\u00a0: une contribution est publiée", number=proposal),
            on=one.month,
            address=f"/propositions/{proposal}#contribution-{one.id}",
            college=college_label(one.college),
        )
        for one in spoken
    ]


def latest(*groups: Iterable[Entry]) -> list[Entry]:
    """Several lists as one, the latest day first; within a day, in the order given."""
    return sorted((entry for group in groups for entry in group), key=lambda entry: entry.on, reverse=True)


def _said(step: Step) -> str:
    words = {
        Step.SUBMIT: _("déposée"),
        Step.ADMIT: _("la discussion est ouverte"),
        Step.ASK_COMPLETION: _("rendue à son auteur, pour être complétée"),
        Step.DECLARE_INADMISSIBLE: _("déclarée irrecevable"),
        Step.RESUBMIT: _("complétée"),
        Step.APPEAL: _("un second regard est demandé"),
        Step.REVISE: _("une nouvelle rédaction est publiée"),
        Step.PROPOSE_DECISION: _("une décision est proposée"),
        Step.SEND_BACK: _("elle revient en discussion"),
        Step.SIGN: _("la décision est prise"),
        Step.RESUME: _("la discussion reprend"),
        Step.MERGE_INTO: _("réunie avec une autre"),
        Step.WITHDRAW: _("retirée par son auteur"),
    }
    return str(words.get(step, _(step.label)))
