"""The meetings of the calendar one by one, for those who hear the screen: a drawing tells them nothing."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QWidget

from correspondent_desk.gui.meetings.drawing import Places
from correspondent_desk.messages import dates, today_page


class SpokenMeetings:
    """A label without words over each meeting that is drawn, with a name to be read out.

    They are made only while some program listens, such as a screen reader.
    """

    def __init__(self, drawn_on: QWidget) -> None:
        self._drawn_on = drawn_on
        self.labels: list[QLabel] = []

    def follow(self, places: Places, today: date) -> None:
        """Name what stands at these places."""
        if not QAccessible.isActive():
            return
        found = [
            (box, f"{dates.plain(day, today)}, {today_page.spoken_meeting(block.row)}")
            for day in places.days.days
            for block, box in places.blocks(day)
        ]
        while len(self.labels) < len(found):
            self.labels.append(self._label())
        for label in self.labels[len(found) :]:
            label.hide()
        for label, (box, name) in zip(self.labels, found, strict=False):
            label.setGeometry(box)
            if label.accessibleName() != name:
                label.setAccessibleName(name)
            label.show()

    def _label(self) -> QLabel:
        made = QLabel(self._drawn_on)
        made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return made
