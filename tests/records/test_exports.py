"""Lists for other programs: what stands in them, what stays out, and reading members back."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from correspondent_desk import language
from correspondent_desk.domain.members import Mail, MemberId, MemberStatus, Phone, PostalAddress
from correspondent_desk.messages import exports as messages
from correspondent_desk.records import imports
from correspondent_desk.records.exports import Exported
from correspondent_desk.store.database import Database
from tests.records.acts import TODAY, a_contact, a_meeting, a_member, a_request


def written(desk: Database, what: Exported, path: Path) -> list[dict[str, str]]:
    """The lines of the list, as a program that reads CSV finds them."""
    desk.read(lambda s: messages.write(s, what, path))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def anne(desk: Database) -> MemberId:
    return a_member(
        desk,
        "Kervélec",
        usage_name="Le Goff",
        birth_date=date(1971, 5, 4),
        matricule="000417",
        phones=(
            Phone(number="+33612345607", label="mornings"),
            Phone(number="+33388112233", do_not_use=True),
        ),
        mails=(Mail(address="anne@example.org"),),
        address=PostalAddress(lines=("3 rue des Lilas", "Bât. B"), postcode="01230", town="Ambre"),
        status=MemberStatus.CONTRACT,
        note="=HYPERLINK is a word here",
    )


def test_members_are_written_with_what_lists_lose(desk: Database, tmp_path: Path) -> None:
    anne(desk)

    (row,) = written(desk, Exported.MEMBERS, tmp_path / "members.csv")

    assert row["Family name"] == "Kervélec"
    assert row["Usage name"] == "Le Goff"
    assert row["Staff number"] == "000417"
    assert row["Birth date"] == "1971-05-04"
    assert row["Phone 1"] == "06 12 34 56 07"
    assert row["Phone 2"] == ""
    assert "do not use" in row["Not to be used, or further ones"]
    assert row["Postcode"] == "01230"
    assert row["Note"].startswith("'=")


@pytest.mark.parametrize("spoken", ["en", "fr"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_members_that_are_read_back_are_all_known(
    desk: Database, tmp_path: Path, spoken: str, ending: str
) -> None:
    language.use(spoken)
    anne(desk)
    a_member(desk, "Roux", first_name="Paul", beneficiary_number="B-77")
    path = tmp_path / f"list.{ending}"
    desk.read(lambda s: messages.write(s, Exported.MEMBERS, path))

    def again(session: object) -> imports.ImportPreview:
        sheet, proposal = imports.open_list(session, path)  # type: ignore[arg-type]
        assert not proposal.troubles
        return imports.preview(session, sheet, proposal.mapping, today=TODAY)  # type: ignore[arg-type]

    found = desk.read(again)

    assert dict(found.counts) == {
        **dict.fromkeys(imports.Outcome, 0),
        imports.Outcome.UNCHANGED: 2,
    }
    assert not found.problems


def test_a_request_of_the_catalogue_is_called_by_its_benefit(
    desk: Database, tmp_path: Path
) -> None:
    member = anne(desk)
    birth = a_request(desk, member, subject="", benefit="NAIS")
    a_contact(desk, member, "2026-12-02T10:00", request_id=birth)
    a_contact(desk, member, "2026-12-02T11:00")

    [request] = written(desk, Exported.REQUESTS, tmp_path / "r.csv")
    contacts = written(desk, Exported.CONTACTS, tmp_path / "c.csv")

    assert request["Subject"] == request["Benefit"] != ""
    assert [row["Request"] for row in contacts] == [request["Benefit"], ""]


def test_a_confidential_request_says_nothing_of_itself(desk: Database, tmp_path: Path) -> None:
    member = anne(desk)
    a_request(desk, member, subject="Secours", situation="hidden", amount_asked=Decimal("120.50"))
    secret = a_request(
        desk, member, subject="Handicap", situation="secret", is_sensitive=True, next_what="secret"
    )
    a_contact(desk, member, "2026-12-02T10:00", request_id=secret, note="secret")
    a_contact(desk, member, "2026-12-02T11:00", note="plain")

    requests = written(desk, Exported.REQUESTS, tmp_path / "r.csv")
    contacts = written(desk, Exported.CONTACTS, tmp_path / "c.csv")

    assert [row["Subject"] for row in requests] == ["Secours", "Confidential request"]
    assert requests[0]["Amount asked"] == "120,50"
    assert [row["Note"] for row in contacts] == ["", "plain"]
    assert not any("secret" in value for row in (*requests, *contacts) for value in row.values())


def test_a_workbook_has_dates_as_dates(desk: Database, tmp_path: Path) -> None:
    member = anne(desk)
    a_meeting(desk, member, "2026-12-10T14:00", room="B")
    path = tmp_path / "meetings.xlsx"

    count = desk.read(lambda s: messages.write(s, Exported.MEETINGS, path))

    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("meetings").to_python()
    assert count == 1
    assert rows[0][:3] == ["Title", "Family name", "Usage name"]
    assert str(rows[1][rows[0].index("Date and time")]) == "2026-12-10 14:00:00"
