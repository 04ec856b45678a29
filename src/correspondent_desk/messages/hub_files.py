"""What a hub did with files, and which desks it has, for its command line and its window."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import dates

if TYPE_CHECKING:
    from correspondent_desk.hub.desks import DeskRow
    from correspondent_desk.hub.ingest import Arrival
    from correspondent_desk.hub.outgoing import Sent
    from correspondent_desk.sync.invitation import Invitation


def ready(folder: Path, key: Path) -> str:
    """A hub was made in folder. key: its file there, that opens it."""
    return " ".join(
        (
            _("The hub is ready in {folder}.").format(folder=folder),
            _(
                "{file} opens it: keep a copy of it in a safe place, apart from other copies."
            ).format(file=key),
        )
    )


def office_added(office: str, code: str) -> str:
    """An office was added."""
    return _("{office} was added with the code {code}.").format(office=office, code=code)


def office_removed(office: str) -> str:
    """An office was taken away."""
    told = _("{office} was taken away. Invitations that were written for it serve no more.")
    return told.format(office=office)


def invited(made: "Invitation", file: Path) -> str:
    """An invitation was written into file."""
    told = _("The invitation for {office} is in {file}. It serves one desk, once, until {day}.")
    day = made.expires.astimezone().strftime("%d/%m/%Y")
    return told.format(office=made.office_name, file=file, day=day)


def arrival(one: "Arrival") -> str:
    """What a file that was taken in brought."""
    match one.fate.value:
        case "duplicate":
            return _("{file}: already imported, nothing to do.").format(file=one.path)
        case "waiting":
            return _("{file}: well received, it waits for an earlier file.").format(file=one.path)
        case "nothing-new":
            return _("{file}: nothing new, {desk} of {office} was heard of.").format(
                file=one.path, desk=one.desk_name, office=one.office
            )
        case _:
            return _brought(one)


def _brought(one: "Arrival") -> str:
    if one.enrolled:
        told = ngettext(
            "{file}: {desk} has joined {office}, with {n} change.",
            "{file}: {desk} has joined {office}, with {n} changes.",
            one.operations,
        )
    else:
        told = ngettext(
            "{file}: {n} change from {desk} of {office}.",
            "{file}: {n} changes from {desk} of {office}.",
            one.operations,
        )
    return told.format(file=one.path, desk=one.desk_name, office=one.office, n=one.operations)


def bring_back(answer: Path) -> str:
    """A file of a desk was refused, and this one tells the desk why, or for which key to write."""
    return _("Bring {file} back to this desk: it is the answer.").format(file=answer)


def sent(one: "Sent") -> str:
    """A file for a desk was written."""
    if not one.operations:
        told = _("{file} is ready for {desk} of {office}: it says what came from there.")
        return told.format(file=one.path, desk=one.desk_name, office=one.office)
    return ngettext(
        "{file} is ready for {desk} of {office}, with {n} change.",
        "{file} is ready for {desk} of {office}, with {n} changes.",
        one.operations,
    ).format(file=one.path, desk=one.desk_name, office=one.office, n=one.operations)


def nothing_sent() -> str:
    """No file was written."""
    return _("No desk has anything to receive.")


def not_all_sent(why: str) -> str:
    """Some files were written, and then why the next could not be."""
    return _("The other desks have no file yet. {why}").format(why=why)


def no_desk() -> str:
    """Nobody has joined yet."""
    return _("No desk has enrolled yet.")


def given(count: int, shown: str) -> str:
    """How many changes are in a file that the desk has not answered. shown: count in figures."""
    told = ngettext(
        "{n} change given, not yet acknowledged", "{n} changes given, not yet acknowledged", count
    )
    return told.format(n=shown)


def desk(one: "DeskRow", today: date) -> list[str]:
    """A desk in a line, and in further ones what it lacks."""
    who = " · ".join(filter(None, (f"{one.office_code} {one.number}", one.name, one.person)))
    heard = (
        _("heard of {when}").format(when=dates.since(one.heard_at.astimezone().date(), today))
        if one.heard_at
        else _("not heard of yet")
    )
    lines = [_("{desk}: {heard}").format(desk=who, heard=heard)]
    if one.status == "revoked":
        return [*lines, "  " + _("no longer trusted")]
    if one.to_receive > one.given:
        n = one.to_receive - one.given
        lacks = ngettext("{n} change to receive", "{n} changes to receive", n)
        lines.append("  " + lacks.format(n=n))
    if one.given:
        lines.append("  " + given(one.given, str(one.given)))
    if one.waiting:
        n = one.waiting
        told = ngettext("{n} file waits for an earlier one", "{n} files wait for an earlier one", n)
        lines.append("  " + told.format(n=n))
    return lines
