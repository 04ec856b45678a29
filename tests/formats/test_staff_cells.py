"""What spreadsheets do to cells is undone; what could be read in two ways is a fault."""

from datetime import date
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from correspondent_desk import language
from correspondent_desk.domain.members import Civility, MemberStatus
from correspondent_desk.formats.staff_cells import (
    CellFault,
    birth_window,
    entry_window,
    exit_window,
    read_date,
    read_mails,
    read_matricule,
    read_phones,
    read_postcode,
    read_status,
    split_town,
    usual_width,
)
from correspondent_desk.formats.staff_columns import Column, column_of
from correspondent_desk.formats.staff_headings import StaffField
from correspondent_desk.formats.staff_names import (
    is_m_civility,
    read_civility,
    read_full_name,
    split_civility,
    split_name,
)
from correspondent_desk.messages import labels

TODAY = date(2026, 11, 22)
BIRTH, ENTRY, EXIT = birth_window(TODAY), entry_window(TODAY), exit_window(TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12/03/1971", date(1971, 3, 12)),
        ("2/3/1971", date(1971, 3, 2)),
        ("12.03.1971", date(1971, 3, 12)),
        ("12-03-1971", date(1971, 3, 12)),
        ("12 03 1971", date(1971, 3, 12)),
        ("1971-03-12", date(1971, 3, 12)),
        ("1971-03-12T00:00:00", date(1971, 3, 12)),
        ("12/03/1971 00:00", date(1971, 3, 12)),
        ("12 mars 1971", date(1971, 3, 12)),
        ("1er août 1971", date(1971, 8, 1)),
        ("vendredi 12 MARS 1971", date(1971, 3, 12)),
        ("12 févr. 1971", date(1971, 2, 12)),
        ("12-juin-71", date(1971, 6, 12)),
        ("19710312", date(1971, 3, 12)),
        ("12031971", date(1971, 3, 12)),
        ("2031971", date(1971, 3, 2)),  # ddmmyyyy that lost its zero
        ("26004", date(1971, 3, 12)),  # days as spreadsheets count them
        ("26004,0", date(1971, 3, 12)),
        ("29/02/1988", date(1988, 2, 29)),
        ("29/02/2000", date(2000, 2, 29)),
        ("7/4/99", date(1999, 4, 7)),
        ("7/4/05", date(2005, 4, 7)),
        ("29/02/88", date(1988, 2, 29)),
        ("00/00/0000", None),
        ("0", None),
        ("00:00:00", None),  # the number 0 in a cell for dates
        ("31/12/9999", None),
    ],
)
def test_birth_dates_are_read_however_they_are_written(text: str, expected: date | None) -> None:
    assert read_date(text, window=BIRTH) == expected


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("29/02/1987", CellFault.NO_SUCH_DAY),
        ("29/02/87", CellFault.NO_SUCH_DAY),
        ("31/04/1971", CellFault.NO_SUCH_DAY),
        ("03/25/1971", CellFault.NO_SUCH_DAY),
        ("12/03", CellFault.NOT_A_DATE),
        ("mars 1971", CellFault.NOT_A_DATE),
        ("vers 1971", CellFault.NOT_A_DATE),
        ("12/03/197", CellFault.NOT_A_DATE),
        ("12/03/2020", CellFault.UNLIKELY_DATE),  # a child of six
        ("7/4/13", CellFault.UNLIKELY_DATE),  # neither 13 nor 113 years old
        ("12/03/1871", CellFault.UNLIKELY_DATE),
        ("75", CellFault.UNLIKELY_DATE),
        ("1971", CellFault.NOT_A_DATE),  # as a number for a day, the 24 May 1905
    ],
)
def test_what_is_no_birth_date_says_why(text: str, fault: CellFault) -> None:
    assert read_date(text, window=BIRTH) is fault


