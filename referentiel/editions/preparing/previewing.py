"""An edition as it will be read, before anything is sealed: the same pages, made from the same words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from referentiel.criteria.document import Document
from referentiel.dates import day
from referentiel.editions import queries
from referentiel.editions.edition import SIGNED_STATUS, Edition
from referentiel.editions.models import EditionPlan, PlanState
from referentiel.editions.numbering import Number
from referentiel.editions.pages.fragments import fragments
from referentiel.editions.summary import NOT_LISTED, Card, Summary
from referentiel.errors import N_, Unknown
from referentiel.library.library import Library

FIXED = (PlanState.PREPARED, PlanState.CONFIRMED)
"""States in which what will be sealed no longer follows the draft"""


def coming(library: Library, plan: EditionPlan, *, at: datetime) -> Edition:
    """The edition that this plan would seal, with no manifest: as it was prepared, else the draft of now.

    Raises Refused when the draft has nothing new to publish.
    """
    fixed = plan.state in FIXED and plan.commit is not None and plan.number is not None
    commit = plan.commit if fixed and plan.commit else library.head()
    last = queries.latest(library)
    return Edition(
        number=Number.read(plan.number if fixed and plan.number else queries.number_for(library, commit, at)),
        commit=commit,
        previous=str(last.number) if last else "",
        published=day(at),
        applies=max(plan.applies or day(at), day(at)),
        status=SIGNED_STATUS,
        note=plan.note,
        revision=plan.revision_note,
        audit="",
        builder="",
        versions="",
    )


def page(library: Library, edition: Edition, name: str) -> str:
    """The HTML of one page, to stand in a frame. Raises Unknown when the edition would have no such page.

    Reads the whole text the first time, 2 ms a criterion; the pages of one edition are kept.
    """
    made = _pages(library, _Key(edition)).get(f"{name}.html")
    if made is None:
        raise Unknown(N_("Cette page ne sera pas dans l’édition."))
    return made()


class _Key:
    """An edition as the key of a cache: two are the same when their seals would begin the same."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._header = f"{edition.number}\n{edition.header}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._header == other._header

    def __hash__(self) -> int:
        return hash(self._header)


@lru_cache(maxsize=1)
def _pages(library: Library, key: _Key) -> Mapping[str, Callable[[], str]]:
    files = library.files(key.edition.commit).outside(*NOT_LISTED)
    documents = {path: Document.read(library.text(blob), path) for path, blob in files.items()}
    summary = Summary.of(files, lambda path: Card.of(documents[path]))
    return fragments(key.edition, summary, documents)
