"""The columns of the synchronised tables in plain words: what the driver needs to know of them.

`tables` says the same to SQLAlchemy, which takes 0.7 s to load; a command that carries a bundle has
no use for it. A test holds the two together.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from correspondent_desk.domain.fields import Kind


class Form(StrEnum):
    """What a column holds; see store.values."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    TIME = "time"
    HOUR = "hour"
    EUROS = "euros"
    LIST = "list"


class Column(NamedTuple):
    """One column. blank: what stands there when nobody said anything; of a list, None stands for []."""

    name: str
    form: Form
    is_optional: bool
    blank: str | int | None


class Shape(NamedTuple):
    """One table."""

    table: str
    columns: tuple[Column, ...]


# table: name:form=blank …; text if no form is named, ? if it may be empty.
_SHAPES = """
    office: name code rhythm_months:number?
    site: name address_lines:list postcode town department good_friday:flag opens_at:hour?
        closes_at:hour? open_weekdays:list room
    member: civility family_name usage_name first_name birth_date:day? matricule beneficiary_number
        employer site_id:number? service status:text=active entered_on:day? left_on:day? phones:list
        mails:list address_lines:list postcode town country no_letter_home:flag preferred_channel
        access_needs rhythm_months:number? bracket bracket_year:number? note merged_into_id:number?
        sort_name sort_key search_doc phone_doc last_seen_on:day? last_contact_on:day?
    dependant: member_id:number? relation:text=child first_name family_name birth_date:day?
        since:day? until:day? person_id:number?
    request: member_id:number? type:text=claim benefit subject status:text=preparing opened_on:day?
        event_on:day? last_useful_on:day? next_what next_who:text=me next_due:day? situation
        amount_asked:euros? amount_granted:euros? is_sensitive:flag
    step: request_id:number? at:time? was became why person
    document: request_id:number? code label state:text=missing seen_on:day? valid_until:day?
        refused_because
    contact: member_id:number? request_id:number? at:time? way:text=phone direction:text=out
        reached:flag=1 note person meeting_id:number?
    meeting: member_id:number? request_id:number? reason mode:text=on-site starts_at:time?
        minutes:number=30 zone:text=Europe/Paris site_id:number? room status:text=planned bring
        outcome moved_from_id:number? person
    absence: person first_day:day? last_day:day? label
    session: site_id:number? starts_at:time? minutes:number=120 weekly_until:day? room label
    answer: about_id:number? line answer until:day?
    decision: request_id:number? verdict amount:euros? reason documents decided_on:day? pays_on:day?
        came_on:day? person answer
"""
_EVERYWHERE = ("id:number", "removed_at:time?")


def shape(kind: Kind) -> Shape:
    """The table of kind, its number and its removal included."""
    return _shapes()[kind]


@cache
def _shapes() -> Mapping[Kind, Shape]:
    told: dict[str, list[str]] = {}
    columns: list[str] = []
    for word in _SHAPES.split():
        if word.endswith(":"):
            columns = told[word.removesuffix(":")] = [*_EVERYWHERE]
        else:
            columns.append(word)
    return {Kind[name.upper()]: Shape(name, tuple(map(_column, of))) for name, of in told.items()}


def _column(told: str) -> Column:
    told, _, given = told.partition("=")
    name, _, form = told.removesuffix("?").partition(":")
    is_optional = told.endswith("?")
    of = Form(form or Form.TEXT)
    blank: str | int | None = given
    if is_optional or of is Form.LIST:
        blank = None
    elif of in (Form.NUMBER, Form.FLAG):
        blank = int(given or 0)
    return Column(name, of, is_optional, blank)
