"""Disagreements in words, read in the background for the card that settles them."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from correspondent_desk.domain.fields import Kind
from correspondent_desk.language import _
from correspondent_desk.messages import dates
from correspondent_desk.messages.exchange import value_in_words
from correspondent_desk.messages.fields import field_name
from correspondent_desk.messages.history import whole_name
from correspondent_desk.records import documents
from correspondent_desk.sync import exchange

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from correspondent_desk.store.database import Query
    from correspondent_desk.sync.exchange import Disagreement, Told

# Fields of one free text: they can be written here; the others on the card they belong to.
_TEXTS = frozenset(
    {
        "access_needs", "beneficiary_number", "bring", "employer", "family_name", "first_name",
        "label", "matricule", "note", "outcome", "refused_because", "room", "service", "situation",
        "sort_name", "subject", "usage_name", "why",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the values, and who wrote it when."""

    value: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One field with several values. text: what stands here, where it can be written anew.

    card: what to look at before answering, a member, request or meeting; None: it is on no card.
    """

    id: str
    card: tuple[Kind, int] | None
    about: str
    before: str
    here: Side
    there: tuple[Side, ...]
    is_soft: bool
    may_keep_both: bool
    can_be_written: bool
    text: str


def read(today: "date") -> "Query[list[Dispute]]":
    """All that may be settled, those that must be first."""
    return lambda session: of(session, today)


def of(
    session: "Session", today: "date", records: "Collection[int] | None" = None
) -> list[Dispute]:
    """The same, of these records only."""
    return [_dispute(session, one, today) for one in exchange.disagreements(session, records)]


def _dispute(session: "Session", one: "Disagreement", today: "date") -> Dispute:
    name = whole_name(session, one.record)
    value_of = partial(value_in_words, session)
    field = field_name(one.kind, one.field)
    written = one.field in _TEXTS and len(one.here.columns) == 1
    values = [value for value in one.here.columns.values() if isinstance(value, str)]
    return Dispute(
        id=one.id,
        card=_card(session, one),
        about=_("{name}: {field}").format(name=name, field=field) if name else field,
        before="" if one.before is None else value_of(one, one.before),
        here=_side(one.here, value_of(one, one.here.columns), today),
        there=tuple(
            _side(told, value_of(one, told.columns), today) for told in (one.there, *one.others)
        ),
        is_soft=one.is_soft,
        may_keep_both=one.may_keep_both,
        can_be_written=written,
        text=values[0] if written and values else "",
    )


def _card(session: "Session", one: "Disagreement") -> tuple[Kind, int] | None:
    match one.kind:
        case Kind.MEMBER | Kind.REQUEST | Kind.MEETING:
            return one.kind, one.record
        case Kind.DEPENDANT | Kind.CONTACT:
            return Kind.MEMBER, one.root
        case Kind.DOCUMENT:
            request = documents.request_of(session, one.record)
            return (Kind.REQUEST, request) if request else None
        case _:
            return None


def _side(told: "Told", value: str, today: "date") -> Side:
    at = dates.moment(told.at.astimezone(), today) if told.at is not None else ""
    who = told.person or (_("this desk") if told.is_mine else _("another desk"))
    return Side(
        value=value,
        who=_("{who}, {when}").format(who=who, when=at) if at else who,
    )
