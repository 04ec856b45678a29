"""What stands in the way, where, and what to do: a sentence for every DeskError of the program.

Errors are told apart by their codes, so that none of the modules that raise them need be loaded to
say what they mean.
"""

from dataclasses import dataclass

from correspondent_desk.domain.fields import Kind
from correspondent_desk.errors import DeskError
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import dates, trust
from correspondent_desk.messages.refusals import Told, said, seconds

_OF_FILES = frozenset({"unreadable-file", "forbidden-column", "unwritable-file"})
_OF_BUNDLES = frozenset({"bundle", "bundle-write", "invitation"})
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Trouble:
    """Three sentences for a page of its own: what happened, what is safe, what to do."""

    happened: str
    safe: str
    to_do: str


def sentence(error: DeskError) -> str:
    """What is wrong, where, and what to do, in one line of text."""
    elsewhere = _said_elsewhere(error)
    if elsewhere:
        return elsewhere
    happened, to_do = _told(error)
    return f"{happened} {to_do}".strip()


def happened(error: DeskError) -> str:
    """As sentence, without what to do: where that is a command and a browser shows it, or too late."""
    return _said_elsewhere(error) or _told(error)[0]


def _said_elsewhere(error: DeskError) -> str:
    """The sentence of `messages.files` or `messages.rejections`, if they have it."""
    if error.code in _OF_FILES:
        from correspondent_desk.formats import files as of_files
        from correspondent_desk.messages import files

        if isinstance(
            error, of_files.UnreadableFile | of_files.ForbiddenColumn | of_files.UnwritableFile
        ):
            return files.sentence(error)
    if error.code in _OF_BUNDLES:
        from correspondent_desk.messages import rejections
        from correspondent_desk.sync import rejection

        if isinstance(
            error,
            rejection.BundleRejected | rejection.BundleNotWritten | rejection.InvitationRejected,
        ):
            return rejections.sentence(error)
    return ""


def trouble(error: DeskError) -> Trouble:
    """As sentence, for what keeps the desk from opening."""
    elsewhere = _said_elsewhere(error)
    if elsewhere:
        return Trouble(elsewhere, _("Nothing was changed."), "")
    happened, to_do = _told(error)
    return Trouble(happened, _safe(error), to_do)


def is_known(error: DeskError) -> bool:
    """Whether there is a sentence for errors of this kind."""
    return bool(_said_elsewhere(error) or said(error))


def _safe(error: DeskError) -> str:
    copies = error.details.get("copies")
    if isinstance(copies, (tuple, list)) and copies:
        return ngettext(
            "{n} copy of your data was kept and can be brought back.",
            "{n} copies of your data were kept and can be brought back.",
            len(copies),
        ).format(n=len(copies))
    match error.code:
        case "store-damaged":
            return _("The damaged file was left as it is: nothing more will be written to it.")
        case "slots-damaged":
            return _("Your data is not in this file: it only unlocks it.")
        case (
            "desk-away" | "no-store"
        ):  # whether it was taken out or deleted, nobody can tell from here
            return _("The program has changed nothing.")
        case _:
            return _("Your data is safe: nothing was changed.")


def _told(error: DeskError) -> Told:
    """What happened and what to do, with everything named in it."""
    happened, to_do = said(error) or (
        _("This could not be done ({code})."),
        _("Nothing was changed."),
    )
    # Filled once, here: a name or a path may hold braces of its own.
    places = _Places(error.details)
    places["code"] = error.full_code
    places["wait"] = _wait(error)
    places["newest_copy"] = _newest_copy(error)
    places["fields"] = _fields(error)
    places["problems"] = _problems(error)
    places["people"] = _people(error)
    places["field_name"] = _field_name(error)
    if "place" in error.details:
        places["where"] = trust.place_in_catalogue(str(error.details["place"]))
    return happened.format_map(places), to_do.format_map(places)


def _newest_copy(error: DeskError) -> object:
    copies = error.details.get("copies")
    newest = copies[0] if isinstance(copies, (tuple, list)) and copies else None
    return getattr(newest, "path", newest)


def _problems(error: DeskError) -> str:
    from correspondent_desk.messages import problems

    found = error.details.get("problems")
    told = [problems.named(one) for one in found] if isinstance(found, (tuple, list)) else []
    return " ".join(told) or _("Something in this form must be mended.")


def _people(error: DeskError) -> str:
    """Each with the number that people go by here."""
    from correspondent_desk.messages import people

    found = error.details.get("people")
    return ", ".join(
        f"{one.id} {people.shown_name(one)}"
        for one in (found if isinstance(found, (tuple, list)) else ())
    )


def _fields(error: DeskError) -> str:
    """Names of the fields in details, once each: plain names, or what has a kind and a field."""
    from correspondent_desk.messages.fields import any_field_name, field_name, kind_name

    told: dict[str, None] = {}
    fields = error.details.get("fields")
    if isinstance(fields, str):
        return fields
    for one in fields if isinstance(fields, (tuple, list)) else ():
        if isinstance(one, str):
            told[any_field_name(one)] = None
            continue
        kind, name = getattr(one, "kind", None), getattr(one, "field", None)
        if isinstance(kind, Kind):
            told[field_name(kind, name) if name else kind_name(kind)] = None
    return ", ".join(told)


def _field_name(error: DeskError) -> str:
    from correspondent_desk.messages.fields import any_field_name

    return any_field_name(str(error.details.get("field", "")))


def _wait(error: DeskError) -> str:
    wait = max(1, round(seconds(error)))
    if wait < _MINUTE:
        return ngettext("{n} second", "{n} seconds", wait).format(n=wait)
    return dates.minutes(-(-wait // _MINUTE))


class _Places(dict[str, object]):
    """The named places of a sentence; one that nobody filled is a dash, never a KeyError."""

    def __missing__(self, name: str) -> str:
        return "—"
