"""Letting a window work for a time."""

from PySide6.QtCore import QEventLoop, QTimer


def rest(ms: int) -> None:
    """Handle events for so long.

    As the program does: QTest.qWait keeps Python's lock between two events, so that the threads
    behind the window get a hundredth of the time.
    """
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()
