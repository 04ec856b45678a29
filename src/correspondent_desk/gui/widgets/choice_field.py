"""A choice among values that have words."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from correspondent_desk.domain.choices import Term
from correspondent_desk.gui.theme import characters
from correspondent_desk.messages.newer import newer

V = TypeVar("V")
LEAST = 14  # characters


class ChoiceField(QComboBox, Generic[V]):
    """Values are kept by position: Qt would turn enums into bare strings."""

    chosen = Signal(object)  # the value, when a person chose it

    def __init__(
        self, choices: Iterable[tuple[V, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._values: list[V] = []
        self._unseen: QLabel | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(
            self.SizeAdjustPolicy.AdjustToContents
        )  # those that come later too
        self.set_choices(choices)
        self.activated.connect(lambda _place: self.chosen.emit(self.value()))

    def sizeHint(self) -> QSize:
        """A letter more than its longest choice: Qt leaves it so little that rounding may cut it."""
        return super().sizeHint() + QSize(characters(self.font(), 1), 0)

    def minimumSizeHint(self) -> QSize:
        """Less than its longest choice, which the open list shows in full."""
        return super().minimumSizeHint().boundedTo(QSize(characters(self.font(), LEAST), 9999))

    def set_choices(self, choices: Iterable[tuple[V, str]]) -> None:
        """Offer these; the value stays if it is among them, else the first is chosen."""
        kept = self.value() if self._values else None
        pairs = list(choices)
        self.blockSignals(True)
        self.clear()
        self._values = [value for value, _words in pairs]
        self.addItems([words for _value, words in pairs])
        self.setCurrentIndex(0)  # of itself Qt chooses none where there are words for none
        self.blockSignals(False)
        if kept in self._values:
            self.set_value(kept)

    @property
    def values(self) -> list[V]:
        """What can be chosen."""
        return list(self._values)

    def value(self) -> V:
        """What is chosen. Raises IndexError where there are no choices."""
        return self._values[max(self.currentIndex(), 0)]

    def set_value(self, value: V) -> None:
        """Choose value; a term of a newer version is offered until another value is set.

        Raises ValueError for any other that is not offered.
        """
        if self._values and _is_newer(self._values[-1]) and self._values[-1] != value:
            self._values.pop()
            self.removeItem(len(self._values))
        if _is_newer(value) and value not in self._values:
            self._values.append(value)
            self.addItem(newer())
        self.setCurrentIndex(self._values.index(value))

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        """For a field without a label: on Linux Qt reads out the value as its name, so it gets one."""
        super().setAccessibleName(name)
        self._unseen = self._unseen or QLabel()
        self._unseen.setText(name)
        self._keep_beside()

    def changeEvent(self, event: QEvent) -> None:
        """The unseen label must have the same parent to count."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ParentChange:
            self._keep_beside()

    def _keep_beside(self) -> None:
        if self._unseen and self.parentWidget():
            self._unseen.setParent(self.parentWidget())
            self._unseen.setBuddy(self)
            self._unseen.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A choice longer than the field ends in dots: Qt would cut it inside a letter."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        place = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, place, self)
        dots = Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(self.currentText(), dots, room.width())
        if shown == self.currentText():
            super().paintEvent(event)
            return
        option.currentText = shown
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page: a wheel that passes over must not change an answer."""
        event.ignore()


def _is_newer(value: object) -> bool:
    return isinstance(value, Term) and not value.is_known


def let_shrink(field: QComboBox) -> None:
    """Where there is little room, show the beginning of a long answer; its list shows all of it."""
    field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    field.setMinimumContentsLength(8)
