"""The pages of the window, one of them in view: made when first gone to, or before, a part at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from correspondent_desk.gui.page import Page
from correspondent_desk.gui.widgets.scroll import Whole
from correspondent_desk.store.changes import Changed

BREATH_MS = 20  # for everything else, between one part of a page and the next
BUILT = object()


class Pages(QStackedWidget):
    """Knows pages by their keys. What changes meanwhile is told to a page when it comes into view."""

    made = Signal(object)  # Page, of which parts may still be to be made

    def __init__(self, makers: Mapping[str, Callable[[], Page]], ahead: Sequence[str]) -> None:
        """ahead: keys of those that build_ahead makes, in this order."""
        super().__init__()
        self._makers, self._ahead = makers, ahead
        self._whole: dict[str, Page] = {}
        self._begun: dict[str, Page] = {}  # some of their parts are still to be made
        self._rooms: dict[str, Whole] = {}
        self._missed: dict[str, list[Changed]] = {}
        self._builder = QTimer(self, interval=BREATH_MS)
        self._builder.timeout.connect(self._build_a_part)
        self.place = ""  # the key of the page in view

    @property
    def page(self) -> Page:
        """The page in view."""
        return self._whole[self.place]

    @property
    def whole(self) -> Iterable[Page]:
        """Those that are made."""
        return self._whole.values()

    def show_page(self, key: str) -> None:
        """Bring this page into view, as things stand now."""
        if key not in self._whole:
            page = self._begun[key] = self._begun.get(key) or self._make(key)
            with self._whole_or_gone(key):
                page.complete()
            self._whole[key] = self._begun.pop(key)
        self.place = key
        self.setCurrentWidget(self._rooms[key])
        missed = self._missed.pop(key, None)
        if missed:
            self.page.refresh(_together(missed))
        self.page.shown()

    def build_ahead(self) -> None:
        """Build the pages nobody has gone to yet, part by part, so that they open at once."""
        self._builder.start()

    @Slot()
    def stop_building(self) -> None:
        """What is not built is made when it is gone to."""
        self._builder.stop()

    def keep_typing(self) -> None:
        """Let every page keep what is being typed."""
        for page in self._whole.values():
            page.leave()

    @Slot(object)
    def refresh(self, changed: Changed) -> None:
        """Something was changed: the page in view shows it, the others when they are gone to."""
        for key in (*self._whole, *self._begun):
            if key == self.place:
                self.page.refresh(changed)
            else:
                self._missed.setdefault(key, []).append(changed)

    def _make(self, key: str) -> Page:
        page = self._makers[key]()
        self.made.emit(page)
        self._rooms[key] = Whole(page)
        self.addWidget(self._rooms[key])
        return page

    @Slot()
    def _build_a_part(self) -> None:
        key = next((key for key in self._ahead if key not in self._whole), "")
        if not key:
            self._builder.stop()
        elif key not in self._begun:
            self._begun[key] = self._make(key)
        else:
            with self._whole_or_gone(key):
                is_built = next(self._begun[key].steps, BUILT) is BUILT
            if is_built:
                self._whole[key] = self._begun.pop(key)

    @contextmanager
    def _whole_or_gone(self, key: str) -> Iterator[None]:
        """A page of which a part cannot be made is begun anew when it is gone to."""
        try:
            yield
        except BaseException:
            self.stop_building()
            del self._begun[key]
            room = self._rooms.pop(key)
            self.removeWidget(room)
            room.deleteLater()
            raise


def _together(missed: Sequence[Changed]) -> Changed:
    """All that was changed, in the end: an import names 100 000 people, so not page by page before."""
    if len(missed) == 1:
        return missed[0]
    kinds = frozenset().union(*missed)
    return Changed({kind: frozenset().union(*(one.of(kind) for one in missed)) for kind in kinds})
