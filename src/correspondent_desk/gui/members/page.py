"""The page of members: the list at the left, at the right a card, a question or a form."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberDraft, MemberId
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.held import Held, erased_in_words, removed_in_words
from correspondent_desk.gui.list_page import ListPage
from correspondent_desk.gui.members import reading
from correspondent_desk.gui.members.begun_way import BegunWay
from correspondent_desk.gui.members.card import CardView, OpenForm
from correspondent_desk.gui.members.first_question import FirstQuestion
from correspondent_desk.gui.members.member_form import MemberForm, edit_key
from correspondent_desk.gui.members.people_list import PeopleList
from correspondent_desk.gui.members.writing import CardWriting, FormWriting
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.records import members, plans
from correspondent_desk.records.plans import TakenBack
from correspondent_desk.records.trouble import NoSuchRecord
from correspondent_desk.store.changes import Changed

if TYPE_CHECKING:
    from correspondent_desk.store.database import Query

SHOWN_ON_CARDS = frozenset(
    {
        Kind.MEMBER,
        Kind.DEPENDANT,
        Kind.REQUEST,
        Kind.STEP,
        Kind.DECISION,
        Kind.DOCUMENT,
        Kind.CONTACT,
        Kind.MEETING,
        Kind.SITE,
    }
)


class MembersPage(ListPage[PeopleList, reading.Shown]):
    """Who is shown, asked for or being changed; CardWriting and FormWriting do what is written."""

    def __init__(self, workspace: Workspace, *, at_once: bool = True) -> None:
        """at_once False: the parts are made as the steps are taken."""
        super().__init__(workspace)
        self._held = Held(workspace)
        self.steps = self._build()
        if at_once:
            self.complete()

    def _build(self) -> Iterator[None]:
        """Putting a part into the page, which styles it, is a step of its own."""
        self.list = PeopleList(self._workspace)
        yield
        self.new_button = button(_("&New member"), "user-plus")
        self.new_button.setToolTip(_("Ctrl+N"))
        self.new_button.clicked.connect(self._ask_who)
        hint = _("Choose a person in the list, or type a name above.")
        self._lay_out(_("Members"), self.new_button, hint)
        self._begun_way = BegunWay(self._workspace, self.person_in_view, self)
        self.begun = self._begun_way.button
        self._offer_above(self.begun)
        yield
        self.card = CardView(self._workspace)
        yield
        self.right.add(self.card, self.card)
        yield
        self.question = FirstQuestion(self._workspace)
        self.right.add(self.question, self.question)
        yield
        self.form = MemberForm(self._workspace)
        yield
        self.right.add(self.form, self.form)
        yield
        self._connect()

    def open(self, target: Target) -> None:
        """The card of target's member, or the form on it, or the page as it stands."""
        member = target.id if target.id is not None else target.person
        if isinstance(target.begun, OpenForm) and member is not None:
            self._go_on_with(member, target.begun)
        elif target.task is Task.GO_ON:
            self._begin_new(target.draft, MemberDraft())
        elif member is not None and target.task is Task.CHANGE:
            self._change(member)
        elif member is not None:
            self._open_card(member)

    def way_back(self) -> Target | None:
        """To the form, the question or the card."""
        if not self.split.is_card_open:
            return None
        if self.right.shows_card:
            form = self.card.open_form()
            task = Task.GO_ON if form else Task.LOOK
            return Target(page="members", id=self._card_id(), task=task, begun=form)
        if self.right.currentWidget() is self.question:
            return Target(page="members", task=Task.NEW)
        if self.form.opened is not None:
            return Target(page="members", id=self.form.opened.id, task=Task.CHANGE)
        return Target(page="members", task=Task.GO_ON, draft=self.form.kept_for_later())

    def new(self, person: int | None = None, request: int | None = None) -> None:
        """Ask first who it is."""
        self.leave()
        self.question.begin()
        self._show_right(self.question)
        self.question.take_focus()

    def log_contact(self, person: int | None = None, request: int | None = None) -> None:
        """Open the small form on the card of person."""
        member = person if person is not None else self.person_in_view()
        if member is None:
            self.said.emit(_("Choose the person first."))
            return
        self._open_card(member)
        if not self.card.shows(member):  # what is typed next must find the form open
            self._read_now(member)
        if self.card.shows(member):
            self.card.begin_contact(request)

    def take_focus(self) -> None:
        """The list, or the form that is open, also on the card."""
        is_other_awaited = self._reading is not None
        if is_other_awaited or self.person_in_view() is None or not self.card.lead_into_form():
            super().take_focus()

    def person_in_view(self) -> int | None:
        """The person on the card, while it is in view."""
        shown = self.card.member
        if self.split.is_card_open and self.right.currentWidget() is self.card and shown:
            return shown.id
        return None

    def refresh(self, changed: Changed) -> None:
        """The list keeps its place; the card of the same person is read again."""
        if changed.of(Kind.SITE):
            self.list.load_sites()
        if not SHOWN_ON_CARDS.isdisjoint(changed):
            self.list.refresh(changed.of(Kind.MEMBER))
            self._read_again()

    def shown(self) -> None:
        """Something may wait to be gone on with."""
        self._begun_way.offer()

    @Slot(int, object)
    def _go_on_with(self, member: int, form: OpenForm) -> None:
        self._open_card(member)
        self._read_now(member)
        if self.card.shows(member):
            self._writing.go_on(form)

    def _connect(self) -> None:
        self.list.new_wanted.connect(self._lead_to_import)
        self.split.went_back.connect(self._begun_way.offer)
        self._begun_way.chosen.connect(self._go_on_with)
        self.question.person_wanted.connect(self._open_card)
        self.question.new_wanted.connect(self._begin_new)
        self.question.put_away.connect(self._close_form)
        self.form.person_wanted.connect(self._open_card)
        self.form.put_away.connect(self._close_form)
        self._form_writing = FormWriting(self._workspace, self.form, self._held)
        self._form_writing.written.connect(self._written)
        card = self.card
        self._writing = CardWriting(self._workspace, card, self._held, self._may_take_focus)
        card.edit_wanted.connect(self._edit)
        card.said.connect(self.said)
        card.plans.taken_back.connect(self._take_back)
        card.details.remove_wanted.connect(self._remove)
        card.head.meeting_wanted.connect(lambda: self._lead("meetings", Task.NEW))
        card.head.request_wanted.connect(lambda: self._lead("requests", Task.NEW))
        card.requests.new_wanted.connect(lambda: self._lead("requests", Task.NEW))
        card.requests.request_wanted.connect(lambda id_: self._lead("requests", id_=id_))
        card.timeline.request_wanted.connect(lambda id_: self._lead("requests", id_=id_))
        card.timeline.meeting_wanted.connect(lambda id_: self._lead("meetings", id_=id_))

    def _lead(self, page: str, task: Task = Task.LOOK, id_: int | None = None) -> None:
        person = self.person_in_view()
        self.wanted.emit(Target(page=page, task=task, id=id_, person=person))

    @Slot()
    def _ask_who(self) -> None:
        self.new()

    @Slot()
    def _lead_to_import(self) -> None:
        """Who has nobody on the desk begins with a list; one person alone has a button above."""
        self.wanted.emit(Target(page="exchange", task=Task.NEW))

    # Opening and reading

    @property
    def _card(self) -> CardView:
        return self.card

    def _card_id(self) -> int | None:
        return self.card.member.id if self.card.member else None

    def _query(self, id_: int) -> "Query[reading.Shown]":
        today = self._workspace.today()
        return lambda s: reading.read(s, MemberId(id_), today)

    def _show_on_card(self, shown: reading.Shown) -> None:
        self.card.show_person(shown, self._workspace.clock())

    def _removed_in_words(self) -> str:
        return removed_in_words(self.card.member) if self.card.member else ""

    def _show(self, shown: reading.Shown) -> None:
        member = shown.card.id
        if not shown.card.is_removed:
            self._held.let_go(member)
            super()._show(shown)
            self._begun_way.offer()
        elif self._is_typed_about(member):
            if said := self._held.hold(shown.card):
                self.said.emit(said)
        else:
            self.card.put_log_away()
            super()._gone(NoSuchRecord(kind="member", id=member))

    def _is_typed_about(self, member: MemberId) -> bool:
        if self.form.changes(member) and self.right.currentWidget() is self.form:
            self.form.keep_typing()
            return self.form.keeper.has_typed
        return self.card.shows(member) and self.card.is_typed_in()

    def _gone(self, error: DeskError) -> None:
        """There is no such record: it was erased."""
        member = self.card.member
        if member is not None and member.id == error.details.get("id"):
            was_typed = self._is_typed_about(member.id)
            self.card.forget_typing()
            if self.form.changes(member.id) and self.right.currentWidget() is self.form:
                self.form.done()
                self.right.setCurrentIndex(0)
            self.said.emit(erased_in_words(is_typed=was_typed))
        super()._gone(error)

    # Writing

    @Slot(str, object)
    def _begin_new(self, key: str, draft: MemberDraft) -> None:
        self.form.begin_new(key, draft)
        self._show_right(self.form)
        self.form.take_focus()

    @Slot()
    def _edit(self) -> None:
        if self.card.member:
            self.card.keep_typing()
            self.form.begin_edit(self.card.member)
            self._show_right(self.form)
            self.form.take_focus()

    @Slot(int)
    def _written(self, member: int) -> None:
        self._form_written(self.form, self.form.keeper, member, edit_key(member))

    @Slot(object)
    def _take_back(self, taken: TakenBack) -> None:
        self._workspace.do(
            Action.PLANS_TAKEN_BACK, lambda s: plans.take_back(s, taken), self._taken_back
        )

    def _taken_back(self, _nothing: None) -> None:
        if self._may_take_focus():
            self.card.take_focus()

    @Slot()
    def _remove(self) -> None:
        shown = self.card.member
        if shown:
            self.card.put_log_away()  # who removes somebody works no more on them
            self._workspace.do(Action.MEMBER_REMOVED, lambda s: members.remove(s, shown.id))
