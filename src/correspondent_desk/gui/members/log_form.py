"""Noting a contact: a phone call, now, answered, unless one says otherwise."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.domain.contacts import ContactDraft, ContactId, Direction, Way, problems
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.problems import Fault, Problem
from correspondent_desk.domain.requests import RequestId, RequestRow
from correspondent_desk.gui.members import begun_contacts, words
from correspondent_desk.gui.widgets.buttons import (
    button,
    edge_button,
    main_button,
    quiet_button,
)
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.conflict import overtaken
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_does
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.dates import Lean, plus_months
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper, is_kept
from correspondent_desk.gui.widgets.flow import Flow, flow_of
from correspondent_desk.gui.widgets.form import FormRow
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.note_field import NoteField
from correspondent_desk.gui.widgets.person_field import PersonField
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.times import read_time
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, pgettext
from correspondent_desk.messages import dates, labels
from correspondent_desk.messages.problems import sentence
from correspondent_desk.records import contacts, requests

NO_ONE = "contact"


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


class LogForm(QFrame):
    """Between the head and the tabs of a card. What is typed is kept for each person apart."""

    saved = Signal(object)  # ContactDraft, without problems
    corrected = Signal(
        int, object, object
    )  # a contact's id, ContactDraft as opened and as it is now
    remove_wanted = Signal(int)
    put_away = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self._workspace = workspace
        self._member: MemberId | None = None
        self._correcting: ContactId | None = None
        self._opened = ContactDraft()  # of the corrected one
        self._was_reached = True
        self._last: tuple[Way, Direction, date] | None = None  # of this sitting, once it is saved
        self._asked: tuple[Way, Direction, date] | None = None
        self._way = Way.PHONE  # before it is changed
        today = workspace.today
        self.title = Words("", "strong")
        self.caution = Tag()
        self.person = PersonField(workspace, _("Surname, first name or phone"))
        self.person.chosen.connect(self._offer_their_requests)
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
        self.as_before = edge_button("", "history")
        self.as_before.clicked.connect(self._take_as_before)
        self.way.chosen.connect(self._follow_way)
        for part in (self.way, self.direction, self.about):
            part.currentIndexChanged.connect(self._sum_up)
        for line in (self.day, self.hour):
            line.textChanged.connect(self._sum_up)
        self.save = main_button(_("&Save the contact"), "check")
        self.save.setToolTip(_("Enter"))
        self.save.clicked.connect(lambda: self._save(reached=True))
        self.attempt = button(_("No answe&r: note an attempt"))
        self.attempt.clicked.connect(lambda: self._save(reached=False))
        self.later = quiet_button(_("Later, keep the te&xt"))
        self.later.clicked.connect(self.put_away)
        self.remove = quiet_button(pgettext("contact", "Entered by m&istake: remove"))
        self.remove.clicked.connect(self._remove)
        self.once = SaveOnce(workspace, self, self.save, self.attempt, self.remove)
        self.note.saved.connect(self._save_as_it_was)
        ctrl_enter_does(self._save_as_it_was, self)
        self._lay_out()
        fields = {
            "member": self.person,
            "note": self.note,
            "way": self.way,
            "direction": self.direction,
            "about": self.about,
            "day": self.day,
            "hour": self.hour,
        }
        self.keeper = DraftKeeper(workspace.drafts, NO_ONE, fields, self)
        workspace.closing.connect(self.keeper.keep_now)
        self.hide()

    def begin(
        self,
        member_id: MemberId,
        name: str,
        requests: Sequence[RequestRow],
        about: RequestId | None = None,
        caution: str = "",
    ) -> None:
        """A new contact with this person, or what was typed about them before.

        caution: what to know before one calls.
        """
        key = begun_contacts.new_key(member_id)
        if self.isVisible() and self._member == member_id and self._correcting is None:
            self._set_about(about)
            self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self._start(member_id, _("Contact with {name}").format(name=name), requests)
        self.caution.say(caution, Tone.SOON)
        self._fill(ContactDraft(member_id=member_id, request_id=about, at=self._now()))
        self.keeper.begin(key)
        if self.keeper.restore():
            self._set_about(about)
        self._show_for(is_new=True)

    def follow(self, caution: str) -> None:
        """What to know before one calls, as it is known by now; a contact to correct may be gone."""
        if self._correcting is None:
            self.caution.say(caution, Tone.SOON)
        elif not self.isHidden() and not self.once.is_waiting:
            self.look_whether_it_is_there()

    def look_whether_it_is_there(self) -> bool:
        """What was typed about a contact that is gone is noted as a new one, if somebody saves it."""
        contact = self._correcting
        if contact is None or self._workspace.now(lambda s: contacts.is_there(s, contact)):
            return True
        self.keeper.keep_now()
        if not self.keeper.has_typed:
            self.hide()
            return False
        self._member, self._correcting = self.person.value() or self._member, None
        if self._member is not None:
            self.keeper.move_to(begun_contacts.new_key(self._member))
        self.title.setText(_("New contact"))
        self._person_row.hide()
        self.remove.hide()
        self._note_row.show_problem(
            _(
                "This contact was removed meanwhile. What you typed is not saved:"
                " saving it notes a new one."
            )
        )
        return False

    def lead_to_problem(self) -> None:
        """What keeps it from being saved."""
        if not self._note_row.problem.isHidden():
            self._note_row.lead_to_problem()

    def correct(
        self, contact_id: ContactId, draft: ContactDraft, name: str, requests: Sequence[RequestRow]
    ) -> None:
        """A contact that was noted before."""
        if draft.member_id is None:
            return
        self._start(draft.member_id, _("Correct a contact with {name}").format(name=name), requests)
        self._correcting, self._opened = contact_id, draft
        self._fill(draft)
        self.keeper.begin(begun_contacts.corrected_key(contact_id), is_change=True)
        self.keeper.restore()
        if self.person.value() != draft.member_id:  # then also what it is about is one of theirs
            self._offer_their_requests()
            self.keeper.restore()
        self._show_for(is_new=False)

    def say_overtaken(self, names: Sequence[str]) -> None:
        """Somebody else changed these fields of the contact meanwhile, as it was opened again."""
        of = self._opened.request_id
        about = dict(zip(self.about.values, map(self.about.itemText, range(99)), strict=False))
        said = overtaken(
            Kind.CONTACT, names, contacts.columns(self._opened), lambda _id: about.get(of, "")
        )
        for name, text in said.items():
            self._rows.get(name, self._note_row).show_problem(text)
        self._lead_to_first_problem()

    def has_draft(self, member_id: MemberId) -> bool:
        """Whether something was typed about this person and neither saved nor put aside."""
        return is_kept(self._workspace.drafts, begun_contacts.new_key(member_id))

    def done(self) -> None:
        """It is saved: nothing more is kept but how it took place, for the next one."""
        self._last, self._asked = self._asked or self._last, None
        self.keeper.forget()
        self.hide()

    def _start(self, member_id: MemberId, title: str, requests: Sequence[RequestRow]) -> None:
        self.keeper.keep_now()
        self._member, self._correcting = member_id, None
        self.title.setText(title)
        self.caution.say("")
        self.person.set_member(member_id)
        self._offer_requests(requests)
        self._show_problems({})

    def _offer_requests(self, requests: Sequence[RequestRow]) -> None:
        named = [
            (row.id, labels.subject(row.subject, is_sensitive=row.is_sensitive)) for row in requests
        ]
        self.about.set_choices([(None, _("nothing in particular")), *named])

    @Slot()
    def _offer_their_requests(self) -> None:
        """It was with somebody else: it is about none of the first one's requests."""
        chosen = self.person.value()
        self._person_row.show_problem()
        self._offer_requests(
            self._workspace.now(lambda s: requests.of_member(s, chosen)) if chosen else ()
        )

    def _show_for(self, *, is_new: bool) -> None:
        self.unfold.setChecked(not is_new)
        self._way = self.way.value()
        self._sum_up()
        self._offer_as_before(is_new=is_new)
        self._person_row.setVisible(not is_new)
        self.attempt.setVisible(is_new or not self._was_reached)
        self.remove.setVisible(not is_new)
        self.show()
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        cursor = self.note.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.note.setTextCursor(cursor)

    def _fill(self, draft: ContactDraft) -> None:
        self.note.setPlainText(draft.note)
        self.way.set_value(draft.way)
        self.direction.set_value(draft.direction)
        self.about.set_value(draft.request_id if draft.request_id in self.about.values else None)
        at = draft.at or self._now()
        self.day.set_date(at.date())
        self.hour.setText(at.strftime("%H:%M"))
        self._was_reached = draft.reached

    def _set_about(self, about: RequestId | None) -> None:
        if about in self.about.values and about is not None:
            self.about.set_value(about)

    def draft(self) -> tuple[ContactDraft, list[Problem]]:
        """What stands in the form, and what is wrong with it."""
        day, hour = self.day.value(), read_time(self.hour.text())
        is_new = self._correcting is None
        found = [] if is_new else list(self.person.problems("member_id"))
        found += self.day.problems("at")
        if hour is None and self.hour.text().strip():
            found.append(Problem("hour", Fault.NOT_A_TIME, self.hour.text()))
        at = datetime.combine(day, hour or time()) if day else None
        made = ContactDraft(
            member_id=self._member if is_new else self.person.value(),
            request_id=self.about.value(),
            at=at,
            way=self.way.value(),
            direction=self.direction.value(),
            note=self.note.toPlainText().strip(),
        )
        return made, found or problems(made, self._workspace.today())

    def _save(self, *, reached: bool) -> None:
        made, found = self.draft()
        said = {problem.field: sentence(problem) for problem in reversed(found)}
        self._show_problems(said)
        if found:
            self.unfold.setChecked(self.unfold.isChecked() or bool(said.keys() - {"note"}))
            self._lead_to_first_problem()
            return
        whole = ContactDraft(
            member_id=made.member_id,
            request_id=made.request_id,
            at=made.at,
            way=made.way,
            direction=made.direction,
            reached=reached,
            note=made.note,
        )
        if self._correcting is None:
            self._asked = (made.way, made.direction, self._workspace.today())
            self.once.ask(self.saved.emit, whole)
        else:
            self.once.ask(self.corrected.emit, self._correcting, self._opened, whole)

    def _show_problems(self, sentences: Mapping[str, str]) -> None:
        for name, row in self._rows.items():
            row.show_problem(sentences.get(name, ""))

    def _lead_to_first_problem(self) -> None:
        wrong = (row for row in self._rows.values() if not row.problem.isHidden())
        next(wrong).lead_to_problem()

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
            self._day_row.show_problem(sentence(Problem("at", Fault.IN_THE_FUTURE)))
            before = dates.numeric(plus_months(day, -12))
            self.year_before.setText(_("It was on {date}").format(date=before))
        else:
            self._day_row.show_problem()

    @Slot()
    def _take_year_before(self) -> None:
        day = self.day.value()
        if day is not None:
            self.day.set_date(plus_months(day, -12))
        self.day.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer_as_before(self, *, is_new: bool) -> None:
        """At the counter one comes after the other: how the last one came is one key away.

        It is not taken by itself: a call that is noted as a visit would count as seen in person.
        """
        self._as_before_line.hide()
        if self._last is None or not is_new:
            return
        way, direction, day = self._last
        how = ", ".join((labels.way(way), labels.direction(direction)))
        self.as_before.setText(_("As the &last one: {how}").format(how=how))
        is_other = (way, direction) != (self.way.value(), self.direction.value())
        self._as_before_line.setVisible(is_other and day == self._workspace.today())

    @Slot()
    def _take_as_before(self) -> None:
        if self._last is not None:
            self._way = self._last[0]
            self.way.set_value(self._last[0])
            self.direction.set_value(self._last[1])
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._as_before_line.hide()

    @Slot()
    def _save_as_it_was(self) -> None:
        self._save(reached=self._was_reached)

    @Slot()
    def _remove(self) -> None:
        if self._correcting is not None:
            self.once.ask(self.remove_wanted.emit, self._correcting)

    def _now(self) -> datetime:
        return self._workspace.clock().replace(tzinfo=None, second=0, microsecond=0)

    def _lay_out(self) -> None:
        self._note_row = FormRow(_("Not&e"), self.note)
        self._day_row, self._hour_row = FormRow(_("&Day"), self.day), FormRow(_("Ti&me"), self.hour)
        self._person_row = FormRow(_("&With"), self.person)
        self._day_row.add_below(self.year_before)
        self.year_before.hide()
        self._folded = QWidget()
        rows = Flow(self._folded, 12)
        folded = {
            "way": FormRow(_("H&ow"), self.way),
            "direction": FormRow(_("Who got in touc&h"), self.direction),
            "at": self._day_row,
            "hour": self._hour_row,
            "request_id": FormRow(_("Abou&t"), self.about),
        }
        for row in folded.values():
            rows.addWidget(row)
        self._rows = {"member_id": self._person_row, **folded, "note": self._note_row}
        self.unfold.toggled.connect(self._folded.setVisible)
        self._folded.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.caution)
        line = QHBoxLayout()
        line.addWidget(self.summary, 1)
        line.addWidget(self.unfold)
        column.addLayout(line)
        self._as_before_line = flow_of(self.as_before)
        column.addWidget(self._as_before_line)
        column.addWidget(self._person_row)
        column.addWidget(self._folded)
        column.addWidget(self._note_row)
        column.addWidget(flow_of(self.save, self.attempt, self.later, self.remove))

    @Slot()
    def _sum_up(self) -> None:
        day, at = self.day.value(), read_time(self.hour.text())
        hour = dates.clock(at) if at else self.hour.text().strip()
        when = dates.distance(day, self._workspace.today()) if day else self.day.text()
        parts = (self.way.currentText(), when, hour, labels.direction(self.direction.value()))
        about = self.about.currentText() if self.about.value() is not None else ""
        self.summary.setText(", ".join(part for part in (*parts, about) if part))
