"""Argon2id as another library computes it, whatever the keyboard."""

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from correspondent_desk.store.stretching import KEY_BYTES, Stretching, stretched

SALT = bytes(range(16))


@pytest.mark.parametrize(("memory_kib", "iterations"), [(64, 1), (1024, 3)])
def test_openssl_computes_the_same(memory_kib: int, iterations: int) -> None:
    theirs = Argon2id(
        salt=SALT, length=KEY_BYTES, iterations=iterations, lanes=1, memory_cost=memory_kib
    ).derive("la marée monte".encode())

    asked = Stretching(memory_kib=memory_kib, iterations=iterations)

    assert stretched("la marée monte", SALT, asked) == theirs


def test_a_composed_letter_and_a_decomposed_one_are_one() -> None:
    asked = Stretching(memory_kib=64, iterations=1)

    assert stretched("mare\u0301e", SALT, asked) == stretched("marée", SALT, asked)
    assert stretched("maree", SALT, asked) != stretched("marée", SALT, asked)


def test_nobody_who_says_nothing_is_stretched_less() -> None:
    """Other tests ask for next to nothing without saying so: see tests/frugal.py."""
    assert Stretching._field_defaults == {"memory_kib": 32 * 1024, "iterations": 6}
