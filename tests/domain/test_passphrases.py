"""How well a passphrase protects."""

import pytest

from correspondent_desk.domain.passphrases import Strength, strength


@pytest.mark.parametrize(
    ("passphrase", "expected"),
    [
        ("", Strength.TOO_SHORT),
        ("neuf sign", Strength.TOO_SHORT),
        ("dix signes", Strength.ACCEPTABLE),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", Strength.TOO_SHORT),
        ("AaAaBbBbCcCcDdDd", Strength.TOO_SHORT),
        ("quinze signes !", Strength.ACCEPTABLE),
        ("seize signes ici", Strength.GOOD),
        ("vingt et un signes là", Strength.GOOD),
        ("vingt-deux signes ici.", Strength.VERY_GOOD),
    ],
)
def test_length_is_what_counts(passphrase: str, expected: Strength) -> None:
    assert strength(passphrase) is expected
