import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondent_desk.domain import phones
from correspondent_desk.domain.members import Phone


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("06 12 34 56 07", "+33612345607"),
        ("0612345607", "+33612345607"),
        ("06.12.34.56.07", "+33612345607"),
        ("06-12-34-56-07", "+33612345607"),
        ("06\u201112\u201134\u201156\u201107", "+33612345607"),
        ("06/12/34/56/07", "+33612345607"),
        ("06\u00a012\u00a034\u00a056\u00a007", "+33612345607"),
        ("(06) 12 34 56 07", "+33612345607"),
        ("612345607", "+33612345607"),
        ("33612345607", "+33612345607"),
        ("+33 6 12 34 56 07", "+33612345607"),
        ("+33 (0)6 12 34 56 07", "+33612345607"),
        ("(+33) 6 12 34 56 07", "+33612345607"),
        ("+330612345607", "+33612345607"),
        ("0033 6 12 34 56 07", "+33612345607"),
        ("338123456", "+33338123456"),
        ("0388000001", "+33388000001"),
        ("0970123456", "+33970123456"),
        ("0590 12 34 56", "+590590123456"),
        ("0690 12 34 56", "+590690123456"),
        ("0691 12 34 56", "+590691123456"),
        ("0694 12 34 56", "+594694123456"),
        ("0696 12 34 56", "+596696123456"),
        ("0697 12 34 56", "+596697123456"),
        ("0692 12 34 56", "+262692123456"),
        ("0693 12 34 56", "+262693123456"),
        ("0639 01 23 45", "+262639012345"),
        ("0639 98 23 45", "+33639982345"),
        ("262 12 34 56", "+262262123456"),
        ("+590 690 12 34 56", "+590690123456"),
        ("+262 0692 12 34 56", "+262692123456"),
        ("0508 41 12 34", "+508411234"),
        ("+41 22 345 67 89", "+41223456789"),
        ("0041 22 345 67 89", "+41223456789"),
        ("+49 30 901820", "+4930901820"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: str) -> None:
    assert phones.parse(text) == Phone(number=number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06 12 34 56 07 (le matin)", Phone(number="+33612345607", label="le matin")),
        ("Bureau : 03 88 00 00 01", Phone(number="+33388000001", label="Bureau")),
        ("tél. 0388000001 - secrétariat", Phone(number="+33388000001", label="tél secrétariat")),
        ("4512", Phone(number="4512")),
        (" poste  4512 ", Phone(number="poste 4512")),
        ("12 45", Phone(number="12 45")),
    ],
)
def test_words_become_the_label_and_extensions_stay_as_typed(text: str, expected: Phone) -> None:
    assert phones.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "  ", "néant", "1", "06 12 34 56 07 08", "+999 12345678", "+", "06 12 34 56 07 ou 8"],
)
def test_what_cannot_be_dialled_is_refused(text: str) -> None:
    assert phones.parse(text) is None


@pytest.mark.parametrize(
    ("text", "department", "number"),
    [
        ("25 12 34", "988", "+687251234"),
        ("40 41 42 43", "987", "+68940414243"),
        ("41 12 34", "975", "+508411234"),
        ("06 12 34 56 07", "988", "+33612345607"),
        ("25 12 34", "67", "25 12 34"),
        ("0692 12 34 56", "974", "+262692123456"),
    ],
)
def test_the_department_decides_between_numbering_plans(
    text: str, department: str, number: str
) -> None:
    read = phones.parse(text, department)

    assert read
    assert read.number == number


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("06 12 34 56 07", ["+33612345607"]),
        ("06 12 34 56 07 / 03 88 00 00 01", ["+33612345607", "+33388000001"]),
        ("0612345607;0388000001", ["+33612345607", "+33388000001"]),
        ("0612345607 ou 0388000001", ["+33612345607", "+33388000001"]),
        ("0612345607\n0388000001\n", ["+33612345607", "+33388000001"]),
        ("", []),
    ],
)
def test_a_cell_may_hold_several_numbers(text: str, numbers: list[str]) -> None:
    read = phones.parse_all(text)

    assert read is not None
    assert [phone.number for phone in read] == numbers


def test_one_number_that_cannot_be_read_spoils_the_cell() -> None:
    assert phones.parse_all("0612345607 / 1") is None


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+33612345607", "06 12 34 56 07"),
        ("+590690123456", "+590 690 12 34 56"),
        ("+262639012345", "+262 639 01 23 45"),
        ("+41223456789", "+41 22 345 67 89"),
        ("+508411234", "+508 41 12 34"),
        ("poste 4512", "poste 4512"),
        ("+", "+"),
    ],
)
def test_numbers_are_shown_as_people_read_them(number: str, shown: str) -> None:
    assert phones.display(number) == shown


@given(st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True))
def test_a_french_number_survives_being_stored_and_shown(dialled: str) -> None:
    read = phones.parse(dialled)

    assert read
    assert phones.national_digits(read.number) == dialled
    assert phones.parse(phones.display(read.number)) == read


@given(st.text(alphabet="0123456789+ .()-/abc", max_size=30))
def test_reading_never_fails_and_reads_its_own_writing(text: str) -> None:
    read = phones.parse(text)

    if read:
        assert phones.parse(read.number) == Phone(number=read.number)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("06 12", "0612"),
        ("+33 6 12", "0612"),
        ("+33", "0"),
        ("+3", "3"),
        ("0033 (0)6", "06"),
        ("+33 06", "06"),
        ("+590 690", "0690"),
        ("+508 41", "050841"),
        ("00508 41", "050841"),
        ("+41 22", "4122"),
        ("0041 22", "4122"),
        ("5607", "5607"),
    ],
)
def test_what_is_being_typed_meets_what_is_indexed(typed: str, digits: str) -> None:
    assert phones.typed_digits(typed) == digits


def test_french_numbers_need_no_slow_library() -> None:
    code = (
        "import sys; from correspondent_desk.domain import phones; "
        "phones.display(phones.parse('0612345607').number); phones.parse('4512'); "
        "sys.exit('phonenumbers' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
