"""The recovery code: a key that a person can print, keep in a safe and type again.

128 random bits and 22 bits of check, written in thirty signs without the letters that are taken for
digits (Crockford's base 32), in six groups of five. A slip of the pen is told from a code that
belongs to another desk: the first fails the check, the second does not open.
"""

import os
import re

from correspondent_desk.errors import DeskError

SECRET_BYTES = 16
_CHECK_BITS = 22
_LENGTH = 30
_GROUP = 5
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {sign: value for value, sign in enumerate(_SIGNS)}
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015.,·]+")


class RecoveryCodeMistyped(DeskError):
    """What was typed is no recovery code.

    reason: "length" (details: signs, expected), "sign" (details: sign, the one that never occurs)
    or "check" (one or several signs are wrong).
    """

    code = "recovery-code-mistyped"


def new_secret() -> bytes:
    """The random part of a code."""
    return os.urandom(SECRET_BYTES)


def written(secret: bytes) -> str:
    """The code of secret as it is printed: 3F7KQ-…, six groups of five."""
    number = int.from_bytes(secret, "big") << _CHECK_BITS | _check(secret)
    signs = [_SIGNS[number >> 5 * place & 31] for place in reversed(range(_LENGTH))]
    return "-".join("".join(signs[i : i + _GROUP]) for i in range(0, _LENGTH, _GROUP))


def read(typed: str) -> bytes:
    """The secret of a code as somebody typed it. Raises RecoveryCodeMistyped.

    Small letters, any spaces and hyphens, O for 0 and I or L for 1 are understood.
    """
    signs = _BETWEEN.sub("", typed).upper().translate(_READ_AS)
    strange = next((sign for sign in signs if sign not in _VALUES), None)
    if strange is not None:
        raise RecoveryCodeMistyped("sign", sign=strange)
    if len(signs) != _LENGTH:
        raise RecoveryCodeMistyped("length", signs=len(signs), expected=_LENGTH)
    number = 0
    for sign in signs:
        number = number << 5 | _VALUES[sign]
    secret = (number >> _CHECK_BITS).to_bytes(SECRET_BYTES, "big")
    if number & (1 << _CHECK_BITS) - 1 != _check(secret):
        raise RecoveryCodeMistyped("check")
    return secret


def _check(secret: bytes) -> int:
    import hashlib

    digest = hashlib.sha256(b"correspondent-desk/recovery-check/1\0" + secret).digest()
    return int.from_bytes(digest[:4], "big") >> 32 - _CHECK_BITS
