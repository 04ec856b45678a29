"""What two desks of a large office carry to each other: whole commands, a hub on SQLite between them."""

import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pyrage
import zstandard
from sqlalchemy.orm import Session

from benchmarks import desks
from benchmarks.commands import PASSPHRASE, Ran, command, write_list
from benchmarks.measuring import Cost, Row, cost, no_collection, percentile
from correspondent_desk.domain.actions import Action
from correspondent_desk.hub import identity, ingest, invitations, offices, outgoing, recipients
from correspondent_desk.hub.database import Hub, HubFolder, create
from correspondent_desk.store import history
from correspondent_desk.store.connection import Role, connect
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.tables import Contact, Member
from correspondent_desk.store.vault import DeskFolder, create_vault, unlock
from correspondent_desk.sync import bundle, columns, exchange

OFFICE = "Mairie de Valbrune"
MEMBERS, EDITED = desks.LARGE, 100  # one in so many
AN_ACTION = 20
MB = 1 << 20
WORDS = [
    "appel",
    "rappeler",
    "dossier",
    "pièce",
    "manquante",
    "prêt",
    "logement",
    "vacances",
    "enfant",
    "naissance",
    "retraite",
    "aide",
    "urgente",
    "facture",
    "reçue",
    "accord",
    "refusé",
    "commission",
    "rendez-vous",
    "lundi",
    "mairie",
    "domicile",
    "courrier",
]


class Pair:
    """Two desks of one office and their hub, as folders and as commands would find them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.hub: Hub = create(HubFolder(path / "hub"), "Bench")
        offices.add(self.hub, OFFICE)
        self.secret = path / "phrase"
        self.secret.write_text(PASSPHRASE, encoding="utf-8")
        self._files = 0
        for name in ("here", "there"):
            self.desk(name, "new", "--office", "Bench")

    def desk(self, name: str, *words: str) -> Ran:
        """A command of a desk."""
        start = ("--desk", str(self.path / name), "--passphrase-file", str(self.secret))
        return command(*start, *words)

    def enrol(self) -> None:
        """Both come to know their hub."""
        for number, name in enumerate(("here", "there"), 1):
            file = self.path / f"{number}.cdinvite"
            invitations.invite(self.hub, OFFICE, file)
            self.desk(name, "enrol", str(file), "--name", name)

    def file(self) -> Path:
        """A new place for a bundle."""
        self._files += 1
        return self.path / f"{self._files}.cdb"

    def sent(self, name: str) -> tuple[Path, Ran]:
        """What a desk has for the hub, prepared by a command and taken in."""
        file = self.file()
        ran = self.desk(name, "bundle", "export", str(file))
        ingest.take_in(self.hub, file)
        return file, ran

    def written_for(self, number: int) -> Path:
        """What the hub has for desk 1 or 2."""
        place = self.file().with_suffix("")
        place.mkdir()
        [to] = [one for one in recipients.every(self.hub) if one.desk.number == number]
        return outgoing.write(self.hub, to, place).path

    @contextmanager
    def opened(self, name: str) -> Iterator[Database]:
        """A desk in this process."""
        folder = DeskFolder(self.path / name)
        desk = open_store(folder, unlock(folder, PASSPHRASE))
        desk.person = "Yann"
        yield desk
        desk.close()


@contextmanager
def pair(members: int) -> Iterator[Pair]:
    """A pair of which one has the members of a list, and neither has sent anything yet."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        write_list(path / "list.csv", members)
        made = Pair(path)
        made.desk("here", "import", str(path / "list.csv"))
        made.enrol()
        yield made
        made.hub.close()


def carry_rows(members: int = MEMBERS) -> list[Row]:
    """A new desk from a hub that has all; one in a hundred edited and carried; many changes."""
    with pair(members) as two:
        two.sent("here")
        two.sent("there")
        rows = [*_new_desk_rows(two, members), *_store_rows(two)]
        two.desk("here", "bundle", "import", str(two.written_for(1)))
        two.sent("there")  # the hub hears that it has all
        rows += _percent_rows(two, members)
        for changes in (10_000, 100_000):
            rows += _change_rows(two, changes)
    return rows


