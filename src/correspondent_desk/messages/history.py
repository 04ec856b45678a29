"""Who did what and when: steps and saves, in words and as JSON."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain

from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.requests import RequestStatus
from correspondent_desk.language import _, ngettext, pgettext
from correspondent_desk.messages import dates, labels, people, values
from correspondent_desk.messages.cards import how_in_words
from correspondent_desk.messages.fields import field_name, kind_name
from correspondent_desk.messages.steps import step_name
from correspondent_desk.messages.values import NameOf, nobody
from correspondent_desk.records.subjects import (
    Subject,
    documents_of,
    occasions_of,
    relatives_of,
    subject,
)
from correspondent_desk.store.changes import ActionRow, FieldChange, HistoryRow
from correspondent_desk.store.journal import written_by

# These are about nobody in particular, though they begin with somebody.
_OF_MANY = (
    Action.MEMBERS_IMPORTED,
    Action.BUNDLE_APPLIED,
    Action.DEMO_FILLED,
    Action.SITES_UNITED,
)
# Of somebody's requests, the one that was written tells more than whose it is.
_OF_A_REQUEST = (
    Action.REQUEST_CREATED,
    Action.REQUEST_EDITED,
    Action.REQUEST_MOVED,
    Action.REQUEST_REMOVED,
    Action.STEP_FINISHED,
    Action.STEP_CHANGED,
)

_BY_TITLE = (Kind.SITE, Kind.ABSENCE, Kind.SESSION)

# --- steps ----------------------------------------------------------------------------------------


def named(session: Session, step: ActionRow) -> str:
    """The name of a step, as undo says it: New address of Mrs Anne LE GOFF."""
    if step.code in _OF_MANY:
        return step_name(step.code)
    if step.code in _OF_A_REQUEST:
        written = written_by(session, step.id, Kind.REQUEST)
        about = subject_name(session, next(iter(written), step.subject))
        return step_name(step.code, about, status=_status(written))
    name = step_name(step.code, subject_name(session, step.subject), _fields(session, step))
    if step.code != Action.MEMBER_EDITED:
        return name
    cancelled = occasions(session, written_by(session, step.id, Kind.MEETING)).values()
    if not cancelled:
        return name
    return ngettext(
        "{step}; meeting cancelled: {meetings}",
        "{step}; meetings cancelled: {meetings}",
        len(cancelled),
    ).format(step=name, meetings=pgettext("between meetings", "; ").join(cancelled))


def subject_name(session: Session, id_: int | None) -> str:
    """What a record is called; nothing where that is not known."""
    found = None if id_ is None else subject(session, id_)
    return _name(found) if found else ""


def whole_name(session: Session, id_: int) -> str:
    """As subject_name, and which of somebody's relatives, documents, contacts or meetings it is."""
    which_one = _which_of_somebody(session, [id_]).get(id_, "")
    return ", ".join(filter(None, (subject_name(session, id_), which_one)))


def _name(found: Subject) -> str:
    person = people.shown_name(found) if found.is_someone else ""
    title = found.title
    if found.kind is Kind.REQUEST:
        title = labels.subject(title, is_sensitive=found.is_sensitive)
    return ", ".join(filter(None, (person, title)))


def _fields(session: Session, step: ActionRow) -> tuple[str, ...]:
    if step.code != Action.MEMBER_EDITED or step.subject is None:
        return ()
    changes = written_by(session, step.id, Kind.MEMBER).get(step.subject, ())
    return tuple(change.field for change in changes)


def _status(written: Mapping[int, Sequence[FieldChange]]) -> RequestStatus | None:
    """Where a request was moved to; None if it was not moved."""
    for change in chain(*written.values()):
        reached = change.after.get("status")
        if change.field == "status" and isinstance(reached, str):
            return RequestStatus.read(reached)
    return None


def step_in_words(session: Session, step: ActionRow, today: date) -> str:
    """today, 14:30 · Yann · New address of Mrs Anne LE GOFF (taken back)."""
    shown = named(session, step)
    if step.undone_by is not None:
        shown = _("{step} (taken back)").format(step=shown)
    return " · ".join((_moment(step, today), _who(step), shown))


def step_as_object(session: Session, step: ActionRow) -> dict[str, object]:
    """The step in the shape that docs/command-line.md promises."""
    return {
        **_step_object(step),
        "name": named(session, step),
        "subject": _reference(session, step),
        "records": step.records,
    }


def _reference(session: Session, step: ActionRow) -> dict[str, object] | None:
    if step.subject is None or step.subject_kind is None:
        return None
    return {
        "kind": step.subject_kind.name.lower(),
        "id": step.subject,
        "name": subject_name(session, step.subject),
    }


# --- saves of one record --------------------------------------------------------------------------


def rows_in_words(session: Session, rows: Sequence[HistoryRow], today: date) -> list[str]:
    """As row_in_words, with the names of the records that are referred to."""

    names = referred(session, rows)

    def name_of(id_: int) -> str:
        return names[id_] or nobody(id_)

    known = which_ones(session, {row.record for row in rows})
    told = deeds(rows)
    return [
        row_in_words(
            row, today, told[row.action.id], name_of, which(row, known.get(row.record, ""))
        )
        for row in rows
    ]


def deeds(rows: Iterable[HistoryRow]) -> dict[int, str]:
    """What each step of rows did; of an undo also what it took back, if that is among them."""
    steps = {row.action.id: row.action for row in rows}
    return {id_: _deed(step, steps) for id_, step in steps.items()}


