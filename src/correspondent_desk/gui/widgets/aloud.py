"""What who does not see the window must hear: Qt hands it to the screen reader, if there is one."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def read_out(where: QWidget, sentence: str) -> None:
    """Say sentence, if there is one; where: what says it. What is not in view is not said."""
    if sentence and where.isVisible():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(where, sentence))
