"""disagreements, settle, enrol, exchange and bundle: the exchange with the committee's hub."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from correspondent_desk.cli.legible import NAME, PLACE, TEXT
from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import (
    Exit,
    end,
    refuse,
    say,
    say_about,
    say_object,
    say_objects,
)
from correspondent_desk.domain.actions import Action
from correspondent_desk.errors import DeskError
from correspondent_desk.language import _, ngettext

if TYPE_CHECKING:
    from correspondent_desk.sync.exchange import FolderReport, Prepared, Report
    from correspondent_desk.sync.reports import Preview


_REMOVE_MANY = click.option(
    "--remove-many", is_flag=True, help=_("Also if it takes much out of the lists.")
)


@click.command(help=_("Fields that several desks wrote differently, to be settled by a person."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@click.pass_obj
def disagreements(desk: Desk, as_json: bool) -> None:
    """List what may be settled, the most pressing first."""
    from correspondent_desk.messages import exchange as messages
    from correspondent_desk.sync.disagreements import disagreements as open_ones

    today = datetime.now().astimezone().date()
    with desk.reading() as store:
        found = store.read(open_ones)
        objects = store.read(lambda s: [messages.disagreement_as_object(s, one) for one in found])
        texts = store.read(
            lambda s: [messages.disagreement_in_words(s, one, today) for one in found]
        )
    if as_json:
        say_objects(objects)
    elif not found:
        say(_("There is no disagreement."))
    else:
        for head, *lines in texts:
            say(head)
            for line in lines:
                say(f"  {line}")
    if not found:
        end(Exit.NOTHING)


@click.command(help=_("Settle a disagreement: keep a value, or write another one."))
@click.argument("disagreement", metavar="ID", type=TEXT)
@click.argument("choice", required=False, type=click.Choice(["here", "there", "both"]))
@click.option("--value", type=TEXT, help=_("Another value to write."))
@click.pass_obj
def settle(desk: Desk, disagreement: str, choice: str | None, value: str | None) -> None:
    """Write the field again; this closes the disagreement on every desk."""
    from correspondent_desk.sync import disagreements as sync

    if (choice is None) == (value is None):
        raise click.UsageError(_("Write here, there or both, or give a value with --value."))
    chosen = sync.Choice(choice) if choice is not None else value or ""
    with desk.writing() as store:
        store.do(Action.DISAGREEMENT_SETTLED, lambda s: sync.settle(s, disagreement, chosen))
    say(_("Settled."))


@click.command(help=_("Join the office that an invitation of the committee names."))
@click.argument("invitation", type=PLACE, metavar=_("INVITATION"))
@click.option("--name", default="", type=NAME, help=_("What others call this computer."))
@click.pass_obj
def enrol(desk: Desk, invitation: Path, name: str) -> None:
    """Read the invitation; the next bundle asks the hub to know this desk."""
    from correspondent_desk.sync import enrolment

    with desk.carrying() as store:
        link = enrolment.enrol(store, invitation, name)
    told = (
        _(
            "This desk now exchanges with {hub} for {office}. Type `exchange`: it is made known there."
        )
        if link.url
        else _("This desk now exchanges with {hub} for {office}. Prepare a first file for it.")
    )
    say(told.format(hub=link.hub_name, office=link.office_name))


@click.command(
    help=_(
        "Exchange with the hub: over the network, or by a shared FOLDER."
        " Take what is for this desk, send what the hub lacks."
    )
)
@click.argument("folder", type=PLACE, required=False)
@click.option("--url", type=TEXT, help=_("Where the hub is from now on: https://…"))
@click.option(
    "--ca", "certificate", type=PLACE, help=_("The only certificate to be trusted there.")
)
@click.option(
    "--no-ca",
    "forget_certificate",
    is_flag=True,
    help=_("Trust there what every computer trusts, and no more the certificate known so far."),
)
@_REMOVE_MANY
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@click.pass_obj
def exchange(
    desk: Desk,
    folder: Path | None,
    url: str | None,
    certificate: Path | None,
    forget_certificate: bool,
    remove_many: bool,
    as_json: bool,
) -> None:
    """Take and send."""
    if (certificate is not None or forget_certificate) and url is None:
        raise click.UsageError(_("Give the address with --url that the certificate is for."))
    if certificate is not None and forget_certificate:
        raise click.UsageError(_("Give a certificate with --ca, or --no-ca, not both."))
    if folder is not None and url is not None:
        raise click.UsageError(_("Give a folder, or an address with --url, not both."))
    if folder is not None:
        _exchange_folder(desk, folder, as_json=as_json, remove_many=remove_many)
    from correspondent_desk.cli import online

    with desk.carrying() as store:
        if url is not None:
            online.set_address(store, url, certificate, keeps_known=not forget_certificate)
        online.exchange_over_network(store, as_json=as_json, remove_many=remove_many)


def _exchange_folder(desk: Desk, folder: Path, *, as_json: bool, remove_many: bool) -> NoReturn:
    """Take, then put."""
    from correspondent_desk.cli import relay
    from correspondent_desk.sync import exchange as sync
    from correspondent_desk.sync.online.trouble import HubRefused

    with desk.carrying() as store:
        report = sync.exchange_folder(store, folder, is_meant=remove_many)
    for received in report.received:
        _say_report(received, as_json=as_json)
    for one in report.refused:
        _say_refused(one.path, one.error)
    if report.prepared is not None:
        _say_prepared(report.prepared, as_json=as_json)
    relay.say_passed_on(report.passed_on, as_json=as_json)
    if report.failed is not None:
        refuse(report.failed)
    has_done = report.prepared is not None or bool(report.passed_on)
    if report.uninvited and not report.refused:
        refuse(HubRefused(report.uninvited))
    has_refused = bool(report.refused or report.uninvited) or report.failed is not None
    if not as_json:
        _say_rest(report, is_idle=not (report.received or has_refused or has_done))
    _end_with(
        report.received,
        has_refused=has_refused,
        has_done=has_done,
        is_waiting=report.waits_since is not None,
    )


def _say_rest(report: "FolderReport", *, is_idle: bool) -> None:
    """What a copy of this desk put there, that the hub owes an answer, or that there was nothing to do."""
    from correspondent_desk.messages import bundles as messages

    for path in report.of_copy:
        say(messages.of_copy(path))
    if report.waits_since is not None:
        today = datetime.now().astimezone().date()
        say(messages.waits_for_answer(report.waits_since, today))
    elif is_idle:
        say(_("Nothing to take and nothing to send."))


@click.group(help=_("Files that carry changes between this desk and the hub."))
def bundle() -> None:
    """The group of what can be done with one file."""


@bundle.command(
    "export", help=_("Write what the hub lacks into a file, or into a file in a folder.")
)
@click.argument("file", type=PLACE)
@click.option(
    "--to",
    "to",
    type=TEXT,
    metavar=_("DESK"),
    help=_("For another desk of the office instead, by its number or name."),
)
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object."))
@click.pass_obj
def export_bundle(desk: Desk, file: Path, to: str | None, as_json: bool) -> None:
    """Write one bundle for the hub, or for a colleague."""
    from correspondent_desk.sync.folder import require_outside
    from correspondent_desk.sync.sending import prepare

    if to is not None:
        from correspondent_desk.cli import relay

        relay.export_for(desk, file, to, as_json=as_json)
        return
    with desk.carrying() as store:
        require_outside(store.folder, file)
        prepared = prepare(store, file)
    if prepared is None:
        say(_("The hub has everything already."))
        end(Exit.NOTHING)
    _say_prepared(prepared, as_json=as_json)


@bundle.command("desks", help=_("The other desks of the office, to which files can be given."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@click.pass_obj
def bundle_desks(desk: Desk, as_json: bool) -> None:
    """List those that the hub vouches for."""
    from correspondent_desk.cli import relay

    relay.list_desks(desk, as_json=as_json)


@bundle.command("inspect", help=_("Say what a file is, without a passphrase."))
@click.argument("files", nargs=-1, required=True, type=PLACE, metavar=_("FILE…"))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
def inspect_bundle(files: tuple[Path, ...], as_json: bool) -> None:
    """Print what stands openly at the beginning of each file."""
    from correspondent_desk.sync import inspecting

    refused = False
    for path in files:
        try:
            found = inspecting.inspect(path)
        except DeskError as error:
            refused = True
            _say_refused(path, error)
            continue
        if as_json:
            say_object(
                {
                    "file": str(path),
                    "bundle": found.bundle,
                    "format": found.format,
                    "size": found.size,
                    "recipients": found.recipients,
                }
            )
        else:
            say(
                _("{file}: bundle {bundle}, format {format}, {size} bytes.").format(
                    file=path, bundle=found.bundle, format=found.format, size=found.size
                )
            )
            say(
                _(
                    "Its length and form are right. Whether its content was altered, only the"
                    " computer it is for can tell."
                )
            )
    if refused:
        end(Exit.REFUSED)


@bundle.command("preview", help=_("Say what importing a file would do, and change nothing."))
@click.argument("files", nargs=-1, required=True, type=PLACE, metavar=_("FILE…"))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@click.pass_obj
def preview_bundle(desk: Desk, files: tuple[Path, ...], as_json: bool) -> None:
    """Print the effect of each file by itself; the status is that of importing them with --remove-many."""
    from correspondent_desk.messages import bundles as messages
    from correspondent_desk.sync.receiving import preview

    today = datetime.now().astimezone().date()
    previews: list[Preview] = []
    refused = False
    with desk.looking_into() as store:
        for path in files:
            try:
                found = preview(store, path)
            except DeskError as error:
                refused = True
                _say_refused(path, error)
                continue
            previews.append(found)
            if as_json:
                say_object({"file": str(path), **messages.preview_as_object(found)})
                continue
            for line in messages.preview_in_words(found, today):
                say(line)
    _end_with(previews, has_refused=refused)


@bundle.command("import", help=_("Import files from the hub."))
@click.argument("files", nargs=-1, required=True, type=PLACE, metavar=_("FILE…"))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@_REMOVE_MANY
@click.pass_obj
def import_bundle(desk: Desk, files: tuple[Path, ...], as_json: bool, remove_many: bool) -> None:
    """Take in each file; one that is refused does not keep the others out."""
    from correspondent_desk.sync.receiving import apply

    reports: list[Report] = []
    refused = False
    with desk.carrying() as store:
        for path in files:
            try:
                reports.append(apply(store, path, is_meant=remove_many))
            except DeskError as error:
                refused = True
                _say_refused(path, error)
                continue
            _say_report(reports[-1], as_json=as_json)
    _end_with(reports, has_refused=refused)


@bundle.command("undo", help=_("Take back all that the last file imported brought."))
@click.pass_obj
def undo_bundle(desk: Desk) -> None:
    """Write the earlier values again, as one step; redo brings them back."""
    from correspondent_desk.messages.dates import moment_plain
    from correspondent_desk.sync import taking_back

    with desk.carrying() as store:
        came = [one for one in store.read(taking_back.taken_in) if not one.is_undone]
        if not came:
            say(_("There is no file to take back."))
            end(Exit.NOTHING)
        taking_back.take_back(store, came[0].bundle)
    say(
        _("Taken back: exchange of {when}, from {sender}.").format(
            when=moment_plain(came[0].at.astimezone()), sender=came[0].sender
        )
    )


def _say_report(report: "Report", *, as_json: bool) -> None:
    from correspondent_desk.messages import bundles as messages

    if as_json:
        say_object(messages.report_as_object(report))
        return
    for line in messages.report_in_words(report, datetime.now().astimezone().date()):
        say(line)


def _say_prepared(prepared: "Prepared", *, as_json: bool) -> None:
    if as_json:
        say_object(
            {
                "file": str(prepared.path),
                "number": prepared.number,
                "operations": prepared.operations,
                "size": prepared.size,
            }
        )
        return
    say(
        ngettext(
            "{file} is ready for the hub, with {n} change.",
            "{file} is ready for the hub, with {n} changes.",
            prepared.operations,
        ).format(file=prepared.path, n=prepared.operations)
    )


def _say_refused(path: Path, error: DeskError) -> None:
    say_about(path)
    refuse(error)


def _end_with(
    reports: "Sequence[Report | Preview]",
    *,
    has_refused: bool,
    has_done: bool = False,
    is_waiting: bool = False,
) -> NoReturn:
    """The status that says most about several files. is_waiting: for an answer of the hub."""
    from correspondent_desk.sync.reports import Fate

    fates = {report.fate for report in reports}
    if has_refused:
        end(Exit.REFUSED)
    if Fate.REFUSAL in fates or any(report.effect.disagreements for report in reports):
        end(Exit.NEEDS_PERSON)
    if Fate.WAITING in fates:
        end(Exit.WAITING)
    if has_done or Fate.NEW in fates:
        end(Exit.DONE)
    end(Exit.WAITING if is_waiting else Exit.NOTHING)
