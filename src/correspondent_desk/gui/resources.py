"""The only place that knows where resources lie: beside the package, installed or frozen."""

from pathlib import Path

FOLDER = Path(__file__).parent.parent / "resources"
ICONS = FOLDER / "icons"
STYLE_SHEET = FOLDER / "theme.qss"
