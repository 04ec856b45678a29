"""The pages of the window and what each is made of; the frame itself knows none of them."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.page import Found, Page, Place, Target, Task
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, pgettext
from correspondent_desk.messages import labels, people
from correspondent_desk.messages.errors import sentence
from correspondent_desk.messages.history import named
from correspondent_desk.records import finding, office
from correspondent_desk.records.finding import Findings
from correspondent_desk.store.changes import ActionRow
from correspondent_desk.store.vault import demo_passphrase

if TYPE_CHECKING:  # it leads to the exchange and its ciphers, which the first page can do without
    from correspondent_desk.gui.settings.page import Program


def make_frame(workspace: Workspace, program: "Program") -> Frame:
    """The frame with its pages, on an open store."""

    def search(words: str, then: Callable[[list[Found]], object]) -> Job[list[Found]]:
        today = workspace.today()
        return workspace.read(lambda s: list(lines(finding.find(s, words, today))), then=then)

    def name_step(step: ActionRow) -> str:
        return workspace.now(lambda s: named(s, step))

    folder = program.folder
    is_invented = demo_passphrase(folder) is not None
    return Frame(
        workspace,
        places(workspace, program),
        search=search,
        name_step=name_step,
        explain=sentence,
        office=workspace.now(office.office).name,
        own_place=str(folder.beside_for_own.path.absolute()) if is_invented else "",
    )


def lines(found: Findings) -> Iterator[Found]:
    """What is shown under the search field."""
    for person in found.people:
        yield Found(
            title=people.shown_name(person),
            subtitle=people.told_apart(person),
            target=Target(page="members", id=person.id),
        )
    for request in found.requests:
        yield Found(
            title=labels.subject(request.subject, is_sensitive=request.is_sensitive),
            subtitle=people.shown_name(request),
            target=Target(page="requests", id=request.id),
            icon="folder",
        )


def places(workspace: Workspace, program: "Program") -> list[Place]:
    """The navigation, in its order; pages are built when first gone to."""

    def today() -> Page:
        from correspondent_desk.gui.today.page import TodayPage

        return TodayPage(workspace)

    def people() -> Page:
        from correspondent_desk.gui.members.page import MembersPage

        return MembersPage(workspace, at_once=False)

    def casework() -> Page:
        from correspondent_desk.gui.requests.page import RequestsPage

        return RequestsPage(workspace, at_once=False)

    def agenda() -> Page:
        from correspondent_desk.gui.meetings.page import MeetingsPage

        return MeetingsPage(workspace, at_once=False)

    def exchange() -> Page:
        from correspondent_desk.gui.exchange.page import ExchangePage

        return ExchangePage(workspace, at_once=False)

    def settings() -> Page:
        from correspondent_desk.gui.settings.page import SettingsPage

        return SettingsPage(workspace, program, at_once=False)

    def committee() -> Page:
        from correspondent_desk.gui.committee.page import CommitteePage

        return CommitteePage(workspace, program.committee)

    def part(title: str, name: str, also: str = "") -> Found:
        target = Target(page="settings", part=name)
        subtitle = _("Settings")
        return Found(title=title, subtitle=subtitle, target=target, icon="settings", also=also)

    to_import = Found(
        title=_("Import a staff list"),
        subtitle=_("Exchange"),
        target=Target(page="exchange", task=Task.NEW),
        icon="file-down",
        also=pgettext("looked for", "Excel CSV spreadsheet file"),
    )
    look = pgettext(
        "looked for",
        "theme dark light mode colours contrast size of the text font letters zoom display",
    )
    cards = (
        part(_("The office"), "office"),
        part(_("Sites"), "sites"),
        part(_("Language and look"), "look", look),
        part(_("Passphrase"), "passphrase", pgettext("looked for", "password")),
        part(_("Recovery sheet"), "recovery", pgettext("looked for", "code forgotten lost")),
        part(_("Copies"), "copies", pgettext("looked for", "backup save")),
        part(_("History of the office"), "past"),
    )
    return [
        Place(key="today", title=_("Today"), icon="sun", make=today),
        Place(key="members", title=_("Members"), icon="users", make=people),
        Place(key="requests", title=_("Requests"), icon="folder", make=casework),
        Place(key="meetings", title=_("Meetings"), icon="calendar", make=agenda),
        Place(
            key="exchange",
            title=_("Exchange"),
            icon="arrow-left-right",
            make=exchange,
            doors=(to_import,),
        ),
        Place(
            key="settings",
            title=_("Settings"),
            icon="settings",
            make=settings,
            at_bottom=True,
            doors=cards,
        ),
        Place(
            key="committee",
            title=_("The committee’s hub"),
            icon="server",
            make=committee,
            is_listed=False,
        ),
    ]
