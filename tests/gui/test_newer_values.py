"""Choices of a newer version in forms: shown, kept when something else is saved, offered to nobody else."""

from dataclasses import replace
from datetime import date

from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import Channel, Civility, MemberDraft, MemberStatus
from correspondent_desk.domain.requests import RequestDraft, RequestId, RequestStatus
from correspondent_desk.gui.members.member_fields import MemberFields
from correspondent_desk.gui.requests.path import StatusPath
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.messages.newer import newer
from correspondent_desk.records import members, requests
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Request

TODAY = date(2026, 12, 3)


def offered(choice: ChoiceField[MemberStatus]) -> list[str]:
    """What the open list shows."""
    return [choice.itemText(place) for place in range(choice.count())]


def test_a_form_keeps_them_for_this_person_only(qtbot: QtBot) -> None:
    fields = MemberFields(lambda: TODAY)
    qtbot.addWidget(fields)
    before = offered(fields.status)
    anne = MemberDraft(
        family_name="Le Goff",
        civility=Civility.read("dr"),
        status=MemberStatus.read("seconded"),
        preferred_channel=Channel.read("pigeon"),
    )

    fields.fill(anne)
    shown = fields.status.currentText()
    fields.service.setText("Laundry")
    typed = fields.draft()
    fields.fill(MemberDraft(family_name="Petit"))

    assert shown == newer()
    assert typed == replace(anne, service="Laundry")
    assert offered(fields.status) == before
    assert fields.draft().status is MemberStatus.ACTIVE


def test_another_choice_can_take_its_place(qtbot: QtBot) -> None:
    fields = MemberFields(lambda: TODAY)
    qtbot.addWidget(fields)
    fields.fill(MemberDraft(family_name="Le Goff", status=MemberStatus.read("seconded")))

    fields.status.setCurrentIndex(list(MemberStatus).index(MemberStatus.RETIRED))

    assert fields.draft().status is MemberStatus.RETIRED


def test_the_path_of_a_request_shows_where_it_stands(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    anne = desk.do(
        Action.MEMBER_CREATED, lambda s: members.create(s, MemberDraft(family_name="Le Goff"))
    ).result
    made = desk.do(
        Action.REQUEST_CREATED,
        lambda s: history.create(s, Request, anne, member_id=anne, status="in-review").id,
    ).result
    card = desk.read(lambda s: requests.card(s, RequestId(made)))
    path = StatusPath(workspace)
    qtbot.addWidget(path)

    path.show_card(card, TODAY)

    [standing] = [one for one in path.group.buttons() if one.isChecked()]
    assert standing.text() == newer()
    assert standing.isVisibleTo(path)

    known = replace(card, draft=RequestDraft(member_id=anne, status=RequestStatus.SENT))
    path.show_card(known, TODAY)

    assert not standing.isVisibleTo(path)
    assert path.places[RequestStatus.SENT].isChecked()
