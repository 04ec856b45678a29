"""The fields of a contact: what was said, with whom, how, when and about what."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.domain.contacts import ContactDraft, Direction, Way, problems
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.problems import Fault, Problem
from correspondent_desk.domain.requests import RequestId, RequestRow
from correspondent_desk.gui.members import words
from correspondent_desk.gui.widgets.buttons import edge_button, quiet_button
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.conflict import overtaken
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.dates import Lean, plus_months
from correspondent_desk.gui.widgets.flow import Flow
from correspondent_desk.gui.widgets.form import FormRow
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.note_field import NoteField
from correspondent_desk.gui.widgets.person_field import PersonField
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.times import read_time
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates, labels
from correspondent_desk.messages.problems import sentence
from correspondent_desk.records import contacts, requests


class Note(NoteField):
    """Enter saves, as people expect of a line; Shift+Enter begins a new line."""

    saved = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.saved.emit()
        else:
            super().keyPressEvent(event)


class ContactFields(QWidget):
    """All but the note is folded into one line that sums it up."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._way = Way.PHONE  # before it is changed
        today = workspace.today
        self.person = PersonField(workspace, _("Surname, first name or phone"))
        self.person.chosen.connect(self.offer_their_requests)
        self.note = Note(3)
        self.note.setPlaceholderText(_("What was said or agreed, in a few words"))
        self.way = ChoiceField([(way, labels.way(way)) for way in Way])
        self.direction = ChoiceField([(one, words.who_began(one)) for one in reversed(Direction)])
        self.about: ChoiceField[RequestId | None] = ChoiceField(
            [(None, _("nothing in particular"))]
        )
        self.day = DateField(today, lambda day: dates.distance(day, today()), Lean.LATELY)
        self.day.date_changed.connect(self._look_at_day)
        self.year_before = edge_button("", "history")
        self.year_before.clicked.connect(self._take_year_before)
        self.hour = LineEdit(_("hh:mm"))
        self.summary = Words("", "muted")
        self.unfold = quiet_button(_("Chan&ge"), "pencil")
        self.unfold.setAccessibleName(_("Change how, when and about what"))
        self.unfold.setCheckable(True)
        self.after_summary = QVBoxLayout()
        self.way.chosen.connect(self._follow_way)
        for part in (self.way, self.direction, self.about):
            part.currentIndexChanged.connect(self.sum_up)
        for line in (self.day, self.hour):
            line.textChanged.connect(self.sum_up)
        self.rows: dict[str, FormRow] = {}
        self._lay_out()

    def kept(self) -> Mapping[str, QWidget]:
        """All fields, for the keeper of drafts."""
        return {
            "member": self.person,
            "note": self.note,
            "way": self.way,
            "direction": self.direction,
            "about": self.about,
            "day": self.day,
            "hour": self.hour,
        }

    def offer_requests(self, rows: Sequence[RequestRow]) -> None:
        """What it can be about."""
        named = [
            (row.id, labels.subject(row.subject, is_sensitive=row.is_sensitive)) for row in rows
        ]
        self.about.set_choices([(None, _("nothing in particular")), *named])

    @Slot()
    def offer_their_requests(self) -> None:
        """It was with somebody else: it is about none of the first one's requests."""
        chosen = self.person.value()
        self.rows["member_id"].show_problem()
        self.offer_requests(
            self._workspace.now(lambda s: requests.of_member(s, chosen)) if chosen else ()
        )

    def fill(self, draft: ContactDraft, at: datetime) -> None:
        """Show draft; at: when it took place."""
        self.note.setPlainText(draft.note)
        self.way.set_value(draft.way)
        self.direction.set_value(draft.direction)
        self.about.set_value(draft.request_id if draft.request_id in self.about.values else None)
        self.day.set_date(at.date())
        self.hour.setText(at.strftime("%H:%M"))

    def set_about(self, about: RequestId | None) -> None:
        """It is about this request, if it is one of theirs."""
        if about in self.about.values and about is not None:
            self.about.set_value(about)

    def set_how(self, way: Way, direction: Direction) -> None:
        """It took place like this."""
        self._way = way
        self.way.set_value(way)
        self.direction.set_value(direction)

    def begin(self, *, is_folded: bool) -> None:
        """It is filled, or what was typed is put back: the focus goes to the end of the note."""
        self.unfold.setChecked(not is_folded)
        self._way = self.way.value()
        self.sum_up()
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        cursor = self.note.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.note.setTextCursor(cursor)

    def draft(self, member: MemberId | None) -> tuple[ContactDraft, list[Problem]]:
        """What stands there, and what is wrong with it.

        member: with whom it was; None if that stands in the form.
        """
        day, hour = self.day.value(), read_time(self.hour.text())
        found = list(self.person.problems("member_id")) if member is None else []
        found += self.day.problems("at")
        if hour is None and self.hour.text().strip():
            found.append(Problem("hour", Fault.NOT_A_TIME, self.hour.text()))
        at = datetime.combine(day, hour or time()) if day else None
        made = ContactDraft(
            member_id=self.person.value() if member is None else member,
            request_id=self.about.value(),
            at=at,
            way=self.way.value(),
            direction=self.direction.value(),
            note=self.note.toPlainText().strip(),
        )
        return made, [*found, *problems(made, self._workspace.today())]

    def refuse(self, found: Sequence[Problem]) -> bool:
        """Show what must be mended and go there; whether anything is."""
        said = {problem.field: sentence(problem) for problem in reversed(found)}
        self.show_problems(said)
        if said:
            self.unfold.setChecked(self.unfold.isChecked() or bool(said.keys() - {"note"}))
            self.lead_to_first_problem()
        return bool(said)

    def show_problems(self, sentences: Mapping[str, str]) -> None:
        """What is wrong, by field; fields that are not named are right."""
        for name, row in self.rows.items():
            row.show_problem(sentences.get(name, ""))

    def say_overtaken(self, names: Sequence[str], now: ContactDraft) -> None:
        """Somebody else changed these fields meanwhile: the contact is like this by now."""
        about = dict(zip(self.about.values, map(self.about.itemText, range(99)), strict=False))
        said = overtaken(
            Kind.CONTACT, names, contacts.columns(now), lambda _id: about.get(now.request_id, "")
        )
        for name, text in said.items():
            self.rows.get(name, self.rows["note"]).show_problem(text)
        self.lead_to_first_problem()

    def lead_to_first_problem(self) -> None:
        """Go to the first row of which something is said to be wrong, if any is."""
        first = next((row for row in self.rows.values() if not row.problem.isHidden()), None)
        if first is not None:
            first.lead_to_problem()

    @Slot(object)
    def _follow_way(self, way: Way) -> None:
        """Who began it follows how it took place, unless somebody said otherwise."""
        if self.direction.value() is self._way.usual_direction:
            self.direction.set_value(way.usual_direction)
        self._way = way

    @Slot(object)
    def _look_at_day(self, day: date | None) -> None:
        """A contact has taken place: a day to come is said to be one, last year's is offered."""
        today = self._workspace.today()
        is_ahead = day is not None and day > today
        self.year_before.setVisible(is_ahead)
        if day is not None and is_ahead:
            self.rows["at"].show_problem(sentence(Problem("at", Fault.IN_THE_FUTURE)))
            before = dates.numeric(plus_months(day, -12))
            self.year_before.setText(_("It was on {date}").format(date=before))
        else:
            self.rows["at"].show_problem()

    @Slot()
    def _take_year_before(self) -> None:
        day = self.day.value()
        if day is not None:
            self.day.set_date(plus_months(day, -12))
        self.day.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def sum_up(self) -> None:
        """Say in the line what is folded."""
        day, at = self.day.value(), read_time(self.hour.text())
        hour = dates.clock(at) if at else self.hour.text().strip()
        when = dates.distance(day, self._workspace.today()) if day else self.day.text()
        parts = (self.way.currentText(), when, hour, labels.direction(self.direction.value()))
        about = self.about.currentText() if self.about.value() is not None else ""
        self.summary.setText(", ".join(part for part in (*parts, about) if part))

    def _lay_out(self) -> None:
        folded = {
            "way": FormRow(_("H&ow"), self.way),
            "direction": FormRow(_("Who got in touc&h"), self.direction),
            "at": FormRow(_("&Day"), self.day),
            "hour": FormRow(_("Ti&me"), self.hour),
            "request_id": FormRow(_("Abou&t"), self.about),
        }
        folded["at"].add_below(self.year_before)
        self.year_before.hide()
        part = QWidget()
        rows = Flow(part, 12)
        for row in folded.values():
            rows.addWidget(row)
        self.unfold.toggled.connect(part.setVisible)
        part.hide()
        person, note = FormRow(_("&With"), self.person), FormRow(_("Not&e"), self.note)
        self.rows = {"member_id": person, **folded, "note": note}
        line = QHBoxLayout()
        line.addWidget(self.summary, 1)
        line.addWidget(self.unfold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(line)
        column.addLayout(self.after_summary)
        for below in (person, part, note):
            column.addWidget(below)
