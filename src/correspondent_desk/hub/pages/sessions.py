"""Who is signed in: a random id in the browser, its hash in the database.

Signing in always begins a new id, so one that somebody else has planted in the browser is worth
nothing. The token of a form is made from the id, which no other site can read.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from correspondent_desk.hub import audit
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.pages import accounts, tables
from correspondent_desk.hub.pages.accounts import Account, Did

_IDLE = timedelta(minutes=30)
_LONGEST = timedelta(hours=12)
_SEEN = timedelta(minutes=1)  # not every page need be written down
_BYTES = 32
LENGTH = 43  # letters of an id


def new_id() -> str:
    """What a browser that is new here is given: nobody is signed in under it."""
    return secrets.token_urlsafe(_BYTES)


def token(id_: str) -> str:
    """What each form of this browser carries."""
    return hmac.new(id_.encode(), b"form", hashlib.sha256).hexdigest()


def is_token(id_: str, given: str) -> bool:
    """Whether a form came from a page that was made for this browser."""
    return hmac.compare_digest(token(id_).encode(), given.encode("utf-8", "replace"))


def begin(hub: Hub, account: Account) -> str:
    """Sign account in; the id for its browser."""
    id_, now = new_id(), hub.now_ms()
    session = tables.account_session
    with hub.transaction() as connection:
        connection.execute(delete(session).where(session.c.begun_at < now - _ms(_LONGEST)))
        connection.execute(
            insert(session).values(id=_hash(id_), account=account.id, begun_at=now, seen_at=now)
        )
        accounts.note_sign_in(hub, connection, account)
    return id_


def find(hub: Hub, id_: str) -> Account | None:
    """Who is signed in under this id; nobody after half an hour without a page, or twelve hours."""
    now = hub.now_ms()
    session = tables.account_session
    with hub.transaction() as connection:
        row = connection.execute(select(session).where(session.c.id == _hash(id_))).one_or_none()
        if row is None:
            return None
        is_over = now - row.seen_at >= _ms(_IDLE) or now - row.begun_at >= _ms(_LONGEST)
        account = None if is_over else accounts.find(connection, row.account)
        if account is None or account.blocked_at is not None:
            connection.execute(delete(session).where(session.c.id == row.id))
            return None
        if now - row.seen_at >= _ms(_SEEN):
            connection.execute(update(session).where(session.c.id == row.id).values(seen_at=now))
        return account


def end(hub: Hub, id_: str, account: Account) -> None:
    """Sign out."""
    session = tables.account_session
    with hub.transaction() as connection:
        connection.execute(delete(session).where(session.c.id == _hash(id_)))
        audit.note(hub, connection, account.name, Did.SIGNED_OUT)


def _hash(id_: str) -> bytes:
    return hashlib.sha256(id_.encode("utf-8", "replace")).digest()


def _ms(length: timedelta) -> int:
    return int(length.total_seconds() * 1000)
