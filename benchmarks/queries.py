"""Searching, showing a page of rows, saving one record."""

import random
from collections.abc import Iterator
from dataclasses import replace

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.records import members, today
from correspondent_desk.store import search
from correspondent_desk.store.connection import Role, connect
from correspondent_desk.store.database import Database
from correspondent_desk.store.vault import DataKey

from benchmarks.desks import TODAY
from benchmarks.measuring import Row, median, percentile, seconds

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
    floor = [
        seconds(
            lambda w=word.lower(): connection.execute(
                "SELECT id, family_name, first_name, matricule, service, status FROM member"
                " WHERE sort_key >= ? AND sort_key < ? AND removed_at IS NULL"
                " ORDER BY sort_key, id LIMIT 50",
                (w, w + "\U0010ffff"),
            ).fetchall()
        )[0]
        for word in words
    ]
    connection.close()
    search_typed = [
        seconds(lambda w=word: desk.read(lambda s: _field(s, w)))[0] for word in words
    ]
    p99, floor_p99 = percentile(search_typed, 99), percentile(floor, 99)
    return [
        Row("search keystroke, p99", p99 * 1e3, "ms", 16),
        Row("search keystroke, p99, to a B-tree prefix query", p99 * 1e3, "ms", 50, floor_p99 * 1e3),
        Row("search keystroke, median", percentile(search_typed, 50) * 1e3, "ms", 16),
    ]


def _field(session: members.Session, words: str) -> object:
    raw = session.connection().connection.driver_connection
    assert raw is not None
    return members.rows(session, search.find(raw, words, SHOWN))


def page_rows(desk: Database, key: DataKey) -> list[Row]:
    """A page of rows of the list, at random places."""
    ids = desk.read(lambda s: list(members.find_ids(s, today=TODAY)))
    rng = random.Random(7)
    starts = [rng.randrange(max(1, len(ids) - PAGE)) for _ in range(80)]
    connection = connect(desk.folder.store, key, Role.READER)
    sort_keys = dict(connection.execute("SELECT id, sort_key FROM member").fetchall())
    floor = percentile(
        [
            seconds(
                lambda at=ids[start]: connection.execute(
                    "SELECT id, civility, first_name, usage_name, family_name, birth_date,"
                    " matricule, service, status, phones, last_seen_on, last_contact_on FROM member"
                    " WHERE (sort_key, id) > (?, ?) AND removed_at IS NULL"
                    " ORDER BY sort_key, id LIMIT ?",
                    (sort_keys[at], at, PAGE),
                ).fetchall()
            )[0]
            for start in starts
        ],
        50,
    )
    connection.close()
    ours = percentile(
        [
            seconds(lambda w=ids[start : start + PAGE]: desk.read(lambda s: members.rows(s, w)))[0]
            for start in starts
        ],
        50,
    )
    return [Row("page of 100 rows, to the driver's query", ours * 1e3, "ms", 2, floor * 1e3)]


def save_rows(desk: Database, key: DataKey) -> list[Row]:
    """One save with history and search, against the commit of one bare row."""
    connection = connect(desk.folder.store, key, Role.WRITER)
    connection.execute("CREATE TABLE IF NOT EXISTS bench_row(id INTEGER PRIMARY KEY, note TEXT)")

    def bare() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bench_row(note) VALUES('x')")
        connection.execute("COMMIT")

    floor = median(bare, 200)
    connection.execute("DROP TABLE bench_row")
    connection.close()
    ids = desk.read(lambda s: list(members.find_ids(s, "mar", today=TODAY)))[:SAVES]
    times = []
    for number, id_ in enumerate(ids):
        opened = desk.read(lambda s, i=MemberId(id_): members.card(s, i, TODAY))
        draft = replace(opened.draft, usage_name=f"{opened.draft.family_name} {number}")
        times.append(
            seconds(
                lambda o=opened, d=draft: desk.do(
                    Action.MEMBER_EDITED, lambda s: members.save(s, o, d)
                )
            )[0]
        )
    ours = percentile(times, 50)
    for _ in ids:
        desk.undo()
    return [Row("one save with history and search", ours * 1e3, "ms", 8, floor * 1e3)]


def today_rows(desk: Database) -> list[Row]:
    """The page of the day."""
    from datetime import datetime, time
    from zoneinfo import ZoneInfo

    now = datetime.combine(TODAY, time(9), ZoneInfo("Europe/Paris"))
    took = median(lambda: desk.read(lambda s: today.page(s, now)), 5)
    return [Row("the page Today", took * 1e3, "ms", 60)]
