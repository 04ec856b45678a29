"""The committee's decisions: a list at the hub, records at the desks, a status that a person chose."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.decisions import Answer, Standing, Verdict, number_of
from correspondent_desk.domain.members import EntryKind
from correspondent_desk.domain.requests import NextStep, Owes, RequestId, RequestStatus
from correspondent_desk.formats import decision_list
from correspondent_desk.hub import audit, decisions, offices, restored
from correspondent_desk.hub.decisions import Report
from correspondent_desk.messages import decisions as words
from correspondent_desk.messages.decision_list import why
from correspondent_desk.records import decisions as at_desk
from correspondent_desk.records import requests, timeline
from correspondent_desk.records.trouble import EditConflict
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.database import Database
from tests.keepers import ON_DISK
from tests.records.acts import NOW, TODAY, a_member, a_request, page, request_card
from tests.sync.desks import Town, contents

HEADINGS = "Numéro de demande;Décision;Montant accordé;Motif;Pièces demandées;Date de décision"


@pytest.fixture
def desk(town: Town) -> Database:
    """A desk whose hub knows it."""
    made = town.desk("Yann")
    town.round()
    return made


def a_sent_request(town: Town, desk: Database, name: str = "Le Goff") -> RequestId:
    """A request that has come to the hub."""
    made = a_request(
        desk,
        a_member(desk, name),
        status=RequestStatus.SENT,
        next_what="Wait for the answer",
        next_who=Owes.COMMITTEE,
    )
    town.round()
    return made


def number(desk: Database, request: RequestId) -> str:
    return number_of(bytes.fromhex(request_card(desk, request).uid))


def decided(town: Town, *lines: str, headings: str = HEADINGS, is_meant: bool = True) -> Report:
    """What the hub makes of a list with these lines."""
    path = town.path / "decisions.csv"
    path.write_text("\n".join((headings, *lines)), encoding="cp1252")
    rows, left_out = decision_list.read(path, today=TODAY)
    return decisions.take_in(town.hub, rows, left_out, by="Odile", is_meant=is_meant)


def hub_day(town: Town) -> date:
    return as_time(town.hub.now_ms()).astimezone().date()


def follow(desk: Database, next_what: str = "Tell her") -> None:
    [line] = page(desk).decisions
    desk.do(
        Action.DECISION_FOLLOWED,
        lambda s: at_desk.follow(s, line, NOW, next_what=next_what),
    )


# --- from the list to the page of the day ---------------------------------------------------------


@ON_DISK
def test_a_decision_reaches_today_and_changes_nothing_by_itself(town: Town, desk: Database) -> None:
    request = a_sent_request(town, desk)

    report = decided(town, f"{number(desk, request)};Accordée;320,00 €;;;02/12/2026")
    town.down(desk)

    assert report.new == 1
    [line] = page(desk).decisions
    assert (line.decision.verdict, line.decision.amount) == (Verdict.GRANTED, Decimal("320.00"))
    assert (line.decision.decided_on, line.decision.person) == (date(2026, 12, 2), "Comité Ouest")
    assert line.suggested is RequestStatus.GRANTED
    assert words.in_one_line(line) == (
        "Decision: granted, €320.00 — School start — Tell Anne LE GOFF the decision"
    )
    assert request_card(desk, request).draft.status is RequestStatus.SENT


@ON_DISK
def test_a_decision_is_followed_in_one_step_and_taken_back_in_one(
    town: Town, desk: Database
) -> None:
    request = a_sent_request(town, desk)
    decided(town, f"{number(desk, request)};accord;1 234,50;;;")
    town.down(desk)

    follow(desk)
    followed = request_card(desk, request)
    shown = page(desk).decisions
    desk.undo()

    assert followed.draft.status is RequestStatus.GRANTED
    assert followed.draft.amount_granted == Decimal("1234.50")
    assert (followed.draft.next_what, followed.draft.next_who) == ("Tell her", Owes.ME)
    assert shown == ()
    back = request_card(desk, request).draft
    assert (back.status, back.amount_granted) == (RequestStatus.SENT, None)
    assert (back.next_what, back.next_who) == ("Wait for the answer", Owes.COMMITTEE)
    assert len(page(desk).decisions) == 1


def test_every_desk_of_the_office_hears_and_the_answer_travels(town: Town, desk: Database) -> None:
    other = town.desk("Léa")
    town.round()
    request = a_sent_request(town, desk)
    decided(town, f"{number(desk, request)};refusé;;plafond dépassé;;")
    town.round()

    assert len(page(desk).decisions) == len(page(other).decisions) == 1
    follow(other)
    town.round()
    town.round()

    assert page(desk).decisions == page(other).decisions == ()
    assert request_card(desk, request).draft.status is RequestStatus.REFUSED
    assert contents(desk) == contents(other)


@ON_DISK
def test_documents_asked_for_stand_on_the_checklist(town: Town, desk: Database) -> None:
    request = a_sent_request(town, desk)
    decided(town, f"{number(desk, request)};pièces demandées;;;Acte de naissance | RIB;")
    town.down(desk)

    follow(desk)

    card = request_card(desk, request)
    assert card.draft.status is RequestStatus.WAITING
    assert {row.draft.label for row in card.documents} == {"Acte de naissance", "RIB"}


@ON_DISK
def test_a_decision_that_was_read_leaves_the_request_as_it_is(town: Town, desk: Database) -> None:
    request = a_sent_request(town, desk)
    decided(town, f"{number(desk, request)};accord;320;;;")
    town.down(desk)
    [line] = page(desk).decisions

    desk.do(Action.DECISION_KEPT, lambda s: at_desk.keep(s, line.decision.id))

    assert page(desk).decisions == ()
    [kept] = desk.read(lambda s: at_desk.of_request(s, request))
    assert kept.answer is Answer.KEPT
    assert request_card(desk, request).draft.status is RequestStatus.SENT


@ON_DISK
def test_history_and_timeline_say_who_decided(town: Town, desk: Database) -> None:
    request = a_sent_request(town, desk)
    decided(town, f"{number(desk, request)};refus;;hors délai;;01/12/2026")
    town.down(desk)
    [line] = page(desk).decisions

    [came] = desk.history_of(line.decision.id)
    entries = desk.read(lambda s: timeline.timeline(s, line.request.member_id))

    assert (came.action.person, came.action.code) == ("Comité Ouest", Action.DECISION_CAME)
    [told] = [one for one in entries if one.kind is EntryKind.DECISION]
    assert (told.what, told.text, told.person) == ("refused", "hors délai", "Comité Ouest")


# --- the list -------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(town: Town, desk: Database) -> None:
    request = a_sent_request(town, desk)
    line = f"{number(desk, request)};accord;320;;;"
    decided(town, line)
    town.round()
    before = contents(desk)

    again = decided(town, line)
    town.round()

    assert (again.new, len(again.taken)) == (0, 1)
    assert contents(desk) == before


def test_a_later_decision_follows_the_earlier_one(town: Town, desk: Database) -> None:
    request = a_sent_request(town, desk)
    one = number(desk, request)
    for said in ("pièces;;;RIB;", "accord;320;;;", "pièces;;;RIB;03/12/2026"):
        assert decided(town, f"{one};{said}").new == 1
    town.down(desk)

    [line] = page(desk).decisions
    follow(desk)

    assert line.decision.verdict is Verdict.DOCUMENTS
    found = desk.read(lambda s: at_desk.of_request(s, request))
    assert [one.verdict for one in found] == [
        Verdict.DOCUMENTS, Verdict.GRANTED, Verdict.DOCUMENTS,
    ]  # fmt: skip
    assert page(desk).decisions == ()


def test_an_old_list_that_comes_back_replaces_nothing(town: Town, desk: Database) -> None:
    one = number(desk, a_sent_request(town, desk))
    decided(town, f"{one};accord;1 320,50;;;")
    tried = decided(town, f"{one};accord;320;;;", is_meant=False)
    newer = decided(town, f"{one};accord;320;;;")

    old = decided(town, f"{one};accord;1 320,50;;;")
    town.down(desk)

    for report in (tried, newer):
        [taken] = report.taken
        stands = Standing(verdict=Verdict.GRANTED, amount=Decimal("1320.50"), came_on=hub_day(town))
        assert taken.replaces == stands
        assert report.replacing == 1
    assert (old.new, old.taken) == (0, ())
    [left] = old.left_out
    assert (left.fault.value, left.office) == ("replaced-since", "Mairie de Valbrune")
    assert "replaced since by: granted, €320.00, taken in on " in why(left)
    assert [line.decision.amount for line in page(desk).decisions] == [Decimal("320.00")]


def test_rows_that_match_nothing_are_named_and_the_others_go_in(town: Town, desk: Database) -> None:
    good = number(desk, a_sent_request(town, desk))
    twice = number(desk, a_sent_request(town, desk, "Nguyen"))
    stranger = number_of(bytes(range(16)))

    report = decided(
        town,
        f"{stranger};accord;10;;;",
        f"{good.lower().replace('-', ' ')};accord;10;;;",
        f"{twice};accord;10;;;",
        f"{twice};refus;;trop tard;;",
        "ABCD-EFGH-JKLM;accord;10;;;",
        f"{good};accord;12,3,4;;;",
        f"{good};refus;;;;",
        f"{good};peut-être;;;;",
        f"{good};accord;10;;;31/02/2026",
        f"{good};refus;;NIR 2 69 05 49 588 157 80;;",
    )

    assert report.new == 1
    assert [(one.row, one.fault.value) for one in report.left_out] == [
        (2, "unknown-request"), (4, "twice"), (5, "twice"), (6, "mistyped-number"),
        (7, "not-an-amount"), (8, "no-reason"), (9, "unknown-verdict"), (10, "no-such-day"),
        (11, "social-security-number"),
    ]  # fmt: skip
    assert [bool(one.office) for one in report.left_out] == [
        False, True, True, False, True, True, True, True, True,
    ]  # fmt: skip
    assert all(why(one) for one in report.left_out)
    assert "588" not in why(report.left_out[-1])


def test_a_dry_run_writes_nothing(town: Town, desk: Database) -> None:
    line = f"{number(desk, a_sent_request(town, desk))};accord;320;;;"

    tried = decided(town, line, is_meant=False)

    assert tried.new == 1
    assert decided(town, line).new == 1
    assert [one.what for one in audit.newest(town.hub, 1)] == ["decisions-taken-in"]


def test_an_office_is_told_of_its_own_requests_only(town: Town, desk: Database) -> None:
    offices.add(town.hub, "Port de Kerlann")
    elsewhere = town.desk("Anna", office="Port de Kerlann")
    town.round()
    request = a_sent_request(town, desk)
    headings = "Structure;Demande;Avis;Montant"
    line = f"{number(desk, request)};accord;320"

    wrong = decided(town, f"Port de Kerlann;{line}", headings=headings)
    nobody = decided(town, f"Nowhere;{line}", headings=headings)
    right = decided(town, f"mairie-de-valbru;{line}", headings=headings)
    town.round()

    assert [one.fault.value for one in wrong.left_out] == ["unknown-request"]
    assert [one.fault.value for one in nobody.left_out] == ["unknown-office"]
    assert right.new == 1
    assert len(page(desk).decisions) == 1
    assert page(elsewhere).decisions == ()


def test_a_hub_put_back_says_the_same_decision_once(town: Town, desk: Database) -> None:
    other = town.desk("Léa")
    town.round()
    request = a_sent_request(town, desk)
    line = f"{number(desk, request)};accord;320;;;"
    decided(town, line)
    town.down(desk)
    with town.hub.transaction() as connection:  # as if the copy were older than the decision
        offices.lock(connection, 1)
        connection.exec_driver_sql("DELETE FROM op WHERE kind = 13")
        connection.exec_driver_sql(
            "DELETE FROM context WHERE origin IN (SELECT id FROM origin WHERE desk = 0)"
        )
        connection.exec_driver_sql("UPDATE origin SET hi = 0 WHERE desk = 0")
        restored.begin_anew(connection, town.hub.sidecar, town.hub.now_ms())

    assert decided(town, line).new == 1
    town.round()
    town.round()

    assert len(page(desk).decisions) == len(page(other).decisions) == 1
    assert len(desk.read(lambda s: at_desk.of_request(s, request))) == 1


def test_what_a_hub_put_back_decides_is_newer_though_its_clock_is_behind(
    town: Town, desk: Database
) -> None:
    request = a_sent_request(town, desk)
    one = number(desk, request)
    decided(town, f"{one};pièces;;;RIB;")
    town.clock.at -= timedelta(days=2)
    with town.hub.transaction() as connection:
        restored.begin_anew(connection, town.hub.sidecar, town.hub.now_ms())

    assert decided(town, f"{one};accord;320;;;").new == 1

    old = decided(town, f"{one};pièces;;;RIB;")
    assert [left.fault.value for left in old.left_out] == ["replaced-since"]
    town.down(desk)
    [line] = page(desk).decisions
    assert line.decision.verdict is Verdict.GRANTED


@ON_DISK
def test_a_decision_is_followed_once_and_over_no_step_that_nobody_saw(
    town: Town, desk: Database
) -> None:
    request = a_sent_request(town, desk)
    decided(town, f"{number(desk, request)};accord;1 234,50;;;")
    town.down(desk)
    [line] = page(desk).decisions
    shown, theirs = line.request.step, NextStep("Ask the town hall")
    desk.do(Action.STEP_FINISHED, lambda s: requests.finish_step(s, request, NOW, shown, theirs))

    with pytest.raises(EditConflict):
        desk.do(Action.DECISION_FOLLOWED, lambda s: at_desk.follow(s, line, NOW, next_what="Tell"))
    assert request_card(desk, request).draft.next_what == "Ask the town hall"
    assert request_card(desk, request).draft.status is RequestStatus.SENT

    follow(desk)
    steps = request_card(desk, request).steps
    desk.do(Action.DECISION_FOLLOWED, lambda s: at_desk.follow(s, line, NOW, next_what="Tell her"))
    assert request_card(desk, request).steps == steps
