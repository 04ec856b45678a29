"""What is written of a member: from the form, and from the card contacts and the people of the household."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import ContactDraft, ContactId
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import (
    DependantDraft,
    DependantId,
    DependantRow,
    MemberCard,
    MemberDraft,
    MemberId,
)
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.held import Held
from correspondent_desk.gui.members.card import CardView, OpenForm
from correspondent_desk.gui.members.household_tab import change_key
from correspondent_desk.gui.members.member_form import MemberForm
from correspondent_desk.gui.widgets.scroll import focus_stays
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import contacts, households, members, plans
from correspondent_desk.records.plans import TakenBack
from correspondent_desk.records.trouble import EditConflict, NoSuchRecord

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from correspondent_desk.store.database import Query


class CardWriting(QObject):
    """Does what the forms on the card ask for, each as one step of history, and tells them of it."""

    def __init__(
        self, workspace: Workspace, card: CardView, held: Held, may_take_focus: Callable[[], bool]
    ) -> None:
        super().__init__(card)
        self._workspace, self._card, self._held = workspace, card, held
        self._may_take_focus = may_take_focus
        card.timeline.correct_wanted.connect(self.correct_contact)
        card.log.saved.connect(self._log)
        card.log.corrected.connect(self._save_contact)
        card.log.remove_wanted.connect(self._remove_contact)
        card.household.added.connect(self._add_dependant)
        card.household.edited.connect(self._save_dependant)
        card.household.removed.connect(self._remove_dependant)

    @Slot(object)
    def _log(self, draft: ContactDraft) -> None:
        self._workspace.do(
            Action.CONTACT_LOGGED,
            self._held.bringing_back(draft.member_id, lambda s: contacts.log(s, draft)),
            self._contact_written,
        )

    def go_on(self, form: OpenForm) -> None:
        """Open again what was open on the card."""
        if form.kind is Kind.DEPENDANT:
            self._card.open_household(form.id)
        elif form.id is None:
            self._card.begin_contact(form.request)
        else:
            self.correct_contact(form.id)

    @Slot(int)
    def correct_contact(self, contact: int) -> None:
        """Open its form on the card."""
        id_ = ContactId(contact)
        try:
            draft = self._workspace.now(lambda s: contacts.draft_of(s, id_))
        except NoSuchRecord as error:  # removed since it was shown
            self._workspace.refused.emit(error)
            return
        self._card.correct_contact(contact, draft)

    @Slot(int, object, object)
    def _save_contact(self, contact: int, opened: ContactDraft, draft: ContactDraft) -> None:
        id_ = ContactId(contact)
        is_theirs = draft.member_id is not None and self._card.shows(draft.member_id)
        self._workspace.do(
            Action.CONTACT_EDITED if is_theirs else Action.CONTACT_PASSED_ON,
            self._held.bringing_back(
                draft.member_id, lambda s: contacts.save(s, id_, opened, draft)
            ),
            partial(self._contact_written, id_),
            partial(self._contact_not_saved, contact),
        )

    @Slot(int)
    def _remove_contact(self, contact: int) -> None:
        id_ = ContactId(contact)
        self._workspace.do(
            Action.CONTACT_REMOVED,
            lambda s: contacts.remove(s, id_),
            self._contact_removed,
            self._contact_not_written,
        )

    def _contact_not_saved(self, contact: int, error: DeskError) -> None:
        is_there = self._workspace.now(lambda s: contacts.is_there(s, ContactId(contact)))
        is_in_form = self._card.log.corrects == contact
        if is_there and is_in_form and isinstance(error, EditConflict):
            self.correct_contact(contact)
            self._card.log.say_overtaken(error.fields)
        else:
            self._contact_not_written(error)

    def _contact_not_written(self, error: DeskError) -> None:
        if self._card.log.look_whether_it_is_there():
            self._workspace.refused.emit(error)
        else:
            self._card.log.lead_to_problem()

    def _contact_written(self, contact: ContactId, _nothing: None = None) -> None:
        if self._close_log(contact):  # one typed on after asking to save
            with focus_stays():
                self.correct_contact(contact)

    def _contact_removed(self, _nothing: None) -> None:
        self._close_log(None)

    def _close_log(self, contact: ContactId | None) -> bool:
        """Its step is done: close it, unless it holds something else by now; whether one typed on."""
        log, may_take = self._card.log, self._may_take_focus()  # hiding the form moves the focus
        was_open, since = not log.isHidden(), log.written(contact)
        if since == [] and was_open and may_take:
            self._card.take_focus()
        return was_open and bool(since)

    @Slot(object)
    def _add_dependant(self, draft: DependantDraft) -> None:
        shown = self._card.member
        if shown:
            self._dependant(
                Action.DEPENDANT_ADDED, lambda s: members.add_dependant(s, shown.id, draft)
            )

    @Slot(object, object)
    def _save_dependant(self, opened: DependantRow, draft: DependantDraft) -> None:
        shown = self._card.member
        if shown:
            self._dependant(
                Action.DEPENDANT_EDITED,
                partial(_save_dependant, opened=opened, draft=draft),
                partial(self._dependant_not_saved, shown.id, opened),
            )

    def _dependant_not_saved(
        self, member_id: MemberId, opened: DependantRow, error: DeskError
    ) -> None:
        rows = self._workspace.now(lambda s: households.of_member(s, member_id))
        now = next((row for row in rows if row.id == opened.id), None)
        form = self._card.household.form
        if not self._card.shows(member_id) or form.changes != opened.id:  # on somebody else by now
            self._workspace.refused.emit(error)
        elif now is not None and isinstance(error, EditConflict):
            form.show_conflict(now, error.fields)
        elif now is None and isinstance(error, NoSuchRecord):
            form.go_on_as_new(member_id)
        else:
            self._workspace.refused.emit(error)

    @Slot(int)
    def _remove_dependant(self, dependant: int) -> None:
        id_ = DependantId(dependant)
        self._dependant(Action.DEPENDANT_REMOVED, lambda s: members.remove_dependant(s, id_))

    def _dependant(
        self,
        action: Action,
        work: "Query[DependantId | None]",
        failed: Callable[[DeskError], None] | None = None,
    ) -> None:
        about = self._card.member.id if self._card.member else None
        back = self._held.bringing_back(about, work)
        self._workspace.do(action, back, partial(self._dependant_written, about), failed)

    def _dependant_written(self, about: MemberId | None, written: DependantId | None) -> None:
        """written: None where somebody was removed."""
        form, focused = self._card.household.form, QApplication.focusWidget()
        was_open = not form.isHidden()
        since = form.keeper.saved(change_key(written) if written else "")
        if since is None or about is None or not self._card.shows(about):
            return
        rows = self._workspace.now(lambda s: households.of_member(s, about))
        now = next((row for row in rows if row.id == written), None)
        may_take = was_open and (focused is None or form.isAncestorOf(focused))
        if since and now is not None and was_open:  # one typed on after asking to save
            with focus_stays():
                form.change(now)
            return
        form.done()
        if may_take:
            self._card.household.add.setFocus()


def _save_dependant(session: "Session", opened: DependantRow, draft: DependantDraft) -> DependantId:
    members.save_dependant(session, opened, draft)
    return opened.id


class FormWriting(QObject):
    """Does what the form of a person asks for, as one step of history, and tells it of conflicts."""

    written = Signal(int)  # the member

    def __init__(self, workspace: Workspace, form: MemberForm, held: Held) -> None:
        super().__init__(form)
        self._workspace, self._form, self._held = workspace, form, held
        form.created.connect(self._create)
        form.edited.connect(self._save)

    @Slot(object)
    def _create(self, draft: MemberDraft) -> None:
        self._workspace.do(
            Action.MEMBER_CREATED, lambda s: members.create(s, draft), self._tell_written
        )

    @Slot(object, object, object)
    def _save(self, opened: MemberCard, draft: MemberDraft, taken: TakenBack) -> None:
        def write(session: "Session") -> MemberId:
            members.save(session, opened, draft)
            plans.take_back(session, taken)
            return opened.id

        self._workspace.do(
            Action.MEMBER_EDITED,
            self._held.bringing_back(opened.id, write),
            self._tell_written,
            partial(self._not_saved, opened.id),
        )

    def _tell_written(self, member: MemberId) -> None:
        self.written.emit(member)

    def _not_saved(self, member: MemberId, error: DeskError) -> None:
        if isinstance(error, EditConflict) and self._form.changes(member):
            today = self._workspace.today()
            now = self._workspace.now(lambda s: members.card(s, member, today))
            self._form.show_conflict(now, error.fields)
        else:
            self._workspace.refused.emit(error)
