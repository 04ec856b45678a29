"""Above the calendar: which days, in which form, at which site."""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from correspondent_desk.domain.meetings import SiteRow
from correspondent_desk.domain.members import SiteId
from correspondent_desk.gui.widgets.buttons import (
    Button,
    button,
    edge_button,
    filter_button,
    icon_button,
    main_button,
    quiet_button,
)
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Ends
from correspondent_desk.language import _


class View(StrEnum):
    """How meetings are shown."""

    DAY = "day"
    WEEK = "week"
    LIST = "list"


class Toolbar(QWidget):
    """The title says which days are shown."""

    view_chosen = Signal(object)  # View
    turned = Signal(int)
    today_wanted = Signal()
    site_chosen = Signal()
    times_wanted = Signal()
    plan_wanted = Signal()
    begun_wanted = Signal()
    print_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = View.WEEK
        self.title = Words("", "title")
        self.plan = main_button(_("Pla&n a meeting"), "calendar-plus")
        self.back = icon_button("chevron-left", _("Back"))
        self.today = button(_("Today"))
        self.onward = icon_button("chevron-right", _("Onward"))
        words = {View.DAY: _("Day"), View.WEEK: _("Week"), View.LIST: _("List")}
        self.views: dict[View, Button] = {}
        group = QButtonGroup(self)
        for view in View:
            self.views[view] = filter_button(words[view])
            self.views[view].clicked.connect(partial(self.view_chosen.emit, view))
            group.addButton(self.views[view])
        self.site_field = ChoiceField[SiteId | None]([(None, _("All sites"))])
        self.site_field.setAccessibleName(_("Meetings at which site"))
        self.times = quiet_button(_("Absences and drop-in sessions"), "clock")
        self.print = quiet_button(_("Print…"), "printer")
        self.begun = edge_button(_("A meeting was begun and is not saved: go on"), "pencil")
        self.begun.hide()
        self.begun.clicked.connect(self.begun_wanted)
        self.plan.clicked.connect(self.plan_wanted)
        self.back.clicked.connect(partial(self.turned.emit, -1))
        self.onward.clicked.connect(partial(self.turned.emit, 1))
        self.today.clicked.connect(self.today_wanted)
        self.times.clicked.connect(self.times_wanted)
        self.print.clicked.connect(self.print_wanted)
        self.site_field.chosen.connect(self.site_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Ends(self.title, self.plan))
        column.addWidget(
            flow_of(
                self.back,
                self.today,
                self.onward,
                *self.views.values(),
                self.site_field,
                flow_of(self.times, self.print, gap=4),  # into the next line together
                gap=4,
            )
        )
        column.addWidget(self.begun, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_view(self.view)

    @property
    def site(self) -> SiteId | None:
        """The site chosen; None for all."""
        return self.site_field.value()

    def offer_sites(self, sites: Sequence[SiteRow]) -> None:
        """The sites there are; with one there is nothing to choose."""
        self.site_field.set_choices(
            [(None, _("All sites")), *((row.id, row.draft.name) for row in sites)]
        )
        self.site_field.setVisible(len(sites) > 1)

    def show_view(self, view: View) -> None:
        """Which one is in use; in a list there is no day to turn."""
        self.view = view
        self.views[view].setChecked(True)
        for turning in (self.back, self.today, self.onward):
            turning.setEnabled(view is not View.LIST)  # hidden, the others would leave their place

    def show_title(self, title: str) -> None:
        """What is shown."""
        self.title.setText(title)
