"""The lists made from Git, history and search, brought to the library's state."""

from referentiel.database import session, writing
from referentiel.library.library import Library
from referentiel.library.models import Projected
from referentiel.library.projection import record
from referentiel.search.actions import follow


def keep_up(library: Library) -> None:
    """One row read when nothing moved."""
    head = library.head()
    known = session.get(Projected, 1)
    behind = known is None or known.head != head
    session.rollback()
    if behind:
        with writing():
            record(library, head)
    follow(library)
