"""The slots of a desk: its data key, wrapped once for each way to open it, as slots.json holds them.

Argon2id takes 32 MiB, six rounds, one lane: about 0.1 s on the office PC we measured. More memory
would cost an attacker more, but a cold search command may take 80 MB in all, and an interpreter with
the libraries it needs takes 40 of them; so rounds make up for memory. The parameters are stored with
the slot, so a later version can raise them at the next change of passphrase.
"""

import contextlib
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import cast

from correspondent_desk.store.files import as_json, from_json
from correspondent_desk.store.stretching import KEY_BYTES, LANES, Stretching, stretched

FORMAT = 1

Slot = Mapping[str, object]

# Beyond these a slot was damaged, and Argon2id would fail or take the computer down.
_NUMBERS: Mapping[str, Mapping[str, range]] = {
    "passphrase": {
        "memory_kib": range(64, 4 << 20),
        "iterations": range(1, 1000),
        "lanes": range(LANES, LANES + 1),
    },
    "recovery": {},
}


def by_passphrase(key: bytes, passphrase: str, stretching: Stretching) -> Slot:
    """key wrapped so that passphrase opens it."""
    slot: Slot = {
        "kind": "passphrase",
        "kdf": "argon2id",
        "memory_kib": stretching.memory_kib,
        "iterations": stretching.iterations,
        "lanes": LANES,
        "salt": _text(os.urandom(16)),
    }
    return _wrapped(slot, _stretched(passphrase, slot), key)


def by_secret(key: bytes, secret: bytes) -> Slot:
    """key wrapped so that the secret of a recovery code opens it."""
    salt = os.urandom(16)
    slot: Slot = {"kind": "recovery", "kdf": "hkdf-sha256", "salt": _text(salt)}
    return _wrapped(slot, _expanded(secret, salt), key)


def is_by_passphrase(slot: Slot) -> bool:
    """Whether a passphrase opens it; else a recovery code does."""
    return slot["kind"] == "passphrase"


def opened_by_passphrase(slots: Sequence[Slot], passphrase: str) -> bytes | None:
    """The key, if passphrase opens one of the slots."""
    found = (_unwrapped(it, _stretched(passphrase, it)) for it in slots if is_by_passphrase(it))
    return next(filter(None, found), None)


def opened_by_secret(slots: Sequence[Slot], secret: bytes) -> bytes | None:
    """The key, if the secret of a recovery code opens one of the slots."""
    found = (
        _unwrapped(it, _expanded(secret, _binary(it, "salt")))
        for it in slots
        if not is_by_passphrase(it)
    )
    return next(filter(None, found), None)


def written(slots: Sequence[Slot]) -> bytes:
    """The content of slots.json."""
    return as_json({"format": FORMAT, "slots": slots})


def read(content: bytes) -> list[Slot] | None:
    """The slots, or None if content is not what this program writes."""
    with contextlib.suppress(ValueError, KeyError, TypeError):
        slots = from_json(content)["slots"]
        if isinstance(slots, list) and slots and all(_is_sound(slot) for slot in slots):
            return slots
    return None


def _is_sound(slot: Slot) -> bool:
    numbers = _NUMBERS[cast("str", slot["kind"])]
    for name in ("salt", "nonce", "wrapped"):
        b64decode(cast("str", slot[name]), validate=True)
    return all(slot[name] in possible for name, possible in numbers.items())


def _stretched(passphrase: str, slot: Slot) -> bytes:
    stretching = Stretching(
        memory_kib=cast("int", slot["memory_kib"]), iterations=cast("int", slot["iterations"])
    )
    return stretched(passphrase, _binary(slot, "salt"), stretching)


def _expanded(secret: bytes, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = b"correspondent-desk/recovery-slot/1"
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(secret)


def _wrapped(slot: Slot, wrapping_key: bytes, key: bytes) -> Slot:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = os.urandom(12)
    sealed = ChaCha20Poly1305(wrapping_key).encrypt(nonce, key, _header(slot))
    return {**slot, "nonce": _text(nonce), "wrapped": _text(sealed)}


def _unwrapped(slot: Slot, wrapping_key: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    header = {name: slot[name] for name in slot if name not in ("nonce", "wrapped")}
    try:
        return ChaCha20Poly1305(wrapping_key).decrypt(
            _binary(slot, "nonce"), _binary(slot, "wrapped"), _header(header)
        )
    except InvalidTag:
        return None


def _header(slot: Slot) -> bytes:
    # Sealed with the key, so nobody can swap the parameters of a slot without it showing.
    return json.dumps({"format": FORMAT, **slot}, sort_keys=True).encode()


def _text(binary: bytes) -> str:
    return b64encode(binary).decode()


def _binary(slot: Slot, name: str) -> bytes:
    return b64decode(cast("str", slot[name]))
