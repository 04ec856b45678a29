"""A national hub on a real PostgreSQL: taking in, a day of one office, one desk among 21 000 offices."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil
import psycopg
from sqlalchemy import make_url, text

from benchmarks.measuring import Cost, Row, no_collection, percentile, ratio_row
from correspondent_desk.hub import (
    database,
    desks,
    ingest,
    invitations,
    log,
    offices,
    outgoing,
    recipients,
)
from correspondent_desk.hub.database import Hub, HubFolder
from correspondent_desk.sync import bundle, columns, invitation, ops
from correspondent_desk.sync.bundle import Header, Section, Segment
from correspondent_desk.sync.columns import OpRow, Run
from correspondent_desk.sync.invitation import Invitation
from correspondent_desk.sync.keys import DeskKeys
from tests.postgres import Server, started

OFFICES, OPS_AN_OFFICE = 21_000, 48  # a million members and a bit
MANY, A_DAY, TIMES = 100_000, 200, 5
COPY_LIMIT, DAY_LIMIT_MS = 3.0, 50.0


class Desk:
    """Writes bundles as a desk does, without a store."""

    def __init__(self, invited: Invitation, number: int) -> None:
        self.origin = os.urandom(16)
        self._invited = invited
        self._keys = DeskKeys.generate(datetime.now(UTC))
        self._name = f"PC {number}"
        self._bundles = self._written = 0
        self._stamp = time.time_ns() // 1_000_000 << 16

    @property
    def keys(self) -> DeskKeys:
        """Its own."""
        return self._keys

    @property
    def hub_signing(self) -> bytes:
        """By which it knows the hub."""
        return self._invited.hub.signing

    @property
    def vector(self) -> dict[bytes, int]:
        """What it has of itself."""
        return {self.origin: self._written} if self._written else {}

    def bundle(self, count: int, path: Path, seen: dict[bytes, int] | None = None) -> Path:
        """The next bundle, with count changes: of names, phones and notes of members.

        seen: what the desk has of others.
        """
        self._bundles += 1
        first = self._written
        self._written += count
        run = Run(
            self.origin,
            first,
            self._written,
            {},
            [],
            [self._op(first + n + 1) for n in range(count)],
        )
        segments: list[Segment] = []
        sections = [Section("ops", one) for one in columns.pack(ops.noted(iter([run]), segments))]
        header = Header(
            sender_name="Yann",
            office=self._invited.office,
            origin=self.origin,
            incarnation=1,
            number=self._bundles,
            created=time.time_ns() // 1_000_000,
            vector={**(seen or {}), **self.vector},
            segments=segments,
            requires=["mvr1"],
            next_recipient=self._keys.public.receiving,
        )
        if self._bundles == 1:
            asking = self._invited.enrolment(
                header, desk=self._name, person="Yann", keys=self._keys.public
            )
            header = msgspec.structs.replace(header, enrolment=asking)
        bundle.write(
            path,
            header,
            sections,
            signing=self._keys.signing,
            recipients=[self._invited.hub.receiving],
        )
        return path

    def _op(self, seq: int) -> OpRow:
        self._stamp += 1 << 16
        record = (seq // 3).to_bytes(16, "big") if seq % 3 else os.urandom(16)
        return OpRow(
            self.origin,
            seq,
            self._stamp,
            self.origin[:8] + record[8:],
            1,
            self.origin[:8] + record[8:],
            {1: f"LE GOFF {seq}", 4: f"+33 6 12 {seq:06}"} if seq % 4 else {9: f"à rappeler {seq}"},
            "Yann",
            "member.edited",
            seq,
            self._stamp >> 16,
        )


@dataclass
class Bench:
    """A hub on a server, and what both have worked."""

    hub: Hub
    server: Server
    url: str
    path: Path

    def desk(self, office: str) -> Desk:
        """A new desk that is not known yet."""
        file = self.path / f"{os.urandom(4).hex()}.cdinvite"
        invitations.invite(self.hub, office, file)
        return Desk(invitation.read(file, datetime.now(UTC)), 1)

    def file(self) -> Path:
        """A name for the next bundle."""
        return self.path / f"{os.urandom(4).hex()}.cdb"

    def cost(self, work: Callable[[], object]) -> Cost:
        """By the clock, and worked by this process and the server's together."""
        with no_collection():
            server = self.database_worked()
            begun, worked = time.perf_counter(), time.process_time()
            work()
            worked = time.process_time() - worked
            clock = time.perf_counter() - begun
            return Cost(clock, worked + self.database_worked() - server)

    def take_in(self, *files: Path) -> None:
        """As from a stick."""
        for file in files:
            ingest.take_in(self.hub, file)

    def database_worked(self) -> float:
        """Seconds that the server's processes worked for this hub so far."""
        with self.hub.transaction() as connection:
            backend = connection.scalar(text("SELECT pg_backend_pid()"))
        server = psutil.Process(backend).parent()  # type: ignore[no-untyped-call]
        return sum(self._worked_by(one) for one in server.children())

    def _worked_by(self, process: psutil.Process) -> float:
        """Not of what cleans up behind others' work when it likes, and may end when it likes."""
        try:
            title = " ".join(process.cmdline())  # type: ignore[no-untyped-call]
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            return 0
        is_ours = str(make_url(self.url).database) in title and "autovacuum" not in title
        return float(times.user + times.system) if is_ours else 0


