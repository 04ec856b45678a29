"""The rail at the left: where one can go. No badges, no counters."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from correspondent_desk.gui.icons import icon
from correspondent_desk.gui.keys import page_keys
from correspondent_desk.gui.page import Found, Place, Target
from correspondent_desk.gui.theme import SMALL
from correspondent_desk.gui.widgets.buttons import ToolButton
from correspondent_desk.gui.widgets.text import Words, restyle
from correspondent_desk.language import _


class Navigation(QFrame):
    """Icon and word for each place; the word stands under the icon where there is little room.

    Where the window is too low for that, there are only words; where it is very narrow, only icons.
    """

    asked = Signal(str)  # the key of a place

    help_asked = Signal()  # about the invented people

    def __init__(
        self,
        places: Sequence[Place],
        office: str,
        parent: QWidget | None = None,
        *,
        is_invented: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self.setAccessibleName(_("Navigation"))
        self._is_narrow = self._is_tight = False
        self.office = Words(office, "strong")
        self.office.setContentsMargins(12, 0, 4, 0)
        self.invented = ToolButton()
        self.invented.setProperty("role", "mark")
        self.invented.setIcon(icon("info"))
        self.invented.setAccessibleName(_("Invented people"))
        self.invented.setToolTip(_("Invented people: how to begin a desk of your own"))
        self.invented.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.invented.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.invented.clicked.connect(self.help_asked)
        self.buttons = {
            place.key: self._button(place, number) for number, place in enumerate(places)
        }
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 12)
        column.setSpacing(4)
        column.addWidget(self.office)
        column.addWidget(self.invented)
        self.invented.setVisible(is_invented)  # not before: without a parent it is a window
        column.addSpacing(8)
        for place in places:
            if not place.at_bottom:
                column.addWidget(self.buttons[place.key])
        column.addStretch(1)
        for place in places:
            if place.at_bottom:
                column.addWidget(self.buttons[place.key])
        self._fit()

    def first_stop(self) -> QToolButton:
        """Where the keyboard comes to: the place that is shown, or the first."""
        shown = (made for made in self.buttons.values() if made.isChecked())
        return next(shown, next(iter(self.buttons.values())))

    def show_current(self, key: str) -> None:
        """Mark the place that is shown; none for a key that is not here."""
        for own_key, made in self.buttons.items():
            made.setAutoExclusive(False)
            made.setChecked(own_key == key)
            made.setAutoExclusive(True)

    def show_narrow(self, narrow: bool, *, tight: bool = False) -> None:
        """Words under the icons, or beside them. tight: none, the page needs the room."""
        if (narrow, tight) != (self._is_narrow, self._is_tight):
            self._is_narrow, self._is_tight = narrow, tight
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the height."""
        super().resizeEvent(event)
        if self._is_narrow:
            self._choose_style()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _button(self, place: Place, number: int) -> QToolButton:
        made = ToolButton()
        made.setText(place.title)
        made.setAccessibleName(place.title)
        made.setIcon(icon(place.icon))
        made.setCheckable(True)
        made.setAutoExclusive(True)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        keys = page_keys(number)
        made.setToolTip(f"{place.title} ({keys[0]})" if keys else place.title)
        made.setAccessibleDescription("".join(keys[:1]))  # else Qt takes what is said on hover
        made.clicked.connect(lambda: self.asked.emit(place.key))
        return made

    def _fit(self) -> None:
        side = max(20, QFontMetrics(self.font()).height())
        for made in self.buttons.values():
            made.setIconSize(QSize(side if self._is_narrow else side + 10, side))
        self.invented.setIconSize(QSize(side, side))
        words = _("Invented people")
        self._column.setAlignment(
            self.invented, Qt.AlignmentFlag(0) if self._is_narrow else Qt.AlignmentFlag.AlignLeft
        )
        self.invented.setText(words.replace(" ", "\n") if self._is_narrow else words)
        self.invented.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonIconOnly
            if self._is_tight
            else Qt.ToolButtonStyle.ToolButtonTextOnly
        )
        room = (self._is_narrow, self._is_tight)
        if (self.property("narrow"), self.property("tight")) != room:
            self.setProperty("narrow", self._is_narrow)
            self.setProperty("tight", self._is_tight)
            for made in (*self.buttons.values(), self.invented):
                restyle(made)
        self.office.setVisible(not self._is_narrow and bool(self.office.text()))
        bold = QFont(self.font())
        bold.setPointSizeF(bold.pointSizeF() * (SMALL if self._is_narrow else 1))
        bold.setWeight(QFont.Weight.DemiBold)
        widest = max(QFontMetrics(bold).horizontalAdvance(b.text()) for b in self.buttons.values())
        if self._is_tight:
            self.setFixedWidth(side + 44)
        else:
            self.setFixedWidth(widest + (side + 28 if self._is_narrow else round(side * 4.2) + 10))
        self._choose_style()

    def name_office(self, name: str) -> None:
        """The office is called this from now on."""
        self.office.setText(name)
        self.office.setVisible(not self._is_narrow and bool(name))

    def _choose_style(self) -> None:
        """What there is room for."""
        if self._is_tight:
            self._show_as(Qt.ToolButtonStyle.ToolButtonIconOnly)
        elif self._is_narrow:
            self._show_as(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            if self._column.totalMinimumSize().height() > self.height():
                self._show_as(Qt.ToolButtonStyle.ToolButtonTextOnly)
        else:
            self._show_as(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _show_as(self, style: Qt.ToolButtonStyle) -> None:
        for made in self.buttons.values():
            made.setToolButtonStyle(style)
        self._column.invalidate()


def doors(places: Sequence[Place]) -> list[Found]:
    """Each page under its name, and what it holds that has a name of its own."""
    found: list[Found] = []
    for number, place in enumerate(places):
        key = next(iter(page_keys(number)), "") if place.is_listed else ""
        page = Found(
            title=place.title, subtitle=key, target=Target(page=place.key), icon=place.icon
        )
        found += (page, *place.doors)
    return found
