"""hub: the committee's side of the exchange."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from correspondent_desk.cli import (
    hub_accounts,
    hub_catalogue,
    hub_decisions,
    hub_erasures,
    hub_network,
    hub_recover,
    hub_rescue,
    hub_root,
    hub_trust,
    hub_upkeep,
)
from correspondent_desk.cli.hub_opening import FILE, folder_of_hub, opened_hub, with_hub
from correspondent_desk.cli.legible import NAME, TEXT
from correspondent_desk.cli.output import (
    Exit,
    end,
    refuse,
    say,
    say_about,
    say_object,
    say_objects,
)
from correspondent_desk.hub.person import account_name
from correspondent_desk.language import _
from correspondent_desk.messages import hub_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from correspondent_desk.hub.desks import DeskRow
    from correspondent_desk.hub.exchange import Refused
    from correspondent_desk.hub.ingest import Arrival
    from correspondent_desk.hub.offices import OfficeRow
    from correspondent_desk.hub.outgoing import Sent


@click.group(help=_("Be the hub that the desks of several offices exchange with."))
@with_hub
@click.pass_context
def hub(ctx: click.Context, hub_folder: Path | None) -> None:
    """The group of what a hub does."""
    ctx.meta["hub"] = hub_folder


@hub.command("init", help=_("Make a hub in an empty folder."))
@with_hub
@click.option("--name", default="", type=NAME, help=_("What desks call this hub."))
@click.option(
    "--database",
    default="",
    metavar="URL",
    help=_("Keep its data in PostgreSQL: postgresql://name:password@server/database."),
)
def init(hub_folder: Path | None, name: str, database: str) -> None:
    """Make database and keys."""
    from correspondent_desk.hub.database import HubFolder, create

    folder = HubFolder(folder_of_hub(hub_folder))
    create(folder, name or _("the committee"), database=database).close()
    say(hub_files.ready(folder.path, folder.key))


for _command in (
    hub_network.address,
    hub_network.serve,
    hub_trust.revoke,
    hub_trust.invitations,
    hub_trust.withdraw,
    hub_erasures.erasures,
    hub_root.root,
    hub_root.directory,
    hub_erasures.erase,
    hub_trust.restore,
    hub_trust.audit,
    hub_accounts.account,
    hub_accounts.every,
    hub_upkeep.compact,
    hub_recover.recover,
    hub_rescue.waiting,
    hub_rescue.approve,
    hub_decisions.decisions,
    hub_catalogue.catalogue,
    hub_rescue.decline,
):
    hub.add_command(_command)


@hub.group("office", help=_("The offices of the hub."))
@with_hub
@click.pass_context
def office(ctx: click.Context, hub_folder: Path | None) -> None:
    """The group of what can be done with offices."""
    if hub_folder is not None:
        ctx.meta["hub"] = hub_folder


@office.command("add", help=_("Add an office."))
@click.argument("name", type=NAME, metavar=_("NAME"))
@click.option("--code", default="", type=TEXT, help=_("Its code, which names files."))
@with_hub
def add_office(hub_folder: Path | None, name: str, code: str) -> None:
    """Add an office by its name."""
    from correspondent_desk.hub import offices

    if not name.strip():
        raise click.UsageError(_("The office needs a name."))
    with opened_hub(hub_folder) as opened:
        added = offices.add(opened, name, code, by=account_name())
    say(hub_files.office_added(added.name, added.code))


@office.command("remove", help=_("Take away an office that was added by mistake."))
@click.argument("name", type=TEXT, metavar=_("OFFICE"))
@with_hub
def remove_office(hub_folder: Path | None, name: str) -> None:
    """Take away an office that has no desk yet."""
    from correspondent_desk.hub import offices

    with opened_hub(hub_folder) as opened:
        removed = offices.remove(opened, name, by=account_name())
    say(hub_files.office_removed(removed.name))


@hub.command("invite", help=_("Write an invitation for one desk of an office."))
@click.argument("office_name", metavar=_("OFFICE"), type=TEXT)
@click.argument("file", type=FILE)
@click.option(
    "--url", type=TEXT, help=_("Where desks reach this hub; this and later invitations tell it.")
)
@click.option("--ca", "certificate", type=FILE, help=_("The only certificate to be trusted there."))
@with_hub
def invite(
    hub_folder: Path | None,
    office_name: str,
    file: Path,
    url: str | None,
    certificate: Path | None,
) -> None:
    """Write an invitation file."""
    from correspondent_desk.hub import addresses, invitations
    from correspondent_desk.sync.online.addresses import checked

    told = None if url is None else checked(url, certificate)
    with opened_hub(hub_folder) as opened:
        if told is not None:
            addresses.keep(opened, told)
        made, written = invitations.invite(opened, office_name, file, by=account_name())
    say(hub_files.invited(made, written))
    lost = _("Its number is {number}: hub withdraw takes it back, if the file is lost.")
    say(lost.format(number=invitations.number_of(made.invitation)))


@hub.command("import", help=_("Take in files of desks."))
@click.argument("files", nargs=-1, required=True, type=FILE, metavar=_("FILE…"))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@with_hub
def import_files(hub_folder: Path | None, files: tuple[Path, ...], as_json: bool) -> None:
    """Take in each file; one that is refused does not keep the others out."""
    from correspondent_desk.hub.exchange import take_in_by_hand

    with opened_hub(hub_folder) as opened:
        received, refused = take_in_by_hand(opened, files)
    _say_arrivals(received, refused, as_json=as_json)
    _end_with(received, refused)


@hub.command("export", help=_("Write one file for each desk that has something to receive."))
@click.argument("folder", type=FILE)
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@with_hub
def export_files(hub_folder: Path | None, folder: Path, as_json: bool) -> None:
    """Write the bundles into folder."""
    from correspondent_desk.hub.outgoing import each

    is_nothing = True
    with opened_hub(hub_folder) as opened:
        for one in each(opened, folder):
            is_nothing = False
            _say_sent([one], as_json=as_json)
    if is_nothing:
        if not as_json:
            say(hub_files.nothing_sent())
        end(Exit.NOTHING)


@hub.command("exchange", help=_("Exchange by a shared folder with all desks."))
@click.argument("folder", type=FILE)
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@with_hub
def exchange_files(hub_folder: Path | None, folder: Path, as_json: bool) -> None:
    """Take, then put."""
    from correspondent_desk.hub.exchange import exchange_folder

    with opened_hub(hub_folder) as opened:
        report = exchange_folder(opened, folder)
    _say_arrivals(report.received, report.refused, as_json=as_json)
    _say_sent(report.sent, as_json=as_json)
    if report.failed is not None:
        end(refuse(report.failed))
    if not (report.received or report.refused or report.sent) and not as_json:
        say(_("Nothing to take and nothing to send."))
    _end_with(report.received, report.refused, has_done=bool(report.sent))


@hub.command(
    "desks", help=_("The desks of all offices: when each was last heard of, what it lacks.")
)
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@with_hub
def desks(hub_folder: Path | None, as_json: bool) -> None:
    """List the desks; for people under their offices, those that have no desk yet too."""
    from correspondent_desk.hub import desks, offices

    with opened_hub(hub_folder) as opened:
        found = desks.listed(opened)
        listed = [] if as_json else offices.listed(opened)
    if as_json:
        say_objects(map(_desk_object, found))
    else:
        _say_offices(listed, found)
    if not found:
        end(Exit.NOTHING)


# --- what is said ---------------------------------------------------------------------------------


def _say_arrivals(
    received: "Sequence[Arrival]", refused: "Sequence[Refused]", *, as_json: bool
) -> None:
    for one in received:
        if as_json:
            say_object(_arrival_object(one))
        else:
            say(hub_files.arrival(one))
    for other in refused:
        say_about(other.path)
        refuse(other.error)
        if other.answer is not None:
            click.echo(hub_files.bring_back(other.answer), err=True)


def _arrival_object(one: "Arrival") -> dict[str, object]:
    return {
        "file": str(one.path),
        "fate": one.fate.value,
        "office": one.office,
        "desk": one.desk,
        "name": one.desk_name,
        "person": one.person,
        "number": one.number,
        "operations": one.operations,
        "enrolled": one.enrolled,
        "released": one.released,
    }


def _say_sent(sent: "Sequence[Sent]", *, as_json: bool) -> None:
    for one in sent:
        if as_json:
            say_object(
                {
                    "file": str(one.path),
                    "office": one.office,
                    "desk": one.desk,
                    "name": one.desk_name,
                    "number": one.number,
                    "operations": one.operations,
                    "size": one.size,
                }
            )
            continue
        say(hub_files.sent(one))


def _say_offices(listed: "Sequence[OfficeRow]", found: "Sequence[DeskRow]") -> None:
    """Each office by the name and the code that `hub invite` takes, and its desks."""
    nobody = hub_files.no_desk()
    today = datetime.now().astimezone().date()
    if not listed:
        say(nobody)
    told: dict[str, list[str]] = {}
    for one in found:
        told.setdefault(one.office_code, []).extend(hub_files.desk(one, today))
    for office in listed:
        say(f"{office.name} ({office.code})")
        for line in told.get(office.code, [nobody]):
            say(f"  {line}")


def _desk_object(one: "DeskRow") -> dict[str, object]:
    return {
        "office": one.office,
        "office_code": one.office_code,
        "desk": one.number,
        "name": one.name,
        "person": one.person,
        "status": one.status.value,
        "enrolled_at": one.enrolled_at.isoformat(timespec="seconds"),
        "heard_at": one.heard_at.isoformat(timespec="seconds") if one.heard_at else None,
        "said_at": one.said_at.isoformat(timespec="seconds") if one.said_at else None,
        "to_receive": one.to_receive,
        "given": one.given,
        "waiting": one.waiting,
    }


def _end_with(
    received: "Sequence[Arrival]", refused: "Sequence[Refused]", *, has_done: bool = False
) -> NoReturn:
    from correspondent_desk.hub.ingest import Fate

    fates = {one.fate for one in received}
    if refused:
        end(Exit.REFUSED)
    if Fate.WAITING in fates:
        end(Exit.WAITING)
    end(Exit.DONE if has_done or Fate.NEW in fates else Exit.NOTHING)