@pytest.mark.parametrize(
    ("text", "window", "expected"),
    [
        ("01/09/98", ENTRY, date(1998, 9, 1)),
        ("01/09/27", ENTRY, date(2027, 9, 1)),
        ("01/09/2035", ENTRY, CellFault.UNLIKELY_DATE),
        ("31/08/35", EXIT, date(2035, 8, 31)),
        ("31/12/99", EXIT, date(1999, 12, 31)),
        ("31/12/9999", EXIT, None),
        ("31/12/2099", EXIT, None),
    ],
)
def test_days_of_entry_and_leaving_have_their_own_years(
    text: str, window: tuple[date, date], expected: object
) -> None:
    assert read_date(text, window=window) == expected


def test_bare_day_numbers_of_1904_workbooks_are_not_guessed() -> None:
    assert read_date("24542", window=BIRTH, is_from_1904=True) is CellFault.AMBIGUOUS_DAY_NUMBER
    assert read_date("12/03/1971", window=BIRTH, is_from_1904=True) == date(1971, 3, 12)


@given(some.dates(date(1917, 1, 1), date(2012, 1, 1)))
def test_every_birth_date_survives_every_way_of_writing(day: date) -> None:
    serial = str((day - date(1899, 12, 30)).days)
    ways = [day.strftime("%d/%m/%Y"), day.isoformat(), day.strftime("%d/%m/%y"), serial]

    assert [read_date(way, window=BIRTH) for way in ways] == [day] * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06 12 34 56 07", "+33612345607"),
        ("06.12.34.56.07", "+33612345607"),
        ("06-12-34-56-07", "+33612345607"),
        ("612345607", "+33612345607"),
        ("299001122", "+33299001122"),
        ("+33 6 12 34 56 07", "+33612345607"),
        ("0033612345607", "+33612345607"),
        ("+33 (0)6 12 34 56 07", "+33612345607"),
        ("0690 12 34 56", "+590690123456"),
        ("690123456", "+590690123456"),
        ("0691123456", "+590691123456"),
        ("0694123456", "+594694123456"),
        ("0696123456", "+596696123456"),
        ("0697123456", "+596697123456"),
        ("0692123456", "+262692123456"),
        ("0693123456", "+262693123456"),
        ("0639123456", "+262639123456"),
        ("+44 20 7946 0958", "+442079460958"),
        ("4512", "4512"),
    ],
)
def test_a_phone_number_is_understood(text: str, expected: str) -> None:
    assert read_phones(text) == ((expected, ""),)


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("0639 12", "+262639"),
        ("06 39 12", "+262639"),
        ("06.93 12", "+262693"),
        ("06 39 98", "+33639"),
    ],
)
def test_a_long_column_of_numbers_is_read_as_each_of_them(start: str, code: str) -> None:
    column = column_of(
        StaffField.PHONE, 0, "Tel", today=date(2026, 11, 24), width=0, is_from_1904=False
    )
    column.read([f"06 12 {number:06}" for number in range(3000)])  # from here on, all at once

    [found] = column.read([f"{start} 34 56"])

    assert found == read_phones(f"{start} 34 56")
    assert str(found).startswith(f"(('{code}")


def test_any_number_is_read_alike_in_a_long_column_and_alone() -> None:
    starts = [f"0{digits[0]} {digits[1:]}" for digits in map("{:03}".format, range(1000))]
    numbers = [f"{start} {end}" for start in starts for end in ("91 34 56", "80 00 01", "09 98 1")]
    alone = [_column(StaffField.PHONE).read([number])[0] for number in numbers]

    assert _long_column(StaffField.PHONE).read(numbers) == alone


_LONG = {
    StaffField.PHONE: "06 12 {:06}",
    StaffField.FAMILY_NAME: "Nom {}",
    StaffField.MATRICULE: "{}",
    StaffField.BENEFICIARY_NUMBER: "B{}",
    StaffField.MAIL: "m{}@example.org",
    StaffField.ADDRESS: "{} rue Haute",
}
_STRANGE = (
    "VRAI", "#N/A", "1E+5", "'=1", "'+a@example.org", "Err:502", "1 85 05 78 006 084 36", "x" * 300,
    "185057800608436@example.org", "Mar\xadtin", "\x1bX", "e\u0301t\u00e9", "\u212bse@example.org",
)  # fmt: skip
_CELLS = some.one_of(
    some.text(max_size=30),
    some.from_regex(r"[A-Za-z#'= ]{0,5}[0-9E+., ]{0,16}", fullmatch=True),
    some.from_regex(r"\A['\w]{0,3}[0-9.+-]{0,16}@\w{1,9}\.\w{1,4}\Z"),
)