@contextmanager
def bench() -> Iterator[Bench]:
    """A new hub with one office, on a server that flushes as it must."""
    with started(is_durable=True) as server, tempfile.TemporaryDirectory() as folder:
        url = server.fresh()
        hub = database.create(HubFolder(Path(folder) / "hub"), "Bench", database=url)
        offices.add(hub, "Mairie de Valbrune")
        yield Bench(hub, server, url, Path(folder))
        hub.close()


def ingest_rows(many: int = MANY, times: int = 3) -> list[Row]:
    """Taking in a first bundle, verified and claimed, against COPY of the same rows."""
    ours, floor = [], []
    with bench() as here:
        for number in range(times):
            office = offices.add(here.hub, f"École {number}")
            desk = here.desk(office.name)
            file = desk.bundle(many, here.file())
            ours.append(here.cost(lambda file=file: ingest.take_in(here.hub, file)))  # type: ignore[misc]
            with _copying(here, office.id, number) as copy:
                floor.append(here.cost(copy))
    return [ratio_row(f"hub: take in {many} changes, against COPY", COPY_LIMIT, ours, floor)]


@contextmanager
def _copying(here: Bench, office: int, number: int) -> Iterator[Callable[[], None]]:
    """COPY of the office's rows into another one, past the policies, with rows made beforehand."""
    names = ", ".join(f'"{name}"' for name in log.COLUMNS)
    admin = psycopg.connect(here.server.admin(here.url), autocommit=True)
    rows = admin.execute(f"SELECT {names} FROM op WHERE office = {office}").fetchall()
    rows = [(1_000_000 + number, *row[1:]) for row in rows]

    def copy() -> None:
        into = f"COPY op ({names}) FROM STDIN (FORMAT BINARY)"
        with admin.transaction(), admin.cursor().copy(into) as copying:
            copying.set_types(log.TYPES)
            for row in rows:
                copying.write_row(row)

    yield copy
    admin.close()  # later than it is measured: the work of a process that ended is not known


