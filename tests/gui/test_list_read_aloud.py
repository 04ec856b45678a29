"""A list tells who does not see it how much it holds, and which line is chosen."""

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.members.page import MembersPage
from tests.gui.a11y import heard
from tests.gui.hands import type_here
from tests.gui.members_desk import anne, page, workspace

__all__ = ["anne", "page", "workspace"]


def test_what_a_filter_leaves_is_read_out_as_one_types(
    qtbot: QtBot, page: MembersPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.list.filter.setFocus()
    said = heard(monkeypatch)

    type_here("petit")
    qtbot.waitUntil(lambda: said[-1:] == ["1 person."])
    type_here("zz")
    qtbot.waitUntil(lambda: said[-1] == page.list.empty.sentence.text())


def test_a_list_that_is_gone_to_leads_to_its_chosen_line(
    qtbot: QtBot, page: MembersPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.list.filter.setFocus()
    said = heard(monkeypatch)

    page.list.take_focus()

    qtbot.waitUntil(lambda: bool(said))
    assert len(said) == 1
    assert said[0].startswith("Élif ÇELIK")
