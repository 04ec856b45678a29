"""exchange without a folder: with the hub over the network."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from correspondent_desk.cli.output import Exit, end, refuse, say, say_about, say_object

if TYPE_CHECKING:
    from correspondent_desk.store.opened import Store
    from correspondent_desk.store.session import Session
    from correspondent_desk.sync.online.exchange import OnlineReport


def exchange_over_network(
    store: "Store", *, as_json: bool = False, remove_many: bool = False, has_done: bool = False
) -> NoReturn:
    """Send and receive, say what came of it, and end with its status.

    has_done: the command has done something before, which a refused exchange does not take back.
    """
    from correspondent_desk.messages import online as messages
    from correspondent_desk.sync.online.exchange import exchange_online

    report = exchange_online(store, is_meant=remove_many)
    if as_json:
        for told in _objects(report):
            say_object(told)
    else:
        for line in messages.report_in_words(report, datetime.now().astimezone().date()):
            say(line)
    for other in report.refused:
        say_about(other.path)
    trouble = messages.trouble_of(report)
    if trouble is not None:
        refuse(trouble)
    _end(report, is_refused=trouble is not None, has_done=has_done)


def set_address(store: "Store", url: str, certificate: Path | None, *, keeps_known: bool) -> None:
    """Keep where the hub is reached, as an invitation would have told it.

    keeps_known: without another certificate, the one known so far is trusted there as well: it is
    the hub's, wherever that has moved. Raises NotEnrolled, BadAddress.
    """
    import msgspec

    from correspondent_desk.sync import link
    from correspondent_desk.sync.online.addresses import checked

    address = checked(url, certificate)

    def work(session: "Session") -> None:
        known, _keys = link.load(session)
        trusted = address.certificate or (known.certificate if keeps_known else b"")
        kept = msgspec.structs.replace(known, url=address.url, certificate=trusted)
        link.keep(session, kept)

    store.keep(work)


def _objects(report: "OnlineReport") -> Iterator[dict[str, object]]:
    from correspondent_desk.messages import bundles as messages

    yield from map(messages.report_as_object, report.received)
    for sent in report.sent:
        yield {
            "file": str(sent.path),
            "number": sent.number,
            "operations": sent.operations,
            "size": sent.size,
        }
    if report.receipt is not None:
        yield {"receipt": report.receipt.fate.value, "operations": report.receipt.operations}


def _end(report: "OnlineReport", *, is_refused: bool, has_done: bool) -> NoReturn:
    from correspondent_desk.sync.online.wire import Fate as Taken
    from correspondent_desk.sync.reports import Fate

    if is_refused:
        end(Exit.NEEDS_PERSON if has_done else Exit.REFUSED)
    if any(one.effect.disagreements for one in report.received):
        end(Exit.NEEDS_PERSON)
    is_waiting = report.receipt is not None and report.receipt.fate is Taken.WAITING
    if is_waiting or any(one.fate is Fate.WAITING for one in report.received):
        end(Exit.WAITING)
    end(Exit.DONE if has_done or report.did_something else Exit.NOTHING)
