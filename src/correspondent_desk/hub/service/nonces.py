"""Nonces: given without keeping anything, by any process; kept once used, so that none serves twice.

A nonce is 16 random bytes, the end of its time by the hub's clock, and a hash of both under a key
that follows from the hub's own: all processes on one database agree on it.
"""

import hashlib
import hmac
import os
import struct

from sqlalchemy import Connection, delete, text

from correspondent_desk.hub import identity
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.service import tables
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.hub.wording import Wording
from correspondent_desk.sync.online import wire

_BODY = struct.Struct(">16sQ")
_TAG = 16
_DOMAIN = b"correspondent-desk/nonce/1\0"
_SWEEP_ONE_IN = 64


_SPENT = text(
    "INSERT INTO spent_nonce(nonce, expires_at) VALUES (:nonce, :expires) ON CONFLICT DO NOTHING"
)
_SPENT_BY = text(
    "INSERT INTO spent_nonce(nonce, expires_at) SELECT :nonce, :expires FROM desk"
    " WHERE signing = :signing AND status = 'active' ON CONFLICT DO NOTHING"
)
_ASKING = text("SELECT id, status, :fresh AS is_fresh FROM desk WHERE signing = :signing")
_ADMITTED = Wording(
    "WITH asking AS (SELECT id, status FROM desk WHERE signing = :signing), spent AS ("
    "INSERT INTO spent_nonce(nonce, expires_at) SELECT :nonce, :expires FROM asking"
    " WHERE status = 'active' ON CONFLICT DO NOTHING RETURNING 1)"
    " SELECT id, status, EXISTS (SELECT FROM spent) AS is_fresh FROM asking"
)


class Nonces:
    """Gives nonces and takes each back once."""

    def __init__(self, connection: Connection, lasts_s: int) -> None:
        seed = identity.keys(connection).signing_seed
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

    def admitted(self, hub: Hub, signing: bytes, nonce: str, now_ms: int) -> AnyRow | None:
        """The desk with this key; id, status and is_fresh: whether the nonce was used up by this.

        It is used up only for a desk that is trusted; None: no such desk.
        """
        value, expires = self._opened(nonce)
        told = {"signing": signing, "nonce": value, "expires": expires}
        if value[0] % _SWEEP_ONE_IN == 0:
            with hub.transaction() as connection:
                _sweep(connection, now_ms)
        with hub.statement() as connection:
            if connection.dialect.name == "postgresql":
                return _ADMITTED.ask(connection, told).one_or_none()
            fresh = connection.execute(_SPENT_BY, told).rowcount
            return connection.execute(_ASKING, {**told, "fresh": fresh}).one_or_none()

    def spend(self, connection: Connection, nonce: str, now_ms: int) -> bool:
        """Use a fresh one up; False if it was used before."""
        value, expires = self._opened(nonce)
        _sweep(connection, now_ms)
        told = {"nonce": value, "expires": expires}
        return bool(connection.execute(_SPENT, told).rowcount)

    def _opened(self, nonce: str) -> tuple[bytes, int]:
        value, expires = _BODY.unpack(wire.raw(nonce)[: _BODY.size])
        return value, expires

    def _tag(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, hashlib.sha256)[:_TAG]


def _sweep(connection: Connection, now_ms: int) -> None:
    spent = tables.spent_nonce
    connection.execute(delete(spent).where(spent.c.expires_at < now_ms))