def _column(field: StaffField) -> Column:
    return column_of(field, 0, "", today=TODAY, width=6, is_from_1904=False)


@cache
def _long_column(field: StaffField) -> Column:
    """One that is read all at once by now."""
    column = _column(field)
    column.read([_LONG[field].format(number) for number in range(3000)])
    return column


@pytest.mark.parametrize("field", _LONG)
@given(cells=some.lists(_CELLS, max_size=8))
@example(cells=list(_STRANGE))
def test_a_long_column_is_read_as_each_cell_alone(field: StaffField, cells: list[str]) -> None:
    long, alone = _long_column(field), [_column(field) for _ in cells]

    assert long.read(cells) == [one.read([cell])[0] for one, cell in zip(alone, cells, strict=True)]
    faults = {cell: fault for one in alone for cell, fault in one.faults.items()}
    assert {cell: long.faults[cell] for cell in cells if cell in long.faults} == faults


def test_several_numbers_of_a_cell_keep_their_labels() -> None:
    assert read_phones("06 12 34 56 07 (le matin) / 02 99 00 11 22", label="pro") == (
        ("+33612345607", "le matin"),
        ("+33299001122", "pro"),
    )


@pytest.mark.parametrize("text", ["-", "0", "00 00 00 00 00", "néant", "Aucun", "//", "xxx", "N/A"])
def test_a_cell_that_only_says_no_is_empty(text: str) -> None:
    assert read_phones(text) == ()
    assert read_mails(text) == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("3,36123E+11", CellFault.ROUNDED_NUMBER),
        ("3.36E+11", CellFault.ROUNDED_NUMBER),
        ("06 12 34 56", CellFault.NOT_A_PHONE),
        ("voir avec la mairie", CellFault.NOT_A_PHONE),
    ],
)
def test_what_is_no_phone_number_says_why(text: str, fault: CellFault) -> None:
    assert read_phones(text) is fault


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anne.legoff@mairie-exemple.fr", ["anne.legoff@mairie-exemple.fr"]),
        ("A.LEGOFF@MAIRIE-EXEMPLE.FR", ["A.LEGOFF@MAIRIE-EXEMPLE.FR"]),
        ("mailto:a@exemple.fr", ["a@exemple.fr"]),
        ("Anne LE GOFF <a@exemple.fr>", ["a@exemple.fr"]),
        ("a@exemple.fr ; b@exemple.fr", ["a@exemple.fr", "b@exemple.fr"]),
        ("a@exemple.fr, a@exemple.fr", ["a@exemple.fr"]),
    ],
)
def test_mail_addresses_are_kept_as_typed(text: str, expected: list[str]) -> None:
    assert read_mails(text) == tuple((address, "") for address in expected)


