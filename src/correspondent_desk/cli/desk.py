"""demo, new and doctor: making a desk and looking after it."""

from datetime import datetime

import click

from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import Exit, end, say
from correspondent_desk.domain.actions import Action
from correspondent_desk.language import _, ngettext
from correspondent_desk.store.vault import DeskFolder, create_vault, is_set_up, unlock

DEMO_PASSPHRASE = "demo"  # noqa: S105 - protects invented people, and is shown to everyone


@click.command(help=_("Open a desk with invented people, to explore."))
@click.option("--members", default=120, show_default=True, type=click.IntRange(0, 100_000))
@click.option(
    "--seed", default=1, show_default=True, help=_("The same seed gives the same people.")
)
@click.option("--no-window", is_flag=True, help=_("Only make the desk."))
@click.pass_obj
def demo(desk: Desk, members: int, seed: int, no_window: bool) -> None:
    """Make the demo desk unless it is there, then open it."""
    folder = (
        desk.folder if desk.chosen_folder else DeskFolder(DeskFolder.default().path.parent / "demo")
    )
    if not is_set_up(folder):
        make_demo(folder, members, seed)
    if no_window:
        return
    from correspondent_desk.app import run

    click.get_current_context().exit(run(folder))


def make_demo(folder: DeskFolder, members: int, seed: int) -> None:
    """A new desk of invented people in folder."""
    from correspondent_desk.records.demo.fill import fill
    from correspondent_desk.store.database import open_store
    from correspondent_desk.store.vault import mark_as_demo

    key, _recovery = create_vault(folder, DEMO_PASSPHRASE)
    mark_as_demo(folder, DEMO_PASSPHRASE)
    store = open_store(folder, key)
    try:
        count = fill(store, members, seed, datetime.now().astimezone().date())
    finally:
        store.close()
    say(
        ngettext(
            "A demo desk with {n} invented person is ready in {folder}.",
            "A demo desk with {n} invented people is ready in {folder}.",
            count,
        ).format(n=count, folder=folder.path)
    )


@click.command(help=_("Make a new desk; the recovery code is printed once."))
@click.option("--office", required=True, help=_("The name of the office."))
@click.option("--site", "sites", multiple=True, help=_("A site of the office; may be repeated."))
@click.option("--person", default="", help=_("Who works at this desk."))
@click.pass_obj
def new(desk: Desk, office: str, sites: tuple[str, ...], person: str) -> None:
    """Set up the store and print the recovery code."""
    from correspondent_desk.domain.meetings import SiteDraft
    from correspondent_desk.records.office import set_up
    from correspondent_desk.store.database import open_store

    key, recovery = create_vault(desk.folder, desk.new_passphrase())
    store = open_store(desk.folder, key)
    try:
        store.person = person
        drafts = [SiteDraft(name=name) for name in sites]
        store.do(Action.OFFICE_SET_UP, lambda s: set_up(s, office, "", drafts, person))
    finally:
        store.close()
    say(
        _("The desk of {office} is ready in {folder}.").format(
            office=office, folder=desk.folder.path
        )
    )
    say(
        _("Recovery code, to be written down and kept in a safe place: {code}").format(
            code=recovery
        )
    )


@click.command(help=_("Check that the store is whole and say what needs someone."))
@click.pass_obj
def doctor(desk: Desk) -> None:
    """Check folder, slots, store and copies."""
    from correspondent_desk.messages import health
    from correspondent_desk.store.database import open_for_reading

    folder = desk.existing()
    say(_("Folder: {folder}").format(folder=folder.path))
    store = open_for_reading(folder, unlock(folder, desk.passphrase()))
    try:
        lines, is_well = health.report(folder, store)
    finally:
        store.close()
    for line in lines:
        say(line)
    end(Exit.DONE if is_well else Exit.NEEDS_PERSON)
