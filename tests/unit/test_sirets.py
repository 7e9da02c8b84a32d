"""SIRET numbers: what is typed becomes fourteen digits that prove each other, or is refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.errors import Invalid
from referentiel.people.structures.sirets import LA_POSTE, clean_siret, luhn, proves, spaced

DIGITS = st.text("0123456789", min_size=13, max_size=13)


def completed(thirteen: str) -> str:
    """The one number that begins so and passes Luhn's test."""
    return next(number for last in "0123456789" if luhn(number := thirteen + last) % 10 == 0)


@pytest.mark.parametrize(
    "typed",
    ["73282932000074", "732 829 320 00074", "732.829.320-00074", " 732\u00a0829\u00a0320\u202f00074\n"],
)
def test_only_the_digits_are_kept(typed: str) -> None:
    assert clean_siret(typed) == "73282932000074"


def test_nothing_typed_is_nothing() -> None:
    assert clean_siret(" \u00a0") == ""
    assert spaced(None) == ""


def test_it_is_read_in_groups() -> None:
    assert spaced("73282932000074") == "732\u00a0829\u00a0320\u00a000074"


@pytest.mark.parametrize(
    "typed",
    ["732829320", "732829320000744", "7328293200007O", "73282932000075", "0" * 14, "٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "1e13", "²" * 14],
)
def test_what_cannot_be_a_siret_is_refused_on_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        clean_siret(typed)
    assert refusal.value.field == "siret"
    assert "SIRET" in str(refusal.value)


def test_the_offices_of_la_poste_follow_their_own_rule_and_its_seat_follows_luhn() -> None:
    assert proves("35600000000048")
    office = LA_POSTE + "49837"
    assert sum(map(int, office)) % 5 == 0
    assert luhn(office) % 10 != 0
    assert clean_siret(office) == office
    assert not proves(LA_POSTE + "49838")


@given(DIGITS)
def test_one_last_digit_alone_completes_any_thirteen(thirteen: str) -> None:
    if thirteen.strip("0") and not thirteen.startswith(LA_POSTE):
        assert [last for last in "0123456789" if proves(thirteen + last)] == [completed(thirteen)[-1]]


@given(DIGITS, st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(thirteen: str, place: int, shift: int) -> None:
    number = completed(thirteen)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    if not wrong.startswith(LA_POSTE):
        assert not proves(wrong)


@given(st.text(max_size=30))
def test_anything_typed_is_fourteen_digits_nothing_or_a_refusal(typed: str) -> None:
    try:
        kept = clean_siret(typed)
    except Invalid:
        return
    assert kept == "" or (len(kept) == 14 and kept.isascii() and kept.isdigit())