@pytest.mark.parametrize("text", ["anne", "anne@", "@exemple.fr", "anne@mairie", "a@b.fr c@d"])
def test_what_is_no_mail_address_is_a_fault(text: str) -> None:
    assert read_mails(text) is CellFault.NOT_A_MAIL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("35000", "35000"), ("35 000", "35000"), ("1000", "01000"), ("1 000", "01000"),
        ("F-35000", "35000"), ("2A004", "2A004"), ("97110", "97110"), ("B-1000", "B-1000"),
        ("SW1A 1AA", "SW1A 1AA"), ("0", ""), ("350", CellFault.NOT_A_POSTCODE),
        ("350001", CellFault.NOT_A_POSTCODE), ("RENNES", CellFault.NOT_A_POSTCODE),
    ],
)  # fmt: skip
def test_a_postcode_gets_its_zero_back(text: str, expected: object) -> None:
    assert read_postcode(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("35000 RENNES", ("35000", "RENNES")),
        ("1000 BOURG-EN-BRESSE", ("01000", "BOURG-EN-BRESSE")),
        ("35000 - RENNES CEDEX 7", ("35000", "RENNES CEDEX 7")),
        ("RENNES", ("", "RENNES")),
        ("RENNES 35000", ("", "RENNES 35000")),
    ],
)
def test_a_town_may_come_with_its_postcode(text: str, expected: tuple[str, str]) -> None:
    assert split_town(text) == expected


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("417", 6, "000417"),
        ("000417", 6, "000417"),
        ("1234567", 6, "1234567"),
        ("A417", 6, "A417"),
        ("417", 0, "417"),
        ("-", 6, ""),
        ("4,17E+11", 6, CellFault.ROUNDED_NUMBER),
    ],
)
def test_a_matricule_gets_its_zeros_back(text: str, width: int, expected: object) -> None:
    assert read_matricule(text, width=width) == expected


@pytest.mark.parametrize(
    ("cells", "width"),
    [
        (["000417", "001203", "988"], 6),
        (["1203", "988", "2050", "31", "1777"], 4),
        (["0123", "0000", "100234", "100235", "100236"], 6),  # one cell is no rule
        (["054321", "000077", "88", "999", "1000", "1001", "1002"], 6),  # two have kept their zeros
        (["1", "2", "12", "13", "44"], 0),  # counted, not issued
        (["A12", "B7", ""], 0),
        (["12345", "123456", "1234567", "12345678"], 0),
        ([], 0),
    ],
)
def test_the_width_of_matricules_is_that_of_most(cells: list[str], width: int) -> None:
    assert usual_width(cells) == width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Titulaire", MemberStatus.ACTIVE), ("STAGIAIRE", MemberStatus.ACTIVE),
        ("En activité", MemberStatus.ACTIVE), ("Active", MemberStatus.ACTIVE),
        ("Agent titulaire à temps partiel", MemberStatus.ACTIVE),
        ("Contractuelle", MemberStatus.CONTRACT), ("CDD remplacement", MemberStatus.CONTRACT),
        ("Non titulaire", MemberStatus.CONTRACT), ("Apprentie", MemberStatus.APPRENTICE),
        ("Contrat d'apprentissage", MemberStatus.APPRENTICE),
        ("En disponibilité", MemberStatus.LEAVE), ("Congé parental", MemberStatus.LEAVE),
        ("Détachée", MemberStatus.LEAVE), ("Retraitée", MemberStatus.RETIRED),
        ("Retraités", MemberStatus.RETIRED), ("Mutée", MemberStatus.LEFT),
        ("Fin de contrat", MemberStatus.LEFT), ("Décédé", MemberStatus.DECEASED),
        ("Retired", MemberStatus.RETIRED), ("-", None), ("Catégorie A", CellFault.UNKNOWN_STATUS),
    ],
)  # fmt: skip
def test_a_status_is_told_from_its_first_words(text: str, expected: object) -> None:
    assert read_status(text) is expected


@pytest.mark.parametrize("code", ["fr", "en"])
def test_our_own_words_for_a_status_are_read_back(code: str) -> None:
    language.use(code)
    words = {one: labels.member_status(one) for one in MemberStatus}

    assert {one: read_status(word) for one, word in words.items()} == {one: one for one in words}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mme", Civility.MRS), ("MADAME", Civility.MRS), ("Mlle", Civility.MRS),
        ("M.", Civility.MR), ("Mr", Civility.MR), ("-", Civility.NONE),
        ("Dr", CellFault.UNKNOWN_CIVILITY),
    ],
)  # fmt: skip
def test_civilities_have_many_short_forms(text: str, expected: object) -> None:
    assert read_civility(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LE GOFF Anne", ("LE GOFF", "Anne")),
        ("Anne LE GOFF", ("LE GOFF", "Anne")),
        ("D'HÉROUVILLE Marie-Ève", ("D'HÉROUVILLE", "Marie-Ève")),
        ("Le Goff, Anne Marie", ("Le Goff", "Anne Marie")),
        ("MARTIN PAUL", ("MARTIN", "PAUL")),
        ("LE GOFF ANNE", CellFault.NAME_NOT_SPLIT),
        ("Martin", CellFault.NAME_NOT_SPLIT),
        ("LE GOFF", CellFault.NAME_NOT_SPLIT),
        ("Van Hove", CellFault.NAME_NOT_SPLIT),
        ("Le Goff, Anne", ("Le Goff", "Anne")),
        ("VAN Anne", ("VAN", "Anne")),
    ],
)
def test_names_in_one_cell_are_parted_by_their_capitals(text: str, expected: object) -> None:
    assert split_name(text, is_first_name_first=False) == expected


