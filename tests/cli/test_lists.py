"""import and export: lists from and for other programs."""

import csv
import json
import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import MEMBERS, Run

STAFF = """\
Nom;Prénom;Date de naissance;Matricule;Tél;Site;Commentaire
LE GOFF;Anne;{born};000417;06 39 98 00 01;Médiathèque;ancienne
TRÉVIDIC;Soizic;12/03/1988;;0639980002;Médiathèque;
QUÉRÉ;Loïc;31/02/1990;90002;;Piscine;
;;;90003;;;
"""


@pytest.fixture
def staff(on_desk: Run) -> Path:
    """A staff list with somebody known, somebody new, and cells that cannot be read."""
    [found] = on_desk("search", "000417", "--json").lines
    path = Path("staff.csv")
    path.write_text(STAFF.format(born=json.loads(found)["birth_date"]), "cp1252")
    return path


def test_a_list_goes_in_as_one_step_and_is_known_afterwards(on_desk: Run, staff: Path) -> None:
    first = on_desk("import", staff)
    again = on_desk("import", staff)

    assert first.status == 4
    assert "2 people were added. 1 card was changed." in first.out
    assert "row 4, Date de naissance (column C): There is no such day as “31/02/1990”." in first.out
    assert "Columns that are ignored: Commentaire" in first.out
    assert "were added" not in again.out
    assert on_desk("search", "quere", "--json").status == 0
    assert on_desk("undo").out == "Taken back: Import of a list\n"
    assert on_desk("search", "quere").status == 1


def test_a_dry_run_changes_nothing(on_desk: Run, staff: Path) -> None:
    ended = on_desk("import", staff, "--dry-run")

    assert ended.status == 4
    assert "2 people are new." in ended.out
    assert on_desk("search", "quere").status == 1
    assert on_desk("undo").status == 1


def test_the_report_has_every_row_and_every_cell(on_desk: Run, staff: Path) -> None:
    on_desk("import", staff, "--report", "report.csv")
    with Path("report.csv").open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = csv.reader(file, delimiter=";")

    assert heading == ["Row", "Column", "Heading", "What becomes of it", "Why"]
    assert [row[:4] for row in rows] == [
        ["4", "C", "Date de naissance", "cell left empty"],
        ["5", "", "", "row left out"],
        ["2", "", "", "updates"],
        ["3", "", "", "new"],
        ["4", "", "", "new"],
    ] + [["", "", "", "not in the list"]] * (len(rows) - 5)
    assert "There is no such day" in rows[0][4]


def test_a_list_that_says_nothing_new_ends_with_nothing_to_do(on_desk: Run) -> None:
    Path("staff.csv").write_text(
        "Nom;Nom d’usage;Prénom;Matricule\nKervelec;LE GOFF;ANNE;417\n", "utf-8"
    )

    assert on_desk("import", "staff.csv").status == 1
    assert on_desk("undo").status == 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_exported_list_of_members_says_nothing_new(on_desk: Run, ending: str) -> None:
    written = on_desk("export", "members", f"people.{ending}")
    read = on_desk("import", f"people.{ending}")

    assert written.out == f"{MEMBERS} lines were written to people.{ending}.\n"
    assert read.out.startswith(f"{MEMBERS} people are known already, with nothing new.")
    assert read.status == 1


@pytest.mark.parametrize("what", ["requests", "meetings", "contacts"])
def test_other_lists_are_written(on_desk: Run, what: str) -> None:
    assert on_desk("export", what, f"{what}.csv").status == 0
    assert len(Path(f"{what}.csv").read_text("utf-8-sig").splitlines()) > 20


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "[unreadable-file:missing]"),
        (b"", "[unreadable-file:empty]"),
        (b"\x00\x01\x02\x03" * 99, "[unreadable-file:not-a-spreadsheet]"),
        (b"a;b\n1;2\n", "[unreadable-file:no-name-column]"),
        (b"Nom;Matricule;Matricule\nA;1;2\n", "[unreadable-file:two-columns]"),
        (b"PK\x03\x04 cut", "[unreadable-file:damaged]"),
        (
            b"Nom;Num\xe9ro de s\xe9curit\xe9 sociale\nA;185057800608491\n",
            "[forbidden-column:social-security-number]",
        ),
    ],
)
def test_a_file_that_is_no_list_is_refused(on_desk: Run, content: bytes | None, code: str) -> None:
    if content is not None:
        Path("staff.csv").write_bytes(content)
    ended = on_desk("import", "staff.csv")

    assert ended.status == 2
    assert ended.err.splitlines()[-1] == code
    assert len(ended.err.splitlines()) == 2


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("no/such/folder/people.csv", "missing-folder"),
        (".", "folder"),
        ("people.pdf", "other-kind"),
        ("people.ods", "other-kind"),
        pytest.param(
            "/proc/people.csv",
            "not-allowed",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="has no /proc"),
        ),
    ],
)
def test_a_list_that_cannot_be_written_is_refused(on_desk: Run, target: str, why: str) -> None:
    ended = on_desk("export", "members", target)

    assert ended.status == 2
    assert ended.err.splitlines()[-1] == f"[unwritable-file:{why}]"
    assert not Path(target).is_file()


