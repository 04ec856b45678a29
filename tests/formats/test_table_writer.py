"""What is exported opens right elsewhere, and a failed export leaves what was there."""

import gc
import os
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from correspondent_desk.formats.files import UnwritableFile, unreadable, unwritable
from correspondent_desk.formats.spreadsheet import open_sheet
from correspondent_desk.formats.staff_headings import propose, recognise
from correspondent_desk.formats.staff_list import read
from correspondent_desk.formats.table_writer import LONGEST_TEXT, Value, write
from tests.small_disk import fill, small_disk

HEADINGS = ["Nom", "Prénom", "Date de naissance", "Tél", "Montant", "Note", "Vu le"]
SEEN = datetime.fromisoformat("2026-11-22T09:30")
ROW: list[Value] = [
    "D’HÉROUVILLE", "Zoé", date(1971, 3, 12), "+33612345607", Decimal("12.50"),
    'dit "oui" ; peut-être\nplus tard', SEEN,
]  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with nothing but what the test writes."""
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


def test_csv_is_what_a_french_excel_opens(place: Path) -> None:
    path = place / "liste.csv"

    count = write(path, HEADINGS, [ROW])

    assert count == 1
    assert path.read_bytes().decode("utf-8") == (
        "\ufeffNom;Prénom;Date de naissance;Tél;Montant;Note;Vu le\r\n"
        "D’HÉROUVILLE;Zoé;1971-03-12;'+33612345607;12,50;"
        '"dit ""oui"" ; peut-être\nplus tard";2026-11-22 09:30\r\n'
    )
    assert [one.name for one in place.iterdir()] == ["liste.csv"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")']
)
def test_text_never_runs_as_a_formula(place: Path, text: str) -> None:
    write(place / "a.csv", ["Nom", "Note"], [["x", text]])
    write(place / "a.xlsx", ["Nom", "Note"], [["x", text]])

    assert open_sheet(place / "a.csv", recognise).headings == ("Nom", "Note")
    assert f"'{text[:1]}".encode() in (place / "a.csv").read_bytes()
    with zipfile.ZipFile(place / "a.xlsx") as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_numbers_below_zero_and_a_lone_hyphen_need_no_guard(place: Path) -> None:
    write(place / "a.csv", ["a", "b"], [[-3, "-"], [-2.5, None]])

    assert (place / "a.csv").read_text("utf-8-sig").splitlines()[1:] == ["-3;-", "-2,5;"]


def test_xlsx_has_dates_as_dates_and_texts_as_texts(place: Path) -> None:
    path = place / "liste.xlsx"

    write(path, HEADINGS, [[*ROW[:3], "0612345607", *ROW[4:]]], title="Bénéficiaires : 2026/11")

    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Bénéficiaires   2026 11"]
    assert book.get_sheet_by_index(0).to_python()[1] == [
        "D’HÉROUVILLE", "Zoé", date(1971, 3, 12), "0612345607", 12.5,
        'dit "oui" ; peut-être\nplus tard', SEEN,
    ]  # fmt: skip
    with zipfile.ZipFile(path) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        styles = package.read("xl/styles.xml").decode()
    assert 'state="frozen"' in sheet
    assert "<b/>" in styles
    assert "dd/mm/yyyy" in styles
    assert [one.name for one in place.iterdir()] == ["liste.xlsx"]


def test_a_text_too_long_for_a_cell_is_cut_and_shows_it(place: Path) -> None:
    write(place / "a.xlsx", ["Note"], [["é" * 40_000]])

    found = CalamineWorkbook.from_path(place / "a.xlsx").get_sheet_by_index(0).to_python()[1][0]
    assert found == "é" * (LONGEST_TEXT - 1) + "…"


@pytest.mark.parametrize("name", ["liste.csv", "liste.xlsx"])
def test_an_exported_list_can_be_imported_again(place: Path, name: str) -> None:
    headings = ["Nom", "Prénom", "Date de naissance", "Matricule", "Tél", "CP"]
    people: list[list[Value]] = [
        ["LE GOFF", "Anne", date(1971, 3, 12), "000417", "+33612345607", "01000"],
        ["-ROUX", "=Zoé", None, "001203", "+44 20 7946 0958", "67000"],
    ]
    write(place / name, headings, people)

    sheet = open_sheet(place / name, recognise)
    rows = list(read(sheet, propose(sheet).mapping, print, today=date(2026, 11, 22)))

    assert [(row.family_name, row.first_name, row.matricule, row.postcode) for row in rows] == [
        ("LE GOFF", "Anne", "000417", "01000"),
        ("-ROUX", "=Zoé", "001203", "67000"),
    ]
    assert [row.phones[0][0] for row in rows] == ["+33612345607", "+442079460958"]
    assert [row.birth_date for row in rows] == [date(1971, 3, 12), None]


@pytest.mark.parametrize("name", ["liste.csv", "liste.xlsx"])
def test_rows_that_break_off_leave_the_former_list(place: Path, name: str) -> None:
    def broken() -> Iterator[list[Value]]:
        for n in range(3_000):
            yield [f"NOM {n}"]
        raise KeyError("the source failed")

    (place / name).write_text("what was there")

    with pytest.raises(KeyError):
        write(place / name, ["Nom"], broken())

    assert (place / name).read_text() == "what was there"
    assert [one.name for one in place.iterdir()] == [name]


@pytest.mark.parametrize("name", ["liste.csv", "liste.xlsx"])
def test_a_missing_folder_is_said(place: Path, name: str) -> None:
    with pytest.raises(UnwritableFile) as caught:
        write(place / "gone" / name, ["Nom"], [["x"]])

    assert caught.value.full_code == "unwritable-file:missing-folder"


def test_a_folder_in_the_place_of_the_file_is_said(place: Path) -> None:
    (place / "liste.csv").mkdir()

    with pytest.raises(UnwritableFile) as caught:
        write(place / "liste.csv", ["Nom"], [["x"]])

    assert caught.value.reason == "folder"
    assert [one.name for one in place.iterdir()] == ["liste.csv"]


def test_a_name_too_long_is_said(place: Path) -> None:
    with pytest.raises(UnwritableFile) as caught:
        write(place / ("x" * 300 + ".csv"), ["Nom"], [["x"]])

    assert caught.value.reason == "too-long"


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder nobody may write to")
@pytest.mark.parametrize("name", ["liste.csv", "liste.xlsx"])
def test_a_folder_one_may_not_write_to_is_said(name: str) -> None:
    with pytest.raises(UnwritableFile) as caught:
        write(Path("/sys/kernel") / name, ["Nom"], [["x"]])

    assert caught.value.full_code == "unwritable-file:not-allowed"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
@pytest.mark.parametrize("name", ["liste.csv", "liste.xlsx"])
def test_a_full_disk_leaves_the_former_list(place: Path, name: str) -> None:
    """In a process of its own, whose files may not grow beyond 4 kB."""
    (place / name).write_text("what was there")
    script = textwrap.dedent(
        f"""
        import resource
        from pathlib import Path
        from correspondent_desk.formats.files import UnwritableFile
        from correspondent_desk.formats.table_writer import write

        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            write(Path({str(place / name)!r}), ["Nom"], ([f"NOM {{n * n}}"] for n in range(20_000)))
        except UnwritableFile as error:
            print(error.full_code)
        """
    )

    found = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": "src"},
    )  # fmt: skip

    assert found.stdout.strip() == "unwritable-file:disk-full"
    assert (place / name).read_text() == "what was there"
    assert [one.name for one in place.iterdir()] == [name]


def test_a_disk_without_any_room_leaves_nothing_to_the_collector(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1 << 20) as disk:
        fill(disk)

        with pytest.raises(UnwritableFile):
            write(disk / "liste.xlsx", ["Nom"], [["LE GOFF"]])

        gc.collect()  # what it cannot close is told to nobody, and ends as a failure of this test


def test_names_that_windows_does_not_take_are_said(place: Path) -> None:
    """As Windows puts it, for a colon and for a name too long."""

    class Colon(OSError):
        winerror = 123

    colon = Colon(22, "Invalid argument")

    assert unwritable(place / "12:30.csv", colon).reason == "bad-name"
    # Elsewhere it is a place that takes no files, such as /proc.
    here = "too-long" if os.name == "nt" else "not-allowed"
    assert unwritable(place / "x.csv", FileNotFoundError(2, "no path")).reason == here
    assert unwritable(place / "a" / "x.csv", FileNotFoundError(2, "")).reason == "missing-folder"
    assert unreadable(place / "12:30.csv", colon).reason == "missing"


def test_a_file_that_another_program_holds_is_said(place: Path) -> None:
    """As Windows may put it: access denied to a file in a folder that can be written to."""
    (place / "liste.csv").write_text("open in Excel")

    assert unwritable(place / "liste.csv", PermissionError(13, "denied")).reason == "locked"
    assert unwritable(place / "other.csv", PermissionError(13, "denied")).reason == "not-allowed"
