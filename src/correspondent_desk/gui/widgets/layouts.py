"""Small things that Qt's layouts lack."""

from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget


def column_of(*widgets: QWidget) -> QWidget:
    """widgets under one another, flush with what is above and below."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for widget in widgets:
        column.addWidget(widget)
    return holder


def empty(layout: QLayout) -> None:
    """Take everything out of layout, and out of the window."""
    while item := layout.takeAt(0):
        widget = item.widget()
        if widget:
            widget.hide()  # deleted later only: until then it must not be seen at the window's corner
            widget.deleteLater()
