"""What has no name for a screen reader, by Qt's own accessibility tree, or no letter of its own."""

import pytest
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
    QKeySequence,
)
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

R = QAccessible.Role
INTERACTIVE = {
    R.Button,
    R.ButtonDropDown,
    R.ButtonMenu,
    R.CheckBox,
    R.ComboBox,
    R.EditableText,
    R.Link,
    R.List,
    R.MenuItem,
    R.PageTab,
    R.RadioButton,
    R.Slider,
    R.SpinBox,
    R.Table,
    R.Tree,
}
Worded = QLabel | QAbstractButton


def nameless(widget: QWidget) -> list[str]:
    """The path of every visible control in widget that has no name; show widget first."""
    found: list[str] = []
    _walk(QAccessible.queryAccessibleInterface(widget), [], found)
    return found


def _walk(node: QAccessibleInterface, path: list[str], found: list[str]) -> None:
    name = node.text(QAccessible.Text.Name).strip()
    here = [*path, f"{node.role().name}[{name}]"]
    if node.state().invisible:
        return
    # On Linux a combo box is named by its value, which says nothing of what it is for. On Windows a
    # label that names another control is not read: that name must be the control's own.
    labelled = any(flag & QAccessible.RelationFlag.Label for _target, flag in node.relations())
    said = labelled if node.role() == R.ComboBox else name
    if node.role() in INTERACTIVE and not said:
        found.append(" > ".join(here))
    if node.role() in (R.Table, R.Tree, R.List):
        return
    for number in range(node.childCount()):
        child: QAccessibleInterface | None = node.child(number)
        if child is not None:
            _walk(child, here, found)


def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader is given to read out from now on: sentences, and where the focus is led to."""
    said: list[str] = []

    def listen(event: QAccessibleEvent) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            said.append(event.message())
        else:
            said.append(event.accessibleInterface().text(QAccessible.Text.Name))

    monkeypatch.setattr(QAccessible, "updateAccessibility", listen)
    return said


def in_words(window: QWidget) -> list[Worded]:
    """The labels and buttons in view that say something."""
    every: list[Worded] = [*window.findChildren(QLabel), *window.findChildren(QAbstractButton)]
    return [one for one in every if one.isVisible() and one.text()]


def same_letters(shown: list[Worded]) -> list[str]:
    """Letters that lead, with Alt, to more than one of them."""
    led_to: dict[str, list[str]] = {}
    for widget in shown:
        target: QWidget | None = widget.buddy() if isinstance(widget, QLabel) else widget
        letter = QKeySequence.mnemonic(widget.text()).toString()
        if letter and target is not None and target.isVisible() and target.isEnabled():
            led_to.setdefault(letter, []).append(widget.text())
    return [f"{letter}: {', '.join(them)}" for letter, them in led_to.items() if len(them) > 1]
