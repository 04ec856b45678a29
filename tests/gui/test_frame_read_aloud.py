"""The search tells who does not see its list what stands in it."""

import pytest
from PySide6.QtCore import Qt

from correspondent_desk.gui.frame import Frame
from tests.gui.a11y import heard
from tests.gui.framing import frame, index, window
from tests.gui.hands import press

__all__ = ["frame", "index", "window"]


def test_the_search_says_how_much_it_has_found(
    frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame.search.setFocus()
    said = heard(monkeypatch)

    frame.search.setText("le goff")
    frame.search.textEdited.emit("le goff")
    press(Qt.Key.Key_Down)
    frame.search.setText("zzz")
    frame.search.textEdited.emit("zzz")

    assert said == [
        "Anne LE GOFF, Town hall. 1 of 2",
        "Yann LE GOFF, Town hall. 2 of 2",
        "Nothing is found for “zzz”.",
    ]
