"""Files that were cut, altered or mixed up on their way: read or refused, never a crash."""

import io
import random
import zipfile
from datetime import date
from pathlib import Path

import pytest

from correspondent_desk.errors import DeskError
from correspondent_desk.formats.files import UnreadableFile
from correspondent_desk.formats.spreadsheet import open_sheet
from correspondent_desk.formats.staff_headings import propose, recognise
from correspondent_desk.formats.staff_list import read
from tests.formats.conftest import Written

SCRAPS = (b'"', b"\0", b";", b"\r", b"\n", b"<", b"&", b"\xff", b"99999999")


def altered(content: bytes, chance: random.Random) -> bytes:
    """content with a few bytes changed, lost, put in or cut off."""
    found = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 10))):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(4):
            case 0:
                found[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del found[at : at + chance.randrange(1, 40)]
            case 2:
                found[at:at] = chance.choice(SCRAPS) * chance.randrange(1, 5)
            case _ if chance.random() < 0.3:
                del found[at:]
    return bytes(found)


def altered_inside(content: bytes, chance: random.Random) -> bytes:
    """A package of which one part is altered or missing; anything else simply altered."""
    if not content.startswith(b"PK"):
        return altered(content, chance)
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        return altered(content, chance)
    chosen = chance.choice(package.namelist())
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as written:
        for name in package.namelist():
            if name != chosen:
                written.writestr(name, package.read(name))
            elif chance.random() < 0.8:
                written.writestr(name, altered(package.read(name), chance))
    return result.getvalue()


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happened_to_a_file_it_is_read_or_refused(
    written_elsewhere: Path, written: Written, seed: int
) -> None:
    chance = random.Random(seed)
    files = sorted(path for path in written_elsewhere.iterdir() if path.suffix != ".md")
    for path in files:
        alter = chance.choice((altered, altered_inside))
        damaged = written(alter(path.read_bytes(), chance), f"damaged{path.suffix}")
        try:
            sheet = open_sheet(damaged, recognise)
            proposal = propose(sheet)
            if not proposal.troubles:
                for _row in read(sheet, proposal.mapping, lambda _: None, today=date(2026, 11, 22)):
                    pass
        except DeskError as error:
            assert error.reason  # noqa: PT017 - being refused is as good as being read


@pytest.mark.parametrize(
    ("name", "at", "byte"),
    [
        ("libreoffice.xls", 4354, 0xFD),  # a sheet that begins behind its end
        ("libreoffice.xls", 47, 0x7F),  # tables larger than the file
        ("libreoffice.xls", 30, 0x40),  # sectors of 2^64 bytes
    ],
)
def test_sizes_that_cannot_be_true_do_not_take_all_memory(
    written_elsewhere: Path, written: Written, name: str, at: int, byte: int
) -> None:
    content = bytearray((written_elsewhere / name).read_bytes())
    content[at] = byte

    with pytest.raises(UnreadableFile) as caught:
        open_sheet(written(bytes(content), name), recognise)

    assert caught.value.reason == "damaged"


def test_a_panic_of_the_reader_is_a_reason_and_says_nothing_on_the_terminal(
    written_elsewhere: Path, written: Written, capfd: pytest.CaptureFixture[str]
) -> None:
    """The end of an XLS gone, which the reader takes for granted."""
    content = (written_elsewhere / "libreoffice.xls").read_bytes()

    with pytest.raises(UnreadableFile) as caught:
        open_sheet(written(content[:7000], "cut.xls"), recognise)

    assert caught.value.reason == "damaged"
    assert capfd.readouterr().err == ""


def test_a_package_that_unpacks_to_more_than_memory_is_refused(
    tmp_path: Path,
) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open("xl/workbook.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(1_100):
            part.write(bytes(1 << 20))

    with pytest.raises(UnreadableFile) as caught:
        open_sheet(path, recognise)

    assert caught.value.reason == "too-large"


@pytest.mark.parametrize("quotes", ["", '"'])
def test_a_cell_longer_than_any_program_writes_is_a_reason(tmp_path: Path, quotes: str) -> None:
    path = tmp_path / "staff.csv"
    path.write_text(f"Nom;Prénom\nROUX;Léa\n{quotes}{'X' * 200_000};Ana\n", encoding="utf-8")

    with pytest.raises(UnreadableFile) as refused:
        open_sheet(path, recognise)

    assert refused.value.reason == ("quote" if quotes else "long-cell")
