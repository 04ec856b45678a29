"""The four sets of colours, and how far apart two colours are to the eye."""

from typing import NamedTuple

from PySide6.QtGui import QColor, QPalette

Role = QPalette.ColorRole


class Colours(NamedTuple):
    """One set. late, soon and done are meanings: they always come with a word or a sign."""

    is_dark: bool
    is_strong: bool
    bg: str
    surface: str
    rail: str
    stripe: str
    soft: str
    line: str
    field: str
    text: str
    muted: str
    accent: str
    on_accent: str
    late: str
    late_soft: str
    soon: str
    soon_soft: str
    done: str
    done_soft: str


LIGHT = Colours(
    is_dark=False,
    is_strong=False,
    bg="#f5f6f8",
    surface="#ffffff",
    rail="#eceff3",
    stripe="#f8f9fb",
    soft="#e1ecf8",
    line="#cdd4dc",
    field="#7d8999",
    text="#1b2430",
    muted="#525e6f",
    accent="#1c5a9f",
    on_accent="#ffffff",
    late="#9f2029",
    late_soft="#fbe9e8",
    soon="#7f5200",
    soon_soft="#fdf1d8",
    done="#1d653b",
    done_soft="#e3f3e8",
)
DARK = Colours(
    is_dark=True,
    is_strong=False,
    bg="#171b21",
    surface="#20262e",
    rail="#12161b",
    stripe="#242b34",
    soft="#263a50",
    line="#3a4350",
    field="#7f8b9b",
    text="#e8ecf1",
    muted="#adb8c5",
    accent="#86baf0",
    on_accent="#0d1a29",
    late="#ffa8a3",
    late_soft="#45282b",
    soon="#f2c46d",
    soon_soft="#40351f",
    done="#8ed6a5",
    done_soft="#20392a",
)
STRONG_LIGHT = Colours(
    is_dark=False,
    is_strong=True,
    bg="#ffffff",
    surface="#ffffff",
    rail="#ffffff",
    stripe="#ffffff",
    soft="#dce9fb",
    line="#000000",
    field="#000000",
    text="#000000",
    muted="#1f1f1f",
    accent="#00369c",
    on_accent="#ffffff",
    late="#8b0000",
    late_soft="#ffffff",
    soon="#5c3b00",
    soon_soft="#ffffff",
    done="#00471c",
    done_soft="#ffffff",
)
STRONG_DARK = Colours(
    is_dark=True,
    is_strong=True,
    bg="#000000",
    surface="#000000",
    rail="#000000",
    stripe="#000000",
    soft="#33300a",
    line="#ffffff",
    field="#ffffff",
    text="#ffffff",
    muted="#e8e8e8",
    accent="#ffe04a",
    on_accent="#000000",
    late="#ffb3ae",
    late_soft="#000000",
    soon="#ffd27a",
    soon_soft="#000000",
    done="#9be8b2",
    done_soft="#000000",
)
ALL = (LIGHT, DARK, STRONG_LIGHT, STRONG_DARK)


def colours_of(palette: QPalette) -> Colours:
    """The set palette was made from; the light one for a palette that is not ours."""
    window, text = palette.color(Role.Window).name(), palette.color(Role.WindowText).name()
    return next((c for c in ALL if (c.bg, c.text) == (window, text)), LIGHT)


def palette_of(colours: Colours) -> QPalette:
    """The set as Qt's styles want it."""
    palette = QPalette()
    for role, colour in (
        (Role.Window, colours.bg),
        (Role.WindowText, colours.text),
        (Role.Base, colours.surface),
        (Role.AlternateBase, colours.stripe),
        (Role.Text, colours.text),
        (Role.Button, colours.surface),
        (Role.ButtonText, colours.text),
        (Role.BrightText, colours.late),
        (Role.ToolTipBase, colours.surface),
        (Role.ToolTipText, colours.text),
        (Role.Highlight, colours.accent),
        (Role.HighlightedText, colours.on_accent),
        (Role.PlaceholderText, colours.muted),
        (Role.Link, colours.accent),
        (Role.LinkVisited, colours.accent),
        (Role.Accent, colours.accent),
        (Role.Mid, colours.line),
        (Role.Dark, colours.field),
        (Role.Midlight, colours.line),
        (Role.Light, colours.surface),
        (Role.Shadow, colours.line),
    ):
        palette.setColor(role, QColor(colour))
    for role in (Role.WindowText, Role.Text, Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.muted))
    return palette


def contrast(one: str, other: str) -> float:
    """How far apart two colours are, from 1 to 21, as WCAG 2 computes it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