def _deed(step: ActionRow, steps: Mapping[int, ActionRow]) -> str:
    turned: ActionRow | None = step
    while turned is not None and turned.undoes is not None:  # what is done again was an undo
        turned = steps.get(turned.undoes)
    what = step_name(step.code)
    if turned is None or turned is step:
        return what
    return _("{what} “{step}”").format(what=what, step=step_name(turned.code))


def row_in_words(
    row: HistoryRow, today: date, what: str, name_of: NameOf = nobody, about: str = ""
) -> str:
    """today, 14:30 · Yann · phones: 06 12 34 56 07 → 06 39 98 56 07.

    what: was done, see deeds. about: which record it is, where the step does not say it.
    """
    changes = pgettext("between changes", "; ").join(changes_in_words(row, name_of))
    if about:
        what = _("{what} ({which})").format(what=what, which=about)
    told = _("{step}: {changes}").format(step=what, changes=changes) if changes else what
    return " · ".join((_moment(row.action, today), _who(row.action), told))


def occasions(session: Session, records: Iterable[int]) -> dict[int, str]:
    """Which contact or meeting each of these is: phone, Wednesday 12 August. Others have none."""
    return {
        one.id: ", ".join(filter(None, (how_in_words(one.how), dates.plain(one.at.date()))))
        for one in occasions_of(session, records)
    }


def which_ones(session: Session, records: Iterable[int]) -> dict[int, str]:
    """As occasions, and what documents, sites, absences, sessions and relatives are called."""
    ids = list(records)
    found = ((id_, subject(session, id_)) for id_ in ids)
    places = {id_: one.title for id_, one in found if one and one.kind in _BY_TITLE}
    return places | _which_of_somebody(session, ids)


def _which_of_somebody(session: Session, ids: Collection[int]) -> dict[int, str]:
    documents = {id_: labels.document(one) for id_, one in documents_of(session, ids).items()}
    return relatives_of(session, ids) | documents | occasions(session, ids)


def referred(session: Session, rows: Iterable[HistoryRow]) -> dict[int, str]:
    """What the records are called that the rows refer to; of a contact or meeting, which one."""
    ids = {id_ for row in rows for change in row.changes for id_ in _references(change)}
    return {id_: subject_name(session, id_) for id_ in ids} | occasions(session, ids)


def _references(change: FieldChange) -> Iterator[int]:
    for columns in (change.before or {}, change.after):
        for name, value in columns.items():
            if name.endswith("_id") and isinstance(value, int):
                yield value


def which(row: HistoryRow, occasion: str) -> str:
    """What to say beside the name of the step: which contact was changed, or what kind came new.

    occasion: of its record, see occasions. Nothing where the name of the step tells enough.
    """
    if not row.is_creation:
        return occasion
    is_told = row.kind is Kind.MEMBER or row.action.code not in _OF_MANY
    return "" if is_told else kind_name(row.kind)


def changes_in_words(row: HistoryRow, name_of: NameOf = nobody) -> list[str]:
    """Each field with its value before and after; of a new record, those that are not empty."""
    told = (_change(row, change, name_of) for change in row.changes)
    return [one for one in told if one]


def _change(row: HistoryRow, change: FieldChange, name_of: NameOf) -> str:
    name = field_name(row.kind, change.field)
    after = values.in_words(row.kind, change.field, change.after, name_of)
    if row.is_creation:
        return _("{field}: {after}").format(field=name, after=after) if after else ""
    before = values.in_words(row.kind, change.field, change.before or {}, name_of)
    if before == after and row.action.code == Action.SITES_UNITED:
        return ""  # two sites of one name became one
    return _("{field}: {before} → {after}").format(
        field=name, before=before or _("nothing"), after=after or _("nothing")
    )


def row_as_object(row: HistoryRow) -> dict[str, object]:
    """The save in the shape that docs/command-line.md promises."""
    return {
        **_step_object(row.action),
        "record": {"kind": row.kind.name.lower(), "id": row.record},
        "created": row.is_creation,
        "changes": [
            {
                "field": change.field,
                "before": None if change.before is None else plain_columns(change.before),
                "after": plain_columns(change.after),
            }
            for change in row.changes
        ],
    }


def plain_columns(columns: Mapping[str, object]) -> dict[str, object]:
    """A value by its columns, as JSON holds it."""
    return {name: _plain(value) for name, value in columns.items()}


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case Decimal():
            return str(value)
        case bytes():  # of a newer version, whose fields are not known here
            return value.hex()
        case list() | tuple():
            return [_plain(one) for one in value]
        case dict():
            return {str(name): _plain(one) for name, one in value.items()}
        case _:
            return value


# --- both -----------------------------------------------------------------------------------------


def _step_object(step: ActionRow) -> dict[str, object]:
    return {
        "step": step.id,
        "at": step.at.astimezone().isoformat(timespec="seconds"),
        "person": step.person,
        "action": step.code,
        "undone": step.undone_by is not None,
        "here": step.is_mine,
    }


def _moment(step: ActionRow, today: date) -> str:
    at = step.at.astimezone()
    near = dates.day(at.date(), today)
    return _("{day}, {time}").format(day=near, time=dates.clock(at))


def _who(step: ActionRow) -> str:
    if step.person:
        return step.person
    return _("this desk") if step.is_mine else _("another desk")
