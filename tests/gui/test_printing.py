"""Pages handed to a printer that takes them, or not."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from correspondent_desk.gui.printing import draw
from correspondent_desk.store.files import CannotWrite
from tests.small_disk import fill, small_disk


def page(place_for_it: Path) -> bytes:
    """A small one that no printer's language makes much smaller."""
    picture = QImage(200, 280, QImage.Format.Format_RGB32)
    for place in range(200 * 280):
        picture.setPixelColor(place % 200, place // 200, QColor(place * 2_654_435_761 % 0xFFFFFF))
    picture.save(str(place_for_it / "page.png"))
    return (place_for_it / "page.png").read_bytes()


def to_file(path: Path) -> QPrinter:
    """What somebody chose who prints to a file."""
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFileName(str(path))
    return printer


def test_a_file_that_is_printed_to_is_whole(qapp: QApplication, tmp_path: Path) -> None:
    del qapp
    draw([page(tmp_path), page(tmp_path)], to_file(tmp_path / "sheet.pdf"))

    assert b"%%EOF" in (tmp_path / "sheet.pdf").read_bytes()[-32:]


@pytest.mark.qt_log_ignore(r"QPainter::begin\(\): Returned false")
def test_a_file_that_cannot_be_printed_to_is_told(qapp: QApplication, tmp_path: Path) -> None:
    del qapp
    with pytest.raises(CannotWrite):
        draw([page(tmp_path)], to_file(tmp_path / "none" / "sheet.pdf"))
    with small_disk(tmp_path / "full", 64 << 10) as full:
        fill(full, 20_000)
        with pytest.raises(CannotWrite):
            draw([page(tmp_path), page(tmp_path)], to_file(full / "sheet.pdf"))
