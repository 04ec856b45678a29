"""What commands print and how they end.

One sentence a line for people, or with --json one object a line, in the shapes that
docs/command-line.md promises. Errors go to standard error, followed by a stable code.
"""

import errno
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from correspondent_desk.errors import DeskError
from correspondent_desk.language import _

T = TypeVar("T")


class Exit(IntEnum):
    """How a command ends."""

    DONE = 0
    NOTHING = 1
    REFUSED = 2
    WAITING = 3
    NEEDS_PERSON = 4
    INTERRUPTED = 130
    """Somebody pressed Ctrl+C; the number that shells give to tools ended by that."""
    UNREAD = 141
    """Nobody reads on, as behind `| head`; the number that shells give to tools ended by that."""


# What another desk or a file wrote must not command the terminal, nor turn its letters around.
_SHOWN = dict.fromkeys(
    [
        *({*range(0x20), *range(0x7F, 0xA0)} - {*b"\t\n"}),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ],
    "\ufffd",
)
_ESCAPED = {sign: f"\\u{sign:04x}" for sign in _SHOWN if sign >= 0x7F}  # noqa: PLR2004 - json does the rest


def say(sentence: str) -> None:
    """Print a sentence for a person."""
    click.echo(sentence.translate(_SHOWN))


def say_object(found: Mapping[str, object]) -> None:
    """Print one JSON object on one line, at once.

    On a terminal that does not speak UTF-8, letters beyond ASCII are escaped: none gets lost.
    """
    text = json.dumps(found, ensure_ascii=not _speaks_utf8(), separators=(",", ":"))
    click.echo(text.translate(_ESCAPED))


def say_objects(found: Iterable[Mapping[str, object]]) -> None:
    """Print one JSON object a line."""
    for one in found:
        say_object(one)


def say_listed(
    found: Sequence[T],
    as_object: Callable[[T], Mapping[str, object]],
    in_words: Callable[[T], str],
    *,
    as_json: bool,
    nothing: str,
) -> None:
    """Print what was found, for people or for programs; with nothing found, end the command so.

    nothing: the sentence that tells people then.
    """
    if as_json:
        say_objects(map(as_object, found))
    else:
        for one in found:
            say(in_words(one))
        if not found:
            say(nothing)
    if not found:
        end(Exit.NOTHING)


def iso(day: date | None) -> str | None:
    """A day as JSON holds it."""
    return day.isoformat() if day else None


def end(status: Exit) -> NoReturn:
    """End the command with status."""
    raise click.exceptions.Exit(status)


def refuse(error: DeskError) -> Exit:
    """Say on standard error what the world refused, and its code; the status to end with."""
    from correspondent_desk.messages.errors import sentence

    told = " ".join(filter(None, (sentence(error), _way_here(error))))
    return _refused(told, error.full_code)


def say_about(path: Path) -> None:
    """Name on standard error the file that the next sentence there is about."""
    click.echo(_("{file}:").format(file=path).translate(_SHOWN), err=True)


def _way_here(error: DeskError) -> str:
    """How to do on the command line what the sentence advises and a window would offer."""
    column = error.details.get("column", "B")
    match error.full_code:
        case "unreadable-file:header-without-name":
            return _("Here: --column {column}=FIELD or --column {column}=ignore.").format(
                column=column
            )
        case "unreadable-file:two-columns":
            return _("Here, such as: --column {column}={field}.").format(
                column=column, field=error.details["field"]
            )
        case "unreadable-file:no-name-column":
            return _("Here: --column LETTERS=FIELD, such as --column B=family_name.")
        case "bundle:put-back-long-ago":
            return _("Here: rescue INVITATION.")
        case "removes-much":
            return _("Here: --remove-many.")
        case "no-hub-address":
            return _("Here, if the committee has told it to you: exchange --url https://…")
        case "slots-damaged" | "slots-damaged:earlier" if error.details.get("copy"):
            return _("Here: copy {copy} to slots.json.").format(copy=error.details["copy"])
        case "desk-away:gone":
            return _("If there is no such disk any more, `new` begins a desk there.")
        case _:
            return ""


def misused(error: click.ClickException) -> Exit:
    """Say how the command is written; the status to end with."""
    error.show()
    return _refused("", "usage")


def stopped(error: OSError) -> Exit:
    """Say what the system refused where nothing better is known; the status to end with."""
    from correspondent_desk.store.files import said_by_disk

    said = said_by_disk(error)
    if said is not None:
        return refuse(said)
    told = _("The system refused: {reason}").format(reason=error)
    return _refused(told, "system")


def interrupted() -> Exit:
    """Say that somebody pressed Ctrl+C; the status to end with."""
    click.echo(_("Stopped. Nothing was left half done."), err=True)
    return Exit.INTERRUPTED


def _refused(sentence: str, code: str) -> Exit:
    for line in filter(None, (sentence, f"[{code}]")):
        click.echo(line.translate(_SHOWN), err=True)
    return Exit.REFUSED


def is_unread(error: OSError) -> bool:
    """Whether nobody reads standard output any more, as Windows says it; then the rest goes nowhere.

    What other systems say, click knows.
    """
    if sys.platform == "win32" and error.errno == errno.EINVAL and error.filename is None:
        try:
            sys.stdout.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return True
    return False


def survive_any_terminal() -> None:
    """Print accents on any terminal: what it cannot show is replaced, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def _speaks_utf8() -> bool:
    encoding = getattr(sys.stdout, "encoding", None) or ""
    return encoding.lower().replace("-", "") == "utf8"
