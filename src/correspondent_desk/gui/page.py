"""What the frame knows of a page, and how pages send people to one another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from correspondent_desk.language import _
from correspondent_desk.store.changes import Changed


class Task(Enum):
    """What somebody wants to do where a Target leads."""

    LOOK = auto()
    NEW = auto()
    LOG_CONTACT = auto()
    CHANGE = auto()
    GO_ON = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A place in the window. id: the record to open; person: the member it is to be about.

    request: what a new meeting or contact is about, among that member's requests. LOG_CONTACT leads
    to the page of members with person set, GO_ON to the form of something new that was open, of which
    what was typed is kept under draft, or to what the page itself gave as begun. part: of the page,
    to be brought into view.
    """

    page: str
    id: int | None = None
    task: Task = Task.LOOK
    person: int | None = None
    request: int | None = None
    draft: str = ""
    begun: object = None
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One line under the search field.

    also: words that are not shown, by which a place of the window is looked for as well.
    """

    title: str
    subtitle: str
    target: Target
    icon: str = "user"
    also: str = ""


Part = tuple[QWidget, Callable[[], object]]  # a part of the window, and how it takes the focus


class Page(QWidget):
    """One page of the window. What a page does not offer stays as it is here: it does nothing, or says so.

    A page of many parts makes them in steps, each of a few hundredths of a second, so that the
    window answers in between when the page is built before somebody goes to it.
    """

    wanted = Signal(object)  # Target: please lead there
    said = Signal(str)  # a sentence for the quiet line

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps: Iterator[None] = iter(())

    def complete(self) -> None:
        """Make at once what is still to be made."""
        for _step in self.steps:
            pass

    def open(self, target: Target) -> None:
        """Show target, which is on this page: the record, a new one, or the page as it stands."""

    def way_back(self) -> Target | None:
        """What leads to the form or the card that is open on this page; None without one.

        The page is built anew after that: what a form was begun with is kept as what was typed.
        """
        return None

    def new(self, person: int | None = None, request: int | None = None) -> None:
        """Begin a new record, about person if one is given (Ctrl+N, and Ctrl+R or M elsewhere)."""
        self.said.emit(_("There is nothing new to begin on this page."))

    def log_contact(self, person: int | None = None, request: int | None = None) -> None:
        """Begin to note an exchange with person, about request (Ctrl+E)."""

    def print_page(self) -> bool:
        """Print or preview what is shown; False where there is nothing to print."""
        return False

    def person_in_view(self) -> int | None:
        """The member whom Ctrl+E, R and M are about."""
        return None

    def request_in_view(self) -> int | None:
        """The request of that member which Ctrl+E and M are about."""
        return None

    def step_back(self) -> bool:
        """Go one step back (Esc), keeping what was typed; False when there is no step to go."""
        return False

    def leave(self) -> bool:
        """Keep what is being typed, before another page is shown. False: the page must be answered first."""
        return True

    def refresh(self, changed: Changed) -> None:
        """Show again what is in changed."""

    def shown(self) -> None:
        """The page has come into view."""

    def parts(self) -> list[Part]:
        """What F6 goes through on this page, in the order of reading."""
        return [(self, self.take_focus)]

    def take_focus(self) -> None:
        """Put the focus where work on this page begins; here, on its first control."""
        first = first_control(self)
        if first:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)


def first_control(within: QWidget) -> QWidget | None:
    """What Tab leads to first of all that it holds and shows."""
    widget = within.nextInFocusChain()
    while widget is not None and widget is not within:
        can_focus = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if can_focus and within.isAncestorOf(widget) and widget.isVisibleTo(within):
            return widget
        widget = widget.nextInFocusChain()
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page in the navigation. make may leave steps of the page for later.

    doors: what it holds that is looked for by its own name. is_listed False: few need it, and it is
    found by search and from another page alone.
    """

    key: str
    title: str
    icon: str
    make: Callable[[], Page]
    at_bottom: bool = False
    doors: tuple[Found, ...] = ()
    is_listed: bool = True
