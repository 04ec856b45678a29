"""The hub's private keys in a database that is not encrypted itself: a dump of it must not hold them."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from correspondent_desk.errors import DeskError

_NONCE = 12
_FOR = b"correspondent-desk/hub-keys/1"


class HubKeyWrong(DeskError):
    """The folder's hub.key is not the one that this hub's database was made with."""

    code = "hub-key-wrong"


def seal(key: bytes | None, plain: bytes) -> bytes:
    """plain under key; as it is if there is none."""
    if key is None:
        return plain
    nonce = os.urandom(_NONCE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, plain, _FOR)


def unseal(key: bytes | None, sealed: bytes) -> bytes:
    """What seal was given. Raises HubKeyWrong."""
    if key is None:
        return sealed
    try:
        return ChaCha20Poly1305(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _FOR)
    except InvalidTag as error:
        raise HubKeyWrong from error
