"""The code of a collective session: six signs that nobody mistakes, found by their HMAC, made again for the poster."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.people.cards import codes
from referentiel.people.workshops import codes as workshop_codes

SECRET = bytes(range(32))
nonces = st.binary(min_size=16, max_size=16)


@given(nonces)
def test_a_code_is_read_back_whatever_the_case_and_the_signs_between(nonce: bytes) -> None:
    code = workshop_codes.code_of(nonce, SECRET)
    signs = code.replace("-", "")
    assert len(signs) == 6
    assert set(signs) <= set(codes.ALPHABET)
    for typed in (code, code.lower(), signs, " ".join(signs), f" {code} ", code.replace("-", "–")):
        assert workshop_codes.read(typed) == signs


@given(nonces)
def test_a_code_belongs_to_one_instance(nonce: bytes) -> None:
    other = SECRET[::-1]
    signs = "222222"
    assert workshop_codes.looked_up(signs, SECRET) != workshop_codes.looked_up(signs, other)
    assert workshop_codes.key_of(nonce, SECRET) != workshop_codes.key_of(nonce, other)
    assert len(workshop_codes.looked_up(signs, SECRET)) == 64


@pytest.mark.parametrize(
    "typed", ["", "K7P4X", "K7P4XM2", "K7P-4XO", "K7P-4X1", "ÉÉÉÉÉÉ", "lampe pont citron vélo", "\x00"]
)
def test_what_is_not_six_signs_is_another_thing(typed: str) -> None:
    assert workshop_codes.read(typed) is None


def test_the_code_of_a_card_is_never_taken_for_that_of_a_session() -> None:
    for _ in range(200):
        number = codes.new_number()
        assert workshop_codes.read(codes.as_code(number)) is None
        assert workshop_codes.read(" ".join(codes.as_words(number))) is None


@given(st.text(alphabet=codes.ALPHABET, min_size=6, max_size=6))
def test_its_locator_is_none_of_a_card(signs: str) -> None:
    assert 1 << codes.HALF <= workshop_codes.locator_of(signs, SECRET) < 2 << codes.HALF


@given(nonces, st.text(max_size=30))
def test_a_poster_has_one_key_of_128_bits(nonce: bytes, other: str) -> None:
    key = workshop_codes.key_of(nonce, SECRET)
    assert len(key) == 22
    assert workshop_codes.is_key(key, nonce, SECRET)
    assert not workshop_codes.is_key(other, nonce, SECRET) or other == key
    assert not workshop_codes.is_key(key, secrets.token_bytes(16), SECRET)
