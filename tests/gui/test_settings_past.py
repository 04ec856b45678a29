"""The history of what is on nobody's card: the office, sites, absences, drop-in sessions."""

from datetime import date

from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import SiteDraft
from correspondent_desk.gui.settings.past import PastCard
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import agenda, office
from correspondent_desk.store.database import Database
from tests.gui.a11y import nameless
from tests.records.acts import a_member, a_site


def told(card: PastCard) -> list[str]:
    """What is shown of each change, without when and by whom."""
    return ["\n".join(text.split(" · ")[2:]) for text in card.history.texts()]


def test_a_site_and_an_absence_tell_who_changed_what(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    site = a_site(desk, "Library")
    a_member(desk, "Le Goff")
    [opened] = desk.read(office.sites)
    named = SiteDraft(name="Reading room")
    desk.do(Action.SITE_EDITED, lambda s: office.save_site(s, opened, named))
    away = desk.do(Action.ABSENCE_ADDED, lambda s: agenda.add_absence(s, date(2026, 12, 7))).result
    desk.do(Action.ABSENCE_REMOVED, lambda s: agenda.remove_absence(s, away))
    card = PastCard(workspace)
    qtbot.addWidget(card)
    card.show()
    assert card.history.isHidden()

    card.show_it.click()
    qtbot.waitUntil(card.history.isVisible)

    assert told(card) == [
        "Removal of an absence (Yann)\nRemoval: in the lists → removed",
        "New absence\nDays: from 07/12/2026 to 07/12/2026",
        "Change of a site (Reading room)\nName of the site: Library → Reading room",
        (
            "New site\nName of the site: Library"
            "\nOpening hours: 08:30 – 17:30 (Mon, Tue, Wed, Thu, Fri)"
        ),
    ]
    assert all(" · Yann · " in text for text in card.history.texts())
    assert nameless(card) == []

    desk.do(Action.SITE_REMOVED, lambda s: office.remove_site(s, site))
    card.refresh()
    qtbot.waitUntil(lambda: len(told(card)) == 5)
    card.show_it.click()
    assert card.history.isHidden()
