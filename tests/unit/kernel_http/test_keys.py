"""The text of a key: what is drawn can be read, what is altered cannot."""

import random
import string

from hypothesis import given
from hypothesis import strategies as st

from services.kernel.keys import KeyText, new_key, parse

ALPHABET = string.digits + string.ascii_letters
SEEDS = st.integers(0, 2**32)


def key_of(seed: int) -> KeyText:
    return new_key(random.Random(seed).choice)


@given(SEEDS)
def test_a_key_is_read_back(seed: int) -> None:
    key = key_of(seed)

    assert parse(str(key)) == key
    assert [len(part) for part in str(key).split("_")] == [3, 8, 37, 6]


@given(SEEDS, st.integers(4, 56), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(seed: int, position: int, replacement: str) -> None:
    text = str(key_of(seed))
    altered = text[:position] + replacement + text[position + 1 :]

    assert altered == text or parse(altered) is None


@given(SEEDS, st.integers(0, 55))
def test_two_swapped_characters_are_noticed(seed: int, position: int) -> None:
    text = str(key_of(seed))
    swapped = text[:position] + text[position + 1] + text[position] + text[position + 2 :]

    assert swapped == text or parse(swapped) is None


@given(st.text(max_size=80))
def test_any_other_text_is_refused_without_raising(text: str) -> None:
    assert parse(text) is None


def test_a_key_shows_no_secret_in_its_representation() -> None:
    key = key_of(1)

    assert key.secret not in repr(key)
    assert key.id in repr(key)


def test_the_digest_depends_on_the_pepper() -> None:
    key = key_of(1)

    assert key.digest("a") == key.digest("a")
    assert key.digest("a") != key.digest("b")


def test_keys_are_drawn_differently_each_time() -> None:
    assert len({str(new_key()) for _ in range(100)}) == 100
