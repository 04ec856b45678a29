"""Desks exchange with a hub that really serves over HTTPS."""

import hashlib
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import msgspec

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.hub import desks, erasing
from correspondent_desk.hub.database import open_hub
from correspondent_desk.messages.online import report_in_words
from correspondent_desk.records import erasures, members
from correspondent_desk.store.database import Database
from correspondent_desk.sync import exchange
from correspondent_desk.sync.online import wire
from correspondent_desk.sync.online.exchange import OnlineReport, exchange_online
from correspondent_desk.sync.online.line import Line
from correspondent_desk.sync.online.transfer import Progress, Stage
from correspondent_desk.sync.online.wire import (
    EnrolAsk,
    Enrolled,
    Fate,
    Import,
    State,
    Upload,
    UploadAsk,
)
from tests.builders import add_member
from tests.hub.service.serving import Certificate, Served, known, line, online_desk, served, until
from tests.sync.desks import Town, contents
from tests.sync.test_forks import image, names, put_back


def online(desk: Database) -> OnlineReport:
    report = exchange_online(desk)
    assert report.trouble is None
    assert not report.refused
    return report


def test_two_desks_of_an_office_hold_the_same_after_exchanging(town: Town, hub: Served) -> None:
    first, second = (online_desk(town, hub, person) for person in ("Yann", "Anne"))
    add_member(first, "Le Goff")
    add_member(second, "Petit")

    for desk in (first, second, first):
        online(desk)

    assert contents(first) == contents(second)
    assert len(contents(first)["member"]) == 2
    assert [one.to_receive for one in desks.listed(town.hub)] == [0, 0]


def test_an_exchange_leaves_nothing_to_say(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub)
    add_member(desk)

    first = online(desk)
    again = online(desk)

    assert [sent.operations > 0 for sent in first.sent] == [True]
    assert first.receipt is not None
    assert first.receipt.fate is Fate.NEW
    assert not again.did_something
    assert exchange.status(desk).to_send == 0
    assert exchange.status(desk).is_welcomed


def test_a_desk_put_back_to_an_earlier_key_is_heard(
    town: Town, hub: Served, tmp_path: Path
) -> None:
    """The hub seals for a key that was lost with the disk, and the desk has nothing else to say."""
    for person in ("Yann", "Rozenn"):
        online(online_desk(town, hub, person))
    image(town, 0, tmp_path / "image")
    town.clock.at += timedelta(days=31)
    for number in range(3):
        add_member(town.desks[1], f"Petit {number}")
        online(town.desks[1])
        online(town.desks[0])
    here = put_back(town, 0, tmp_path / "image")
    town.clock.at += timedelta(minutes=1)
    add_member(town.desks[1], "Morvan")
    online(town.desks[1])

    for _ in range(3):
        exchange_online(here)

    assert names(here) == ["Morvan", "Petit 0", "Petit 1", "Petit 2"]


def test_a_desk_that_only_erased_tells_so(town: Town, hub: Served) -> None:
    """Its last bundle still lies there and knows of no erasure: it must not be sent again."""
    desk = online_desk(town, hub)
    gone = MemberId(add_member(desk, "Quemeneur"))
    desk.do(Action.MEMBER_REMOVED, lambda s: erasures.ask(s, gone))
    for _ in range(2):
        online(desk)
    [wish] = erasing.requests(town.hub)
    erasing.confirm(town.hub, wish.id)

    online(desk)
    last = online(desk)

    [wish] = erasing.requests(town.hub)
    assert (wish.done, wish.desks) == (1, 1)
    assert not last.did_something


def test_a_declined_wish_comes_with_the_next_exchange(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub)
    kept = MemberId(add_member(desk, "Quemeneur"))
    desk.do(Action.MEMBER_REMOVED, lambda s: erasures.ask(s, kept))
    for _ in range(2):
        online(desk)
    erasing.decline(town.hub, 1, why="A request is open.")

    assert online(desk).did_something

    [told] = exchange.status(desk).erasures
    assert told.reason == "A request is open."
    assert not online(desk).did_something


