"""Reads for who prepares an edition: what it would hold, what it lacks, how it will look. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select

from referentiel.criteria.document import Document
from referentiel.criteria.items import title_of
from referentiel.criteria.merging import SECTION
from referentiel.criteria.paths import ROOT, kind_and_key
from referentiel.criteria.vocabulary import PLAIN_TEXT, STATEMENT, key_label
from referentiel.database import session
from referentiel.dates import day
from referentiel.editions import queries
from referentiel.editions.comparing.comparisons import drafted_note
from referentiel.editions.edition import SIGNED_STATUS
from referentiel.editions.errata import still_in
from referentiel.editions.numbering import is_substantial, next_number
from referentiel.editions.preparing.actions import REVISION_NOTE_LIMIT
from referentiel.editions.preparing.completeness import Gap, Lack, report
from referentiel.editions.summary import NOT_LISTED
from referentiel.library.library import Library
from referentiel.library.models import ParagraphOrigin

SAYS, NOBODY = "Présentation", "aucun collège"
"""Where the starting text says that nobody adopted it, and in which words"""
REST = "\n\nLa suite se lit en comparant les deux éditions."


@dataclass(frozen=True, slots=True)
class Inside:
    """What an edition of the draft of now would bring: its number, the files that differ, the decisions behind them.

    ``decisive`` are the codes of the criteria whose change makes it a new edition rather than a correction.
    """

    number: str
    paths: tuple[str, ...]
    decisions: tuple[int, ...]
    decisive: tuple[str, ...]


def inside(library: Library, *, at: datetime) -> Inside | None:
    """None when nothing has changed since the last edition. Two SQL queries, two reads a changed file."""
    last, head = queries.latest(library), library.head()
    if last is None or last.commit == head:
        return None
    changes = queries.changes_between(library, last.commit, head)
    versions = queries.versions_between(last.commit, head)
    texts = [version for version in versions if not _is_record(version.path)]
    return Inside(
        number=str(next_number(last.number, changes, published=day(at))),
        paths=tuple(dict.fromkeys(version.path for version in texts)),
        decisions=tuple(sorted({version.decision for version in texts if version.decision})),
        decisive=tuple(dict.fromkeys(kind_and_key(change.path)[1] for change in changes if is_substantial(change))),
    )


def _is_record(path: str) -> bool:
    """A decision or an erratum, which accompany the text."""
    return path.partition("/")[0] in NOT_LISTED


def revision_note_to_edit(library: Library) -> str:
    """A note of revision to start from: what the draft of now changes since the last edition, in plain words.

    Cut between two lines when it is longer than a note may be. Costs a comparison, which is kept.
    """
    last = queries.latest(library)
    if last is None:
        return ""
    note = drafted_note(library, last, library.head()).strip()
    if len(note) <= REVISION_NOTE_LIMIT:
        return note
    return note[: REVISION_NOTE_LIMIT - len(REST)].rpartition("\n")[0] + REST


def lacks(library: Library) -> Mapping[Gap, list[Lack]]:
    """What the draft of now lacks. One SQL query; the report is kept for the commit, 120 ms for 400 criteria else."""
    head, last = library.head(), queries.latest(library)
    wrong = [
        Lack(Gap.WRONG_WORDS, one.path, title_of(Document.read(library.read(one.path, head).text)), (one.quotation,))
        for one in (still_in(library, str(last.number), head) if last is not None else ())
    ]
    found = _report(library, head, older_plain_texts())
    return {**found, Gap.WRONG_WORDS: wrong, Gap.BEFORE_ADOPTION: _as_before_adoption(library, head)}


def _as_before_adoption(library: Library, head: str) -> list[Lack]:
    """The presentation, when it still says what that of the starting text said, which no college had adopted."""
    start = min(queries.all_editions(library), key=lambda one: one.number, default=None)
    if start is None or start.status == SIGNED_STATUS:
        return []
    first, now = (Document.read(library.read(ROOT, commit).text) for commit in (start.commit, head))
    said = now.section(SAYS) or ""
    same = [SAYS] if said and (said == first.section(SAYS) or NOBODY in said.lower()) else []
    same += [key_label(key) for key in ("statut",) if now.value(key) and first.value(key) == now.value(key)]
    return [Lack(Gap.BEFORE_ADOPTION, ROOT, title_of(now), tuple(same))] if same else []


def older_plain_texts() -> frozenset[str]:
    """The paths of the draft whose plain text is older than the last change to their statement, typing mistakes apart.

    One SQL query.
    """
    query = (
        select(ParagraphOrigin.path, ParagraphOrigin.part, func.max(ParagraphOrigin.version_seq))
        .where(ParagraphOrigin.part.in_([f"{SECTION}{STATEMENT}", f"{SECTION}{PLAIN_TEXT}"]))
        .group_by(ParagraphOrigin.path, ParagraphOrigin.part)
    )
    newest: dict[str, dict[str, int]] = {}
    for path, part, version in session.execute(query):
        newest.setdefault(path, {})[part] = version
    statement, plain = f"{SECTION}{STATEMENT}", f"{SECTION}{PLAIN_TEXT}"
    return frozenset(path for path, last in newest.items() if plain in last and last[plain] < last.get(statement, 0))


@lru_cache(maxsize=1)
def _report(library: Library, commit: str, stale: frozenset[str]) -> Mapping[Gap, list[Lack]]:
    return report({path: Document.read(text, path) for path, text in library.texts(commit).items()}, stale)
