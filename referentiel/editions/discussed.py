"""The corrections of published editions that are asked for and not decided: which passage, and which proposal to read.

Editions are read without database. So the worker writes what the database says in one file an edition, beside its
frames; frames and the list of errata read that file. It holds numbers and names of sections, never anybody's words.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from referentiel.criteria.document import Document
from referentiel.criteria.erratum import TITLE, Erratum
from referentiel.criteria.paths import kind_and_key
from referentiel.criteria.placed import Placed
from referentiel.criteria.vocabulary import anchor
from referentiel.durable import write_whole
from referentiel.editions.shelf import UNREADABLE, Shelf
from referentiel.errors import FileError
from referentiel.proposals.errata import all_awaited
from referentiel.proposals.models import Proposal
from referentiel.proposals.states import State

log = logging.getLogger(__name__)

NOTHING = "[]"
ADMITTED = (State.IN_DISCUSSION, State.IN_DECISION)


@dataclass(frozen=True, slots=True)
class Discussed(Placed):
    """One passage. ``path`` is the file of the item, ``section`` as in :class:`Erratum`, ``proposal`` a number.

    ``admitted`` is false until the discussion is open.
    """

    path: str
    section: str
    proposal: int
    admitted: bool

    @property
    def is_about_title(self) -> bool:
        return self.section == TITLE

    @property
    def anchor(self) -> str:
        """The address of the section in the page of the item; empty for its title, at the top."""
        return "" if self.is_about_title else anchor(self.section)


def tell(shelf: Shelf) -> int:
    """Write what the database says now; gives how many editions have another file. One statement when nothing is asked.

    What the public list of proposals shows is told, and no draft: from the day it is sent until it is decided, declared
    inadmissible, withdrawn or joined to another.
    """
    asked, written = _asked(), 0
    for edition in shelf.editions():
        number = str(edition.number)
        rows = [[one.path, one.section, one.proposal, one.admitted] for one in asked.get(number, ())]
        told = json.dumps(rows, ensure_ascii=False)
        if told != state(shelf, number):
            place = Path(shelf.discussed(number))
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, told.encode())
            written += 1
    return written


def discussed(shelf: Shelf, number: str) -> tuple[Discussed, ...]:
    """The corrections asked of an edition, oldest first, as they were told last. One file, no query."""
    try:
        return tuple(_read(*row) for row in json.loads(state(shelf, number)))
    except (*UNREADABLE, TypeError, RecursionError):
        log.warning("what is asked of edition %s cannot be read", number)
        return ()


def state(shelf: Shelf, number: str) -> str:
    """What changes with these corrections, and with nothing else: for who keeps copies. Empty when it is unreadable."""
    try:
        return Path(shelf.discussed(number)).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return NOTHING
    except OSError:
        log.warning("what is asked of edition %s cannot be opened", number)
        return ""


def _read(path: str, section: str, proposal: int, admitted: bool) -> Discussed:
    """One row of the file. Raises ValueError for what no page could say."""
    if not isinstance(proposal, int):
        raise ValueError(f"{proposal!r} is no number of a proposal")
    kind_and_key(str(path))
    str(section).encode()
    return Discussed(str(path), str(section), proposal, bool(admitted))


def _asked() -> Mapping[str, list[Discussed]]:
    """By the number of the edition."""
    found = defaultdict(list)
    for proposal in all_awaited():
        erratum = _erratum(proposal)
        if erratum is not None:
            on = proposal.state in ADMITTED
            found[erratum.edition].append(Discussed(erratum.path, erratum.section, proposal.id, on))
    return found


def _erratum(proposal: Proposal) -> Erratum | None:
    """Its last wording. One that cannot be read is left out: its own page says what is wrong."""
    file = proposal.revision.main
    try:
        return Erratum.of(Document.read(file.text, file.path))
    except FileError:
        log.exception("the erratum of proposal %s cannot be read", proposal.id)
        return None
