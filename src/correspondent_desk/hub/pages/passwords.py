"""Passwords of accounts: stretched by Argon2id, and made by the program where nobody chose one yet."""

import hmac
import os
import secrets
import threading
from base64 import b64decode, b64encode

from correspondent_desk.domain.passphrases import SHORTEST, Strength, strength
from correspondent_desk.errors import DeskError
from correspondent_desk.store.stretching import LANES, Stretching, stretched

LONGEST = 256  # characters; more is nobody's password
_KIND = "argon2id"
# Neither l nor 1, neither o nor 0: it is read from a screen or over the telephone.
_SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 5  # 100 bits

# Each costs its memory and a tenth of a second of a processor: a crowd must queue for it.
_at_once = threading.BoundedSemaphore(2)


class PasswordTooWeak(DeskError):
    """Reasons: short (details: least), long (details: most), name, same (as the former one)."""

    code = "weak-password"


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
    numbers = [stretching.memory_kib, stretching.iterations, LANES]
    return "$".join(
        [_KIND, *map(str, numbers), _text(salt), _text(_in_turn(password, salt, stretching))]
    )


def is_right(password: str, kept_: str) -> bool:
    """Whether password is the one that is kept."""
    _kind, memory_kib, iterations, _lanes, salt, result = kept_.split("$")
    stretching = Stretching(memory_kib=int(memory_kib), iterations=int(iterations))
    return hmac.compare_digest(_in_turn(password, b64decode(salt), stretching), b64decode(result))


def _in_turn(password: str, salt: bytes, stretching: Stretching) -> bytes:
    with _at_once:
        return stretched(password, salt, stretching)


def _text(binary: bytes) -> str:
    return b64encode(binary).decode()
