"""Lists on disk, as other programs write them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from correspondent_desk.formats.spreadsheet import Sheet, open_sheet
from correspondent_desk.formats.staff_headings import recognise

Saved = Callable[[str], Sheet]
Written = Callable[..., Path]


@pytest.fixture(scope="session")
def written_elsewhere() -> Path:
    """The folder of files that other programs made."""
    return Path(__file__).parents[1] / "fixtures" / "spreadsheets"


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes a text or bytes to a file and answers its path."""

    def write(content: str | bytes, name: str = "list.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def sheet(written: Written) -> Saved:
    """Opens a list given as the text of a CSV file, its lines indented as one likes."""

    def opened(text: str) -> Sheet:
        lines = "\r\n".join(line.strip() for line in text.strip().splitlines())
        return open_sheet(written(lines), recognise)

    return opened
