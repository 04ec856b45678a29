"""Every reason why a list is refused has its sentence, in both languages, with nothing left open."""

import re

import pytest

from correspondent_desk import language
from correspondent_desk.formats import files as reasons
from correspondent_desk.formats.files import ForbiddenColumn, UnreadableFile, UnwritableFile
from correspondent_desk.formats.staff_cells import LEAVE_ROW_OUT, CellFault
from correspondent_desk.formats.staff_headings import StaffField
from correspondent_desk.formats.staff_list import CellProblem
from correspondent_desk.messages import files

DETAILS = {
    "name": "agents.xlsx", "folder": "E:\\exports", "row": 1203, "column": "F", "cell": "XFD1048576",
    "field": StaffField.TOWN, "columns": ("Ville", "Commune"), "sheets": ("A", "B"),
    "most_rows": 1_048_576,
}  # fmt: skip


@pytest.fixture(params=["fr", "en"])
def spoken(request: pytest.FixtureRequest) -> str:
    """Each test in both languages."""
    language.use(request.param)
    return str(request.param)


def named_in(error: type[UnreadableFile | UnwritableFile]) -> list[str]:
    """The reasons that the class promises."""
    listed = re.search(r"Reasons: ([^.]+)\.", error.__doc__ or "")
    assert listed
    return [reason.strip() for reason in listed[1].split(",")]


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("reason", named_in(reasons.UnreadableFile))
def test_each_reason_why_a_list_is_not_read_is_a_sentence(reason: str) -> None:
    details = {**DETAILS, "size": 900 * 1024**2, "most": 200 * 1024**2}

    said = files.sentence(UnreadableFile(reason, **details))

    assert said.endswith(".")
    assert ". " in said, "what to do"
    assert not re.search(r"[{}]|StaffField", said)


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("reason", named_in(reasons.UnwritableFile))
def test_each_reason_why_a_list_is_not_written_is_a_sentence(reason: str) -> None:
    said = files.sentence(UnwritableFile(reason, **DETAILS))

    assert said.endswith(".")
    assert ". " in said, "what to do"
    assert not re.search(r"[{}]", said)


@pytest.mark.usefixtures("spoken")
def test_a_stray_cell_nobody_can_name_is_a_sentence_too() -> None:
    assert "agents.ods" in files.sentence(UnreadableFile("stray-cell", name="agents.ods"))


def test_a_forbidden_column_is_named_with_what_to_do(spoken: str) -> None:
    error = ForbiddenColumn(
        "social-security-number", name="agents.xlsx", column="F", heading="N° sécu"
    )

    said = files.sentence(error)

    assert "N° sécu" in said
    assert "agents.xlsx" in said
    assert {"fr": "numéros de sécurité sociale", "en": "social-security numbers"}[spoken] in said


def test_sizes_and_counts_are_said_as_people_say_them(spoken: str) -> None:
    size = UnreadableFile("too-large", name="a.csv", size=900 * 1024**2, most=200 * 1024**2)
    rows = UnreadableFile("too-large", name="a.csv", rows=1_200_000, most_rows=1_048_576)

    assert {"fr": "900\u00a0Mo", "en": "900\u00a0MB"}[spoken] in files.sentence(size)
    assert {"fr": "1\u202f200\u202f000", "en": "1,200,000"}[spoken] in files.sentence(rows)


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("fault", CellFault)
def test_each_fault_of_a_cell_is_a_sentence(fault: CellFault) -> None:
    problem = CellProblem(row=12, fault=fault, column="E", heading="Né(e) le", text="{29/02/1987}")

    said = files.cell(problem)

    assert said.endswith(".")
    assert "{text}" not in said


@pytest.mark.usefixtures("spoken")
def test_a_social_security_number_is_never_quoted() -> None:
    problem = CellProblem(row=12, fault=CellFault.SOCIAL_SECURITY_NUMBER, text="269054958815780")

    assert "2690" not in files.cell(problem)


def test_places_are_said_as_the_spreadsheet_shows_them(spoken: str) -> None:
    cell = CellProblem(row=12, fault=CellFault.NOT_A_DATE, column="E", heading="Né(e) le", text="x")
    row = CellProblem(row=12, fault=CellFault.NO_NAME)

    assert files.place(cell) == {
        "fr": "ligne 12, Né(e) le (colonne E)",
        "en": "row 12, Né(e) le (column E)",
    }[spoken]  # fmt: skip
    assert files.place(row) == {"fr": "ligne 12", "en": "row 12"}[spoken]


def test_only_faults_of_the_whole_row_leave_a_person_out() -> None:
    left_out = {fault for fault in CellFault if CellProblem(row=1, fault=fault).is_row_left_out}

    assert left_out == LEAVE_ROW_OUT


@pytest.mark.usefixtures("spoken")
def test_each_field_has_its_own_name() -> None:
    names = [files.staff_field(field) for field in StaffField]

    assert len(set(names)) == len(names)
