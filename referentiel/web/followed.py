"""What somebody follows, with the words of each thing."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from referentiel.database import session
from referentiel.editions.summary import Summary
from referentiel.library.library import Library
from referentiel.notices.following import PROPOSALS, address_of, followed_by
from referentiel.people.models import Person
from referentiel.proposals.models import Proposal
from referentiel.web.numbers import whole_number
from referentiel.web.texts import draft_state


@dataclass(frozen=True, slots=True)
class Followed:
    """One line of the list. ``words`` name it as its page does."""

    topic: str
    address: str
    words: str


def named(library: Library, person: Person) -> tuple[Followed, ...]:
    """The latest first. Two statements, whatever is followed."""
    topics = [row.topic for row in followed_by(person)]
    if not topics:
        return ()
    numbers = [whole_number(topic.partition("/")[2]) for topic in topics if topic.startswith(PROPOSALS)]
    titles = {
        str(row.id): row.title
        for row in session.execute(select(Proposal.id, Proposal.title).where(Proposal.id.in_(numbers)))
    }
    summary = draft_state(library).summary
    return tuple(Followed(topic, address_of(topic), _words(topic, summary, titles)) for topic in topics)


def _words(topic: str, summary: Summary, titles: dict[str, str]) -> str:
    kind, _slash, key = topic.partition("/")
    if kind == PROPOSALS:
        return str(_("Proposition\u00a0%(number)s : %(title)s", number=key, title=titles.get(key, "")))
    if kind == "chapitres":
        chapter = summary.chapter(key)
        return str(_("Chapitre\u00a0%(code)s : %(title)s", code=key, title=chapter.title if chapter else ""))
    line = summary.criterion(key)
    return str(_("Critère\u00a0%(code)s : %(title)s", code=key, title=line.title if line else ""))
