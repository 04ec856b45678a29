"""What all commands of the hub share: which one, opened, and who is at it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from correspondent_desk.cli.legible import PLACE
from correspondent_desk.language import _

if TYPE_CHECKING:
    from correspondent_desk.hub.database import Hub

FILE = PLACE
F = TypeVar("F", bound=Callable[..., Any])


def with_hub(command: F) -> F:
    """--hub FOLDER, behind the command or before it."""
    return click.option("--hub", "hub_folder", type=FILE, help=_("The folder of the hub."))(command)


def folder_of_hub(behind: Path | None) -> Path:
    """The folder that was named, behind the command or before it."""
    folder = behind or click.get_current_context().meta.get("hub")
    if not isinstance(folder, Path):
        raise click.UsageError(_("Name the folder of the hub, with --hub."))
    return folder


@contextmanager
def opened_hub(behind: Path | None) -> "Iterator[Hub]":
    """The hub in that folder."""
    from correspondent_desk.hub.database import HubFolder, open_hub

    opened = open_hub(HubFolder(folder_of_hub(behind)))
    try:
        yield opened
    finally:
        opened.close()
