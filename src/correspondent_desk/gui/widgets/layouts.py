"""Small things that Qt's layouts lack."""

from PySide6.QtWidgets import QLayout


def empty(layout: QLayout) -> None:
    """Take everything out of layout, and out of the window."""
    while item := layout.takeAt(0):
        widget = item.widget()
        if widget:
            widget.hide()  # deleted later only: until then it must not be seen at the window's corner
            widget.deleteLater()
