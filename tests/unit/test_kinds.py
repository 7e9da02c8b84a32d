"""Kinds of structures: what the administration reads, and what everybody else may be told."""

import pytest

from referentiel.criteria.vocabulary import StructureType
from referentiel.people.kinds import FAMILIES, SENSITIVE, StructureKind, shown_kind


def test_each_kind_is_offered_once() -> None:
    offered = [kind for family in FAMILIES.values() for kind in family]
    assert sorted(offered) == sorted(StructureKind)


def test_the_employers_of_insertion_are_those_of_the_text() -> None:
    assert next(iter(FAMILIES.values())) == tuple(StructureKind(known.value) for known in StructureType)


@pytest.mark.parametrize("kind", sorted(SENSITIVE))
def test_a_sensitive_prescriber_is_shown_as_another(kind: StructureKind) -> None:
    assert shown_kind(kind.value).label == "Autre"
    assert kind.label != "Autre"


@pytest.mark.parametrize("kind", sorted(set(StructureKind) - SENSITIVE))
def test_any_other_kind_is_shown_as_it_is(kind: StructureKind) -> None:
    assert shown_kind(kind.value) is kind


def test_a_kind_that_nobody_knows_says_nothing() -> None:
    assert shown_kind("prison") is StructureKind.OTHER


def test_the_longest_kind_fits_its_column() -> None:
    assert max(len(kind.value) for kind in StructureKind) <= 20
