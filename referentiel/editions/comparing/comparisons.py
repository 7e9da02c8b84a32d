"""Comparing as pages and publishers ask for it: two states, by their editions or by a commit of ``main``."""

from referentiel.editions import queries
from referentiel.editions.comparing.decided import decisions
from referentiel.editions.comparing.differences import Difference, Pair, difference, reasons
from referentiel.editions.comparing.revision_notes import revision_note
from referentiel.editions.edition import Edition
from referentiel.editions.summary import Summary
from referentiel.library.cache import Cache
from referentiel.library.library import Library
from referentiel.library.reading import Reading

_found: Cache[tuple[str, str], Difference] = Cache(6)
"""Two commits never differ otherwise than they do: about 1 kB an item"""


def compared(library: Library, older: tuple[str, Edition | None], newer: tuple[str, Edition | None]) -> Difference:
    """What differs from one state to a later one, each a commit and the edition that it was sealed as, if any.

    One SQL query when it is known already, two else; about 0.2 ms a file that differs.
    """
    if older[0] == newer[0]:
        return Difference((), (), len(_summary(library, *newer).in_force))
    pair = older[0], newer[0]
    numbers = queries.commit_numbers(pair)
    if len(numbers) < len(pair):  # History is not listed up to there yet: what is found now is not the last word.
        return _compare(library, older, newer)
    return _found.get(pair, lambda _key: _compare(library, older, newer))


def drafted_note(library: Library, since: Edition, commit: str) -> str:
    """The note of revision of a commit to be published after an edition: see :func:`revision_note`."""
    found = compared(library, (since.commit, since), (commit, None))
    changes = (*found.criteria, *found.others)
    reading = Reading(library, (blob for one in changes for blob in one.blobs))
    behind = {one.path: reasons(reading, one) for one in changes}
    known = decisions(library, commit, (number for numbers in behind.values() for number in numbers))
    told = {path: [known[number] for number in numbers if number in known] for path, numbers in behind.items()}
    return revision_note(found, told, since=str(since.number))


def _compare(library: Library, older: tuple[str, Edition | None], newer: tuple[str, Edition | None]) -> Difference:
    before, after = _summary(library, *older), _summary(library, *newer)
    return difference(library, Pair(older[0], newer[0], before, after))


def _summary(library: Library, commit: str, edition: Edition | None) -> Summary:
    return queries.summary_of(library, edition) if edition else queries.summary_at(library, commit)
