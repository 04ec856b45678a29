"""The pages of the window and what each is made of; the frame itself knows none of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from correspondent_desk.gui.frame import Frame
from correspondent_desk.gui.page import Found, Page, Place, Target
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages.errors import sentence
from correspondent_desk.messages.history import named
from correspondent_desk.messages.people import shown_name, told_apart
from correspondent_desk.records import members, office, requests
from correspondent_desk.store.changes import ActionRow

if TYPE_CHECKING:
    from correspondent_desk.app import Program

PEOPLE_SHOWN = 8
REQUESTS_SHOWN = 4


def make_frame(workspace: Workspace, program: "Program") -> Frame:
    """The frame with its pages, on an open store."""

    def search(words: str, then: Callable[[list[Found]], object]) -> Job[list[Found]]:
        return workspace.read(lambda s: find(s, words, workspace), then=then)

    def name_step(step: ActionRow) -> str:
        return workspace.now(lambda s: named(s, step))

    return Frame(
        workspace,
        places(workspace, program),
        search=search,
        name_step=name_step,
        explain=sentence,
        office=workspace.now(office.office).name,
    )


def find(session: Session, words: str, workspace: Workspace) -> list[Found]:
    """People first, then requests, as the search field shows them."""
    today = workspace.today()
    ids = members.find_ids(session, words, today=today)[:PEOPLE_SHOWN]
    found = [
        Found(
            title=shown_name(row),
            subtitle=told_apart(row),
            target=Target(page="members", id=row.id),
        )
        for row in members.rows(session, ids)
    ]
    request_ids = requests.find_ids(session, words, today=today)[:REQUESTS_SHOWN]
    found += [
        Found(
            title=row.subject,
            subtitle=shown_name(row),
            target=Target(page="requests", id=row.id),
            icon="folder",
        )
        for row in requests.rows(session, request_ids)
    ]
    return found


def places(workspace: Workspace, program: "Program") -> list[Place]:
    """The navigation, in its order; pages are built when first gone to."""

    def today() -> Page:
        from correspondent_desk.gui.today.page import TodayPage

        return TodayPage(workspace)

    def people() -> Page:
        from correspondent_desk.gui.members.page import MembersPage

        return MembersPage(workspace)

    def casework() -> Page:
        from correspondent_desk.gui.requests.page import RequestsPage

        return RequestsPage(workspace)

    def agenda() -> Page:
        from correspondent_desk.gui.meetings.page import MeetingsPage

        return MeetingsPage(workspace)

    def exchange() -> Page:
        from correspondent_desk.gui.exchange.page import ExchangePage

        return ExchangePage(workspace)

    def settings() -> Page:
        from correspondent_desk.gui.settings.page import SettingsPage

        return SettingsPage(workspace, program)

    return [
        Place(key="today", title=_("Today"), icon="sun", make=today),
        Place(key="members", title=_("Members"), icon="users", make=people),
        Place(key="requests", title=_("Requests"), icon="folder", make=casework),
        Place(key="meetings", title=_("Meetings"), icon="calendar", make=agenda),
        Place(key="exchange", title=_("Exchange"), icon="arrow-left-right", make=exchange),
        Place(key="settings", title=_("Settings"), icon="settings", make=settings, at_bottom=True),
    ]
