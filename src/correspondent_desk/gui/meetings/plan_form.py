"""Planning a meeting, or changing one: the form beside the calendar."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import (
    MeetingDraft,
    MeetingId,
    MeetingRow,
    MeetingStatus,
    SessionRow,
    SiteRow,
)
from correspondent_desk.domain.members import MemberId, SiteId
from correspondent_desk.domain.planning import FreeSlot
from correspondent_desk.domain.requests import RequestId
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.held import Held
from correspondent_desk.gui.meetings.advising import Advising, is_move
from correspondent_desk.gui.meetings.plan_fields import PlanFields
from correspondent_desk.gui.meetings.reading import meeting
from correspondent_desk.gui.widgets.buttons import edge_button, main_button, quiet_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.scroll import Scroll, focus_stays
from correspondent_desk.gui.widgets.turning import Ends
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import labels
from correspondent_desk.records import meetings
from correspondent_desk.records.trouble import EditConflict

NEW, CHANGED = "meeting:new", "meeting:"  # where typing is kept; for somebody, or of a meeting


class Begun(NamedTuple):
    """A new meeting that is wanted, and while it is planned, with the time that is chosen since."""

    starts_at: datetime | None
    person: int | None
    request: int | None


class PlanForm(Card):
    """One form for new meetings and for changes; typing is kept as a draft for each of them."""

    saved = Signal(int)  # the meeting, also the new one of a move
    left = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(_("New meeting"), parent)
        self._workspace = workspace
        self._opened: MeetingRow | None = None
        self._held = Held(workspace)
        self._about: tuple[int | None, int | None] | None = None  # a new one, as in open_new
        self._unread = ""  # what became of its meeting, to be looked at before anything is saved
        self.fields = PlanFields(workspace)
        self.advising = Advising(workspace, self.fields, lambda: self._opened)
        self.warnings, self.free = self.advising.warnings, self.advising.free
        self.save = main_button(_("&Plan the meeting"), "calendar-plus")
        self.later = quiet_button(_("Close"), "x")
        self.later.setToolTip(_("What is typed is kept."))
        self.later.setAccessibleDescription(self.later.toolTip())
        self.discard = edge_button(_("Throw away what is typed"), "trash-2")
        self.keeper = DraftKeeper(workspace.drafts, NEW, self.fields.kept, self)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 0)
        column.addWidget(self.fields)
        column.addStretch(1)
        self.body.addWidget(Scroll(inside), 1)
        self.add_action(self.later)
        self.pin(Ends(flow_of(self.discard), self.save))
        workspace.closing.connect(self.keeper.keep_now)
        self.warnings.kept.connect(self._go_to_save)
        self.free.chosen.connect(self._take_slot)
        self.save.clicked.connect(self.save_now)
        ctrl_enter_presses(self.save, self)
        self.once = SaveOnce(workspace, self, self.save)
        self.once.asking.connect(self.keeper.hand_over)
        self.later.clicked.connect(self.left)
        self.discard.clicked.connect(self._discard)

    @property
    def opened(self) -> MeetingRow | None:
        """The meeting being changed; None for a new one."""
        return self._opened

    @property
    def person(self) -> MemberId | None:
        """Who is chosen in the form."""
        return self.fields.person.value()

    @property
    def request(self) -> RequestId | None:
        """What is chosen in the form as the matter."""
        return self.fields.request.value()

    @property
    def begun(self) -> Begun | None:
        """The new meeting that is being planned with somebody, for open_new to go on with."""
        if self._about is None or self.person is None:
            return None
        return Begun(self.fields.draft().starts_at, *self._about)

    def may_stay(self) -> tuple[bool, str]:
        """Whether it may stay open, and what to say: its person may be removed or erased elsewhere."""
        member = self._opened.draft.member_id if self._opened else self.person
        if member is None:
            return True, ""
        self.keeper.keep_now()
        return self._held.look(member, is_typed=self.keeper.has_typed)

    def follow(self) -> tuple[bool, str]:
        """Whether it may stay open, and what to say: its meeting may take place or be moved elsewhere.

        What is typed can then be planned as another meeting.
        """
        return (True, "") if self.once.is_waiting else self._look()

    def _look(self) -> tuple[bool, str]:
        opened = self._opened
        if opened is None or self._held.member == opened.draft.member_id:
            return True, ""  # with whom was removed, the meeting comes back as well
        now = meeting(self._workspace, opened.id)
        if now and not _is_over(opened, now):
            return True, ""
        said = _what_became(now)
        self.keeper.keep_now()
        if not self.keeper.has_typed:
            return False, said
        kept = _("Nothing is saved. What you typed can be planned as another meeting.")
        self._unread = f"{said} {kept}"
        self._turn_into_new()
        return True, self._unread

    def _turn_into_new(self) -> None:
        self._opened, self._about = None, (self.person, self.request)
        self.keeper.move_to(_new_key(self.person))
        self.set_title(_("New meeting"))
        self.save.setText(_("&Plan another one"))
        self.fields.form.show_problems({"starts_at": self._unread})
        self.advising.ask_soon()

    def left_behind(self) -> str | None:
        """The key of the form that was typed in last and not saved."""
        return next(iter(self._workspace.drafts.keys(CHANGED)), None)

    def open_new(
        self,
        sites: Sequence[SiteRow],
        begun: Begun,
        site_id: SiteId | None,
        session: SessionRow | None = None,
        key: str = "",
    ) -> None:
        """A new meeting, or the one that was begun for this person and not saved yet.

        session: the drop-in session in which a slot was chosen; it takes place there. key: under
        which the begun one is kept, where it is not the first one.
        """
        moment, person, request = begun
        place = session.site_id if session else site_id
        site = next((row for row in sites if row.id == place), None)
        draft = MeetingDraft(
            member_id=MemberId(person) if person else None,
            request_id=RequestId(request) if request else None,
            starts_at=moment,
            site_id=site.id if site else None,
            room=(session.room if session else "") or (site.draft.room if site else ""),
        )
        if site is None:
            draft = self.fields.with_likely_site(draft, sites)
        draft = self.fields.with_likely_reason(draft)
        self._about = (person, request)
        key = key or _new_key(person)
        restored = self._open(None, sites, key, draft, proposes_site=site is None)
        if restored and moment is not None:
            self._take_time(moment, session)
        if restored and draft.request_id in self.fields.request.values and request:
            self.fields.request.set_value(draft.request_id)
        self.set_title(_("New meeting"))
        self.save.setText(_("&Plan the meeting"))
        if person:
            self.fields.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.fields.person.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_change(self, sites: Sequence[SiteRow], row: MeetingRow) -> None:
        """Change a meeting; another time or place moves it."""
        self._open(row, sites, _change_key(row.id), row.draft)
        self._about = None
        self.set_title(_("Change or move the meeting"))
        self.save.setText(_("&Save the change"))
        self.fields.date.setFocus(Qt.FocusReason.OtherFocusReason)
        self.fields.form.lead_to_first_problem()

    def set_time(self, moment: datetime, session: SessionRow | None = None) -> None:
        """A slot was chosen in the calendar: go on with what is still to be done.

        session: the drop-in session in which it lies.
        """
        self._take_time(moment, session)
        if self.person is None:
            self.fields.person.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._go_to_save()

    @Slot()
    def save_now(self) -> None:
        """Save, unless something is to be mended or answered first."""
        draft = self.fields.draft()
        if self._unread:
            self._let_read()
            return
        if self.fields.form.refuse(self.fields.problems(draft)):
            return
        self.warnings.show_found(self._workspace.now(self.advising.against(draft)))
        if not self.warnings.is_kept:
            self.warnings.ask()
        else:
            self.once.ask(self._write, draft)

    def _let_read(self) -> None:
        """Lead to what became of the meeting: who saves again has seen it."""
        self.fields.form.point_out({"starts_at": self._unread})
        self._unread = ""

    def _take_time(self, moment: datetime, session: SessionRow | None) -> None:
        if session and session.site_id != self.fields.site.value():
            self.fields.choose_site(session.site_id, session.room)
        self.fields.set_time(moment)

    @Slot(object)
    def _take_slot(self, slot: FreeSlot) -> None:
        if slot.site_id is not None:
            self.fields.choose_site(slot.site_id, slot.room)
        self.fields.set_time(slot.starts_at)
        self._go_to_save()

    @Slot()
    def _go_to_save(self) -> None:
        self.save.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- opening and writing

    def _open(
        self,
        row: MeetingRow | None,
        sites: Sequence[SiteRow],
        key: str,
        draft: MeetingDraft,
        *,
        proposes_site: bool = False,
    ) -> bool:
        self.keeper.keep_now()
        self._opened, self._unread = row, ""
        self.fields.offer_sites(sites)
        self.fields.form.show_problems({})
        self.fields.show_draft(draft, proposes_site=proposes_site)
        self.keeper.begin(key, is_change=row is not None)
        restored = self.keeper.restore()
        if restored:
            self.fields.restored()
            self.keeper.restore()
            self.fields.follow()
        self.warnings.show_found([])
        self.advising.ask_soon()
        return restored

    def look_again(self) -> None:
        """Something changed: other things may speak against the time, or for it."""
        if not self.once.is_waiting:
            self.advising.ask_soon()

    def _write(self, draft: MeetingDraft) -> None:
        opened = self._opened
        failed = partial(self._not_written, opened)
        back = partial(self._held.bringing_back, opened.draft.member_id if opened else self.person)
        if opened is None:
            plan = back(lambda s: meetings.plan(s, draft))
            self._workspace.do(Action.MEETING_PLANNED, plan, self._written)
        elif opened.status is MeetingStatus.PLANNED and is_move(opened.draft, draft):
            move = back(lambda s: meetings.move(s, opened, draft))
            self._workspace.do(Action.MEETING_MOVED, move, self._written, failed)
        else:
            save = back(lambda s: meetings.save(s, opened, draft))
            self._workspace.do(Action.MEETING_EDITED, save, self._written, failed)

    def _not_written(self, opened: MeetingRow | None, error: DeskError) -> None:
        if self._opened is not opened:  # another one is being planned by now
            self._workspace.refused.emit(error)
            return
        self._look()
        if self._unread:
            self._let_read()
            return
        now = meeting(self._workspace, opened.id) if opened else None
        if now and isinstance(error, EditConflict):
            # Somebody else changed the same: what is typed stays, with theirs beside it.
            self.open_change(self.fields.sites, now)
            self.fields.say_overtaken(now, error.fields)
        else:
            self._workspace.refused.emit(error)

    def _written(self, new: MeetingId) -> None:
        since = self.keeper.saved(_change_key(new))
        if since is None:  # another one is being planned by now
            return
        now = meeting(self._workspace, new)
        if since and now and self.isVisible():  # one typed on after asking to save
            with focus_stays():
                self.open_change(self.fields.sites, now)
        else:
            self.saved.emit(new)

    @Slot()
    def _discard(self) -> None:
        self.keeper.forget()
        self.left.emit()


def _new_key(person: int | None) -> str:
    return f"{NEW}:{person}" if person else NEW


def _change_key(meeting_id: int) -> str:
    return f"{CHANGED}{meeting_id}"


def _is_over(opened: MeetingRow, now: MeetingRow) -> bool:
    """Whether the meeting that was to take place when it was opened is planned no more."""
    return opened.status is MeetingStatus.PLANNED and now.status is not MeetingStatus.PLANNED


def _what_became(now: MeetingRow | None) -> str:
    if now is None:
        return _("This meeting was removed meanwhile.")
    return _("This meeting is not planned any more. Its status now: {status}.").format(
        status=labels.meeting_status(now.status)
    )
