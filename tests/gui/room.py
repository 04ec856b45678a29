"""Whether things have the room they need."""

from PySide6.QtWidgets import QApplication, QWidget

from correspondent_desk.gui.widgets.scroll import Scroll


def cut(page: QWidget) -> list[str]:
    """The scrolling parts in view that are wider than their place: their right side is cut."""
    QApplication.processEvents()  # until then new layouts have no sizes
    found = []
    for area in page.findChildren(Scroll):
        inside, room = area.widget(), area.viewport().width()
        if inside and area.isVisible() and inside.minimumSizeHint().width() > room:
            found.append(f"{type(area.parent()).__name__}: {inside.minimumSizeHint()} in {room}")
    return found
