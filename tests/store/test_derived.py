"""What a member's row repeats from elsewhere follows every action by itself."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.store import derived, history, identity, search
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Contact, Meeting, Member
from tests.builders import add_member


def days(desk: Database, member: int) -> tuple[date | None, date | None]:
    """Last seen in person, last contact."""
    return desk.read(
        lambda s: (
            s.get_one(Member, member).last_seen_on,
            s.get_one(Member, member).last_contact_on,
        )
    )


def log(desk: Database, member: int, day: int, **columns: Any) -> int:
    """A contact of that day in November."""
    at = datetime(2026, 11, day, 10, 0)  # noqa: DTZ001 - local

    def work(session: Session) -> int:
        return history.create(session, Contact, root=member, member_id=member, at=at, **columns).id

    return desk.do(Action.CONTACT_LOGGED, work).result


def meet(desk: Database, member: int, day: int, **columns: Any) -> int:
    """A meeting of that day in November."""
    at = datetime(2026, 11, day, 10, 0)  # noqa: DTZ001 - local

    def work(session: Session) -> int:
        return history.create(
            session, Meeting, root=member, member_id=member, starts_at=at, **columns
        ).id

    return desk.do(Action.MEETING_PLANNED, work).result


def change(desk: Database, table: type, id_: int, work: Callable[[Any], None]) -> None:
    """One edit."""
    desk.do(Action.CONTACT_EDITED, lambda s: work(s.get_one(table, id_)))


def november(day: int) -> date:
    """A day of it."""
    return date(2026, 11, day)


def test_contacts_and_meetings_move_the_last_days(desk: Database) -> None:
    member = add_member(desk)
    seen = []

    log(desk, member, 2, way="phone")
    seen.append(days(desk, member))
    log(desk, member, 3, way="phone", reached=False)
    seen.append(days(desk, member))
    meeting = meet(desk, member, 9)
    seen.append(days(desk, member))
    change(desk, Meeting, meeting, lambda it: setattr(it, "status", "seen"))
    seen.append(days(desk, member))
    meet(desk, member, 12, mode="video", status="seen")
    seen.append(days(desk, member))
    desk.undo()
    desk.undo()
    seen.append(days(desk, member))

    assert seen == [
        (None, november(2)),
        (None, november(2)),
        (None, november(2)),
        (november(9), november(9)),
        (november(9), november(12)),
        (None, november(2)),
    ]


def test_a_contact_given_to_someone_else_counts_for_them(desk: Database) -> None:
    one, other = add_member(desk, "Le Goff"), add_member(desk, "Kerbrat")
    contact = log(desk, one, 5, way="visit")

    change(desk, Contact, contact, lambda it: setattr(it, "member_id", other))

    assert days(desk, one) == (None, None)
    assert days(desk, other) == (november(5), november(5))


def test_names_and_numbers_are_searched_as_they_are_now(desk: Database) -> None:
    def work(session: Session) -> int:
        return history.create(session, Member, family_name="d'Hérouville", first_name="Zoé").id

    member = desk.do(Action.MEMBER_CREATED, work).result

    def found(words: str) -> bool:
        return desk.read(lambda s: search.find(identity.raw(s), words)) == [member]

    def edit(**columns: Any) -> None:
        def work(session: Session) -> None:
            for name, value in columns.items():
                setattr(session.get_one(Member, member), name, value)

        desk.do(Action.MEMBER_EDITED, work)

    assert found("herouv")
    edit(usage_name="Le Floc'h", phones=[{"number": "+33639980303"}], matricule="00123")
    assert found("floch")
    assert found("herouv")
    assert found("0303")
    assert found("123")
    desk.undo()
    assert not found("floch")


def test_all_of_a_row_can_be_worked_out_again(desk: Database) -> None:
    member = add_member(desk, "Le Goff")
    log(desk, member, 5, way="visit")
    desk.keep(
        lambda s: identity.raw(s).execute(
            "UPDATE member SET sort_key='', search_doc='', last_seen_on=NULL, last_contact_on=NULL"
        )
    )

    desk.keep(lambda s: derived.refresh(s, [member]))

    assert days(desk, member) == (november(5), november(5))
    assert desk.read(lambda s: search.find(identity.raw(s), "legoff")) == [member]
