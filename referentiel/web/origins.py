"""Where the words come from: the versions of an item, its paragraphs one by one, the decisions behind them.

History is read from the projections, decisions from their files in the library: nothing here needs a proposal's row.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from referentiel.criteria.comparison import Comparison, ParagraphChange, compare
from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, path_of
from referentiel.criteria.vocabulary import anchor
from referentiel.editions import queries
from referentiel.editions.edition import Edition
from referentiel.library.blame import split
from referentiel.library.cache import Cache
from referentiel.library.library import Library
from referentiel.library.models import ParagraphOrigin, Version
from referentiel.library.queries import history, history_length, origins
from referentiel.proposals.act import OUTCOMES, PLAIN, REASON
from referentiel.web.texts import ItemText

TURNS_A_PAGE = 10
_MARKS = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)]|#{3,6}|>)\s+", re.MULTILINE)


@dataclass(frozen=True)
class Act:
    """A decision as its file says it: no name, colleges and dates."""

    number: int
    proposal: int | None
    outcome: str
    on: date | None
    reason: str
    plain: str
    signatories: tuple[str, ...]
    change_class: str


_acts: Cache[tuple[int, str], Act] = Cache(200)
_comparisons: Cache[tuple[str, str], Comparison] = Cache(40)


@dataclass(frozen=True)
class Turn:
    """One version of an item. ``edition`` is the first that published it; only the chosen one is compared."""

    version: Version
    act: Act | None
    edition: Edition | None
    comparison: Comparison | None = None


@dataclass(frozen=True)
class Phrase:
    """One paragraph of the draft and the version that gave it its wording; None for what is not recorded yet."""

    section: str
    anchor: str
    words: str
    raw: str
    origin: ParagraphOrigin | None
    edition: Edition | None

    @property
    def version(self) -> Version | None:
        return self.origin.version if self.origin else None


@dataclass(frozen=True)
class Page:
    """One page of a list; ``number`` and ``count`` are at least 1."""

    turns: list[Turn]
    number: int
    count: int


def act(library: Library, number: int | None, *, at: str | None = None) -> Act | None:
    """The decision of this number, None when the text has no such file. ``at`` is the draft's commit, if known.

    Decisions do not change: read once, then kept.
    """
    if number is None:
        return None
    blob = library.files(at or library.head()).get(path_of(Kind.DECISION, str(number)))
    if blob is None:
        return None
    return _acts.get((number, blob), lambda _: _act(number, Document.read(library.text(blob))))


def turns(library: Library, path: str, *, page: int, chosen: int | None) -> Page:
    """The versions of a file, newest first, one page of them; a page past the last is the last. Three queries.

    One is compared with what it replaced: that whose number is ``chosen``, else the newest of the page.
    """
    count = max(1, -(-history_length(path) // TURNS_A_PAGE))
    page = min(page, count)
    versions = history(path, TURNS_A_PAGE, offset=(page - 1) * TURNS_A_PAGE)
    since, head = first_editions(library), library.head()
    changed = [version.number for version in versions if version.status == "changed"]
    opened = chosen if chosen in changed else next(iter(changed), None)
    return Page([_turn(library, version, since, head, opened) for version in versions], page, count)


def phrases(library: Library, path: str, text: ItemText) -> list[Phrase]:
    """The paragraphs of the draft's wording, in order, each with where it comes from. Two queries."""
    known = origins(path)
    since = first_editions(library)
    found = []
    for section in text.document.sections:
        sources = known.get(f"section:{section.title}", [])
        for place, paragraph in enumerate(split(section.body)):
            origin = sources[place] if place < len(sources) else None
            found.append(
                Phrase(
                    section=section.title,
                    anchor=f"{anchor(section.title)}-{place + 1}",
                    words=bare(paragraph),
                    raw=paragraph,
                    origin=origin,
                    edition=since.of(origin.version) if origin else None,
                )
            )
    return found


def replaced(library: Library, phrase: Phrase) -> ParagraphChange | None:
    """What a paragraph replaced when it got its wording; None when it was new, or came with the first text."""
    version = phrase.version
    if version is None or version.before_blob is None or version.blob is None:
        return None
    for section in _compared(library, version).changed_sections:
        if section.title == phrase.section:
            for change in section.paragraphs:
                if change.status == "changed" and change.after and change.after in phrase.raw:
                    return change
    return None


@dataclass(frozen=True)
class FirstEditions:
    """Which edition first published a version: editions in their order, with the number of their commit."""

    numbers: tuple[tuple[int, Edition], ...]

    def of(self, version: Version) -> Edition | None:
        return next((edition for number, edition in self.numbers if number >= version.number), None)


def first_editions(library: Library) -> FirstEditions:
    """One query."""
    published = queries.all_editions(library)
    numbers: Mapping[str, int] = queries.commit_numbers([edition.commit for edition in published])
    return FirstEditions(
        tuple((numbers[edition.commit], edition) for edition in published if edition.commit in numbers)
    )


def short_history(library: Library, versions: Sequence[Version]) -> list[dict[str, object]]:
    """A few versions for ``parts.thread``: a title, a day, the plain reason, the decision's address."""
    head = library.head()
    return [_thread_line(version, act(library, version.decision, at=head)) for version in versions]


def bare(paragraph: str) -> str:
    """A paragraph's words without the marks of Markdown."""
    return " ".join(_MARKS.sub("", paragraph).replace("**", "").replace("__", "").split())


def _thread_line(version: Version, decided: Act | None) -> dict[str, object]:
    if version.number == 1 or decided is None:
        title = _("Texte de départ") if version.number == 1 else version.subject
        return {"title": title, "when": version.committed_at, "text": "", "href": "", "state": "done"}
    return {
        "title": _("Décision\u00a0%(number)s", number=decided.number),
        "when": version.committed_at,
        "text": decided.plain,
        "href": f"/decisions/{decided.number}",
        "state": "done",
    }


def _turn(library: Library, version: Version, since: FirstEditions, head: str, opened: int | None) -> Turn:
    comparison = _compared(library, version) if version.number == opened else None
    return Turn(version, act(library, version.decision, at=head), since.of(version), comparison)


def _compared(library: Library, version: Version) -> Comparison:
    """What a version changed: kept by the two blobs."""
    pair = version.before_blob or "", version.blob or ""
    return _comparisons.get(pair, lambda _: compare(*(Document.read(library.text(b)) if b else None for b in pair)))


def _act(number: int, document: Document) -> Act:
    labels = {written: outcome.label for outcome, written in OUTCOMES.items()}
    proposal, on = document.value("proposition") or "", document.value("date") or ""
    return Act(
        number=number,
        proposal=int(proposal) if proposal.isdigit() else None,
        outcome=labels.get(document.value("issue") or "", ""),
        on=date.fromisoformat(on) if re.fullmatch(r"\d{4}-\d\d-\d\d", on) else None,
        reason=document.section(REASON) or "",
        plain=document.section(PLAIN) or "",
        signatories=document.values("signataires"),
        change_class=document.value("classe") or "",
    )
