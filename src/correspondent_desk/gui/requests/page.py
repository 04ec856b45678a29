"""The page of requests: the list at the left, at the right a card or a form."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.requests import RequestId
from correspondent_desk.gui.held import Held
from correspondent_desk.gui.list_page import ListPage
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.requests import reading
from correspondent_desk.gui.requests.card import CardView, edit_key
from correspondent_desk.gui.requests.request_form import RequestForm
from correspondent_desk.gui.requests.request_list import RequestList
from correspondent_desk.gui.requests.writing import CardWriting, FormWriting
from correspondent_desk.gui.widgets.buttons import button, edge_button
from correspondent_desk.gui.widgets.draft_keeper import number_in
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.records import requests
from correspondent_desk.store.changes import Changed

if TYPE_CHECKING:
    from correspondent_desk.store.database import Query

SHOWN_ON_CARDS = frozenset(
    {Kind.REQUEST, Kind.STEP, Kind.DOCUMENT, Kind.MEETING, Kind.MEMBER, Kind.DECISION}
)


class RequestsPage(ListPage[RequestList, reading.Shown]):
    """Which request is shown or being changed; what is written on the card itself CardWriting does."""

    def __init__(self, workspace: Workspace, *, at_once: bool = True) -> None:
        """at_once False: the parts are made as the steps are taken."""
        super().__init__(workspace)
        self._held = Held(workspace)
        self.steps = self._build()
        if at_once:
            self.complete()

    def _build(self) -> Iterator[None]:
        """Putting a part into the page, which styles it, is a step of its own."""
        self.list = RequestList(self._workspace)
        yield
        self.new_button = button(_("&New request"), "plus")
        self.new_button.setToolTip(_("Ctrl+N"))
        self.new_button.clicked.connect(self._begin)
        self._lay_out(_("Requests"), self.new_button, _("Choose a request in the list."))
        self.begun = edge_button(_("A new request was begun and is not saved: go on"), "pencil")
        self.begun.clicked.connect(self._go_on)
        self.begun.hide()
        self._offer_above(self.begun)
        yield
        self.card = CardView(self._workspace)
        yield
        self.right.add(self.card, self.card)
        yield
        self.form = RequestForm(self._workspace)
        yield
        self.right.add(self.form, self.form)
        yield
        self._connect()

    def open(self, target: Target) -> None:
        """The card of target, or the form on it, or the page as it stands."""
        if target.id is not None and target.task is Task.CHANGE:
            self._change(target.id)
        elif target.id is not None:
            self._open_card(target.id)
        elif target.task is Task.GO_ON:
            self._begin_new(number_in(target.draft), target.draft)

    def way_back(self) -> Target | None:
        """To the form, or the card."""
        if not self.split.is_card_open:
            return None
        if self.right.shows_card:
            return Target(page="requests", id=self._card_id())
        if self.form.opened is not None:
            return Target(page="requests", id=self.form.opened.id, task=Task.CHANGE)
        return Target(page="requests", task=Task.GO_ON, draft=self.form.keeper.key)

    def new(self, person: int | None = None, request: int | None = None) -> None:
        """Begin a request of person."""
        self._begin_new(person)

    def _begin_new(self, person: int | None, draft: str = "") -> None:
        self.leave()
        self.form.begin_new(person, draft)
        self._show_right(self.form)
        self.form.take_focus()
        self._offer_begun()

    @Slot()
    def _offer_begun(self) -> None:
        """What was begun and is not in view: also after a lock, or in another language."""
        is_open = self.split.is_card_open and self.right.currentWidget() is self.form
        self.begun.setVisible(not is_open and self.form.left_behind() is not None)

    @Slot()
    def _go_on(self) -> None:
        key = self.form.left_behind()
        if key is not None:
            self._begin_new(number_in(key), key)

    def log_contact(self, person: int | None = None, request: int | None = None) -> None:
        """On the card of the person."""
        if person is None:
            person, request = self.person_in_view(), self.request_in_view()
        if person is not None:
            contact = Target(page="members", task=Task.LOG_CONTACT, person=person, request=request)
            self.wanted.emit(contact)

    def person_in_view(self) -> int | None:
        """Whose request is on the card, or on the form."""
        if not self.split.is_card_open:
            return None
        if self.right.currentWidget() is self.form:
            return self.form.member.value()
        return self.card.request.member.member_id if self.card.request else None

    def request_in_view(self) -> int | None:
        """The request on the card."""
        shown = self.card.request
        is_shown = self.split.is_card_open and self.right.currentWidget() is self.card
        return shown.id if shown and is_shown else None

    def refresh(self, changed: Changed) -> None:
        """The list keeps its place; the card of the same request is read again."""
        if SHOWN_ON_CARDS.isdisjoint(changed):
            return
        if changed.of(Kind.MEMBER):
            self.list.refresh()
        else:
            self.list.refresh(changed.of(Kind.REQUEST))
        self._read_again()
        if changed.of(Kind.MEMBER) and self.isVisible():
            self._look_whether_they_are_there()

    def shown(self) -> None:
        """Somebody may have been removed since, and something may wait to be gone on with."""
        self._look_whether_they_are_there()
        self._offer_begun()

    def _look_whether_they_are_there(self) -> None:
        """Whom the form is about may have been removed or erased elsewhere."""
        member = self.form.about
        if member is None or self.right.currentWidget() is not self.form:
            return
        self.form.keep_typing()
        stays, said = self._held.look(member, is_typed=self.form.keeper.has_typed)
        if not stays:
            self.form.done()
            self.right.setCurrentIndex(0)
            self.card.forget()
            self.split.close_card()
        if said:
            self.said.emit(said)

    def _connect(self) -> None:
        self.list.new_wanted.connect(self._begin)
        self.form.put_away.connect(self._close_form)
        self.split.went_back.connect(self._offer_begun)
        self.right.currentChanged.connect(self._offer_begun)
        FormWriting(self._workspace, self.form, self._held).written.connect(self._written)
        card = self.card
        CardWriting(self._workspace, card, self._may_take_focus)
        card.edit_wanted.connect(self._edit)
        card.remove_wanted.connect(self._remove)
        card.person_wanted.connect(self._lead_to_person)
        card.contact_wanted.connect(self._lead_to_contact)
        card.meeting_wanted.connect(self._lead_to_meeting)
        card.planned_wanted.connect(self._lead_to_planned)

    @Slot()
    def _begin(self) -> None:
        self.new()

    @Slot()
    def _lead_to_person(self) -> None:
        self.wanted.emit(Target(page="members", id=self.person_in_view()))

    @Slot()
    def _lead_to_contact(self) -> None:
        self.log_contact()

    @Slot()
    def _lead_to_meeting(self) -> None:
        person, request = self.person_in_view(), self.request_in_view()
        self.wanted.emit(Target(page="meetings", task=Task.NEW, person=person, request=request))

    @Slot(int)
    def _lead_to_planned(self, meeting: int) -> None:
        self.wanted.emit(Target(page="meetings", id=meeting))

    # Opening and reading

    @property
    def _card(self) -> CardView:
        return self.card

    def _card_id(self) -> int | None:
        return self.card.request.id if self.card.request else None

    def _query(self, id_: int) -> "Query[reading.Shown]":
        today = self._workspace.today()
        return lambda s: reading.read(s, RequestId(id_), today)

    def _show_on_card(self, shown: reading.Shown) -> None:
        self.card.show_request(shown, self._workspace.today())

    def _removed_in_words(self) -> str:
        return _("This request was removed meanwhile.")

    # Writing

    @Slot()
    def _edit(self) -> None:
        if self.card.request:
            self.leave()
            self.form.begin_edit(self.card.request)
            self._show_right(self.form)
            self.form.take_focus()

    @Slot(int)
    def _written(self, request: int) -> None:
        self._form_written(self.form, self.form.keeper, request, edit_key(request))

    @Slot()
    def _remove(self) -> None:
        shown = self.card.request
        if shown:
            self._workspace.do(Action.REQUEST_REMOVED, lambda s: requests.remove(s, shown.id))