def _new_desk_rows(two: Pair, members: int) -> list[Row]:
    file = two.written_for(2)
    ran = two.desk("there", "bundle", "import", str(file))
    assert ran.status == 0, ran
    with two.opened("there") as desk:
        fields = desk.read(_count_fields)
        count = desk.read(lambda s: s.query(Member).count())
    sealed = _sealed_copy(DeskFolder(two.path / "there"))
    floor = min((_raw_rows(two, n) for n in range(3)), key=lambda one: one.worked)
    copied = min((_driver_copy(two, n) for n in range(3)), key=lambda one: one.worked)
    assert count == members, count
    name = f"a new desk of {members} members ({fields} fields) from its hub"
    return [
        Row(f"{name}, whole command", ran.cost.clock, "s", 0.6, worked=ran.cost.worked),
        Row(
            "the same, to a raw executemany of its rows, indexes and search",
            ran.cost.clock,
            "s",
            5,
            floor.clock,
            worked=ran.cost.worked / floor.worked,
        ),
        Row(
            "the same, to SQLCipher itself copying the ready store",
            ran.cost.clock,
            "s",
            10,
            copied.clock,
            worked=ran.cost.worked / copied.worked,
        ),
        Row(
            "the same for each 432 000 fields",
            ran.cost.clock * 432e3 / fields,
            "s",
            10,
            worked=ran.cost.worked * 432e3 / fields,
        ),
        Row("size of that file", file.stat().st_size / 1e6, "MB", 13),
        Row("the same, to the sealed copy of the store", file.stat().st_size / MB, "MB", 1, sealed),
    ]


_FOUNDED = ("member", "record", "history", "action")
_INDEXED = (("member_fts", "search_doc"), ("member_phone", "phone_doc"))


def _raw_rows(two: Pair, number: int) -> Cost:
    """What a new desk holds, written again from memory into an encrypted store of the same tables."""
    folder = DeskFolder(two.path / "there")
    source = connect(folder.store, unlock(folder, PASSPHRASE), Role.READER)
    rows = {name: source.execute(f"SELECT * FROM {name}").fetchall() for name in _FOUNDED}
    marks = {
        name: ",".join("?" * len(source.execute(f"PRAGMA table_info({name})").fetchall()))
        for name in _FOUNDED
    }
    made = source.execute(
        "SELECT type, sql FROM sqlite_master WHERE sql IS NOT NULL AND"
        " (type IN ('table', 'index') AND tbl_name IN (SELECT value FROM json_each(?))"
        " OR name IN ('member_listed', 'member_fts', 'member_phone')) ORDER BY rowid",
        (json.dumps(_FOUNDED),),
    ).fetchall()
    source.close()
    other = DeskFolder(two.path / f"raw-{number}")
    key, _code = create_vault(other, PASSPHRASE)
    target = connect(other.store, key, Role.WRITER, create=True)
    target.execute("PRAGMA cache_size=-98304")
    for kind, sql in made:
        if kind != "index":
            target.execute(sql)

    def write() -> None:
        target.execute("BEGIN IMMEDIATE")
        for name, of_table in rows.items():
            target.executemany(f"INSERT INTO {name} VALUES({marks[name]})", of_table)
        for kind, sql in made:
            if kind == "index":
                target.execute(sql)
        for index, document in _INDEXED:
            target.execute(
                f"INSERT INTO {index}(rowid, {document}) SELECT id, {document} FROM member_listed"
            )
        target.execute("COMMIT")

    with no_collection():
        took = cost(write)
    target.close()
    return took


def _driver_copy(two: Pair, number: int) -> Cost:
    """The ready store written page by page into another encrypted file, without any Python."""
    folder = DeskFolder(two.path / "there")
    key = unlock(folder, PASSPHRASE)
    source = connect(folder.store, key, Role.WRITER)
    place = two.path / f"copy-{number}.db"
    source.execute(f"ATTACH DATABASE ? AS other KEY \"x'{key.hex()}'\"", (str(place),))
    with no_collection():
        took = cost(lambda: source.execute("SELECT sqlcipher_export('other')"))
    source.close()
    return took


def _count_fields(session: Session) -> int:
    """Written fields of all records, as their stamps say."""
    from correspondent_desk.store import stamps
    from correspondent_desk.store.identity import raw

    found = raw(session).execute("SELECT stamp FROM record WHERE stamp IS NOT NULL")
    return sum(len(stamps.unpack(stamp)) for (stamp,) in found)


def _plain_copy(folder: DeskFolder, target: Path) -> None:
    """The store without its encryption."""
    source = connect(folder.store, unlock(folder, PASSPHRASE), Role.WRITER)
    source.execute("ATTACH DATABASE ? AS plain KEY ''", (str(target),))
    source.execute("SELECT sqlcipher_export('plain')")
    source.execute("DETACH DATABASE plain")
    source.close()


def _sealed_copy(folder: DeskFolder) -> float:
    """MB of the store compressed and sealed."""
    with tempfile.TemporaryDirectory() as place:
        plain = Path(place) / "plain.db"
        _plain_copy(folder, plain)
        packed = zstandard.ZstdCompressor(level=6).compress(plain.read_bytes())
    recipient = pyrage.x25519.Identity.generate().to_public()
    return len(pyrage.encrypt(packed, [recipient])) / MB


_OURS = (
    "history", "action", "context", "origin", "sibling", "extra", "inbox", "outbox",
)  # fmt: skip


