"""Offices and their desks: find, add, invite, revoke, hand a file over."""

import tempfile
from pathlib import Path
from urllib.parse import quote, urlencode

from starlette.responses import Response

from correspondent_desk.domain.problems import LINE_LENGTH
from correspondent_desk.hub import (
    audit,
    desks,
    invitations,
    offices,
    outgoing,
    recipients,
    refused,
    root,
)
from correspondent_desk.hub.desks import DeskRow, NoSuchDesk, Status
from correspondent_desk.hub.invitations import NoSuchInvitation
from correspondent_desk.hub.offices import OfficeExists, OfficeRow
from correspondent_desk.hub.pages import overview
from correspondent_desk.hub.pages.answers import Asked, download, go, page
from correspondent_desk.hub.pages.overview import Show
from correspondent_desk.hub.pages.reasons import WHY_REVOKED
from correspondent_desk.language import _
from correspondent_desk.messages import trust
from correspondent_desk.messages.errors import sentence

_REFUSED_SHOWN = 20


def every(asked: Asked) -> Response:
    """The list, by words and choice."""
    return _list(asked)


def _list(asked: Asked, status: int = 200, **filled: object) -> Response:
    words, chosen = asked.word("q"), asked.word("show")
    show = Show(chosen) if chosen in set(Show) else Show.ALL
    found = overview.listed(asked.hub, words, show, asked.number("page", 1))
    said = {"password": _("Your password was changed.")}.get(asked.word("done"), "")
    known = {"q": words, "show": show, "listed": found, "choices": list(Show), "done": said}
    known |= {"trust": _trust(asked), "address": _address, "said": "", "name": "", "code": ""}
    return page(asked, "offices.html", status, **(known | filled))


def _trust(asked: Asked) -> str:
    """What only the file in the safe can put right; nothing if all is well."""
    if root.is_disowned(asked.hub):
        return trust.key_given_up()
    if root.revoked_since(asked.hub):
        return _(
            "A desk was revoked since the directory was signed. Sign it anew, so that desks hear of it:"
            " hub directory FILE."
        )
    return ""


def _address(q: str, show: Show, number: int = 1) -> str:
    """Of a part of the list."""
    parts = {
        "q": q,
        "show": show if show is not Show.ALL else "",
        "page": number if number > 1 else "",
    }
    given = urlencode({name: str(value) for name, value in parts.items() if value})
    return f"/offices?{given}" if given else "/offices"


def add(asked: Asked) -> Response:
    """A new office."""
    name, code = (" ".join(asked.form.get(part, "").split()) for part in ("name", "code"))
    if not name or not name.isprintable():
        said = _("The office needs a name that can be read.")
        return _list(asked, 422, said=said, name=name, code=code)
    if len(name) > LINE_LENGTH:
        return _list(asked, 422, said=_("This text is too long."), name=name, code=code)
    try:
        added = offices.add(asked.hub, name, code, by=asked.who.name)
    except OfficeExists as error:
        return _list(asked, 409, said=sentence(error), name=name, code=code)
    return go(f"{_path(added)}?done=added")


def one(asked: Asked) -> Response:
    """An office and its desks."""
    of = _office(asked)
    said = {
        "added": _("The office was added. Its first desk needs an invitation."),
        "invited": _("The invitation is ready: download its file, and hand it over."),
        "withdrawn": _("The invitation was withdrawn: no desk joins with it any more."),
        "revoked": _("The desk was revoked: nothing more is taken from it or made for it."),
    }
    told = said.get(asked.word("done"), "")
    if asked.word("done") == "revoked" and root.revoked_since(asked.hub):
        told += " " + _(
            "Now sign the directory anew, so that desks hear of it: hub directory FILE."
        )
    return page(
        asked,
        "office.html",
        office=of,
        desks=desks.listed(asked.hub, of.id),
        waiting=overview.waiting(asked.hub, of.id),
        refused=refused.newest(asked.hub, _REFUSED_SHOWN, office=of.id),
        invitations=invitations.still_open(asked.hub, of.id),
        new=asked.word("new"),
        Status=Status,
        done=told,
    )


def invite(asked: Asked) -> Response:
    """An invitation for one more desk; the page of the office then has its file."""
    of = _office(asked)
    number = invitations.prepare(asked.hub, of, by=asked.who.name)
    return go(f"{_path(of)}?done=invited&new={number}#invite")


def invitation_file(asked: Asked) -> Response:
    """The file of an invitation that was not used yet."""
    of = _office(asked)
    content, name = invitations.file_of(asked.hub, of, asked.path["number"], by=asked.who.name)
    return download(content, name)


def withdraw(asked: Asked) -> Response:
    """Take back an invitation that was lost."""
    of, number = _office(asked), asked.path["number"]
    if number not in {row.number for row in invitations.still_open(asked.hub, of.id)}:
        raise NoSuchInvitation(number=number)
    invitations.withdraw(asked.hub, number, by=asked.who.name)
    return go(f"{_path(of)}?done=withdrawn")


def ask_revoke(asked: Asked) -> Response:
    """Why?"""
    of, desk = _desk(asked)
    return _show_revoke(asked, of, desk)


def _show_revoke(
    asked: Asked, of: OfficeRow, desk: DeskRow, status: int = 200, said: str = ""
) -> Response:
    has_root = root.newest(asked.hub) is not None
    return page(asked, "revoke.html", status, office=of, desk=desk, said=said, has_root=has_root)


def revoke(asked: Asked) -> Response:
    """Trust a desk no more."""
    of, desk = _desk(asked)
    why = asked.form.get("why", "")
    if why not in WHY_REVOKED:
        said = _("Please choose why: it is kept in the audit.")
        return _show_revoke(asked, of, desk, 422, said)
    desks.revoke(asked.hub, of, desk.number, by=asked.who.name, why=why)
    return go(f"{_path(of)}?done=revoked")


def hand_over(asked: Asked) -> Response:
    """The next file for a desk, to carry by hand."""
    of, desk = _desk(asked)
    to = recipients.one(asked.hub, desk.id)
    if to is None:
        raise NoSuchDesk(office=of.name, desk=desk.number)
    with tempfile.TemporaryDirectory(prefix="for-a-desk-") as folder:
        sent = outgoing.write(asked.hub, to, Path(folder))
        content = sent.path.read_bytes()
    with asked.hub.transaction() as connection:
        audit.note(
            asked.hub,
            connection,
            asked.who.name,
            "file-handed-over",
            office=of.code,
            desk=desk.number,
            number=sent.number,
        )
    return download(content, sent.path.name)


def _office(asked: Asked) -> OfficeRow:
    return overview.office(asked.hub, asked.path["code"])


def _desk(asked: Asked) -> tuple[OfficeRow, DeskRow]:
    """A trusted desk of the office that the address names. Raises NoSuchOffice, NoSuchDesk."""
    of, number = _office(asked), asked.path["number"]
    for desk in desks.listed(asked.hub, of.id):
        if str(desk.number) == number and desk.status is Status.ACTIVE:
            return of, desk
    raise NoSuchDesk(office=of.name, desk=number)


def _path(of: OfficeRow) -> str:
    return f"/offices/{quote(of.code, safe='')}"
