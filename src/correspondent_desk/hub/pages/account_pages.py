"""Accounts: who may sign in, as operator or auditor."""

from starlette.responses import Response

from correspondent_desk.hub.pages import accounts
from correspondent_desk.hub.pages.accounts import (
    Account,
    AccountExists,
    BadAccountName,
    LastOperator,
    NoSuchAccount,
    Role,
)
from correspondent_desk.hub.pages.answers import Asked, page
from correspondent_desk.language import _
from correspondent_desk.messages.errors import sentence


def every(asked: Asked) -> Response:
    """The list, and the form for one more."""
    return _show(asked)


def add(asked: Asked) -> Response:
    """One more account; its first password is shown this once."""
    name, role = asked.form.get("name", ""), asked.form.get("role", "")
    if role not in set(Role):
        return _show(asked, 422, said=_("Choose what the account may do."), name=name)
    try:
        password = accounts.add(asked.hub, name, Role(role), by=asked.who.name)
    except (AccountExists, BadAccountName) as error:
        return _show(asked, 422, said=sentence(error), name=name)
    return _show(asked, made_for=" ".join(name.split()), password=password)


def block(asked: Asked) -> Response:
    """Keep an account out, from now on."""
    found = _found(asked)
    if found.id == asked.who.id:
        return _show(asked, 409, said=_("You cannot block your own account."))
    try:
        accounts.block(asked.hub, found.name, by=asked.who.name)
    except LastOperator as error:
        return _show(asked, 409, said=sentence(error))
    return _show(asked, done=_("{name} is blocked and signed out.").format(name=found.name))


def let_in(asked: Asked) -> Response:
    """A new password for an account, shown this once."""
    found = _found(asked)
    if found.id == asked.who.id:
        return _show(asked, 409, said=_("Change your own password on its own page."))
    password = accounts.let_in(asked.hub, found.name, by=asked.who.name)
    return _show(asked, made_for=found.name, password=password)


def _found(asked: Asked) -> Account:
    for one in accounts.every(asked.hub):
        if str(one.id) == asked.path["id"]:
            return one
    raise NoSuchAccount(name=asked.path["id"])


def _show(asked: Asked, status: int = 200, **filled: object) -> Response:
    known: dict[str, object] = {"said": "", "done": "", "name": "", "made_for": "", "password": ""}
    return page(
        asked,
        "accounts.html",
        status,
        accounts=accounts.every(asked.hub),
        roles=list(Role),
        **(known | filled),
    )
