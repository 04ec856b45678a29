"""Who may sign in to the hub's pages: operators change things, auditors read all and change nothing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, func, select, update

from correspondent_desk.domain.problems import LINE_LENGTH, has_hidden_signs
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import audit, schema
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.pages import attempts, passwords, tables
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.stretching import Stretching

ORDINARY = Stretching()


class Role(StrEnum):
    """What an account may do."""

    OPERATOR = "operator"
    AUDITOR = "auditor"


class Did(StrEnum):
    """What the audit says of accounts; details: account."""

    ADDED = "account-added"
    BLOCKED = "account-blocked"
    LET_IN = "account-let-in"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - a word of the audit
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    KEPT_OUT = "sign-in-refused"


class AccountExists(DeskError):
    """There is an account of that name already (details: name)."""

    code = "account-exists"


class NoSuchAccount(DeskError):
    """There is no account of that name (details: name)."""

    code = "no-such-account"


class BadAccountName(DeskError):
    """Reasons: empty, long, hidden (signs that cannot be seen)."""

    code = "bad-account-name"


class LastOperator(DeskError):
    """Nobody could let anybody in any more (details: name)."""

    code = "last-operator"


class WrongPassword(DeskError):
    """No account of that name has this password, or it is blocked: nobody is told which."""

    code = "wrong-password"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """must_change: somebody else knows the password. signed_in_at, blocked_at None: never, no."""

    id: int
    name: str
    role: Role
    must_change: bool
    made_at: datetime
    signed_in_at: datetime | None
    blocked_at: datetime | None


def add(
    hub: Hub,
    name: str,
    role: Role,
    password: str = "",
    *,
    by: str = "",
    stretching: Stretching | None = None,
) -> str:
    """A new account; its password, which is made and must be changed if none is given.

    Raises AccountExists, BadAccountName, PasswordTooWeak.
    """
    shown = _name(name)
    given, kept = _password(password, shown, stretching or ORDINARY)
    with hub.transaction() as connection:
        added = connection.execute(
            schema.or_leave(connection, tables.account).returning(tables.account.c.id),
            {
                "name": shown,
                "name_key": key_of(shown),
                "role": role,
                "password": kept,
                "must_change": not password,
                "made_at": hub.now_ms(),
            },
        ).one_or_none()
        if added is None:
            raise AccountExists(name=shown)
        audit.note(hub, connection, by, Did.ADDED, account=shown, role=role)
    return given


def every(hub: Hub) -> list[Account]:
    """All accounts, by name."""
    with hub.transaction() as connection:
        found = connection.execute(select(tables.account).order_by(tables.account.c.name_key))
        return [_account(row) for row in found]


def find(connection: Connection, id_: int) -> Account | None:
    """The account with this id."""
    row = connection.execute(select(tables.account).where(tables.account.c.id == id_)).one_or_none()
    return None if row is None else _account(row)


def block(hub: Hub, name: str, *, by: str = "") -> None:
    """This account may not sign in, and who is signed in under it is out at once.

    Raises NoSuchAccount, LastOperator.
    """
    with hub.transaction() as connection:
        schema.lock(connection)  # two operators might block each other at the same moment
        row = _named(connection, name)
        account = tables.account.c
        others = connection.scalar(
            select(func.count()).where(
                account.role == Role.OPERATOR, account.blocked_at == 0, account.id != row.id
            )
        )
        if row.role == Role.OPERATOR and not others:
            raise LastOperator(name=row.name)
        if not row.blocked_at:
            _set(connection, row.id, blocked_at=hub.now_ms())
            audit.note(hub, connection, by, Did.BLOCKED, account=row.name)
        _sign_out_everywhere(connection, row.id)


def let_in(hub: Hub, name: str, *, by: str = "", stretching: Stretching | None = None) -> str:
    """A new password for who forgot theirs or was blocked; it must be changed at once.

    Who is signed in under the account is out. Raises NoSuchAccount.
    """
    given, kept = _password("", "", stretching or ORDINARY)
    with hub.transaction() as connection:
        row = _named(connection, name)
        _set(connection, row.id, password=kept, must_change=True, blocked_at=0)
        _sign_out_everywhere(connection, row.id)
        audit.note(hub, connection, by, Did.LET_IN, account=row.name)
    return given


def check(hub: Hub, name: str, password: str, address: str) -> Account:
    """The account that may sign in so. Raises WrongPassword, TooEarly."""
    name_key = key_of(name)
    attempts.begin(hub, name_key, address)
    with hub.transaction() as connection:
        row = connection.execute(
            select(tables.account).where(tables.account.c.name_key == name_key)
        ).one_or_none()
    # The time it takes must not tell who has an account here.
    kept = row.password if row is not None else _nobodys()
    is_right = len(password) <= passwords.LONGEST and passwords.is_right(password, kept)
    if row is None or not is_right or row.blocked_at:
        if row is not None:  # what else is typed as a name may be somebody's password
            with hub.transaction() as connection:
                audit.note(hub, connection, "", Did.KEPT_OUT, account=row.name)
        raise WrongPassword
    attempts.was_right(hub, name_key, address)
    return _account(row)


def change_password(
    hub: Hub,
    account: Account,
    former: str,
    password: str,
    *,
    address: str,
    stretching: Stretching | None = None,
) -> None:
    """From now on password is the account's, and whoever else is signed in under it is out.

    Raises WrongPassword, TooEarly, PasswordTooWeak.
    """
    passwords.require_strong(password, account.name)
    check(hub, account.name, former, address)
    if password == former:
        raise passwords.PasswordTooWeak("same")
    kept = passwords.kept(password, stretching or ORDINARY)
    with hub.transaction() as connection:
        _set(connection, account.id, password=kept, must_change=False)
        _sign_out_everywhere(connection, account.id)
        audit.note(hub, connection, account.name, Did.PASSWORD_CHANGED, account=account.name)


def note_sign_in(hub: Hub, connection: Connection, account: Account) -> None:
    """In the transaction that begins the session."""
    _set(connection, account.id, signed_in_at=hub.now_ms())
    audit.note(hub, connection, account.name, Did.SIGNED_IN)


def key_of(name: str) -> str:
    """The name as it is compared."""
    return " ".join(name.split()).casefold()


_kept_of_nobody: list[str] = []


def _nobodys() -> str:
    if not _kept_of_nobody:
        _kept_of_nobody.append(passwords.kept(passwords.made(), ORDINARY))
    return _kept_of_nobody[0]


def _name(name: str) -> str:
    shown = " ".join(name.split())
    if not shown:
        raise BadAccountName("empty")
    if len(shown) > LINE_LENGTH:
        raise BadAccountName("long")
    if has_hidden_signs(shown) or not shown.isprintable():
        raise BadAccountName("hidden")
    return shown


def _password(password: str, name: str, stretching: Stretching) -> tuple[str, str]:
    given = password or passwords.made()
    passwords.require_strong(given, name)
    return given, passwords.kept(given, stretching)


def _named(connection: Connection, name: str) -> AnyRow:
    account = tables.account.c
    row = connection.execute(
        select(tables.account).where(account.name_key == key_of(name)).with_for_update()
    ).one_or_none()
    if row is None:
        raise NoSuchAccount(name=name)
    return row


def _set(connection: Connection, id_: int, **columns: object) -> None:
    connection.execute(update(tables.account).where(tables.account.c.id == id_).values(**columns))


def _sign_out_everywhere(connection: Connection, account: int) -> None:
    session = tables.account_session
    connection.execute(delete(session).where(session.c.account == account))


def _account(row: AnyRow) -> Account:
    return Account(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        must_change=row.must_change,
        made_at=as_time(row.made_at),
        signed_in_at=as_time(row.signed_in_at) if row.signed_in_at else None,
        blocked_at=as_time(row.blocked_at) if row.blocked_at else None,
    )
