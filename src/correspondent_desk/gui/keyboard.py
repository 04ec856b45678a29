"""The keyboard around the pages: the window's keys, and the way of the focus."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from correspondent_desk.gui.keys import KEYS, Command, page_keys
from correspondent_desk.gui.page import Part
from correspondent_desk.gui.widgets.scroll import bring_into_view

UNFOLDED_MS = 60


class Keyboard(QObject):
    """Keeps the window's keys from text fields, and the focus in view."""

    def __init__(
        self,
        frame: QWidget,
        pages: Sequence[str],
        *,
        run: Callable[[Command], object],
        lead: Callable[[str], object],
    ) -> None:
        """pages: keys of those that a digit leads to. run is given commands, lead those keys."""
        super().__init__(frame)
        self._frame = frame
        self._reserved: set[QKeySequence] = set()
        for command, keys in KEYS.items():
            self._shortcut(keys, partial(run, command))
            if command not in (Command.UNDO, Command.REDO):  # text fields have their own
                self._reserved.update(map(QKeySequence, keys))
        for number, page in enumerate(pages):
            self._shortcut(page_keys(number), partial(lead, page))
        self._following = QTimer(self, singleShot=True, interval=UNFOLDED_MS)
        self._following.timeout.connect(self._follow)
        self._in_view: QWidget | None = None  # what had the focus last of what is in view
        QApplication.instance().focusChanged.connect(self._watch)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the frame's keys from text fields, some of which they would edit (Ctrl+K on X11)."""
        is_reserved = (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and QKeySequence(event.keyCombination()) in self._reserved
        )
        if is_reserved:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _shortcut(self, keys: Sequence[str], slot: Callable[[], object]) -> None:
        made = QShortcut(self._frame)
        made.setKeys([QKeySequence(key) for key in keys])
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.activated.connect(slot)

    @Slot(QWidget, QWidget)
    def _watch(self, old: QWidget | None, new: QWidget | None) -> None:
        if old:
            old.removeEventFilter(self)
        if new and self._frame.isAncestorOf(new):
            new.installEventFilter(self)
            if new.isVisible():
                self._in_view = new
            if not new.isVisible() or not QApplication.mouseButtons():  # what is clicked is in view
                self._following.start()  # what was just shown has no place yet

    @Slot()
    def _follow(self) -> None:
        focused = QApplication.focusWidget()
        if not focused or not self._frame.isAncestorOf(focused):
            return
        if focused.isVisible():
            bring_into_view(focused, self._frame)
        elif self._frame.isVisible():
            self._lead_back()

    def _lead_back(self) -> None:
        """An answer that came late gave the focus to what is out of view: one would type blindly."""
        before = self._in_view
        if before and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.ActiveWindowFocusReason)  # it stays as it was
        else:
            self._frame.setFocus()


def go_around(parts: Sequence[Part], by: int) -> None:
    """Take the focus to the next of parts, from the one that has it; after the last comes the first.

    by: 1, or -1 for the part before.
    """
    focused = QApplication.focusWidget()
    holds = [
        focused is not None and (p is focused or p.isAncestorOf(focused)) for p, _take in parts
    ]
    here = holds.index(True) if True in holds else (0 if by < 0 else -1)
    _part, take_focus = parts[(here + by) % len(parts)]
    take_focus()
