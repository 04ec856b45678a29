"""How long the next attempt to sign in must wait, by account and by address.

An attempt counts as wrong before it is looked at, and is taken back when it was right: a hundred at
once are not a hundred free ones.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, select, update

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import schema
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.pages import tables

_LONGEST_S = 300
_FORGOTTEN_MS = int(timedelta(days=1).total_seconds() * 1000)


class TooEarly(DeskError):
    """Too many attempts were wrong (details: wait_s, seconds until another one is looked at)."""

    code = "too-early"


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is counted. free: attempts before there is a wait; a town may share one address."""

    what: str
    free: int

    @property
    def key(self) -> bytes:
        """Under which it is kept: what people type, passwords among it, is not kept."""
        return hashlib.sha256(self.what.encode("utf-8", "surrogatepass")).digest()

    def wait_s(self, failures: int) -> int:
        """Seconds after so many failures: it doubles, up to five minutes."""
        over = failures - self.free
        return 0 if over < 0 else min(_LONGEST_S, 2 ** min(over, 16))


def begin(hub: Hub, name_key: str, address: str) -> None:
    """Count one attempt for this account from this address. Raises TooEarly; then nothing counts."""
    now = hub.now_ms()
    with hub.transaction() as connection:
        connection.execute(delete(tables.attempt).where(tables.attempt.c.at < now - _FORGOTTEN_MS))
        counted = _counted(name_key, address)
        for one in counted:
            connection.execute(
                schema.or_leave(connection, tables.attempt).values(key=one.key, failures=0, at=now)
            )
        failures = _require_no_wait(connection, counted, now)
        for one in counted:
            connection.execute(
                update(tables.attempt)
                .where(tables.attempt.c.key == one.key)
                .values(failures=failures[one.key] + 1, at=now)
            )


def was_right(hub: Hub, name_key: str, address: str) -> None:
    """The attempt that was begun was right: the account begins anew, the address has one less."""
    account, place = _counted(name_key, address)
    attempt = tables.attempt
    with hub.transaction() as connection:
        connection.execute(delete(attempt).where(attempt.c.key == account.key))
        # Or whoever has one account could go on guessing at the others.
        connection.execute(
            update(attempt)
            .where(attempt.c.key == place.key, attempt.c.failures > 0)
            .values(failures=attempt.c.failures - 1)
        )


def _counted(name_key: str, address: str) -> tuple[_Counted, _Counted]:
    return _Counted(f"account {name_key}", 3), _Counted(f"address {address}", 20)


def _require_no_wait(
    connection: Connection, counted: tuple[_Counted, ...], now: int
) -> Mapping[bytes, int]:
    attempt = tables.attempt.c
    found = connection.execute(
        select(tables.attempt)
        .where(attempt.key.in_([one.key for one in counted]))
        .order_by(attempt.key)
        .with_for_update()
    ).all()
    by_key = {row.key: row for row in found}
    waits = []
    for one in counted:
        row = by_key[one.key]
        # A clock that was set back must not lock anybody out until that day.
        since_ms = max(0, now - row.at) if row.at <= now else _LONGEST_S * 1000
        waits.append(one.wait_s(row.failures) * 1000 - since_ms)
    if max(waits) > 0:
        raise TooEarly(wait_s=-(-max(waits) // 1000))
    return {key: row.failures for key, row in by_key.items()}
