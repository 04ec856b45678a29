"""demo, new and doctor: making a desk and looking after it."""

from pathlib import Path

import click

from correspondent_desk.cli.legible import NAME, PLACE, TEXT, Whole
from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import Exit, end, say, say_object
from correspondent_desk.language import _, ngettext, pgettext
from correspondent_desk.store.vault import DeskFolder, is_set_up


@click.command(help=_("Open a desk with invented people, to explore."))
@click.option(
    "--members",
    default=120,
    show_default=True,
    type=Whole(0, 100_000),
    metavar=_("NUMBER"),
    help=_("How many people to invent."),
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=Whole(0),
    metavar=_("NUMBER"),
    help=_("The same seed gives the same people."),
)
@click.option("--no-window", is_flag=True, help=_("Only make the desk."))
@click.pass_obj
def demo(desk: Desk, members: int, seed: int, no_window: bool) -> None:
    """Make the demo desk unless it is there, then open it."""
    folder = desk.folder if desk.chosen_folder else desk.folder.beside_for_demo
    is_new = not is_set_up(folder)
    if is_new:
        _make(folder, members, seed)
    if not no_window:
        from correspondent_desk.cli.window import open_window

        click.get_current_context().exit(open_window(folder, desk.language))
    if not is_new:
        say(_("There is a desk in this folder already: {folder}.").format(folder=folder.path))
        end(Exit.NOTHING)


def _make(folder: DeskFolder, members: int, seed: int) -> None:
    from correspondent_desk.records.demo.making import make_demo

    count = make_demo(folder, members, seed)
    say(
        ngettext(
            "A demo desk with {n} invented person is ready in {folder}.",
            "A demo desk with {n} invented people is ready in {folder}.",
            count,
        ).format(n=count, folder=folder.path)
    )


@click.command(help=_("Make a new desk; the recovery code is printed once."))
@click.option(
    "--office", default="", type=NAME, metavar=_("NAME"), help=_("The name of the office.")
)
@click.option(
    "--invitation",
    type=PLACE,
    help=_("Join an office instead: its name and its sites come with the first exchange."),
)
@click.option(
    "--name",
    "desk_name",
    default="",
    type=NAME,
    metavar=_("NAME"),
    help=_("With an invitation: what others call this computer."),
)
@click.option(
    "--site",
    "sites",
    multiple=True,
    type=NAME,
    metavar=_("NAME"),
    help=_("A site of the office; may be repeated."),
)
@click.option(
    "--department",
    default="",
    type=TEXT,
    metavar=pgettext("which", "NUMBER"),
    help=_("Its number, such as 67, 2A or 971: public holidays depend on it."),
)
@click.option(
    "--person", default="", type=NAME, metavar=_("NAME"), help=_("Who works at this desk.")
)
@click.pass_obj
def new(
    desk: Desk,
    *,
    office: str,
    invitation: Path | None,
    desk_name: str,
    sites: tuple[str, ...],
    department: str,
    person: str,
) -> None:
    """Set up the store and print the recovery code."""
    if invitation is not None:
        if office or sites or department:
            raise click.UsageError(_("With an invitation, the office and its sites come from it."))
        _new_invited(desk, invitation, person, desk_name)
        return
    from correspondent_desk.domain.meetings import SiteDraft, site_problems
    from correspondent_desk.messages.problems import sentence
    from correspondent_desk.records.founding import found_office

    if not office.strip():
        raise click.UsageError(_("Name the office, with --office, or give the invitation of one."))
    number = department.strip().upper()
    drafts = [SiteDraft(name=name, department=number) for name in sites or (office,)]
    for problem in site_problems(drafts[0]):
        raise click.UsageError(sentence(problem))
    made = found_office(desk.folder, desk.new_passphrase(), office, drafts, person)
    made.store.close()
    _say_made(desk, office, made.recovery_code)


def _say_made(desk: Desk, office: str, code: str) -> None:
    from correspondent_desk.store import whereabouts

    whereabouts.remember(desk.folder)
    say(
        _("The desk of {office} is ready in {folder}.").format(
            office=office, folder=desk.folder.path
        )
    )
    say(_("Recovery code, to be written down and kept in a safe place: {code}").format(code=code))


def _new_invited(desk: Desk, invitation: Path, person: str, desk_name: str) -> None:
    """A desk without an office of its own; over the network it gets one at once."""
    from correspondent_desk.app.inviting import found_invited
    from correspondent_desk.cli import online

    made = found_invited(desk.folder, desk.new_passphrase(), invitation, person, desk_name)
    try:
        _say_made(desk, made.result.office_name, made.recovery_code)
        if made.result.url:
            online.exchange_over_network(made.store, has_done=True)
        else:
            say(_("Its office comes by an exchange: `exchange FOLDER`, or `bundle export FILE`."))
    finally:
        made.store.close()


@click.command(help=_("Check that the store is whole and say what needs someone."))
@click.pass_obj
def doctor(desk: Desk) -> None:
    """Check folder, slots, store and copies."""
    from correspondent_desk.messages import health
    from correspondent_desk.store.connection import NoStore, StoreDamaged

    say(_("Folder: {folder}").format(folder=desk.existing().path))
    try:
        with desk.reading() as store:
            lines, is_well = health.report(desk.folder, store)
    except (StoreDamaged, NoStore) as error:
        lines, is_well = health.of_damaged(desk.folder, error), False
    for line in lines:
        say(line)
    end(Exit.DONE if is_well else Exit.NEEDS_PERSON)


@click.command(help=_("The sites of the office; make one of those of one name."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@click.option(
    "--unite", is_flag=True, help=_("Make one of sites of one name, as two desks may have made.")
)
@click.pass_obj
def sites(desk: Desk, as_json: bool, unite: bool) -> None:
    """List the sites, or unite those that are called alike."""
    if unite:
        _unite(desk)
        return
    from correspondent_desk.records import office

    with desk.reading() as store:
        found = store.read(office.sites)
    for one in found:
        if as_json:
            say_object(
                {
                    "id": one.id,
                    "name": one.draft.name,
                    "postcode": one.draft.postcode,
                    "town": one.draft.town,
                    "department": one.draft.department,
                    "room": one.draft.room,
                }
            )
        else:
            place = f"{one.draft.postcode} {one.draft.town}".strip()
            say(" · ".join(filter(None, (one.draft.name, place, one.draft.room))))
    if not found:
        if not as_json:
            say(_("No site yet."))
        end(Exit.NOTHING)


def _unite(desk: Desk) -> None:
    from correspondent_desk.domain.actions import Action
    from correspondent_desk.records import office

    with desk.writing() as store:
        if not store.read(office.sites_of_one_name):
            say(_("Every site has a name of its own."))
            end(Exit.NOTHING)
        gone = store.do(Action.SITES_UNITED, office.unite_sites).result
    told = ngettext("{n} site went into another.", "{n} sites went into others.", gone)
    say(told.format(n=gone))
