"""Passwords of accounts: stretched by Argon2id, and made by the program where nobody chose one yet."""

import hmac
import os
import secrets
import threading
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from correspondent_desk.domain.passphrases import SHORTEST, Strength, strength
from correspondent_desk.errors import DeskError

LONGEST = 256  # characters; more is nobody's password
_BYTES = 32
_KIND = "argon2id"
# Neither l nor 1, neither o nor 0: it is read from a screen or over the telephone.
_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 5  # 100 bits

# Each costs its memory and a tenth of a second of a processor: a crowd must queue for it.
_at_once = threading.BoundedSemaphore(2)


class PasswordTooWeak(DeskError):
    """Reasons: short (details: least), long (details: most), name, same (as the former one)."""

    code = "weak-password"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretching:
    """What Argon2id is asked for; kept with each password, so it can be raised. Tests ask for less."""

    memory_kib: int = 32 * 1024
    iterations: int = 6
    lanes: int = 1


def require_strong(password: str, name: str) -> None:
    """Whether this may be the password of name. Raises PasswordTooWeak."""
    if strength(password) is Strength.TOO_SHORT:
        raise PasswordTooWeak("short", least=SHORTEST)
    if len(password) > LONGEST:
        raise PasswordTooWeak("long", most=LONGEST)
    if password.casefold() == name.casefold():
        raise PasswordTooWeak("name")


def made() -> str:
    """A password to hand over once: four groups of five letters and figures."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def kept(password: str, stretching: Stretching) -> str:
    """The password as the database keeps it: a new salt each time."""
    salt = os.urandom(16)
    numbers = [stretching.memory_kib, stretching.iterations, stretching.lanes]
    return "$".join(
        [_KIND, *map(str, numbers), _text(salt), _text(_stretched(password, salt, stretching))]
    )


def is_right(password: str, kept_: str) -> bool:
    """Whether password is the one that is kept."""
    _kind, memory_kib, iterations, lanes, salt, stretched = kept_.split("$")
    stretching = Stretching(
        memory_kib=int(memory_kib), iterations=int(iterations), lanes=int(lanes)
    )
    return hmac.compare_digest(
        _stretched(password, b64decode(salt), stretching), b64decode(stretched)
    )


def _stretched(password: str, salt: bytes, stretching: Stretching) -> bytes:
    # The same letters typed on another keyboard may come decomposed.
    typed = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    with _at_once:
        return Argon2id(
            salt=salt,
            length=_BYTES,
            iterations=stretching.iterations,
            lanes=stretching.lanes,
            memory_cost=stretching.memory_kib,
        ).derive(typed)


def _text(binary: bytes) -> str:
    return b64encode(binary).decode()