def test_a_text_has_no_sheets(on_desk: Run, staff: Path) -> None:
    ended = on_desk("import", staff, "--sheet", "zz")

    assert (ended.status, ended.err.splitlines()[-1]) == (2, "[unreadable-file:no-sheet]")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_what_is_no_file_is_not_replaced_by_one(on_desk: Run) -> None:
    os.mkfifo("pipe")
    listed = on_desk("export", "members", "pipe")

    assert listed.err.splitlines()[-1] == "[unwritable-file:not-a-file]"
    assert Path("pipe").is_fifo()


def test_a_report_that_cannot_be_written_keeps_the_list_out(on_desk: Run, staff: Path) -> None:
    ended = on_desk("import", staff, "--report", "no/such/folder.csv")

    assert ended.status == 2
    assert on_desk("undo").status == 1


def test_a_list_of_headings_only_is_said_to_name_nobody(on_desk: Run) -> None:
    Path("empty.csv").write_text("Nom;Prénom\n", encoding="utf-8")

    ended = on_desk("--lang", "en", "import", "empty.csv")

    assert (ended.status, ended.lines[0]) == (1, "The list names nobody.")


def test_a_column_without_a_heading_is_settled_by_an_option(on_desk: Run) -> None:
    Path("odd.csv").write_text("Nom;Prénom;\nVIDAL;Zoé;0639980003\n", "utf-8")
    refused = on_desk("import", "odd.csv")
    imported = on_desk("import", "odd.csv", "--column", "c=phone")

    assert refused.err.splitlines()[-1] == "[unreadable-file:header-without-name]"
    assert "--column C=FIELD or --column C=ignore" in refused.err
    assert imported.status == 0
    assert "06 39 98 00 03" in on_desk("search", "vidal zoe").out


@pytest.mark.parametrize("chosen", [("A=matricule", "B=ignore"), ("B=matricule",)])
def test_of_two_columns_one_is_chosen_by_an_option(on_desk: Run, chosen: tuple[str, ...]) -> None:
    Path("odd.csv").write_text("Matricule;Matricule;Nom;Prénom\n1;2;VIDAL;Zoé\n", "utf-8")
    refused = on_desk("import", "odd.csv")
    options = [word for one in chosen for word in ("--column", one)]
    imported = on_desk("import", "odd.csv", *options)

    assert refused.err.splitlines()[-1] == "[unreadable-file:two-columns]"
    assert "Matricule (A), Matricule (B)" in refused.err
    assert "--column A=matricule" in refused.err
    assert imported.status == 0
    number = chosen[0].startswith("B") + 1
    found = on_desk("search", "zoé vidal", "--json").out
    assert json.loads(found)["matricule"].endswith(str(number))


@pytest.mark.parametrize("chosen", ["Z=phone", "phone", "A=nonsense", "=phone", "1=phone"])
def test_a_choice_about_no_column_is_refused(on_desk: Run, chosen: str) -> None:
    Path("odd.csv").write_text("Nom;Prénom\nVIDAL;Zoé\n", "utf-8")

    assert on_desk("import", "odd.csv", "--column", chosen).status == 2


def test_somebody_who_is_in_a_list_twice_is_told_by_both_rows(on_desk: Run) -> None:
    Path("odd.csv").write_text("Nom;Prénom\nVIDAL;Zoé\nVIDAL;Zoé\n", "utf-8")
    imported = on_desk("import", "odd.csv")

    assert imported.status == 4
    assert "row 3: Zoé VIDAL is in this list twice, first in row 2" in imported.out