def test_two_words_alike_are_parted_by_the_order_of_the_heading() -> None:
    assert split_name("PAUL MARTIN", is_first_name_first=True) == ("MARTIN", "PAUL")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mme D'HÉROUVILLE Marie-Ève", (Civility.MRS, "D'HÉROUVILLE", "Marie-Ève")),
        ("M MARTIN Paul", (Civility.MR, "MARTIN", "Paul")),
        ("Madame Le Goff, Anne", (Civility.MRS, "Le Goff", "Anne")),
        ("MARTIN Paul", (Civility.NONE, "MARTIN", "Paul")),
        ("Mme Martin", CellFault.NAME_NOT_SPLIT),
    ],
)
def test_a_name_in_one_cell_has_its_civility(text: str, expected: object) -> None:
    assert read_full_name(text, is_first_name_first=False) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mme LE GOFF", (Civility.MRS, "LE GOFF")), ("MADAME PETIT", (Civility.MRS, "PETIT")),
        ("Mlle. Petit", (Civility.MRS, "Petit")), ("Melle PETIT", (Civility.MRS, "PETIT")),
        ("M. MARTIN", (Civility.MR, "MARTIN")), ("M.MARTIN", (Civility.MR, "MARTIN")),
        ("Mr ÉVRARD", (Civility.MR, "ÉVRARD")), ("M BAREK", (Civility.NONE, "M BAREK")),
        ("MADAME", (Civility.NONE, "MADAME")), ("MONSIEURY", (Civility.NONE, "MONSIEURY")),
        ("M. et Mme ROUX", (Civility.NONE, "M. et Mme ROUX")),
        ("M./Mme ROUX", (Civility.NONE, "M./Mme ROUX")), ("", (Civility.NONE, "")), ("MİSS ROUX", (Civility.NONE, "MİSS ROUX")),
    ],
)  # fmt: skip
def test_a_civility_before_a_last_name_is_none_of_it(text: str, expected: object) -> None:
    assert split_civility(text, is_m_one=False) == expected


def test_m_without_its_point_is_a_civility_where_others_have_one_or_many_an_m() -> None:
    assert is_m_civility(["M BAREK", "Mme ROUX", "PETIT"])
    assert is_m_civility(["M ROUX", "M PETIT", "BENALI", ""])
    assert not is_m_civility(["M BAREK", "ROUX", "PETIT", "BENALI", "NGUYEN"])
    assert split_civility("M ROUX", is_m_one=True) == (Civility.MR, "ROUX")


@given(some.text(max_size=40))
def test_no_text_whatever_breaks_a_reader(text: str) -> None:
    plain = " ".join(text.split())

    read_date(plain, window=BIRTH)
    read_mails(plain)
    read_postcode(plain)
    read_status(plain)
    read_civility(plain)
    read_matricule(plain, width=6)
    read_full_name(plain, is_first_name_first=False)
    split_town(plain)
    assert read_phones(plain) is not None


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x9b", "\u202e", "\u2067"])
def test_signs_that_cannot_be_seen_are_left_out(sign: str) -> None:
    column = column_of(StaffField.FAMILY_NAME, 0, "Nom", today=TODAY, width=0, is_from_1904=False)

    assert column.read([f"VI{sign}DAL", sign]) == ["VIDAL", ""]
