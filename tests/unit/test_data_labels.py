"""No short code of a notice or of a subject is left raw on the page of one's data."""

import pytest

from referentiel.criteria.changes import ChangeClass
from referentiel.privacy.labels import SUBJECTS, WORDS
from referentiel.privacy.wording import _said


@pytest.mark.parametrize(
    "kind",
    ["step", "digest", "published", "removed", "appeal", "reply", "edition_announced", "edition_published"],
)
def test_each_kind_of_notice_has_its_words(kind: str) -> None:
    assert WORDS[kind] != kind


def test_an_edition_to_come_has_its_words() -> None:
    assert SUBJECTS["edition-plan"]


@pytest.mark.parametrize("size", list(ChangeClass))
def test_a_class_of_change_is_said_by_its_label(size: ChangeClass) -> None:
    assert _said("change_class", size, {}) == size.label