def test_that_the_hub_has_taken_work_in_is_said_once(town: Town, hub: Served) -> None:
    """Though its answer could not be taken in, so that the file is offered once more."""
    here, there = online_desk(town, hub, "Yann"), online_desk(town, hub, "Rozenn")
    people = [MemberId(add_member(here, f"N{number}")) for number in range(12)]
    for desk in (here, there, here):
        online(desk)
    for one in people:
        here.do(Action.MEMBER_REMOVED, partial(members.remove, member_id=one))
    online(here)
    add_member(there)

    said = []
    for _ in range(2):
        report = exchange_online(there)
        assert report.refused, "somebody has to decide on what came"
        said.append(report_in_words(report, date(2026, 12, 1)))

    assert said == [["The hub has taken in 1 change."], []]


def test_a_file_that_somebody_decided_on_is_done_with(town: Town, hub: Served) -> None:
    """Were it taken in again, what the hub has would be sent again, and told twice."""
    here, there = (online_desk(town, hub, person) for person in ("Yann", "Anne"))
    people = [MemberId(add_member(here, f"N{number}")) for number in range(12)]
    for desk in (here, there, here):
        online(desk)
    for one in people:
        here.do(Action.MEMBER_REMOVED, partial(members.remove, member_id=one))
    online(here)
    [undecided] = exchange_online(there).refused
    exchange.apply(there, undecided.path, is_meant=True)
    add_member(there, "Petit")

    report = online(there)

    assert exchange.Fate.DUPLICATE not in [one.fate for one in report.received]
    assert [one.operations for one in report.sent] == [1]


def test_an_exchange_tells_how_far_it_is(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub)
    add_member(desk)
    told: list[Progress] = []

    exchange_online(desk, told.append)

    stages = list(dict.fromkeys(one.stage for one in told))
    assert stages == [
        Stage.CONNECTING, Stage.SENDING, Stage.WAITING, Stage.RECEIVING, Stage.TAKING_IN,
    ]  # fmt: skip
    sent = [one for one in told if one.stage is Stage.SENDING]
    assert sent[-1].done == sent[-1].total > 0


def test_any_process_goes_on_with_what_another_began(
    town: Town, hub: Served, paper: Certificate
) -> None:
    desk = online_desk(town, hub)
    add_member(desk)
    prepared = town.prepare(desk)
    content = prepared.path.read_bytes()
    ask = UploadAsk(length=len(content), sha256=hashlib.sha256(content).digest())
    other = open_hub(town.hub.folder, wall=town.clock)
    with served(other, paper) as second, line(desk) as here, line(desk, second.url) as there:
        here.call("POST", "/v1/enrol", Enrolled, _asking(here, desk))
        upload = here.call("POST", "/v1/uploads", Upload, ask)
        for at, of in ((0, here), (100, there)):
            headers = {"Content-Type": wire.PART_TYPE, wire.OFFSET: str(at)}
            part = content[at : at + 100] if at == 0 else content[at:]
            of.signed("PATCH", f"/v1/uploads/{upload.id}", part, headers)
        here.call("POST", f"/v1/uploads/{upload.id}/commit", Import)
        found: list[Import] = []

        def is_done() -> bool:
            found.append(there.call("GET", f"/v1/imports/{upload.id}", Import))
            return found[-1].state is State.DONE

        until(is_done)
        again = there.call("POST", "/v1/uploads", Upload, ask)
    other.close()

    assert (found[-1].fate, found[-1].operations) == (Fate.NEW, prepared.operations)
    assert (again.id, again.state) == (upload.id, State.DONE)


def _asking(of: Line, desk: Database) -> EnrolAsk:
    found, keys = known(desk)
    ask = EnrolAsk(
        invitation=found.invitation,
        desk=found.desk_name,
        person="Yann",
        signing=keys.public.signing,
        receiving=keys.public.receiving,
        proof=bytes(32),
    )
    proof = wire.enrolment_proof(found.secret, of.nonce(), found.office, ask)
    return msgspec.structs.replace(ask, proof=proof)
