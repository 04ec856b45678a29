"""Why a list cannot be read or written, and what stands in its cells, in a sentence each."""

from typing import assert_never

from correspondent_desk.errors import DeskError
from correspondent_desk.formats.files import ForbiddenColumn, UnreadableFile, UnwritableFile
from correspondent_desk.formats.staff_cells import CellFault
from correspondent_desk.formats.staff_headings import StaffField
from correspondent_desk.formats.staff_list import CellProblem
from correspondent_desk.language import _, code, pgettext

FileError = UnreadableFile | ForbiddenColumn | UnwritableFile


def sentence(error: FileError) -> str:
    """What happened to the file, and what to do."""
    match error:
        case UnreadableFile():
            return _unreadable(error)
        case ForbiddenColumn():
            return _filled(
                _(
                    "The column “{heading}” ({column}) of {name} holds social-security numbers. "
                    "They must not be kept here, so nothing was read. Delete this column in the "
                    "spreadsheet, save it and import it again."
                ),
                error,
            )
        case UnwritableFile():
            return _unwritable(error)


def cell(problem: CellProblem) -> str:  # noqa: C901, PLR0912 - one case for each fault
    """What could not be read in a row, and what was done instead; the place goes beside it."""
    text = problem.text
    match problem.fault:
        case CellFault.NOT_A_DATE:
            found = _("“{text}” is not a date: write it like 31/12/1970.")
        case CellFault.NO_SUCH_DAY:
            found = _("There is no such day as “{text}”.")
        case CellFault.UNLIKELY_DATE:
            found = _("“{text}” is too far in the past or the future to be right.")
        case CellFault.MONTH_BEFORE_DAY:
            found = _("“{text}” has the month before the day: write it like 31/12/1970.")
        case CellFault.DAY_OR_MONTH:
            found = _(
                "“{text}” can be read in two ways, since other dates of this column have the month"
                " before the day: write it like 31/12/1970."
            )
        case CellFault.AMBIGUOUS_DAY_NUMBER:
            found = _(
                "“{text}” is a number for a day in a workbook that counts days from 1904: "
                "format the column as dates."
            )
        case CellFault.NOT_A_PHONE:
            found = _("“{text}” is not a phone number: ten digits, or + and a country code.")
        case CellFault.ROUNDED_NUMBER:
            found = _("The spreadsheet has rounded “{text}”: type the whole number again, as text.")
        case CellFault.TRUE_OR_FALSE:
            found = _(
                "The spreadsheet has taken this for true or false: type the number again, as text."
            )
        case CellFault.NOT_A_MAIL:
            found = _("“{text}” is not an e-mail address: it needs an @ and a domain.")
        case CellFault.NOT_A_POSTCODE:
            found = _("“{text}” is not a postcode: five digits.")
        case CellFault.UNKNOWN_STATUS:
            found = _("“{text}” is not a status that is known here.")
        case CellFault.UNKNOWN_CIVILITY:
            found = _("“{text}” is not a civility that is known here.")
        case CellFault.FORMULA_ERROR:
            found = _("The formula in this cell failed: “{text}”.")
        case CellFault.NOT_CALCULATED:
            return _(
                "The formula in this cell was never calculated: open the file in your spreadsheet,"
                " save it there and import it again."
            )
        case CellFault.UNREADABLE_LETTERS:
            found = _("Some letters of “{text}” were damaged before the file came here.")
        case CellFault.SOCIAL_SECURITY_NUMBER:
            # Not quoted: it must not be kept, not even in a report.
            return _("This is a social-security number, which must not be kept here.")
        case CellFault.TOO_LONG:
            return _("This text is too long.")
        case CellFault.NAME_NOT_SPLIT:
            found = _("The first name cannot be told from the family name in “{text}”.")
        case CellFault.NO_NAME | CellFault.NOT_A_PERSON | CellFault.TOO_MANY_CELLS:
            return _row_left_out(problem.fault, text)
        case _:
            assert_never(problem.fault)
    return found.format(text=text)


def _row_left_out(fault: CellFault, text: str) -> str:
    if fault is CellFault.NO_NAME:
        return _("This row has no name that can be read: it was left out.")
    if fault is CellFault.NOT_A_PERSON:
        return _("“{text}” is a title or a total and not a person: the row was left out.").format(
            text=text
        )
    return _(
        "This row has more cells than there are headings: they may have slipped, so it was left out."
    )


def place(problem: CellProblem) -> str:
    """Where: row 12, Date of birth (column E)."""
    if not problem.column:
        return _("row {row}").format(row=problem.row)
    return _("row {row}, {heading} (column {column})").format(
        row=problem.row, heading=problem.heading or "—", column=problem.column
    )


def staff_field(field: StaffField) -> str:  # noqa: C901, PLR0912 - one case for each field
    """What a column of a staff list can be said to hold."""
    match field:
        case StaffField.CIVILITY:
            return _("civility")
        case StaffField.FULL_NAME:
            return _("family name and first name in one cell")
        case StaffField.FAMILY_NAME:
            return _("family name")
        case StaffField.USAGE_NAME:
            return _("name in use")
        case StaffField.FIRST_NAME:
            return _("first name")
        case StaffField.BIRTH_DATE:
            return _("birth date")
        case StaffField.MATRICULE:
            return _("staff number")
        case StaffField.BENEFICIARY_NUMBER:
            return _("beneficiary number")
        case StaffField.PHONE:
            return _("phone")
        case StaffField.MAIL:
            return _("e-mail")
        case StaffField.ADDRESS:
            return _("line of the address")
        case StaffField.POSTCODE:
            return _("postcode")
        case StaffField.TOWN:
            return _("town")
        case StaffField.SERVICE:
            return _("department of the office")
        case StaffField.SITE:
            return _("site")
        case StaffField.STATUS:
            return pgettext("member", "status")
        case StaffField.ENTERED_ON:
            return _("date of entry")
        case StaffField.LEFT_ON:
            return _("date of leaving")
        case StaffField.EMPLOYER:
            return _("employer")
        case _:
            assert_never(field)


