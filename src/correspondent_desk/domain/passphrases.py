"""How well a passphrase protects: length is what counts (NIST SP 800-63B)."""

from enum import IntEnum

SHORTEST = 10  # characters, spaces included
_GOOD = 16
_VERY_GOOD = 22
_FEWEST_SIGNS = 5  # different ones; less is a key held down


class Strength(IntEnum):
    """From what is refused to what nobody guesses."""

    TOO_SHORT = 0
    ACCEPTABLE = 1
    GOOD = 2
    VERY_GOOD = 3


def strength(passphrase: str) -> Strength:
    """How well passphrase protects a desk of real people."""
    length = len(passphrase)
    if length < SHORTEST or len(set(passphrase.lower())) < _FEWEST_SIGNS:
        return Strength.TOO_SHORT
    if length < _GOOD:
        return Strength.ACCEPTABLE
    return Strength.GOOD if length < _VERY_GOOD else Strength.VERY_GOOD
