"""Several programs and computers at one hub: nothing is missed, doubled or numbered twice."""

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection, Engine, event, select

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import (
    claims,
    database,
    desks,
    ingest,
    offices,
    outgoing,
    recipients,
    tables,
)
from correspondent_desk.hub.database import Hub, HubFolder
from correspondent_desk.hub.ingest import Fate
from correspondent_desk.store.database import Database
from correspondent_desk.sync import bundle, exchange, link
from correspondent_desk.sync.bundle import signed_by
from correspondent_desk.sync.rejection import BundleRejected, Reason
from tests.builders import add_member, open_desk
from tests.programs import processes
from tests.sync.desks import Town, contents

T = TypeVar("T")
WRITERS = 3


@pytest.fixture
def elsewhere(town: Town, tmp_path: Path) -> Iterator[Hub]:
    """The same hub served from another computer; with SQLite, by another program."""
    folder = HubFolder(tmp_path / "hub")
    if town.database:
        folder = HubFolder(tmp_path / "elsewhere")
        folder.path.mkdir()
        for name in ("hub.key", "settings.json", "database.password"):
            (folder.path / name).write_bytes((tmp_path / "hub" / name).read_bytes())
    other = database.open_hub(folder, wall=town.clock)
    yield other
    other.close()


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """All of them, begun at the same moment."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def take_in(folder: Path, file: Path, gate: "multiprocessing.synchronize.Barrier") -> None:
    """In a process of its own."""
    hub = database.open_hub(HubFolder(folder))
    gate.wait()
    ingest.take_in(hub, file)
    hub.close()


@pytest.mark.slow
def test_a_reader_with_a_cursor_misses_nothing_of_several_processes(town: Town) -> None:
    files = []
    for number in range(WRITERS):
        desk = town.desk(f"P{number}")
        for name in range(20):
            add_member(desk, f"{number}-{name}")
        files.append(town.prepared(desk))
    gate = processes().Barrier(WRITERS + 1)
    writers = [
        processes().Process(target=take_in, args=(town.hub.folder.path, file, gate))
        for file in files
    ]
    for one in writers:
        one.start()
    gate.wait()
    seen: list[int] = []
    cursor, is_last = 0, False
    while not is_last:
        is_last = not any(one.is_alive() for one in writers)
        with town.hub.transaction(1) as connection:
            pos = tables.op.c.pos
            found = connection.scalars(select(pos).where(pos > cursor).order_by(pos)).all()
        seen.extend(found)
        cursor = found[-1] if found else cursor
    for one in writers:
        one.join()

    assert [one.exitcode for one in writers] == [0] * WRITERS
    assert seen == list(range(1, WRITERS * 20 + 1))
    assert len({one.number for one in desks.listed(town.hub)}) == WRITERS


def test_the_same_file_brought_twice_at_once_is_taken_once(town: Town, elsewhere: Hub) -> None:
    desk = town.desk("Yann")
    for number in range(3):
        add_member(desk, f"Le Goff {number}")
    file = town.prepared(desk)

    arrivals = at_once(
        [lambda hub=hub: ingest.take_in(hub, file) for hub in (town.hub, elsewhere) * 3]  # type: ignore[misc]
    )

    fates = sorted(one.fate for one in arrivals)
    assert fates == [Fate.DUPLICATE] * 5 + [Fate.NEW]
    assert sum(one.operations for one in arrivals) == 3
    with town.hub.transaction(1) as connection:
        assert len(connection.execute(select(tables.op)).all()) == 3


def test_an_invitation_used_by_two_at_once_serves_one(town: Town, elsewhere: Hub) -> None:
    invitation = town.invitation()
    files = []
    for name in ("a", "b"):
        desk = open_desk(town.path / name, name)
        town.desks.append(desk)
        exchange.enrol(desk, invitation)
        files.append(town.prepared(desk))

    def bring(hub: Hub, file: Path) -> str:
        try:
            return ingest.take_in(hub, file).fate
        except DeskError as error:
            return error.full_code

    found = at_once([lambda: bring(town.hub, files[0]), lambda: bring(elsewhere, files[1])])

    assert sorted(found) == ["bundle:invitation-used", Fate.NEW]
    assert [one.number for one in desks.listed(town.hub)] == [1]


@pytest.mark.parametrize("count", [400, 1200], ids=["few", "many"])
def test_two_offices_that_claim_the_same_records_do_not_hang(
    town: Town, elsewhere: Hub, count: int
) -> None:
    """One gets them, the other is refused; neither waits for the other for ever."""
    other = offices.add(town.hub, "Port de Kerlann")
    roots = {number.to_bytes(16, "big") for number in range(count)}

    def claim(hub: Hub, office: int) -> str:
        try:
            with hub.transaction(office) as connection:
                claims.claim_roots(connection, office, roots)
        except DeskError as error:
            return error.full_code
        return "claimed"

    found = at_once([lambda: claim(town.hub, 1), lambda: claim(elsewhere, other.id)])

    assert sorted(found) == ["bundle:wrong-office", "claimed"]


@pytest.mark.parametrize("is_first", [True, False])
def test_records_claimed_in_bulk_stay_with_their_office(town: Town, is_first: bool) -> None:  # noqa: FBT001
    """Again, or some of them with new ones, they are claimed; one of another office refuses all."""
    other = offices.add(town.hub, "Port de Kerlann")
    roots = [number.to_bytes(16, "big") for number in range(3_000)]

    def claim(office: int, first: int, count: int) -> bool:
        try:
            with town.hub.transaction(office) as connection:
                claims.claim_roots(
                    connection, office, roots[first : first + count], is_first=is_first
                )
        except BundleRejected as error:
            return error.reason is not Reason.WRONG_OFFICE
        return True

    assert claim(1, 0, 1_000)
    assert claim(1, 0, 1_000)
    assert claim(1, 500, 1_000)
    assert not claim(other.id, 1_499, 1_000)
    assert claim(other.id, 1_500, 1_000)
    assert not claim(1, 0, 3_000)


def header_of(desk: Database, path: Path) -> bundle.Manifest:
    known, keys = desk.read(link.load)
    return bundle.verify(path, keys.receiving, signed_by({known.hub.signing}))


def test_bundles_made_at_once_for_a_desk_have_numbers_of_their_own(
    town: Town, elsewhere: Hub
) -> None:
    desk, other = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    add_member(other)
    town.up(other)
    places = [town.path / f"out-{number}" for number in range(6)]

    def made(hub: Hub, place: Path) -> outgoing.Sent:
        place.mkdir()
        to = recipients.one(hub, 1)
        assert to is not None
        return outgoing.write(hub, to, place)

    sent = at_once(
        [
            lambda hub=hub, place=place: made(hub, place)  # type: ignore[misc]
            for hub, place in zip((town.hub, elsewhere) * 3, places, strict=True)
        ]
    )

    numbers = sorted(one.number for one in sent)
    assert numbers == list(range(numbers[0], numbers[0] + 6))
    assert {header_of(desk, one.path).number for one in sent} == set(numbers)
    exchange.apply(desk, sent[-1].path)
    assert contents(desk) == contents(other)
    town.up(desk)
    assert [one.to_receive for one in desks.listed(town.hub)] == [0, 0]


def test_what_waits_on_one_computer_is_released_on_another(town: Town, elsewhere: Hub) -> None:
    desk, other = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    add_member(desk)
    first = town.prepared(desk)
    town.up(desk)
    town.round()
    with town.hub.transaction(1) as connection:  # the first file never came
        for table in (tables.op, tables.context, tables.bundle_in):
            connection.execute(table.delete())
        connection.execute(tables.origin.update().values(hi=0))
    add_member(other)
    waits = ingest.take_in(town.hub, town.prepared(other))
    assert waits.fate == Fate.WAITING
    assert list(town.hub.folder.inbox.iterdir()) == []

    arrival = ingest.take_in(elsewhere, first)

    assert (arrival.fate, arrival.operations, arrival.released) == (Fate.NEW, 2, 1)
    with town.hub.transaction() as connection:
        assert connection.execute(select(tables.bundle_piece)).all() == []


def test_a_waiting_file_that_was_lost_does_not_wait_for_ever(town: Town) -> None:
    desk, other = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    add_member(desk)
    first = town.prepared(desk)
    town.up(desk)
    town.round()
    with town.hub.transaction(1) as connection:
        for table in (tables.op, tables.context, tables.bundle_in):
            connection.execute(table.delete())
        connection.execute(tables.origin.update().values(hi=0))
    add_member(other)
    assert ingest.take_in(town.hub, town.prepared(other)).fate == Fate.WAITING
    with town.hub.transaction() as connection:
        connection.execute(tables.bundle_piece.delete())

    ingest.take_in(town.hub, first)

    assert [one.waiting for one in desks.listed(town.hub)] == [0, 0]


@pytest.fixture
def slowly() -> Iterator[threading.Event]:
    """What is written is kept back a moment before it holds; set once that begins."""
    begun = threading.Event()

    def hesitate(_connection: Connection) -> None:
        begun.set()
        time.sleep(0.2)

    event.listen(Engine, "commit", hesitate)
    yield begun
    event.remove(Engine, "commit", hesitate)


def test_of_two_operators_only_one_gives_a_word_to_an_office(
    town: Town, elsewhere: Hub, slowly: threading.Event
) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(offices.add, town.hub, "Nord", "SUD")
        slowly.wait()
        with pytest.raises(offices.OfficeExists) as refused:
            offices.add(elsewhere, "Sud", "NORD")

    assert refused.value.reason == "other-word"
    assert refused.value.details == {"office": "Sud", "word": "Sud", "other": "Nord"}
    assert [one.name for one in offices.listed(elsewhere)] == ["Mairie de Valbrune", "Nord"]
    assert first.result().code == "SUD"


def test_two_operators_at_once_get_two_codes_for_names_that_begin_alike(
    town: Town, elsewhere: Hub, slowly: threading.Event
) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(offices.add, town.hub, "Mairie de Saint-Denis")
        slowly.wait()
        second = offices.add(elsewhere, "Mairie de Saint-Dizier")

    assert (first.result().code, second.code) == ("MAIRIE-DE-SAINT", "MAIRIE-DE-SAINT-2")
