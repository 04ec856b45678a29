"""Asking which file to read, and where to put one."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from correspondent_desk.language import _


def bundle_to_read(parent: QWidget, title: str, place: Path) -> Path | None:
    """A file of an exchange, looked for in place first; None when the person thought better."""
    name, _kind = QFileDialog.getOpenFileName(
        parent, title, str(place), _("Exchange files (*.cdb);;All files (*)")
    )
    return Path(name) if name else None


def copy_to_use(parent: QWidget, place: Path) -> Path | None:
    """A copy of a desk, as on a stick, looked for in place first; None likewise."""
    name, _kind = QFileDialog.getOpenFileName(
        parent, _("Choose the copy"), str(place), _("Copies of a desk (*.db);;All files (*)")
    )
    return Path(name) if name else None


def invitation_to_use(parent: QWidget, place: Path) -> Path | None:
    """An invitation of the committee, looked for in place first; None likewise."""
    name, _kind = QFileDialog.getOpenFileName(
        parent,
        _("Choose the invitation"),
        str(place),
        _("Invitations (*.cdinvite);;All files (*)"),
    )
    return Path(name) if name else None


def folder_to_use(parent: QWidget, title: str, place: Path) -> Path | None:
    """A folder, looked for in place first; None when the person thought better."""
    name = QFileDialog.getExistingDirectory(parent, title, str(place))
    return Path(name) if name else None


def stick_to_use(parent: QWidget, place: Path) -> Path | None:
    """A stick or any other folder for a file that travels; None likewise."""
    return folder_to_use(parent, _("Choose the stick or the folder"), place)
