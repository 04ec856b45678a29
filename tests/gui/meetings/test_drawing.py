"""How much of a name or a day stands in little room: squeezed or broken, never cut."""

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication

from correspondent_desk.domain.meetings import AbsenceId, AbsenceRow
from correspondent_desk.gui.meetings.days import Days
from correspondent_desk.gui.meetings.drawing import Drawing, Places, first_fitting, sign_of
from correspondent_desk.gui.meetings.narrow_names import LEAST, cap_height, fitted
from correspondent_desk.gui.widgets import squeezed
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import meetings
from correspondent_desk.store.database import Database
from tests.builders import add_member
from tests.gui.day_desk import (
    FRIDAY,
    NOW,
    TODAY,
    add_meeting,
    at,
)


@pytest.mark.parametrize("name", ["D’HÉROUVILLE", "VANDENBROUCKE", "DE LA ROCHEFOUCAULD", "? ROUX"])
@pytest.mark.parametrize("points", [10, 12])
def test_a_name_stays_whole_in_a_narrow_day(qapp: QApplication, name: str, points: int) -> None:
    bold = QFont(qapp.font())
    bold.setPointSizeF(points)
    bold.setBold(True)
    half_an_hour = round(QFontMetrics(bold).height() * 1.55) - 2

    lines = fitted(name, 66, half_an_hour, bold)

    said = "".join(text.removesuffix("-") for text, _font in lines)
    assert said.replace(" ", "") == name.replace(" ", "")
    assert all(squeezed.fits(text, font, 66, LEAST) for text, font in lines)
    assert sum(cap_height(font) for _text, font in lines) <= half_an_hour


def test_no_sign_stands_in_a_line_of_its_own(
    qapp: QApplication, desk: Database, workspace: Workspace
) -> None:
    kowalski = add_member(desk, "Kowalski")
    past = add_meeting(desk, kowalski, "2026-11-25 09:00")
    row = workspace.now(lambda s: meetings.row(s, past))
    bold = QFont(qapp.font())
    bold.setBold(True)
    words = sign_of(row, NOW) + "KOWALSKI"
    room = round(QFontMetrics(bold).horizontalAdvance(words) * 0.75)

    assert [text for text, _font in fitted(words, room, 60, bold)] == [words]
    assert words.startswith("?")


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("VANDENBROUCKE", ["VANDEN-", "BROUCKE"]),
        ("ROCHEFOUCAULD", ["ROCHE-", "FOUCAULD"]),
        ("KATZENELLENBOGEN", ["KATZENEL-", "LENBOGEN"]),
    ],
)
def test_a_name_too_long_for_its_day_is_broken_between_syllables(
    qapp: QApplication, name: str, broken: list[str]
) -> None:
    bold = QFont(qapp.font())
    bold.setBold(True)
    room = round(QFontMetrics(bold).horizontalAdvance(name) * LEAST * 0.68)

    assert [text for text, _font in fitted(name, room, 60, bold)] == broken


def test_the_name_of_a_day_never_ends_in_dots(qapp: QApplication) -> None:
    names = ["Tue 24, today", "Tue 24", "24"]
    bold = QFont(qapp.font())
    bold.setBold(True)
    for points in (9.0, 9.5, 10.5, 12.0, 16.0):
        bold.setPointSizeF(points)
        metrics = QFontMetrics(bold)
        for room in range(metrics.horizontalAdvance("24") + 2, 300):
            shown = first_fitting(names, metrics, room)
            assert metrics.elidedText(shown, Qt.TextElideMode.ElideRight, room) == shown


def test_what_is_said_above_a_day_is_squeezed_rather_than_cut(qapp: QApplication) -> None:
    font, palette = qapp.font(), qapp.palette()
    room = round(QFontMetrics(font).horizontalAdvance("Permanence") * 0.8) + 8
    pictures = []

    for label in ("Permanence", "Permanenco"):  # cut, both would be "Perman…"
        away = AbsenceRow(
            id=AbsenceId(1), first_day=FRIDAY, last_day=FRIDAY, label=label, person=""
        )
        days = Days(days=(FRIDAY,), absences=(away,))
        gutter = Places(days, QSize(0, 300), 0, font, TODAY).gutter
        picture = QImage(gutter + room, 300, QImage.Format.Format_RGB32)
        picture.fill(Qt.GlobalColor.white)
        painter = QPainter(picture)
        places = Places(days, picture.size(), 0, font, TODAY)
        drawing = Drawing(painter, places, days, font, palette)
        drawing.draw(now=at(9), cursor=at(9), has_focus=False, chosen=None)
        painter.end()
        pictures.append(picture)

    assert pictures[0] != pictures[1]


def test_what_is_squeezed_stays_inside(qapp: QApplication) -> None:
    picture = QImage(200, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    font, name = qapp.font(), "DE LA ROCHEFOUCAULD"
    room = round(QFontMetrics(font).horizontalAdvance(name) * 0.6)
    painter = QPainter(picture)

    squeezed.draw(painter, name, QRect(0, 0, room, 40), font, 0.5)
    painter.end()

    inked = [x for x in range(200) for y in range(40) if picture.pixelColor(x, y).lightness() < 128]
    assert room * 0.9 < max(inked) <= room
