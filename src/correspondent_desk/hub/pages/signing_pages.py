"""Signing in and out, the password, and the language."""

from starlette.responses import Response

from correspondent_desk import language
from correspondent_desk.errors import DeskError
from correspondent_desk.hub.pages import accounts, answers, sessions
from correspondent_desk.hub.pages.accounts import WrongPassword
from correspondent_desk.hub.pages.answers import Asked, go, page
from correspondent_desk.hub.pages.attempts import TooEarly
from correspondent_desk.hub.pages.cookies import keep_language, keep_visit
from correspondent_desk.hub.pages.passwords import PasswordTooWeak
from correspondent_desk.language import _
from correspondent_desk.messages.errors import sentence

_TOO_MANY = 429


def first(asked: Asked) -> Response:
    """The address alone."""
    return go("/sign-in" if asked.account is None else "/offices")


def ask(asked: Asked) -> Response:
    """Who is there?"""
    if asked.account is not None:
        return go("/offices")
    return page(asked, "sign_in.html", to=answers.within(asked.query.get("to", "/")), name="")


def sign_in(asked: Asked) -> Response:
    """Begin a session, under a new id."""
    to = answers.within(asked.form.get("to", "/"))
    name = asked.form.get("name", "")
    try:
        account = accounts.check(asked.hub, name, asked.form.get("password", ""), asked.address)
    except (WrongPassword, TooEarly) as error:
        status = _TOO_MANY if isinstance(error, TooEarly) else 403
        return page(asked, "sign_in.html", status, to=to, name=name, said=sentence(error))
    return keep_visit(go(to), asked, sessions.begin(asked.hub, account))


def sign_out(asked: Asked) -> Response:
    """End it."""
    sessions.end(asked.hub, asked.visit, asked.who)
    return keep_visit(go("/sign-in"), asked, sessions.new_id())


def ask_password(asked: Asked) -> Response:
    """The form for another password."""
    return page(asked, "password.html")


def change_password(asked: Asked) -> Response:
    """Change it; the session goes on under a new id, others of the account end."""
    form = asked.form
    try:
        if form.get("password") != form.get("again"):
            return page(asked, "password.html", 422, said=_("The two new passwords differ."))
        accounts.change_password(
            asked.hub,
            asked.who,
            form.get("former", ""),
            form.get("password", ""),
            address=asked.address,
        )
    except (WrongPassword, TooEarly, PasswordTooWeak) as error:
        return page(asked, "password.html", 422, said=_of_password(error))
    return keep_visit(go("/offices?done=password"), asked, sessions.begin(asked.hub, asked.who))


def _of_password(error: DeskError) -> str:
    if isinstance(error, WrongPassword):
        return _("This is not your present password. Check capitals and keyboard.")
    return sentence(error)


def speak(asked: Asked) -> Response:
    """Speak another language from now on."""
    chosen = asked.form.get("language", "")
    answer = go(answers.within(asked.form.get("to", "/")))
    return keep_language(answer, asked, chosen) if chosen in language.LANGUAGES else answer
