"""Codes, words, links' digits, second factor: the pure parts of coming in."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.errors import Invalid
from referentiel.people.cards import codes, pseudonyms
from referentiel.people.cards.words import PREFIX, WORDS, fold, place_of
from referentiel.people.doors import keys, second_factor
from referentiel.people.doors.emails import clean_email

NUMBERS = st.integers(0, 2**44 - 1)
KEY = b"k" * 32
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_there_are_2048_words_known_by_their_first_four_letters() -> None:
    assert len(WORDS) == 2048 == len({fold(word)[:PREFIX] for word in WORDS})
    assert all(4 <= len(fold(word)) <= 10 and fold(word).isascii() and fold(word).isalpha() for word in WORDS)
    assert list(WORDS) == sorted(WORDS, key=fold)


@given(NUMBERS)
def test_a_number_written_either_way_is_read_back(number: int) -> None:
    assert codes.read(codes.as_code(number)) == number
    assert codes.read(" ".join(codes.as_words(number))) == number


@given(NUMBERS)
def test_case_accents_and_separators_do_not_matter(number: int) -> None:
    code, words = codes.as_code(number), codes.as_words(number)
    assert codes.read(code.replace("-", "").lower()) == number
    assert codes.read(f"  {code.replace('-', ' ')} ") == number
    assert codes.read(", ".join(fold(word).upper() for word in words)) == number
    assert codes.read(" ".join(fold(word)[:PREFIX] for word in words)) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "K7P-4XM",
        "K7P-4XM-2RO",
        "ZZZ-ZZZ-ZZZ",
        "citron pont lampe",
        "citron pont lampe citrique",
        "citron pont lampe vélo vélo",
        "\x00",
        "🙂🙂🙂🙂",
        "a" * 100_000,
        "'; DROP TABLE cards --",
    ],
)
def test_what_is_no_code_is_refused_by_the_name_of_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        codes.read(typed)
    assert refused.value.field == "code"


@given(NUMBERS)
def test_the_two_halves_make_the_number(number: int) -> None:
    locator, secret = codes.halves(number)
    assert (locator << 22) | secret == number
    assert locator < 2**22
    assert secret < 2**22


def test_what_is_kept_matches_its_number_alone_and_under_its_key_alone() -> None:
    kept = codes.hashed(1234, KEY)
    assert codes.matches(1234, kept, KEY)
    assert not codes.matches(1235, kept, KEY)
    assert not codes.matches(1234, kept, b"x" * 32)
    assert not codes.matches(1234, None, KEY)
    assert kept != codes.hashed(1234, KEY)


def test_tries_slow_a_locator_down_and_never_lock_it() -> None:
    waits = [codes.wait_after(count) for count in range(1, 2000)]
    assert waits[:4] == [timedelta(0)] * 4
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=15)


def test_a_word_that_goes_wrong_after_four_letters_is_not_taken() -> None:
    assert place_of("citron") == place_of("CITR") == place_of("Citro")
    assert place_of("citrique") is None
    assert place_of("oeil") == place_of("œil") == place_of("œillet")
    assert place_of("") is None


def test_tokens_of_mails_are_made_again_from_their_row_and_differ_by_instance() -> None:
    assert keys.mailed_token(KEY, b"n") == keys.mailed_token(KEY, b"n")
    assert keys.mailed_token(KEY, b"n") != keys.mailed_token(b"y" * 32, b"n")
    assert len(keys.mailed_token(KEY, b"n")) == 43
    assert keys.link_digits(KEY, b"n").isdigit()
    assert len(keys.link_digits(KEY, b"n")) == 6


def test_a_code_of_the_telephone_is_known_now_and_one_step_around() -> None:
    seed = b"s" * 32
    totp = pyotp.TOTP(keys.totp_secret(KEY, seed))
    now = int(NOON.timestamp()) // 30
    for around in (-1, 0, 1):
        code = totp.at((now + around) * 30)
        assert second_factor.step_of(code, seed, KEY, at=NOON) is not None
    assert second_factor.step_of(totp.at((now + 3) * 30), seed, KEY, at=NOON) is None
    assert second_factor.step_of("", seed, KEY, at=NOON) is None
    assert second_factor.step_of("\ud800é", seed, KEY, at=NOON) is None


def test_the_address_that_an_authenticator_reads_names_the_site_and_the_account() -> None:
    address = second_factor.otpauth(b"s" * 32, "denis@tests.invalid", KEY)
    assert address.startswith("otpauth://totp/")
    assert "denis%40tests.invalid" in address


def test_pseudonyms_agree_in_gender() -> None:
    for _ in range(200):
        thing, colour = pseudonyms.new_pseudonym().rsplit(" ", 1)
        feminine = {first for first, _ in pseudonyms.COLOURS}
        masculine = {second for _, second in pseudonyms.COLOURS}
        assert colour in (feminine if thing in pseudonyms.FEMININE else masculine)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Denis@Exemple.FR ", "denis@exemple.fr"),
        ("a.b+c@d-e.example", "a.b+c@d-e.example"),
        ("a@Été.fr", "a@xn--t-9fab.fr"),
    ],
)
def test_an_address_is_kept_in_lower_case(typed: str, kept: str) -> None:
    assert clean_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "denis",
        "denis@",
        "@exemple.fr",
        "a b@c.d",
        "a@b.c\nBcc: x@y.z",
        "a@b.c, d@e.f",
        "<a@b.c>",
        "a" * 300 + "@b.c",
        "=?utf-8?q?evil=40a.fr=2c?=@exemple.fr",
        "é@exemple.fr",
        "a..b@exemple.fr",
        "a@b＠c.fr",
        "a@-b.fr",
        "a@" + "é" * 80 + ".fr",
    ],
)
def test_what_is_not_one_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_email(typed)
    assert refused.value.field == "email"
