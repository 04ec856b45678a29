"""The look: far enough apart for every eye, and changed without a restart."""

import sys
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.requests import DocumentDraft, DocumentId, DocumentRow
from correspondent_desk.gui import colours, theme
from correspondent_desk.gui.colours import ALL, Colours, contrast
from correspondent_desk.gui.icons import icon
from correspondent_desk.gui.main_window import MainWindow
from correspondent_desk.gui.requests.documents import DocumentLine
from correspondent_desk.gui.resources import ICONS
from correspondent_desk.gui.theme import Appearance, Contrast, Look, Theme
from correspondent_desk.gui.widgets.buttons import edge_button
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.workspace import Workspace
from tests.small_disk import fill, small_disk


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Theme]:
    """A theme that leaves the application as it was."""
    font, palette = qapp.font(), qapp.palette()
    theme = Theme(qapp, Appearance(look=Look.LIGHT, contrast=Contrast.ORDINARY))
    yield theme
    theme.choose(Appearance(look=Look.LIGHT))
    theme.deleteLater()
    qapp.setFont(font)
    qapp.setPalette(palette)


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("c", ALL, ids=["light", "dark", "strong light", "strong dark"])
def test_everything_can_be_told_apart(c: Colours) -> None:
    grounds = (c.bg, c.surface, c.rail, c.stripe, c.soft)

    assert min(contrast(c.text, ground) for ground in grounds) >= 7
    assert min(contrast(c.muted, ground) for ground in grounds) >= 4.5
    assert min(contrast(c.accent, ground) for ground in grounds) >= 4.5  # also the focus ring
    assert contrast(c.on_accent, c.accent) >= 4.5
    assert min(contrast(c.field, ground) for ground in grounds[:4]) >= 3
    assert contrast(c.text, c.line) >= 4.5 or c.is_strong  # words on a disabled main button
    for meaning in ("late", "soon", "done"):
        ink = getattr(c, meaning)
        assert (
            min(contrast(ink, ground) for ground in (*grounds, getattr(c, f"{meaning}_soft")))
            >= 4.5
        )


@pytest.mark.parametrize("c", [c for c in ALL if c.is_strong])
def test_strong_contrast_is_strong(c: Colours) -> None:
    inks = (c.text, c.muted, c.accent, c.late, c.soon, c.done, c.line, c.field)

    assert min(contrast(ink, c.bg) for ink in inks) >= 7


def test_the_look_changes_while_the_window_is_open(qtbot: QtBot, look: Theme) -> None:
    label = QLabel("x")
    qtbot.addWidget(label)
    look.dress(label)
    label.show()
    seen: list[str] = []
    look.changed.connect(
        lambda: seen.append(label.palette().color(QPalette.ColorRole.Window).name())
    )

    look.choose(Appearance(look=Look.DARK))
    look.choose(Appearance(look=Look.DARK, contrast=Contrast.STRONG))
    look.choose(Appearance(look=Look.LIGHT, contrast=Contrast.STRONG))
    look.choose(Appearance(look=Look.LIGHT, contrast=Contrast.STRONG))

    assert seen == ["#171b21", "#000000", "#ffffff"]


@pytest.mark.parametrize("percent", [80, 100, 160, 200])
def test_text_size_applies_to_everything(qtbot: QtBot, look: Theme, percent: int) -> None:
    plain, title, button = QLabel("Text"), QLabel("Title"), QPushButton("Save")
    title.setProperty("role", "title")
    widgets: tuple[QWidget, ...] = (plain, title, button)
    for widget in widgets:
        qtbot.addWidget(widget)
        look.dress(widget)
        widget.show()
    look.choose(look.appearance._replace(text_percent=100))
    at_100 = [w.fontMetrics().height() for w in widgets]

    look.choose(look.appearance._replace(text_percent=percent))

    for widget, before in zip(widgets, at_100, strict=True):
        widget.ensurePolished()
        # Two heights, each rounded up by ascent and descent to whole pixels.
        assert widget.fontMetrics().height() == pytest.approx(before * percent / 100, abs=3)


def test_each_of_several_text_sizes_reaches_what_is_in_the_window(
    qtbot: QtBot, look: Theme, qapp: QApplication
) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    inside = (QLabel("Text"), QPushButton("Save"), QLineEdit())
    for widget in inside:
        column.addWidget(widget)
    window = MainWindow()
    qtbot.addWidget(window)
    window.present(Scroll(page))
    look.dress(window)
    window.show()

    for percent in (200, 125, 80, 125):
        look.choose(look.appearance._replace(text_percent=percent))
        qapp.processEvents()

        assert {one.font().pointSizeF() for one in (page, *inside)} == {qapp.font().pointSizeF()}


