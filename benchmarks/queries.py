"""Searching, showing a page of rows, saving one record."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from benchmarks.desks import TODAY
from benchmarks.measuring import Row, cost, no_collection, percentile, ratio_row
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.records import members, today
from correspondent_desk.store import search
from correspondent_desk.store.connection import Role, connect
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw
from correspondent_desk.store.search import LISTED, id_list
from correspondent_desk.store.vault import DataKey

PEOPLE = 120
SHOWN = 50
PAGE = 100
SAVES = 60


def typed(desk: Database, key: DataKey) -> list[str]:
    """What fingers type, letter by letter: names, first names, numbers, and one slip."""
    rng = random.Random(5)
    connection = connect(desk.folder.store, key, Role.READER)
    rows = connection.execute(
        "SELECT family_name, usage_name, first_name, matricule, phone_doc FROM member"
        " WHERE removed_at IS NULL ORDER BY random() LIMIT ?",
        (PEOPLE,),
    ).fetchall()
    connection.close()
    words: list[str] = []
    for family, usage, first, matricule, phones in rows:
        last = usage or family
        forms = [last, f"{last} {first}", f"{first} {last}", matricule, phones.split()[0]]
        words += _prefixes(rng.choice(forms))
        if len(last) > 5:
            slip = rng.randrange(1, len(last) - 1)
            words += list(_prefixes(last[:slip] + last[slip + 1 :]))[-2:]
    return words


def _prefixes(text: str) -> Iterator[str]:
    return (text[:n] for n in range(1, len(text) + 1) if text[:n].strip(" '’-"))


def search_rows(desk: Database, key: DataKey) -> list[Row]:
    """A keystroke: who is found, and the lines that are shown."""
    words = typed(desk, key)
    connection = connect(desk.folder.store, key, Role.READER)

    def by_prefix(word: str) -> object:
        return connection.execute(
            "SELECT id, family_name, first_name, matricule, service, status FROM member"
            f" WHERE sort_key >= ? AND sort_key < ? AND {LISTED}"
            " ORDER BY sort_key, id LIMIT 50",
            (word, word + "\U0010ffff"),
        ).fetchall()

    with no_collection():
        floor = [cost(partial(by_prefix, word.lower())) for word in words]
        ours = [cost(partial(desk.read, partial(_field, words=word))) for word in words]
    connection.close()
    p99 = percentile((one.clock for one in ours), 99) * 1e3
    worked = percentile((one.worked for one in ours), 99) * 1e3
    median = percentile((one.clock for one in ours), 50) * 1e3
    return [
        Row("search keystroke, median", median, "ms", 16),
        Row("search keystroke, p99", p99, "ms", 16, worked=worked),
        ratio_row("the same, to a B-tree prefix query", 50, ours, floor, percent=99),
    ]


def _field(session: Session, words: str) -> object:
    return members.rows(session, search.find(raw(session), words, SHOWN))


def page_rows(desk: Database, key: DataKey) -> list[Row]:
    """A page of rows of the list, at random places."""
    ids = desk.read(lambda s: list(members.find_ids(s, today=TODAY)))
    rng = random.Random(7)
    starts = [rng.randrange(max(1, len(ids) - PAGE)) for _ in range(80)]
    asked: list[str] = []
    desk.read(lambda s: _traced(s, ids[:PAGE], asked))
    connection = connect(desk.folder.store, key, Role.READER)

    def bare(wanted: Sequence[int]) -> object:
        return [connection.execute(sql, (id_list(wanted),)).fetchall() for sql in asked]

    def rows(wanted: Sequence[int]) -> object:
        return desk.read(lambda s: members.rows(s, wanted))

    pages = [ids[start : start + PAGE] for start in starts]
    with no_collection():
        for page in pages:  # the first time each connection reads them from the file
            bare(page)
            rows(page)
        costs = [(cost(partial(bare, page)), cost(partial(rows, page))) for page in pages]
    connection.close()
    floor, ours = zip(*costs, strict=True)
    return [ratio_row("page of 100 rows, to the driver's query", 2, ours, floor)]


def _traced(session: Session, ids: Sequence[int], asked: list[str]) -> None:
    """Into asked: the queries that rows asks, with the list of ids as their one value."""
    connection = raw(session)
    told: list[str] = []
    connection.set_trace_callback(told.append)
    members.rows(session, ids)
    connection.set_trace_callback(None)
    asked += [sql.replace(f"'{id_list(ids)}'", "?") for sql in told if "json_each" in sql]


def save_rows(desk: Database, key: DataKey) -> list[Row]:
    """One save with history and search, against the commit of one bare row."""
    connection = connect(desk.folder.store, key, Role.WRITER)
    connection.execute("CREATE TABLE IF NOT EXISTS bench_row(id INTEGER PRIMARY KEY, note TEXT)")

    def bare() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bench_row(note) VALUES('x')")
        connection.execute("COMMIT")

    ids = desk.read(lambda s: list(members.find_ids(s, "mar", today=TODAY)))[:SAVES]
    floor, ours = [], []
    for number, id_ in enumerate(ids):
        opened = desk.read(partial(members.card, member_id=MemberId(id_), today=TODAY))
        draft = replace(opened.draft, usage_name=f"{opened.draft.family_name} {number}")
        save = partial(members.save, opened=opened, draft=draft)
        with no_collection():
            floor.append(cost(bare))
            ours.append(cost(partial(desk.do, Action.MEMBER_EDITED, save)))
    for _ in ids:
        desk.undo()
    connection.execute("DROP TABLE bench_row")
    connection.close()
    return [ratio_row("one save with history and search", 8, ours, floor)]


def today_rows(desk: Database) -> list[Row]:
    """The page of the day."""
    now = datetime.combine(TODAY, time(9), ZoneInfo("Europe/Paris"))
    costs = [cost(lambda: desk.read(lambda s: today.page(s, now))) for _ in range(7)]
    took = percentile((one.clock for one in costs), 50) * 1e3
    return [Row("the page Today", took, "ms", 60)]
