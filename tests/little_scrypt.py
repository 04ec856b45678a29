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
_MOST = 64 * 1024  # of one piece; what tests seal is one


def encrypt(plain: bytes, passphrase: str) -> bytes:
    """As pyrage.passphrase.encrypt."""
    assert len(plain) <= _MOST
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
    only_piece = bytes(11) + b"\1"
    body = ChaCha20Poly1305(_derived(key, nonce, b"payload")).encrypt(only_piece, plain, None)
    return b"%b %b\n%b%b" % (head, _text(seal.finalize()), nonce, body)


def _derived(key: bytes, salt: bytes, what: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, what).derive(key)


def _text(content: bytes) -> bytes:
    return b64encode(content).rstrip(b"=")