def test_who_is_not_in_a_list_is_named(on_desk: Run) -> None:
    [anne] = map(json.loads, on_desk("search", "000417", "--json").lines)
    people = [json.loads(line) for line in on_desk("search", "", "a", "--json").lines]
    Path("list.csv").write_text("Matricule;Nom;Prénom\n000417;LE GOFF;Anne\n", "utf-8")

    told = on_desk("import", "list.csv", "--dry-run", "--report", "report.csv")
    report = Path("report.csv").read_text("utf-8-sig").splitlines()

    absent = [line for line in report if ";not in the list;" in line]
    count = int(told.lines[1].split()[0])
    assert "of this desk are not in the list" in told.lines[1]
    assert len(absent) == count > len(people) / 2
    assert not [line for line in absent if anne["first_name"] + " LE GOFF" in line]
    assert sum("not in the list; nothing changes." in line for line in told.lines) == 20
    assert told.lines[-1] == f"… and {count - 20} others; --report FILE writes all of them."


def test_rows_that_wait_for_a_person_are_answered_by_an_option(on_desk: Run) -> None:
    [anne] = map(json.loads, on_desk("search", "000417", "--json").lines)
    Path("list.csv").write_text(
        f"Nom;Prénom;Date de naissance;Service\nLE GOFF;Anne;{anne['birth_date']};Parcs\n", "utf-8"
    )
    waiting = on_desk("import", "list.csv")
    wrong = [on_desk("import", "list.csv", *words) for words in (
        ("--row", "3=same"), ("--row", "2=maybe"), ("--row", "2=same", "--row", "2=new"),
    )]  # fmt: skip
    confirmed = on_desk("import", "list.csv", "--row", "2=same")

    assert waiting.status == 4
    assert "1 row waits for your answer." in waiting.out
    assert {one.err.splitlines()[-1] for one in wrong} == {"[usage]"}
    assert confirmed.status == 0
    assert json.loads(on_desk("search", "000417", "--json").out)["service"] == "Parcs"


def test_rows_of_another_encoding_are_told_and_the_rest_goes_in(
    on_desk: Run, tmp_path: Path
) -> None:
    """A list that was glued together: French Excel's letters, and some of UTF-8."""
    rows = ["Z1;VALMY;Zoé".encode(), *(f"Z{n};VÉLÎNE;Clélie{n}".encode("cp1252") for n in "234")]
    rows += [
        "Z5;ŒUVRARD;Anaïs".encode(),
        "Z6;D’ALÈS;Marie".encode(),
        "Z7;VÉLÎNE;São".encode("cp1252"),
    ]
    (tmp_path / "glued.csv").write_bytes(
        b"\r\n".join([b"Matricule;Nom;Pr\xe9nom", *rows]) + b"\r\n"
    )

    ended = on_desk("import", tmp_path / "glued.csv")

    assert ended.status == 4
    told = [one.partition(": ") for one in ended.lines if one.startswith("row ")]
    assert [where for where, _, why in told if "damaged" in why] == [
        "row 2, Prénom (column C)",
        "row 6, Nom (column B)",
        "row 6, Prénom (column C)",
        "row 7, Nom (column B)",
    ]
    assert len(on_desk("search", "veline").lines) == 4
    assert "Ã" not in on_desk("search", "valmy").out


@pytest.mark.parametrize("letters", [b"Zo\xc3\xa9", b"Zo\xc3"])
def test_a_cut_letter_of_utf8_changes_nobody(on_desk: Run, tmp_path: Path, letters: bytes) -> None:
    head = "Matricule;Nom;Prénom\n".encode()
    (tmp_path / "whole.csv").write_bytes(head + "Z77;VALMÉ;Zoé\n".encode())
    (tmp_path / "cut.csv").write_bytes(head + b"Z77;VALM\xc3;" + letters + b"\nZ78;DUPONT;Jean\n")
    assert on_desk("import", tmp_path / "whole.csv").status == 0

    ended = on_desk("import", tmp_path / "cut.csv")

    assert ended.status == 4
    assert "row 2, Nom (column B): Some letters" in ended.out
    assert "card" not in ended.out
    assert on_desk("show", "member", "Z77").lines[0] == "Zoé VALMÉ"
    assert on_desk("show", "member", "Z78").lines[0] == "Jean DUPONT"