def test_a_document_that_keys_answer_shows_that_it_has_the_focus(
    qtbot: QtBot, look: Theme, workspace: Workspace
) -> None:
    row = DocumentRow(id=DocumentId(1), draft=DocumentDraft(label="Certificate"))
    line, page, window = DocumentLine(workspace, row, date(2026, 12, 3)), QWidget(), MainWindow()
    column = QVBoxLayout(page)
    column.addWidget(QLineEdit())
    column.addWidget(line)
    qtbot.addWidget(window)
    window.present(page)
    look.dress(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    before = line.grab().toImage()

    line.setFocus()

    assert line.hasFocus()
    edges = line.grab().toImage(), before
    assert [edge.pixelColor(0, line.height() // 2).name() for edge in edges] == [
        colours.LIGHT.accent, colours.LIGHT.bg,
    ]  # fmt: skip


def test_a_text_size_out_of_bounds_is_refused(look: Theme) -> None:
    with pytest.raises(ValueError, match="300"):
        look.choose(look.appearance._replace(text_percent=300))


def test_an_icon_takes_the_colour_of_the_moment(look: Theme) -> None:
    users = icon("users")

    def ink(mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off) -> str:
        image = users.pixmap(QSize(48, 48), mode, state).toImage()
        spots = (image.pixelColor(x, y) for x in range(48) for y in range(48))
        return max(spots, key=QColor.alpha).name()

    assert ink() == colours.LIGHT.text
    assert ink(state=QIcon.State.On) == colours.LIGHT.accent
    look.choose(Appearance(look=Look.DARK))
    assert ink() == colours.DARK.text
    assert ink(mode=QIcon.Mode.Disabled) == colours.DARK.muted


@pytest.mark.usefixtures("look")
def test_an_icon_is_sharp_on_a_fine_screen() -> None:
    fine = icon("users").pixmap(QSize(20, 20), 2.0)

    assert (fine.size(), fine.devicePixelRatio()) == (QSize(40, 40), 2.0)


@pytest.mark.usefixtures("qapp")
def test_every_picture_can_be_recoloured_and_may_be_used() -> None:
    pictures = list(ICONS.glob("*.svg"))

    assert len(pictures) >= 40
    assert all("currentColor" in path.read_text(encoding="utf-8") for path in pictures)
    assert "ISC License" in (ICONS / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.usefixtures("qapp")
def test_an_icon_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        icon("unicorn")


def test_the_style_sheet_is_read_without_complaint(tmp_path: Path, qapp: QApplication) -> None:
    for c in ALL:
        text = theme.style_sheet(c, qapp.font(), tmp_path)

        assert "{" in text
        assert "{{" not in text
        urls = [
            line.split('url("')[1].split('"')[0] for line in text.splitlines() if "url(" in line
        ]
        assert urls
        assert all(Path(url).is_file() for url in urls)


@pytest.mark.usefixtures("look")
def test_rows_are_high_enough_for_a_finger_and_for_the_font(qapp: QApplication) -> None:
    font = qapp.font()
    assert theme.row_height(font) >= 36
    font.setPointSizeF(30)
    assert theme.row_height(font) >= 30 * 96 / 72


def test_the_system_is_followed_unless_something_was_chosen(look: Theme) -> None:
    look.choose(Appearance())

    assert look.colours in ALL
    assert (
        not look.colours.is_dark or QApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    )


@pytest.mark.skipif(sys.platform == "win32", reason="small disks are Linux's")
def test_without_room_for_temporary_files_there_is_a_window(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    caches = tmp_path / "caches"
    with small_disk(tmp_path / "full", 64 << 10) as full:
        fill(full)
        monkeypatch.setenv("TMPDIR", str(full))
        monkeypatch.setenv("XDG_CACHE_HOME", str(caches))
        for _time in range(2):
            dressed, window = Theme(qapp), QWidget()
            dressed.dress(window)
            told.append(window.styleSheet())
            dressed.deleteLater()
            caches.mkdir(exist_ok=True)

    assert "QCheckBox::indicator:checked" in told[0]
    assert str(caches) not in told[0]
    assert f'image: url("{caches}' in told[1]


def test_words_at_an_edge_begin_there_on_each_line(qtbot: QtBot, look: Theme) -> None:
    made = edge_button("Wednesday 25 November, 08:30, Hôtel de ville")
    qtbot.addWidget(made)
    look.dress(made)
    width = made.sizeHint().width() * 5 // 6  # the second line is far shorter than the first
    made.resize(width, made.height_at(width))

    drawn = made.grab().toImage()
    ground = drawn.pixel(width - 1, 0)

    def first_letter(lines: range) -> int:
        return min(x for x, y in product(range(width), lines) if drawn.pixel(x, y) != ground)

    middle = drawn.height() // 2
    above, below = first_letter(range(middle)), first_letter(range(middle, drawn.height()))
    assert abs(above - below) <= 3
