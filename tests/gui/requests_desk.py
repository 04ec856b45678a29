"""A desk with requests of Anne's, and the page that shows them."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberDraft, MemberId
from correspondent_desk.domain.requests import Owes, RequestCard, RequestDraft, RequestId
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import catalogue, members, requests
from correspondent_desk.store.database import Database
from tests.gui.day_desk import show

NOW = datetime(2026, 12, 3, 9, 30).astimezone()


@pytest.fixture
def anne(desk: Database) -> MemberId:
    """Anne LE GOFF."""
    draft = MemberDraft(first_name="Anne", family_name="Le Goff")
    return desk.do(Action.MEMBER_CREATED, lambda s: members.create(s, draft)).result


def ask(desk: Database, draft: RequestDraft) -> RequestId:
    """A request, with what the catalogue says it needs."""
    documents = catalogue.documents_for(draft.benefit)
    return desk.do(
        Action.REQUEST_CREATED, lambda s: requests.create(s, draft, documents, NOW)
    ).result


@pytest.fixture
def claim(desk: Database, anne: MemberId) -> RequestId:
    """A claim that lapses in twelve days and waits for its two documents."""
    draft = RequestDraft(
        member_id=anne,
        benefit="ALSH",
        last_useful_on=date(2026, 12, 15),
        next_what="rappeler la mairie",
        next_due=date(2026, 12, 4),
    )
    return ask(desk, draft)


@pytest.fixture
def workspace(desk: Database, tasks: Tasks) -> Workspace:
    """The desk on the morning of 3 December 2026."""
    return Workspace(desk, tasks, clock=lambda: NOW)


@pytest.fixture
def page(
    qtbot: QtBot, desk: Database, workspace: Workspace, anne: MemberId, claim: RequestId
) -> Iterator[RequestsPage]:
    """The page in a window, with three requests of Anne's."""
    question = ask(desk, RequestDraft(member_id=anne, subject="une question"))
    secret = ask(
        desk,
        RequestDraft(
            member_id=anne, subject="secours d’hiver", is_sensitive=True, next_what="appeler",
            next_who=Owes.COMMITTEE, last_useful_on=date(2027, 3, 1),
        ),
    )  # fmt: skip
    page = RequestsPage(workspace)
    show(qtbot, page, workspace)
    qtbot.waitUntil(lambda: list(page.list.rows.ids) == [claim, secret, question])
    yield page
    page.hide()


def opened(qtbot: QtBot, page: RequestsPage, request: int) -> RequestsPage:
    """The page with this request's card in view."""
    page.open(Target(page="requests", id=request))
    qtbot.waitUntil(lambda: page.card.request is not None and page.card.request.id == request)
    return page


def stored(desk: Database, request: RequestId) -> RequestCard:
    """The request as it stands in the store."""
    return desk.read(lambda s: requests.card(s, request))
