"""A choice among values that have words."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

V = TypeVar("V")


class ChoiceField(QComboBox, Generic[V]):
    """Values are kept by position: Qt would turn enums into bare strings."""

    chosen = Signal(object)  # the value, when a person chose it

    def __init__(
        self, choices: Iterable[tuple[V, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._values: list[V] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_choices(choices)
        self.activated.connect(lambda _place: self.chosen.emit(self.value()))

    def set_choices(self, choices: Iterable[tuple[V, str]]) -> None:
        """Offer these; the value stays if it is among them, else the first is chosen."""
        kept = self.value() if self._values else None
        pairs = list(choices)
        self.blockSignals(True)
        self.clear()
        self._values = [value for value, _words in pairs]
        self.addItems([words for _value, words in pairs])
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
        """Choose value. Raises ValueError if it is not offered."""
        self.setCurrentIndex(self._values.index(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page: a wheel that passes over must not change an answer."""
        event.ignore()
