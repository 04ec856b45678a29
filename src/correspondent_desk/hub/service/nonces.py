"""Nonces: given without keeping anything, by any process; kept once used, so that none serves twice.

A nonce is 16 random bytes, the end of its time by the hub's clock, and a hash of both under a key
that follows from the hub's own: all processes on one database agree on it.
"""

import hashlib
import hmac
import os
import struct

from sqlalchemy import Connection, delete

from correspondent_desk.hub import offices
from correspondent_desk.hub.schema import or_leave
from correspondent_desk.hub.service import tables
from correspondent_desk.sync.online import wire

_BODY = struct.Struct(">16sQ")
_TAG = 16
_DOMAIN = b"correspondent-desk/nonce/1\0"
_SWEEP_ONE_IN = 64


class Nonces:
    """Gives nonces and takes each back once."""

    def __init__(self, connection: Connection, lasts_s: int) -> None:
        seed = offices.keys(connection).signing_seed
        self._key = hmac.digest(seed, _DOMAIN, hashlib.sha256)
        self._lasts_ms = lasts_s * 1000

    def make(self, now_ms: int) -> str:
        """A new one."""
        body = _BODY.pack(os.urandom(16), now_ms + self._lasts_ms)
        return wire.text(body + self._tag(body))

    def is_fresh(self, nonce: str, now_ms: int) -> bool:
        """Whether it is one of ours and its time has not come; nothing is read or written."""
        content = wire.raw(nonce)
        if len(content) != _BODY.size + _TAG:
            return False
        body, tag = content[: _BODY.size], content[_BODY.size :]
        _, expires = _BODY.unpack(body)
        return hmac.compare_digest(self._tag(body), tag) and now_ms < expires

    def spend(self, connection: Connection, nonce: str, now_ms: int) -> bool:
        """Use a fresh one up; False if it was used before."""
        spent = tables.spent_nonce
        value, expires = _BODY.unpack(wire.raw(nonce)[: _BODY.size])
        if value[0] % _SWEEP_ONE_IN == 0:
            connection.execute(delete(spent).where(spent.c.expires_at < now_ms))
        added = connection.execute(
            or_leave(connection, spent).returning(spent.c.nonce),
            {"nonce": value, "expires_at": expires},
        )
        return added.one_or_none() is not None

    def _tag(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, hashlib.sha256)[:_TAG]
