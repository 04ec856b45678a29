"""What stays in place around the pages: navigation, search, lock, the quiet line, the keys."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.domain.fields import Kind
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.help.page import HelpPage
from correspondent_desk.gui.keyboard import Keyboard, go_around
from correspondent_desk.gui.keys import Command
from correspondent_desk.gui.navigation import Navigation, doors
from correspondent_desk.gui.page import Found, Page, Part, Place, Target, Task
from correspondent_desk.gui.pages import Pages
from correspondent_desk.gui.quiet_line import QuietLine
from correspondent_desk.gui.search_field import Search, SearchField
from correspondent_desk.gui.telling import Telling
from correspondent_desk.gui.theme import is_narrow, is_tight
from correspondent_desk.gui.widgets.buttons import icon_button
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.records import office
from correspondent_desk.store.changes import ActionRow, Changed

MEMBERS, REQUESTS, MEETINGS, HELP = "members", "requests", "meetings", "help"
TRAIL = 20


class Frame(QWidget):
    """Knows pages by their keys only. Ctrl+E, R and M lead to members, requests and meetings."""

    lock_wanted = Signal()
    own_desk_wanted = Signal()

    def __init__(
        self,
        workspace: Workspace,
        places: Sequence[Place],
        *,
        search: Search,
        name_step: Callable[[ActionRow], str],
        explain: Callable[[DeskError], str],
        office: str = "",
        own_place: str = "",
    ) -> None:
        """name_step and explain put a step of history and a refusal into words.

        own_place: the people are invented, and this is the folder for a desk of one's own.
        """
        super().__init__()
        self._workspace = workspace
        listed = [place for place in places if place.is_listed]
        self._titles = [place.title for place in listed]
        keys = [place.key for place in listed]
        makers = {place.key: place.make for place in places}
        self._pages = Pages({**makers, HELP: self._make_help}, keys)
        self._trail: list[str] = []
        self._left_open: dict[str, Target] = {}  # before the window was built anew, by page
        self._for_person: Target | None = None  # waits until somebody is chosen in the search
        self._own_place = own_place
        self.navigation = Navigation(listed, office, is_invented=bool(own_place))
        self.search = SearchField(search, self, doors(places))
        self.help = icon_button("circle-help", _("Help and keyboard map"))
        self.lock = icon_button("lock", _("Lock the desk"))
        self.line = QuietLine()
        self._lay_out()
        self._connect()
        self._telling = Telling(self.line, workspace, name_step=name_step, explain=explain)
        self._telling.chosen.connect(self.run)
        self._keyboard = Keyboard(self, keys, run=self.run, lead=self._go_to_place)
        if places:
            self.go(Target(page=places[0].key))

    @property
    def page(self) -> Page:
        """The page in view."""
        return self._pages.page

    @property
    def place(self) -> str:
        """The key of the page in view."""
        return self._pages.place

    @property
    def ways_back(self) -> list[Target]:
        """What leads to the forms and cards that are open on other pages, and at last to what is in view."""
        others = (page.way_back() for page in self._pages.whole if page is not self.page)
        here = self.page.way_back() or Target(page=self.place)
        return [*filter(None, others), *self._left_open.values(), here]

    def come_back(self, ways: Sequence[Target]) -> None:
        """Lead where ways_back said: to the last now, to each other one when its page is gone to."""
        *others, here = ways
        self._left_open = {way.page: way for way in others}
        self.go(here)

    def go(self, target: Target) -> bool:
        """Show target; False when the page in view must be answered first."""
        if target.page != self.place and not self._leave_for(target.page):
            return False
        left_open = self._left_open.pop(target.page, None)
        if left_open is not None:  # also below what is asked for, as if the window had stayed
            self._open(left_open)
        if left_open is None or target != Target(page=target.page):
            self._open(target)
        return True

    def _open(self, target: Target) -> None:
        match target.task:
            case Task.NEW:
                self.page.new(target.person, target.request)
            case Task.LOG_CONTACT:
                self.page.log_contact(target.person, target.request)
            case _:
                self.page.open(target)

    def build_ahead(self) -> None:
        """Build the pages nobody has gone to yet, part by part, so that they open at once."""
        self._pages.build_ahead()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # noqa: N802
        """Where work begins on the page in view, so that its keys work from the first moment."""
        self.page.take_focus()

    def keep_typing(self) -> None:
        """Let every page keep what is being typed: the desk is being locked or closed."""
        self._pages.keep_typing()

    def say(self, sentence: str) -> None:
        """Say something that needs no answer."""
        self.line.say(sentence)

    def run(self, command: Command) -> None:
        """Do what a key, or a command found by search, stands for."""
        match command:
            case Command.SEARCH:
                self._for_person = None
                self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.search.selectAll()
            case Command.NEW:
                self.page.new()
            case Command.LOG_CONTACT:
                self._for_the_person(Target(page=MEMBERS, task=Task.LOG_CONTACT))
            case Command.NEW_REQUEST:
                self._for_the_person(Target(page=REQUESTS, task=Task.NEW))
            case Command.NEW_MEETING:
                self._for_the_person(Target(page=MEETINGS, task=Task.NEW))
            case Command.HELP:
                self._go_to_place(HELP)
            case _:
                self._run_plain(command)

    def _run_plain(self, command: Command) -> None:
        match command:
            case Command.PRINT:
                if not self.page.print_page():
                    self.say(_("There is nothing to print on this page."))
            case Command.UNDO if self._workspace.undoable:
                self._workspace.undo()
            case Command.UNDO:
                self.say(_("There is nothing to take back."))
            case Command.REDO if self._workspace.redoable:
                self._workspace.redo()
            case Command.REDO:
                self.say(_("There is nothing to do again."))
            case Command.NEXT_PART:
                self._go_around(1)
            case Command.PART_BEFORE:
                self._go_around(-1)
            case Command.LOCK:
                self.keep_typing()
                self.lock_wanted.emit()
            case _:
                self._step_back()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Less in the navigation, where there is little room."""
        super().resizeEvent(event)
        self._fit_navigation()

    def changeEvent(self, event: QEvent) -> None:
        """The text grew: there may be little room now."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_navigation()

    def _fit_navigation(self) -> None:
        self.navigation.show_narrow(is_narrow(self), tight=is_tight(self))

    def _lay_out(self) -> None:
        bar = QFrame()
        bar.setProperty("role", "bar")
        top = QHBoxLayout(bar)
        top.setContentsMargins(24, 8, 16, 8)
        top.setSpacing(8)
        self.search.setMaximumWidth(860)
        top.addWidget(self.search, 1)
        top.addStretch(0)
        top.addWidget(self.help)
        top.addWidget(self.lock)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self._pages, 1)
        column.addWidget(self.line)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.navigation)
        whole.addLayout(column, 1)

    def _connect(self) -> None:
        self.navigation.asked.connect(self._go_to_place)
        self.navigation.help_asked.connect(self._explain_the_invented)
        self.search.found_chosen.connect(self._open_found)
        self.search.command_chosen.connect(self.run)
        self.help.clicked.connect(lambda: self.run(Command.HELP))
        self.lock.clicked.connect(lambda: self.run(Command.LOCK))
        self._pages.made.connect(self._hear)
        self._workspace.changed.connect(self._pages.refresh)
        self._workspace.changed.connect(self._name_office)
        self._workspace.closing.connect(self._pages.stop_building)

    def _leave_for(self, key: str) -> bool:
        if self.place and not self.page.leave():
            self.navigation.show_current(self.place)
            return False
        if self.place:
            self._trail = [*self._trail, self.place][-TRAIL:]
        self._show(key)
        return True

    def _show(self, key: str) -> None:
        self.search.close_results()  # it would lie over the page
        self.navigation.show_current(key)
        self._pages.show_page(key)

    def _make_help(self) -> HelpPage:
        made = HelpPage(self._titles, self._own_place)
        made.own_desk_wanted.connect(self.own_desk_wanted)
        return made

    @Slot(object)
    def _hear(self, page: Page) -> None:
        page.wanted.connect(self._lead)
        page.said.connect(self.line.say_more)

    @Slot(object)
    def _lead(self, target: Target) -> None:
        """Where a page leads, the focus goes too: Qt would put it on the first button it finds there."""
        if target.page != self.place:
            if not self.go(Target(page=target.page)):
                return
            self.page.take_focus()
        self.go(target)

    @Slot(str)
    def _go_to_place(self, key: str) -> None:
        if self.go(Target(page=key)):
            self.page.take_focus()

    @Slot()
    def _explain_the_invented(self) -> None:
        if self.go(Target(page=HELP)) and isinstance(self.page, HelpPage):
            self.page.own_desk.setFocus(Qt.FocusReason.OtherFocusReason)

    def _for_the_person(self, target: Target) -> None:
        person = self.page.person_in_view()
        if person is not None:
            request = self.page.request_in_view()
            self.go(replace(target, person=person, request=request))
            return
        self.run(Command.SEARCH)
        self._for_person = target
        self.say(_("With whom? Type a name, then choose the person."))

    @Slot(object)
    def _open_found(self, found: Found) -> None:
        waiting, self._for_person = self._for_person, None
        if waiting and found.target.page == MEMBERS and found.target.id is not None:
            went = self.go(replace(waiting, person=found.target.id))
        else:
            went = self.go(found.target)
        if went and not found.target.part:
            self.page.take_focus()

    def _step_back(self) -> None:
        self._for_person = None
        if self.search.is_open:
            self.search.close_results()
        elif self.search.hasFocus():
            self.search.clear_all()
            self.page.take_focus()
        elif not self.page.step_back() and self._trail and self.page.leave():
            self._show(self._trail.pop())
            self.page.take_focus()

    def _go_around(self, by: int) -> None:
        """To the next part in view, from the one with the focus; after the last comes the first."""
        reason = Qt.FocusReason.ShortcutFocusReason
        rail, line = self.navigation.first_stop(), self.line.action
        parts: list[Part] = [
            (self.navigation, lambda: rail.setFocus(reason)),
            (self.search, lambda: self.search.setFocus(reason)),
            *self.page.parts(),
        ]
        if line.isVisible():
            parts.append((self.line, lambda: line.setFocus(reason)))
        go_around(parts, by)

    @Slot(object)
    def _name_office(self, changed: Changed) -> None:
        if Kind.OFFICE in changed:
            self.navigation.name_office(self._workspace.now(office.office).name)
