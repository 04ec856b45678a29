"""exchange without a folder: with the hub over the network."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from correspondent_desk.cli.output import Exit, end, refuse, say, say_object
from correspondent_desk.language import _, ngettext

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from correspondent_desk.store.database import Database
    from correspondent_desk.sync.online.exchange import OnlineReport
    from correspondent_desk.sync.online.wire import Import
    from correspondent_desk.sync.reports import Report


def exchange_over_network(store: "Database", *, as_json: bool) -> NoReturn:
    """Send and receive, say what came of it, and end with its status."""
    from correspondent_desk.sync.online.exchange import exchange_online, trouble_of

    report = exchange_online(store)
    for received in report.received:
        _say_received(received, as_json=as_json)
    for sent in report.sent:
        if as_json:
            say_object(
                {
                    "file": str(sent.path),
                    "number": sent.number,
                    "operations": sent.operations,
                    "size": sent.size,
                }
            )
    if report.receipt is not None:
        _say_receipt(report.receipt, sum(one.operations for one in report.sent), as_json=as_json)
    for other in report.refused:
        click.echo(f"{other.path}:", err=True)
        refuse(other.error)
    trouble = report.trouble or trouble_of(report.receipt)
    if trouble is not None:
        refuse(trouble)
    if not report.did_something and trouble is None and not as_json:
        say(_("Nothing to take and nothing to send."))
    _end(report, is_refused=trouble is not None)


def set_address(store: "Database", url: str, certificate: Path | None) -> None:
    """Keep where the hub is reached, as an invitation would have told it. Raises NotEnrolled."""
    import msgspec

    from correspondent_desk.sync import link
    from correspondent_desk.sync.online.addresses import checked

    address = checked(url, certificate)

    def work(session: "Session") -> None:
        known, _keys = link.load(session)
        kept = msgspec.structs.replace(known, url=address.url, certificate=address.certificate)
        link.keep(session, kept)

    store.keep(work)


def _say_received(report: "Report", *, as_json: bool) -> None:
    from correspondent_desk.messages import exchange as messages

    if as_json:
        say_object(messages.report_as_object(report))
        return
    for line in messages.report_in_words(report, datetime.now().astimezone().date()):
        say(line)


def _say_receipt(receipt: "Import", operations: int, *, as_json: bool) -> None:
    from correspondent_desk.sync.online.wire import Fate

    if as_json:
        say_object({"receipt": receipt.fate.value, "operations": receipt.operations})
        return
    match receipt.fate:
        case Fate.REFUSED:
            return
        case Fate.WAITING:
            say(_("The hub has what was sent; it waits there for an earlier file."))
        case Fate.NONE:
            say(_("The hub has what was sent, and is still taking it in."))
        case _:
            say(
                ngettext(
                    "The hub has taken in {n} change.",
                    "The hub has taken in {n} changes.",
                    operations,
                ).format(n=operations)
            )


def _end(report: "OnlineReport", *, is_refused: bool) -> NoReturn:
    from correspondent_desk.sync.online.wire import Fate as Taken
    from correspondent_desk.sync.reports import Fate

    if is_refused or report.refused:
        end(Exit.REFUSED)
    if any(one.effect.disagreements for one in report.received):
        end(Exit.NEEDS_PERSON)
    is_waiting = report.receipt is not None and report.receipt.fate is Taken.WAITING
    if is_waiting or any(one.fate is Fate.WAITING for one in report.received):
        end(Exit.WAITING)
    end(Exit.DONE if report.did_something else Exit.NOTHING)
