"""copies and restore: the verified copies of the store, and bringing one back."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import say, say_listed
from correspondent_desk.language import _

if TYPE_CHECKING:
    from correspondent_desk.store.backup import CopyRow


@click.command(help=_("The copies of the desk, newest first."))
@click.option("--make", is_flag=True, help=_("Make one now and read it through."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@click.pass_obj
def copies(desk: Desk, make: bool, as_json: bool) -> None:
    """List the copies, with the number that restore takes."""
    from correspondent_desk.messages.copies import in_words
    from correspondent_desk.store import backup

    folder, now = desk.existing(), datetime.now().astimezone()
    if make:
        backup.make(folder, desk.key(), backup.Why.ASKED, now.replace(tzinfo=None))
    found = backup.copies(folder)
    say_listed(
        list(enumerate(found, 1)),
        _object,
        lambda one: f"{one[0]}  {in_words(one[1], now.date(), found)}  {one[1].path.name}",
        as_json=as_json,
        nothing=_("No copy yet."),
    )


def _object(numbered: "tuple[int, CopyRow]") -> dict[str, object]:
    number, row = numbered
    return {
        "number": number,
        "made_at": row.made_at.isoformat(),
        "why": row.why.value,
        "bytes": row.size,
        "path": str(row.path),
    }


@click.command(help=_("Bring a copy back, by its number in `copies` or as a file."))
@click.argument("copy", metavar=_("NUMBER|FILE"))
@click.pass_obj
def restore(desk: Desk, copy: str) -> None:
    """Put a copy in the place of the store; what was there is kept aside."""
    from correspondent_desk.messages.copies import in_words
    from correspondent_desk.store import backup
    from correspondent_desk.store.bare import open_bare
    from correspondent_desk.store.beginning import begin_with
    from correspondent_desk.store.vault import is_set_up

    now = datetime.now().astimezone()
    if not is_set_up(desk.folder) and Path(copy).is_file():
        begin_with(desk.folder, Path(copy), desk.passphrase(), now.replace(tzinfo=None))
        say(_("This computer has taken up the desk of the copy {copy}.").format(copy=copy))
        return
    folder = desk.existing()
    found = dict(enumerate(backup.copies(folder), 1))
    row = found.get(int(copy)) if copy.isascii() and copy.isdigit() else None
    key, was_there = desk.key(), folder.store.exists()
    backup.restore(folder, key, row.path if row else Path(copy), now.replace(tzinfo=None))
    open_bare(folder, key).close()  # who was erased since is in it until it is opened
    told = (
        _("Brought back: {copy}. What was there is kept aside.")
        if was_there
        else _("Brought back: {copy}.")
    )
    say(told.format(copy=in_words(row, now.date()) if row else copy))
