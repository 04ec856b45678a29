"""Argon2id: making guesses of what a person remembers cost memory and time.

libsodium's, because its vector code takes half the time of OpenSSL's for the same numbers, and a
search from the command line has a quarter of a second in all. It knows one lane only.
"""

import unicodedata
from typing import NamedTuple

KEY_BYTES = 32
LANES = 1


class Stretching(NamedTuple):
    """What Argon2id is asked for; kept with each secret, so it can be raised. Tests ask for less."""

    memory_kib: int = 32 * 1024
    iterations: int = 6


def stretched(typed: str, salt: bytes, stretching: Stretching) -> bytes:
    """32 bytes from what was typed and a salt of 16 bytes."""
    from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13

    # The same letters typed on another keyboard may come decomposed.
    secret = unicodedata.normalize("NFC", typed).encode("utf-8", "surrogatepass")
    return crypto_pwhash_alg(
        KEY_BYTES,
        secret,
        salt,
        stretching.iterations,
        stretching.memory_kib * 1024,
        crypto_pwhash_ALG_ARGON2ID13,
    )
