"""What commands print and how they end.

One sentence a line for people, or with --json one object a line, in the shapes that
docs/command-line.md promises. Errors go to standard error, followed by a stable code.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import NoReturn

import click

from correspondent_desk.errors import DeskError


class Exit(IntEnum):
    """How a command ends."""

    DONE = 0
    NOTHING = 1
    REFUSED = 2
    WAITING = 3
    NEEDS_PERSON = 4


def say(sentence: str) -> None:
    """Print a sentence for a person."""
    click.echo(sentence)


def say_object(found: Mapping[str, object]) -> None:
    """Print one JSON object on one line."""
    click.echo(json.dumps(found, ensure_ascii=False, separators=(",", ":")))


def say_objects(found: Iterable[Mapping[str, object]]) -> int:
    """Print one JSON object a line; how many there were."""
    count = 0
    for one in found:
        say_object(one)
        count += 1
    return count


def end(status: Exit) -> NoReturn:
    """End the command with status."""
    raise click.exceptions.Exit(status)


def refuse(error: DeskError) -> int:
    """Say on standard error what the world refused, and its code; the status to end with."""
    from correspondent_desk.messages.errors import sentence

    click.echo(sentence(error), err=True)
    click.echo(f"[{error.full_code}]", err=True)
    return Exit.REFUSED


def survive_any_terminal() -> None:
    """Print accents on any terminal: what it cannot show is replaced, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
