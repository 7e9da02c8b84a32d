"""The titles of criteria, for pages that name one by its code."""

from referentiel.editions.queries import in_force, summary_of
from referentiel.web.clock import now
from referentiel.web.stores import library


def titles_in_force() -> dict[str, str]:
    """The title of each criterion in force, by code."""
    edition = in_force(library(), now())
    return {line.code: line.title for line in summary_of(library(), edition).criteria} if edition else {}
