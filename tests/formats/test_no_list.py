"""What is no list is refused with its reason."""

import errno
import os
from pathlib import Path

import pytest

from correspondent_desk.formats.files import UnreadableFile, unreadable
from correspondent_desk.formats.spreadsheet import MOST_BYTES, MOST_ROWS
from tests.formats.conftest import Saved, Written
from tests.formats.reading import refused


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("empty.csv", "unreadable-file:empty"),
        ("picture.xlsx", "unreadable-file:not-a-spreadsheet"),
        ("cut.xlsx", "unreadable-file:damaged"),
        ("web-page.xls", "unreadable-file:web-page"),
        ("locked.xlsx", "unreadable-file:password"),
        ("locked.xls", "unreadable-file:encrypted"),
        ("locked.ods", "unreadable-file:password"),
        ("nowhere.csv", "unreadable-file:missing"),
        (".", "unreadable-file:folder"),
    ],
)
def test_what_is_no_list_is_refused(written_elsewhere: Path, name: str, code: str) -> None:
    assert refused(written_elsewhere / name).full_code == code


def test_a_stray_cell_does_not_take_all_memory(written_elsewhere: Path) -> None:
    found = refused(written_elsewhere / "stray-cell.xlsx")

    assert found.reason == "stray-cell"
    assert found.details["cell"] == "XFD1048576"
    assert refused(written_elsewhere / "stray-cell.ods").reason == "stray-cell"


@pytest.mark.parametrize(
    "content",
    ["", "\ufeff", "  \r\n \r\n", ";;;\r\n;;;\r\n"],
    ids=["nothing", "only a mark", "blanks", "separators"],
)
def test_a_list_of_nothing_is_empty(written: Written, content: str) -> None:
    assert refused(written(content)).reason == "empty"


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n\xe2\xe3", b"\xff\xd8\xff\xe0\0\x10JFIF", b"PK\x03\x04", bytes(range(256)) * 9],
    ids=["pdf", "jpeg", "the start of a zip", "noise"],
)
def test_bytes_of_another_kind_are_refused(written: Written, content: bytes) -> None:
    assert refused(written(content)).reason in ("not-a-spreadsheet", "damaged")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('<?xml version="1.0"?>\n<office:document xmlns:xhtml="http://www.w3.org/x">', "xml"),
        ('\ufeff<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>', "xml"),
        ('<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML">', "web-page"),
        ('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "web-page"),
    ],
)
def test_a_spreadsheet_in_xml_is_no_web_page(written: Written, content: str, reason: str) -> None:
    assert refused(written(content)).reason == reason


def test_a_list_without_headings_is_refused(written: Written) -> None:
    assert refused(written("12;13\r\n14;15\r\n")).reason == "no-header"


def test_a_quotation_mark_that_is_never_closed_says_so(sheet: Saved) -> None:
    opened = sheet("""
        Nom;Prénom
        LE GOFF;"Anne
        ROUX;Zoé
    """)

    with pytest.raises(UnreadableFile) as caught:
        list(opened.rows())

    assert caught.value.full_code == "unreadable-file:quote"


def test_utf16_cut_in_the_middle_of_a_letter_is_refused(written: Written) -> None:
    whole = "Nom;Prénom\r\nLE GOFF;Anne\r\n".encode("utf-16")

    assert refused(written(whole[:-1])).full_code == "unreadable-file:encoding"


def test_more_than_a_spreadsheet_can_hold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("Nom;Prénom\n" + "a;b\n" * MOST_ROWS)

    found = refused(path)

    assert found.reason == "too-large"
    assert found.details["most_rows"] == MOST_ROWS


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"Nom;Prenom\r\n")
        file.truncate(MOST_BYTES + 1)

    assert refused(path).details["most"] == MOST_BYTES


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="an administrator may read all")
def test_a_file_one_may_not_read_says_so(written: Written) -> None:
    path = written("Nom;Prénom\r\n")
    path.chmod(0)

    assert refused(path).reason == "not-allowed"


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.EACCES, "not-allowed"), (errno.EBUSY, "locked"), (errno.EIO, "damaged")],
)
def test_what_the_system_says_becomes_a_reason(tmp_path: Path, number: int, reason: str) -> None:
    assert unreadable(tmp_path / "x.csv", OSError(number, os.strerror(number))).reason == reason
