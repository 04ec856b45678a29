"""The form beside the calendar: what begins a plan, and the ways back to one that was begun."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot

from correspondent_desk.domain.meetings import MeetingRow, SessionRow
from correspondent_desk.gui.meetings.card import MeetingCard
from correspondent_desk.gui.meetings.plan_form import NEW, Begun, PlanForm
from correspondent_desk.gui.meetings.reading import meeting
from correspondent_desk.gui.meetings.side import SideBySide
from correspondent_desk.gui.meetings.toolbar import Toolbar
from correspondent_desk.gui.meetings.views import Views
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.widgets.draft_keeper import number_in
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _


class Planning(QObject):
    """Opens the form, lets it and the calendar follow each other, and knows the plan one left."""

    said = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        views: Views,
        sides: SideBySide,
        toolbar: Toolbar,
        form: PlanForm,
        keep_typing: Callable[[], object],
    ) -> None:
        """keep_typing: what is typed beside the calendar, before something else is opened there."""
        super().__init__(form)
        self._workspace, self._views, self._sides = workspace, views, sides
        self._toolbar, self._form, self._keep_typing = toolbar, form, keep_typing
        self.aside: Begun | None = None  # the plan one looks away from
        sides.looked_back.connect(self.look_away)
        sides.turned_to.connect(self._share_out)
        toolbar.begun_wanted.connect(self.go_on)
        toolbar.plan_wanted.connect(self._plan_wanted)
        views.grid.slot_wanted.connect(self._take_slot)
        form.left.connect(self.close)
        form.fields.date.date_changed.connect(self._follow_time)
        form.fields.time.time_changed.connect(self._follow_time)

    @property
    def is_open(self) -> bool:
        """Whether the form is open."""
        return self._sides.side is self._form

    @property
    def in_mind(self) -> Begun | None:
        """What is being planned, or was when one looked away."""
        return self._form.begun if self.is_open else self.aside

    def plan(
        self,
        moment: datetime | None,
        person: int | None = None,
        request: int | None = None,
        session: SessionRow | None = None,
    ) -> None:
        """A new meeting. session: the drop-in session in which it takes place."""
        self._begin(Begun(moment, person, request), session)

    def _begin(self, begun: Begun, session: SessionRow | None = None, draft: str = "") -> None:
        self._keep_typing()
        self.aside = None
        sites = self._views.sites()
        self._sides.open_side(self._form)
        self._form.open_new(sites, begun, self._toolbar.site, session, draft)

    def plan_there(
        self, moment: datetime, person: int | None = None, request: int | None = None
    ) -> None:
        """In a slot of the calendar: in a drop-in session, where that is held."""
        self.plan(moment, person, request, self._views.grid.days.session_at(moment))

    @Slot(object, object)
    def plan_again(self, person: int | None, request: int | None) -> None:
        """Another meeting with this person about this request."""
        self.plan(None, person, request)

    @Slot(object)
    def change(self, row: MeetingRow) -> None:
        """Change a meeting that is planned."""
        self._keep_typing()
        sites = self._views.sites()
        self._sides.open_side(self._form)
        self._form.open_change(sites, row)

    def way_back(self) -> Target:
        """To the form as it is open, and to what is kept of it."""
        if self._form.opened is not None:
            return Target(page="meetings", task=Task.CHANGE, id=self._form.opened.id)
        if (
            self._form.begun or self._form.fields.draft().starts_at
        ):  # a slot was chosen, or a person
            self._form.keeper.keep_all()
        return Target(page="meetings", task=Task.GO_ON, draft=self._form.keeper.key)

    @Slot()
    def go_on(self) -> None:
        """With what was typed last and not saved."""
        key = self._form.left_behind()
        if key is not None:
            self.go_on_with(key)

    def go_on_with(self, key: str) -> None:
        """With what is kept under key."""
        number = number_in(key)
        if key.startswith(NEW):
            self._begin(Begun(None, number, None), draft=key)
        elif row := meeting(self._workspace, number or 0):
            self.change(row)
        else:
            self._workspace.drafts.forget(key)
            self.offer_begun()
            self.said.emit(_("This meeting is not there any more."))

    def offer_begun(self) -> None:
        """Also after a lock: what was typed is kept, and whoever typed it is to know."""
        is_begun = not self.is_open and self._form.left_behind() is not None
        self._toolbar.begun.setVisible(is_begun)

    def look_whether_it_may_stay(self) -> None:
        """Whom the form is about may have been removed elsewhere; its meeting may have taken place."""
        for look in (self._form.may_stay, self._form.follow):
            if not self.is_open:
                return
            stays, said = look()
            if not stays:
                self._form.keeper.forget()
                self.close()
            if said:
                self.said.emit(said)

    @Slot()
    def look_away(self) -> None:
        """At the calendar: a slot that is chosen there goes on with what is being planned."""
        self._keep_typing()
        if self.is_open:
            self.aside = self._form.begun

    @Slot()
    def go_back(self) -> bool:
        """Close what is open, or go back to the plan one looked away from, if there is one."""
        if self.aside is None:
            return self.close()
        self._views.grid.mark(None)
        self.plan(self.aside.starts_at, self.aside.person, self.aside.request)
        return True

    @Slot()
    def close(self) -> bool:
        """Close what is open beside the calendar; False where nothing is."""
        self._views.grid.mark(None)
        return self._sides.close_side()

    @Slot()
    def _plan_wanted(self) -> None:
        self._views.leave_the_past()
        self.plan(None)

    @Slot(object)
    def _take_slot(self, moment: datetime) -> None:
        side = self._sides.side
        if self.is_open:
            self._form.set_time(moment, self._views.grid.days.session_at(moment))
        elif self.aside and (side is None or isinstance(side, MeetingCard)):
            self.plan_there(moment, self.aside.person, self.aside.request)
        else:
            self.plan_there(moment)

    @Slot(object)
    def _share_out(self, _side: object) -> None:
        """One main action a page: while the form is open, it is the form's."""
        self._toolbar.plan.set_main(is_main=not self.is_open)
        self.offer_begun()

    @Slot(object)
    def _follow_time(self, _value: object) -> None:
        """The calendar comes along, to show what else takes place around then."""
        day, at = self._form.fields.date.value(), self._form.fields.time.value()
        if day and self.is_open:
            self._views.show_day(day, at)
