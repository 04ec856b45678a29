"""An age file under a passphrase that costs an attacker, and so a test, next to nothing.

pyrage takes a third of a second of the processor's time for every passphrase and cannot be told to
take less; what it reads says itself how much it took. The format: age-encryption.org/v1.
"""

import os
from base64 import b64encode

import pyrage
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

ORDINARY = pyrage.passphrase.encrypt

_VERSION = b"age-encryption.org/v1"
_ROUNDS = 4  # as a power of two
_PIECE = 64 * 1024  # bytes


def encrypt(plain: bytes, passphrase: str) -> bytes:
    """As pyrage.passphrase.encrypt."""
    salt, key, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    stretched = Scrypt(_VERSION + b"/scrypt" + salt, 32, 2**_ROUNDS, 8, 1)
    wrapping = ChaCha20Poly1305(stretched.derive(passphrase.encode()))
    head = b"%b\n-> scrypt %b %d\n%b\n---" % (
        _VERSION,
        _text(salt),
        _ROUNDS,
        _text(wrapping.encrypt(bytes(12), key, None)),
    )
    seal = HMAC(_derived(key, b"", b"header"), SHA256())
    seal.update(head)
    body = ChaCha20Poly1305(_derived(key, nonce, b"payload"))
    starts = range(0, len(plain) or 1, _PIECE)
    pieces = (
        body.encrypt(
            (start // _PIECE).to_bytes(11, "big") + bytes([start == starts[-1]]),
            plain[start : start + _PIECE],
            None,
        )
        for start in starts
    )
    return b"%b %b\n%b%b" % (head, _text(seal.finalize()), nonce, b"".join(pieces))


def _derived(key: bytes, salt: bytes, what: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, what).derive(key)


def _text(content: bytes) -> bytes:
    return b64encode(content).rstrip(b"=")
