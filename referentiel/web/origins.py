"""Where the words come from: the versions of an item, and the decisions behind them.

History is read from the projections, decisions from their files in the library: nothing here needs a proposal's row.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from referentiel.criteria.comparison import Comparison, compare
from referentiel.criteria.document import Document
from referentiel.criteria.paths import Kind, path_of
from referentiel.editions import queries
from referentiel.editions.edition import Edition
from referentiel.library.cache import Cache
from referentiel.library.library import Library
from referentiel.library.models import Version
from referentiel.library.queries import history, history_length
from referentiel.proposals.act import OUTCOMES, PLAIN, REASON
from referentiel.web.numbers import whole_number

TURNS_A_PAGE = 10


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
    meeting: int | None


_acts: Cache[tuple[int, str], Act] = Cache(200)
_comparisons: Cache[tuple[str, str], Comparison] = Cache(30)


@dataclass(frozen=True)
class Turn:
    """One version of an item. ``place`` counts its versions, the first text is 1; ``edition`` is the first that
    published it; only the chosen one is compared."""

    place: int
    version: Version
    act: Act | None
    edition: Edition | None
    comparison: Comparison | None = None


@dataclass(frozen=True)
class Page:
    """One page of a list; ``number`` and ``count`` are at least 1. ``total`` counts the versions."""

    turns: list[Turn]
    number: int
    count: int
    total: int


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
    total = history_length(path)
    count = max(1, -(-total // TURNS_A_PAGE))
    page = min(page, count)
    past = (page - 1) * TURNS_A_PAGE
    versions = history(path, TURNS_A_PAGE, offset=past)
    since, head = first_editions(library), library.head()
    changed = [version.number for version in versions if version.status == "changed"]
    opened = chosen if chosen in changed else next(iter(changed), None)
    made = [
        _turn(library, total - past - place, version, since, head, opened) for place, version in enumerate(versions)
    ]
    return Page(made, page, count, total)


def all_turns(library: Library, path: str) -> list[Turn]:
    """Every version of a file, oldest first, none compared. Two queries, and a decision read once for each."""
    since, head = first_editions(library), library.head()
    versions = reversed(history(path))
    return [_turn(library, place, version, since, head, None) for place, version in enumerate(versions, 1)]


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


def _turn(library: Library, place: int, version: Version, since: FirstEditions, head: str, opened: int | None) -> Turn:
    comparison = compared(library, version) if version.number == opened else None
    return Turn(place, version, act(library, version.decision, at=head), since.of(version), comparison)


def compared(library: Library, version: Version) -> Comparison:
    """What a version changed: kept by the two blobs."""
    pair = version.before_blob or "", version.blob or ""
    return _comparisons.get(pair, lambda _: compare(_read(library, pair[0]), _read(library, pair[1])))


def _read(library: Library, blob: str) -> Document | None:
    return Document.read(library.text(blob)) if blob else None


def _act(number: int, document: Document) -> Act:
    labels = {written: outcome.label for outcome, written in OUTCOMES.items()}
    on = document.value("date") or ""
    return Act(
        number=number,
        proposal=whole_number(document.value("proposition")),
        outcome=labels.get(document.value("issue") or "", ""),
        on=date.fromisoformat(on) if re.fullmatch(r"\d{4}-\d\d-\d\d", on) else None,
        reason=document.section(REASON) or "",
        plain=document.section(PLAIN) or "",
        signatories=document.values("signataires"),
        change_class=document.value("classe") or "",
        meeting=whole_number(document.value("rencontre")),
    )
