"""Noting a contact: a phone call, now, answered, unless one says otherwise."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from correspondent_desk.domain.contacts import ContactDraft, ContactId, Direction, Way
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.problems import Problem
from correspondent_desk.domain.requests import RequestId, RequestRow
from correspondent_desk.gui.members import begun_contacts
from correspondent_desk.gui.members.contact_fields import ContactFields
from correspondent_desk.gui.widgets.buttons import (
    button,
    edge_button,
    main_button,
    quiet_button,
)
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_does
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper, is_kept
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, pgettext
from correspondent_desk.messages import labels
from correspondent_desk.records import contacts

NO_ONE = "contact"


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
        self.title = Words("", "strong")
        self.caution = Tag()
        self.fields = ContactFields(workspace)
        self.as_before = edge_button("", "history")
        self.as_before.clicked.connect(self._take_as_before)
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
        self.fields.note.saved.connect(self._save_as_it_was)
        ctrl_enter_does(self._save_as_it_was, self)
        self._lay_out()
        self.keeper = DraftKeeper(workspace.drafts, NO_ONE, self.fields.kept(), self)
        self.once.asking.connect(self.keeper.hand_over)
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
            self.fields.set_about(about)
            self.fields.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self._start(member_id, _("Contact with {name}").format(name=name), requests)
        self.caution.say(caution, Tone.SOON)
        self._fill(ContactDraft(member_id=member_id, request_id=about, at=self._now()))
        self.keeper.begin(key)
        if self.keeper.restore():
            self.fields.set_about(about)
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
        self._member, self._correcting = self.fields.person.value() or self._member, None
        if self._member is not None:
            self.keeper.move_to(begun_contacts.new_key(self._member))
        self.title.setText(_("New contact"))
        self.fields.rows["member_id"].hide()
        self.remove.hide()
        self.fields.rows["note"].show_problem(
            _(
                "This contact was removed meanwhile. What you typed is not saved:"
                " saving it notes a new one."
            )
        )
        return False

    def lead_to_problem(self) -> None:
        """What keeps it from being saved, or was overtaken, if anything was."""
        self.fields.lead_to_first_problem()

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
        if self.fields.person.value() != draft.member_id:  # then it is about one of their requests
            self.fields.offer_their_requests()
            self.keeper.restore()
        self._show_for(is_new=False)

    def say_overtaken(self, names: Sequence[str]) -> None:
        """Somebody else changed these fields of the contact meanwhile, as it was opened again."""
        self.fields.say_overtaken(names, self._opened)

    @property
    def corrects(self) -> ContactId | None:
        """The contact that is being corrected; None for a new one."""
        return self._correcting

    def has_draft(self, member_id: MemberId) -> bool:
        """Whether something was typed about this person and neither saved nor put aside."""
        return is_kept(self._workspace.drafts, begun_contacts.new_key(member_id))

    def done(self) -> None:
        """Nothing more is to be kept of it."""
        self.keeper.forget()
        self.hide()

    def written(self, contact: ContactId | None) -> list[str] | None:
        """What it asked for is done; as `DraftKeeper.saved`. How it took place is kept for the next one.

        contact: that was written, None for one that was removed.
        """
        self._last, self._asked = self._asked or self._last, None
        since = self.keeper.saved(begun_contacts.corrected_key(contact) if contact else "")
        if since == []:
            self.hide()
        return since

    def _start(self, member_id: MemberId, title: str, requests: Sequence[RequestRow]) -> None:
        self.keeper.keep_now()
        self._member, self._correcting = member_id, None
        self.title.setText(title)
        self.caution.say("")
        self.fields.person.set_member(member_id)
        self.fields.offer_requests(requests)
        self.fields.show_problems({})

    def _show_for(self, *, is_new: bool) -> None:
        self._offer_as_before(is_new=is_new)
        self.fields.rows["member_id"].setVisible(not is_new)
        self.attempt.setVisible(is_new or not self._was_reached)
        self.remove.setVisible(not is_new)
        self.show()
        self.fields.begin(is_folded=is_new)

    def _fill(self, draft: ContactDraft) -> None:
        self.fields.fill(draft, draft.at or self._now())
        self._was_reached = draft.reached

    def draft(self) -> tuple[ContactDraft, list[Problem]]:
        """What stands in the form, and what is wrong with it."""
        return self.fields.draft(self._member if self._correcting is None else None)

    def _save(self, *, reached: bool) -> None:
        made, found = self.draft()
        if self.fields.refuse(found):
            return
        whole = replace(made, reached=reached)
        if self._correcting is None:
            self._asked = (made.way, made.direction, self._workspace.today())
            self.once.ask(self.saved.emit, whole)
        else:
            self.once.ask(self.corrected.emit, self._correcting, self._opened, whole)

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
        is_other = (way, direction) != (self.fields.way.value(), self.fields.direction.value())
        self._as_before_line.setVisible(is_other and day == self._workspace.today())

    @Slot()
    def _take_as_before(self) -> None:
        if self._last is not None:
            self.fields.set_how(self._last[0], self._last[1])
        self.fields.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
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
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.caution)
        column.addWidget(self.fields)
        self._as_before_line = flow_of(self.as_before)
        self.fields.after_summary.addWidget(self._as_before_line)
        QWidget.setTabOrder(self.fields.unfold, self.as_before)
        column.addWidget(flow_of(self.save, self.attempt, self.later, self.remove))
