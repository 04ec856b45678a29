"""Decisions of the committee that its own programs send, in the name of an operator's account."""

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated

import msgspec

from correspondent_desk import decoding
from correspondent_desk.formats import decision_list, documents_cell
from correspondent_desk.formats.decision_list import DecisionField
from correspondent_desk.hub import decisions
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.pages import accounts
from correspondent_desk.hub.pages.accounts import Account, Role
from correspondent_desk.hub.pages.attempts import TooEarly
from correspondent_desk.hub.service.refusal import Refused
from correspondent_desk.store.changes import as_time
from correspondent_desk.sync.online.wire import Code

_MOST = 5_000
_ASK = {"WWW-Authenticate": 'Basic realm="decisions", charset="UTF-8"'}


class DecisionAsk(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One decision, in the words of a list: dates as 2026-12-31, amounts as 1234.50."""

    number: str
    verdict: str
    office: str = ""
    amount: str = ""
    reason: str = ""
    documents: list[str] = msgspec.field(default_factory=list)
    decided_on: str = ""
    pays_on: str = ""


class DecisionsAsk(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the committee decided. only_check: tell what would become of it."""

    decisions: Annotated[list[DecisionAsk], msgspec.Meta(max_length=_MOST)]
    only_check: bool = False


class DecisionLeftOut(msgspec.Struct, frozen=True):
    """One that was not taken in: its place in the list, from 1, and why. other: another place."""

    place: int
    number: str
    field: str
    fault: str
    other: int = 0


class DecisionsTaken(msgspec.Struct, frozen=True):
    """How many go to the desks, how many were there already, and which were not taken in."""

    new: int
    known: int
    left_out: list[DecisionLeftOut]


def take_in(hub: Hub, headers: Mapping[str, str], address: str, body: bytes) -> DecisionsTaken:
    """Take in those that are whole. Raises Refused: not-signed, too-early, bad-request."""
    account = _operator(hub, headers.get("authorization", ""), address)
    try:
        asked = decoding.json(DecisionsAsk).decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(Code.BAD_REQUEST) from error
    today = as_time(hub.now_ms()).astimezone().date()
    rows, left_out = decision_list.read_cells(map(_cells, asked.decisions), today=today)
    found = decisions.take_in(hub, rows, left_out, by=account.name, is_meant=not asked.only_check)
    return DecisionsTaken(
        new=found.new,
        known=len(found.taken) - found.new,
        left_out=[
            DecisionLeftOut(
                place=one.row,
                number=one.number,
                field=one.field or "",
                fault=one.fault.value,
                other=one.other,
            )
            for one in found.left_out
        ],
    )


def _cells(one: DecisionAsk) -> Mapping[DecisionField, str]:
    told = {field: getattr(one, field.value) for field in DecisionField}
    told[DecisionField.DOCUMENTS] = documents_cell.write(one.documents)
    return {field: _storable(text).strip() for field, text in told.items()}


def _storable(text: str) -> str:
    """Without what no database of ours can hold; nobody types it."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _operator(hub: Hub, header: str, address: str) -> Account:
    """The account that the header names and proves, by its password. Raises Refused."""
    kind, _space, told = header.partition(" ")
    try:
        pair = base64.b64decode(told, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise Refused(Code.NOT_SIGNED, _ASK) from error
    name, colon, password = pair.partition(":")
    if kind.lower() != "basic" or not colon:
        raise Refused(Code.NOT_SIGNED, _ASK)
    try:
        account = accounts.check(hub, _storable(name), password, address)
    except TooEarly as error:
        raise Refused(Code.TOO_EARLY, {"Retry-After": str(error.details["wait_s"])}) from error
    except accounts.WrongPassword as error:
        raise Refused(Code.NOT_SIGNED, _ASK) from error
    if account.must_change or account.role is not Role.OPERATOR:
        raise Refused(Code.NOT_SIGNED, _ASK)
    return account
