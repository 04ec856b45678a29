"""What two answers ask, in place: until when, and what comes next."""

from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.domain.problems import is_likely
from correspondent_desk.domain.requests import RequestRow
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.dates import Lean
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.step_fields import StepFields, changed_meanwhile
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates


class Later(QWidget):
    """Until when a line is put off."""

    chosen = Signal(object)  # date

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.buttons = [self._button(text, day) for text, day in _near_days(today)]
        self.date = DateField(lambda: today, lambda day: dates.day(day, today), Lean.FUTURE)
        self.date.returnPressed.connect(self._choose_date)
        self.form = Form()
        self.form.add("until", _("Or &until another day"), self.date)
        self.put_off = button(_("Put off until this day"))
        self.put_off.clicked.connect(self._choose_date)
        self.put_off.setEnabled(False)
        self.date.date_changed.connect(self._offer)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.form, 1)
        row.addWidget(self.put_off, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(flow_of(*self.buttons))
        column.addLayout(row)
        self.setFocusProxy(self.buttons[0])

    def _button(self, text: str, day: date) -> QAbstractButton:
        made = button(text)
        made.setAccessibleDescription(dates.day(day, self._today))
        made.setToolTip(dates.plain(day))
        made.clicked.connect(lambda: self.chosen.emit(day))
        return made

    @Slot(object)
    def _offer(self, day: date | None) -> None:
        self.put_off.setEnabled(day is not None and self._may_be(day))

    def _may_be(self, day: date) -> bool:
        return day > self._today and is_likely(day)

    @Slot()
    def _choose_date(self) -> None:
        day = self.date.value()
        if day is not None and self._may_be(day):
            self.chosen.emit(day)
        else:
            self.form.point_out({"until": _("Choose a day after today.")})


def _near_days(today: date) -> list[tuple[str, date]]:
    tomorrow, week = today + timedelta(days=1), today + timedelta(days=7)
    monday = today + timedelta(days=7 - today.weekday())
    offers = [(_("&Tomorrow"), tomorrow), (_("&Monday"), monday), (_("In a &week"), week)]
    if monday in (tomorrow, week):  # on a Monday, a week says which Monday is meant
        del offers[1]
    return offers


class WhatFollows(QWidget):
    """What comes after a step that is done; nothing may come. What is typed is kept as a draft."""

    answered = Signal(object)  # NextStep

    def __init__(
        self, workspace: Workspace, request: RequestRow, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.request = request
        self.next = StepFields(workspace.today, _("Nothing, if nothing comes next"))
        self.form = Form()
        self.form.add("next_what", _("What comes ne&xt"), self.next.what)
        self.form.add_beside(
            ("next_who", _("W&ho owes it"), self.next.who),
            ("next_due", _("By &when"), self.next.due),
        )
        self.save = button("", "check")
        self.save.clicked.connect(self._answer)
        self.once = SaveOnce(workspace, self, self.save)
        ctrl_enter_presses(self.save, self)
        fields = {"what": self.next.what, "who": self.next.who, "due": self.next.due}
        self.keeper = DraftKeeper(workspace.drafts, f"today:next:{request.id}", fields, self)
        self.once.asking.connect(self.keeper.hand_over)
        workspace.closing.connect(self.keeper.keep_now)
        self.keeper.restore()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.form)
        column.addWidget(self.save, 0, Qt.AlignmentFlag.AlignLeft)
        self.next.what.returnPressed.connect(self._answer)
        self.next.due.returnPressed.connect(self._answer)
        self.next.what.textChanged.connect(self._name_answer)
        self._name_answer(self.next.what.text())
        self.setFocusProxy(self.next.what)

    def say_changed(self) -> None:
        """The step is another one than when one began to type what follows it."""
        self.form.show_problems({"next_what": changed_meanwhile()})

    @Slot(str)
    def _name_answer(self, what: str) -> None:
        words = _("Done, this comes next") if what.strip() else _("Done, nothing comes next")
        self.save.setText(words)

    @Slot()
    def _answer(self) -> None:
        if self.form.refuse(self.next.problems(self.request.opened_on)):
            return
        self.once.ask(self.answered.emit, self.next.value())