def _store_rows(two: Pair) -> list[Row]:
    """Pages of the whole store, against those of the tables that are shown and searched."""
    import sqlite3

    with tempfile.TemporaryDirectory() as place:
        plain = Path(place) / "plain.db"
        _plain_copy(DeskFolder(two.path / "there"), plain)
        store = sqlite3.connect(plain, isolation_level=None)

        def size() -> float:
            store.execute("VACUUM")
            pages: int = store.execute("PRAGMA page_count").fetchone()[0]
            return pages * 4096 / 1e6

        for (name,) in store.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
        ).fetchall():
            store.execute(f"DROP TABLE {name}")  # search, which both would have
        whole = size()
        for name in _OURS:
            store.execute(f"DROP TABLE {name}")
        store.execute("UPDATE record SET stamp=NULL")
        bare = size()
        store.close()
    return [Row("store with what the exchange needs, to bare tables", whole, "MB", 2, bare)]


def _edit(desk: Database, changes: int, seed: int) -> None:
    """Single fields of members and new contacts, in actions of AN_ACTION records."""
    chance = random.Random(seed)
    ids: list[int] = desk.read(lambda s: [row[0] for row in s.query(Member.id)])
    left = changes

    def words(count: int) -> str:
        return " ".join(chance.choices(WORDS, k=count))

    def work(session: Session) -> None:
        nonlocal left
        for _ in range(AN_ACTION):
            member = chance.choice(ids)
            if chance.random() < 0.7:
                found = session.get_one(Member, member)
                match chance.randrange(3):
                    case 0:
                        found.note = words(12)
                    case 1:
                        number = f"+336{chance.randrange(10**8):08d}"
                        found.phones = [{"number": number, "label": "", "do_not_use": False}]
                    case _:
                        found.service = words(2)
                left -= 1
            else:
                at = datetime(2026, 12, chance.randint(1, 28), chance.randint(8, 17))  # noqa: DTZ001
                history.create(
                    session,
                    Contact,
                    root=member,
                    member_id=member,
                    at=at,
                    way="visit",
                    note=words(15),
                )
                left -= 5

    while left > 0:
        desk.do(Action.CONTACT_LOGGED, work)


def _percent_rows(two: Pair, members: int) -> list[Row]:
    """Each of them edited on its own, as people are."""
    with two.opened("here") as desk:
        ids: list[int] = desk.read(lambda s: [row[0] for row in s.query(Member.id)])
        chance = random.Random(5)
        for member in chance.sample(ids, members // EDITED):
            note = " ".join(chance.choices(WORDS, k=8))
            desk.do(
                Action.MEMBER_EDITED,
                lambda s, m=member, n=note: setattr(s.get_one(Member, m), "note", n),  # type: ignore[misc]
            )
    file, out = two.sent("here")
    answer = two.written_for(2)
    back = two.desk("there", "bundle", "import", str(answer))
    assert (out.status, back.status) == (0, 0)
    size = max(file.stat().st_size, answer.stat().st_size) / 1e3
    name = f"{members // EDITED} of {members} members edited"
    return [
        Row(f"{name}: the file", size, "kB", 110),
        Row(f"{name}: sending, whole command", out.cost.clock, "s", 0.45, worked=out.cost.worked),
        Row(
            f"{name}: receiving, whole command", back.cost.clock, "s", 0.45, worked=back.cost.worked
        ),
    ]


def _change_rows(two: Pair, changes: int) -> list[Row]:
    """Bytes a change; changes a second verified and taken in; the same file again."""
    with two.opened("here") as desk:
        _edit(desk, changes, seed=changes)
        file = two.file()
        exchange.prepare(desk, file)
    with two.hub.transaction() as connection:
        receiving = identity.keys(connection).receiving
    loaded = bundle.load(file, receiving, lambda _manifest: None)
    made = sum(
        len(op.fields)
        for section in loaded.sections("ops")
        for run in columns.unpack(section.content)
        for op in run.ops
    )
    ingest.take_in(two.hub, file)
    answer = two.written_for(2)
    with two.opened("there") as desk, no_collection():
        taken = cost(lambda: exchange.apply(desk, answer))
        again = [cost(lambda: exchange.apply(desk, answer)) for _ in range(3)]
    replay = Cost(
        percentile((one.clock for one in again), 50), percentile((one.worked for one in again), 50)
    )
    limits = (25, 10_000) if changes < 100_000 else (18, 40_000)
    name = f"{made} changes"
    return [
        Row(f"{name}: sealed bytes a change", file.stat().st_size / made, "B", limits[0]),
        Row(
            f"{name}: verify and take in",
            taken.clock,
            "s",
            made / limits[1],
            worked=taken.worked,
        ),
        Row(
            f"{name}: the same file again, to taking it in",
            replay.clock,
            "s",
            0.1,
            taken.clock,
            worked=replay.worked / taken.worked,
        ),
    ]
