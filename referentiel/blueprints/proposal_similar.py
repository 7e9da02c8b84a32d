"""« Y en a-t-il de semblables ? »: what a form is shown of proposals and criteria that say almost the same."""

from dataclasses import dataclass

from referentiel.blueprints.proposal_subjects import Subject
from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, path_of
from referentiel.criteria.vocabulary import PLAIN_TEXT, STATEMENT
from referentiel.editions.summary import CriterionLine
from referentiel.library.cache import Cache
from referentiel.proposals import queries
from referentiel.proposals.near import near
from referentiel.proposals.sheets import Sheet
from referentiel.proposals.states import ItemVerb
from referentiel.web.clock import now
from referentiel.web.stores import library

_said: Cache[str, str] = Cache(500_000, len)


@dataclass(frozen=True, slots=True)
class Similar:
    """``here``: open proposals on the same items; ``near``: others with near words; ``criteria``: texts that say it."""

    here: tuple[queries.Row, ...]
    near: tuple[queries.Row, ...] = ()
    criteria: tuple[CriterionLine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.here or self.near or self.criteria)


def on_the_same(subject: Subject) -> Similar:
    """What is known before anybody types. One statement."""
    own = subject.proposal.id if subject.proposal is not None else None
    paths = [path for verb, path in subject.items if verb is not ItemVerb.CREATE]
    return Similar(queries.touching(paths, at=now(), but=own) if paths else ())


def similar(subject: Subject, sheet: Sheet) -> Similar:
    """What is known once words are typed."""
    here = on_the_same(subject).here
    words = " ".join((sheet.title, sheet.plain_change, sheet.reason[:400]))
    but = [row.number for row in here]
    if subject.proposal is not None:
        but.append(subject.proposal.id)
    return Similar(here, queries.saying_the_same(words, at=now(), but=but), near_criteria(subject, sheet))


def near_criteria(subject: Subject, sheet: Sheet) -> tuple[CriterionLine, ...]:
    """Criteria in force that say almost what a new one would say."""
    if not any(verb is ItemVerb.CREATE for verb, _path in subject.items):
        return ()
    typed = [
        part.sections for part, (verb, _) in zip(sheet.parts, subject.items, strict=True) if verb is ItemVerb.CREATE
    ]
    words = " ".join(" ".join((one.get(STATEMENT, ""), one.get(PLAIN_TEXT, ""))) for one in typed)
    return near_words(subject, words)


def near_words(subject: Subject, words: str) -> tuple[CriterionLine, ...]:
    """Criteria in force with near words, but those of the form."""
    own = {path for _verb, path in subject.items}
    lines = [line for line in subject.summary.in_force if path_of(Kind.CRITERION, line.code) not in own]
    return tuple(one.thing for one in near(words, [(line, _words(line)) for line in lines]))


def _words(line: CriterionLine) -> str:
    def read(blob: str) -> str:
        document = Document.read(library().text(blob))
        return " ".join((line.title, document.section(STATEMENT) or "", document.section(PLAIN_TEXT) or ""))

    return _said.get(line.blob, read)
