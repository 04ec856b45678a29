"""Paper: handing a PDF to the printer, and asking where to save one.

Pages are drawn as pictures, since Qt's PDF reader is an add-on.
"""

from os import SEEK_END
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from correspondent_desk.errors import DeskError
from correspondent_desk.language import _
from correspondent_desk.store.files import CannotWrite

DPI = 300
_END = 32  # bytes of a PDF, in which it says that it ends


class NotPrinted(DeskError):
    """The printer took nothing, or not all of it."""

    code = "not-printed"


def print_pages(pages: list[bytes], parent: QWidget) -> bool:
    """Ask which printer and print pages (PNG, one each); False when the person thought better.

    Raises NotPrinted, CannotWrite.
    """
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setResolution(DPI)
    if QPrintDialog(printer, parent).exec() != QPrintDialog.DialogCode.Accepted:
        return False
    draw(pages, printer)
    return True


def place_for_recovery_sheet(parent: QWidget) -> Path | None:
    """Ask where to save the recovery sheet as PDF; None when the person thought better."""
    name, _kind = QFileDialog.getSaveFileName(
        parent,
        _("Save the recovery sheet"),
        str(Path.home() / _("recovery-sheet.pdf")),
        "PDF (*.pdf)",
    )
    return Path(name) if name else None


def draw(pages: list[bytes], printer: QPrinter) -> None:
    """Draw each page over a whole sheet. Raises NotPrinted, or CannotWrite for a file to print to."""
    printer.setFullPage(True)
    painter = QPainter()
    is_taken = painter.begin(printer)
    if is_taken:
        for number, page in enumerate(pages):
            is_taken = is_taken and (not number or printer.newPage())
            sheet = printer.paperRect(QPrinter.Unit.DevicePixel)
            painter.drawImage(QRectF(0, 0, sheet.width(), sheet.height()), QImage.fromData(page))
        is_taken = painter.end() and is_taken
    file = printer.outputFileName()
    if file and not (
        is_taken and _is_whole(Path(file))
    ):  # Qt tells of no disk that is full or gone
        raise CannotWrite("failed", path=file)
    if not is_taken:
        raise NotPrinted


def _is_whole(pdf: Path) -> bool:
    try:
        with pdf.open("rb") as file:
            file.seek(-min(_END, file.seek(0, SEEK_END)), SEEK_END)
            return b"%%EOF" in file.read()
    except OSError:
        return False
