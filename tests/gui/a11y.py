"""What a screen reader would find without a name, read from Qt's own accessibility tree."""

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

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
    labelled = any(flag & QAccessible.RelationFlag.Label for _target, flag in node.relations())
    # A combo box without a label is named by its value, which says nothing of what it is for.
    if node.role() in INTERACTIVE and not labelled and (not name or node.role() == R.ComboBox):
        found.append(" > ".join(here))
    if node.role() in (R.Table, R.Tree, R.List):
        return
    for number in range(node.childCount()):
        child: QAccessibleInterface | None = node.child(number)
        if child is not None:
            _walk(child, here, found)
