"""Paper: handing a PDF to the printer, and asking where to save one.

Pages are drawn as pictures, since Qt's PDF reader is an add-on.
"""

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from correspondent_desk.language import _

DPI = 300


def print_pages(pages: list[bytes], parent: QWidget) -> bool:
    """Ask which printer and print pages (PNG, one each); False when the person thought better."""
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
    """Draw each page over a whole sheet."""
    printer.setFullPage(True)
    with QPainter(printer) as painter:
        for number, page in enumerate(pages):
            if number:
                printer.newPage()
            sheet = printer.paperRect(QPrinter.Unit.DevicePixel)
            painter.drawImage(QRectF(0, 0, sheet.width(), sheet.height()), QImage.fromData(page))