def day_rows(times: int = 9) -> list[Row]:
    """A day of an office with two desks: 200 changes come, both desks fetch what they lack."""
    costs = []
    with bench() as here:
        here_desk, other = here.desk("Mairie de Valbrune"), here.desk("Mairie de Valbrune")
        for desk in (here_desk, other):
            ingest.take_in(here.hub, desk.bundle(0, here.file()))
        for _ in range(times):
            confirmed = other.bundle(0, here.file(), here_desk.vector)  # yesterday's
            file = here_desk.bundle(A_DAY, here.file())
            costs.append(here.cost(lambda f=file, c=confirmed: _day(here, f, c)))  # type: ignore[misc]
    worked = percentile((one.worked for one in costs), 50) * 1e3
    clock = percentile((one.clock for one in costs), 50) * 1e3
    name = f"hub: a day of an office, {A_DAY} changes"
    return [Row(name, clock, "ms", DAY_LIMIT_MS, worked=worked)]


def _day(here: Bench, file: Path, confirmed: Path) -> None:
    ingest.take_in(here.hub, file)
    ingest.take_in(here.hub, confirmed)
    for desk in (1, 2):
        to = recipients.one(here.hub, desk)
        assert to is not None
        outgoing.write(here.hub, to, here.path)


def national_rows(count: int = OFFICES, each: int = OPS_AN_OFFICE) -> list[Row]:
    """What one desk's bundle costs beside 21 000 offices, against the same beside none."""
    with bench() as here:
        desk = here.desk("Mairie de Valbrune")
        ingest.take_in(here.hub, desk.bundle(A_DAY, here.file()))
        alone = [here.cost(lambda: _fetch(here)) for _ in range(TIMES)]
        _fill(here, count, each)
        among = [here.cost(lambda: _fetch(here)) for _ in range(TIMES)]
        listed = here.cost(lambda: desks.listed(here.hub))
    return [
        ratio_row(f"hub: a desk's bundle among {count} offices, against alone", 1.5, among, alone),
        Row(f"hub: list the desks of {count} offices", listed.clock, "s", 3, worked=listed.worked),
    ]


def _fetch(here: Bench) -> None:
    to = recipients.one(here.hub, 1)
    assert to is not None
    outgoing.write(here.hub, to, here.path)


_OFFICES = """
INSERT INTO office(id, uid, origin, name, code, next_pos, made_at, name_key)
SELECT n, uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid()), 'Office ' || n, 'O' || n,
    {each} + 1, 0, 'office ' || n FROM generate_series(100, {count} + 99) n
"""
_DESKS = """
INSERT INTO desk(office, number, name, person, signing, receiving, invitation, status, enrolled_at,
    heard_incarnation, heard_number, heard_vector, heard_at, said_number, said_vector, said_at,
    owes_answer)
SELECT n, d, 'PC ' || d, 'Yann', sha256((n || '-' || d)::bytea), '', '', 'active', 0, 0, 0, '\\x80',
    0, 0, '\\x80', 0, false FROM generate_series(100, {count} + 99) n, generate_series(1, 2) d
"""
_ORIGINS = """
INSERT INTO origin(uid, office, desk, hi) SELECT uuid_send(gen_random_uuid()), office, id, {each}
FROM desk WHERE office >= 100 AND number = 1
"""
_OPS = """
INSERT INTO op(office, pos, origin, seq, stamp, record, kind, root, person, action, "group", wall, body)
SELECT o.office, s, o.id, s, s, uuid_send(gen_random_uuid()), 1, o.uid, 'Yann', 'member.edited', s, 0,
    convert_to(repeat('x', 60), 'UTF8')
FROM origin o, generate_series(1, {each}) s WHERE o.office >= 100
"""


def _fill(here: Bench, count: int, each: int) -> None:
    """Offices with two desks each, and what one of them wrote; past the policies."""
    with psycopg.connect(here.server.admin(here.url)) as admin:
        for statement in (_OFFICES, _DESKS, _ORIGINS, _OPS):
            admin.execute(statement.format(count=count, each=each).encode())
    with psycopg.connect(here.server.admin(here.url), autocommit=True) as admin:
        admin.execute("VACUUM ANALYZE")
        admin.execute("CHECKPOINT")


def hub_rows() -> list[Row]:
    """All of them."""
    return [*ingest_rows(), *day_rows(), *national_rows()]