def _unreadable(error: UnreadableFile) -> str:
    sentences = {
        "missing": _("There is no file called {name} there any more. Choose it again."),
        "not-allowed": _("This account may not read {name}. Copy it to your documents first."),
        "locked": _("{name} is open in another program. Close it there and try again."),
        "folder": _("{name} is a folder. Choose a file inside it."),
        "not-a-file": _("{name} is a device or a pipe, not a file. Choose a file."),
        "empty": _("{name} is empty. Ask for it again, or choose another file."),
        "encoding": _(
            "The letters of {name} cannot be made out from line {row} on. "
            "Open it in your spreadsheet and save it as .xlsx."
        ),
        "password": _(
            "{name} is protected by a password. Open it in your spreadsheet, "
            "save it without the password and import it again."
        ),
        "encrypted": _(
            "{name} is encrypted: it opens with a password, or the structure of the workbook is"
            " protected. Open it in your spreadsheet, save it without either and import it again."
        ),
        "not-a-spreadsheet": _(
            "{name} is not a spreadsheet. Choose a .csv, .xlsx, .xls or .ods file."
        ),
        "web-page": _(
            "{name} is a web page under the name of a spreadsheet. "
            "Open it in your spreadsheet and save it as .xlsx."
        ),
        "xml": _(
            "{name} is a spreadsheet written out as XML, which is not read here. "
            "Open it in your spreadsheet and save it as .xlsx."
        ),
        "damaged": _("{name} is damaged. Ask for it again, or open it and save it anew."),
        "quote": _(
            "In {name}, a quotation mark is opened and never closed, "
            "so where its rows end cannot be told. Open it in your spreadsheet and save it as .xlsx."
        ),
        "stray-cell": _stray_cell(error),
        "no-sheet": _("{name} has no such sheet of cells. Choose another sheet."),
        "no-header": _(
            "No row of headings was found in {name}. "
            "Write a heading above each column, like Name or Birth date."
        ),
        "header-without-name": _(
            "Column {column} of {name} has no heading in row {row}. "
            "Say what it holds, or that it is to be ignored."
        ),
        "no-name-column": _("No column of {name} holds names. Say which one does."),
        "no-decision-column": _(
            "“{name}” has no column for the number of the request, or none for the decision. "
            "Write a heading above each, like Request and Decision."
        ),
        "two-decision-columns": _(
            "Several columns of {name} hold the same thing: {columns}. "
            "Keep one, and delete or rename the others."
        ),
        "long-cell": _(
            "In {name}, a cell around row {row} is longer than any list can hold. "
            "Shorten it and try again."
        ),
        "several-lists": _(
            "Several sheets of {name} hold a list: {sheets}. Save each in a file of its own."
        ),
        "no-column": _("{name} has no column {column}. Look at the letters above its columns."),
        "two-columns": _(
            "Several columns of {name} hold the same thing ({field}): {columns}. Choose one."
        ),
        "too-large": _too_large(error),
    }
    return _filled(sentences[error.reason], error)


def _stray_cell(error: UnreadableFile) -> str:
    if "cell" in error.details:
        return _(
            "In {name}, something stands in cell {cell}, far away from the list. "
            "Empty this cell, save the file and import it again."
        )
    return _(
        "In {name}, something stands far away from the list. "
        "Copy the list into a new spreadsheet, save it and import that one."
    )


def _too_large(error: UnreadableFile) -> str:
    if "rows" in error.details:
        return _("{name} has {rows} rows; at most {most_rows} can be read. Split it in two.")
    return _(
        "{name} is too large: {size}, where at most {most} can be read. "
        "Keep nothing but the list in it, or split it in two."
    )


def _unwritable(error: UnwritableFile) -> str:
    sentences = {
        "missing-folder": _("The folder {folder} is not there. Choose another one."),
        "not-allowed": _("This account may not write into {folder}. Choose another folder."),
        "locked": _("{name} is open in another program. Close it there and try again."),
        "disk-full": _(
            "There is not enough room left for {name}. "
            "Nothing was changed. Make room, or choose another place."
        ),
        "folder": _("There is already a folder called {name}. Choose another name."),
        "not-a-file": _("{name} is a device or a pipe, not a file. Choose another name."),
        "too-many-rows": _(
            "An .xlsx file cannot hold more than {most_rows} rows. Choose .csv instead."
        ),
        "too-long": _("The name of the file is too long. Choose a shorter one."),
        "other-kind": _("A list is written as .csv or .xlsx, not as {name}. Choose another name."),
        "bad-name": _("Windows takes no file called {name}. Choose letters and figures only."),
        "not-verified": _(
            "What was written could not be read back, so {name} was not changed. "
            "The disk or stick may be failing: choose another place."
        ),
        "device": _(
            "{name} could not be written: the disk or stick does not answer. Choose another place."
        ),
    }
    return _filled(sentences[error.reason], error)


def _filled(text: str, error: DeskError) -> str:
    return text.format(**{name: _said(name, value) for name, value in error.details.items()})


def _said(name: str, value: object) -> str:
    match value:
        case StaffField():
            return staff_field(value)
        case tuple():
            return ", ".join(map(str, value))
        case int() if name in ("size", "most"):
            unit = "Mo" if code() == "fr" else "MB"
            return f"{value // 1024**2}\N{NO-BREAK SPACE}{unit}"
        case int():
            return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}" if code() == "fr" else ",")
        case _:
            return str(value)
