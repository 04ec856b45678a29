"""Indexes while thousands of rows are written: they follow at the end, at once.

An index that is filled row by row meets its pages again and again, all over an encrypted file; and
the triggers of the search indexes cost more than all else. Whatever is raised in between, the whole
transaction is rolled back, and with it what was dropped or paused here.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from sqlite3 import Connection

from correspondent_desk.domain.fields import Kind
from correspondent_desk.store import values
from correspondent_desk.store.values import layout

PAUSED = "search.paused"
"""A setting; while it stands, the triggers of the search indexes do nothing, see store.schema."""

_CACHE_KB = 98_304
_FEW = 50
_FEW_ROWS = 1_000
_WORDS, _NUMBERS = ("member_fts", "search_doc"), ("member_phone", "phone_doc")
_OF_NEW_ROWS = """
    SELECT type, name, sql FROM sqlite_master WHERE type='index' AND sql IS NOT NULL
    AND (tbl_name IN ('record', 'history') OR tbl_name IN (SELECT value FROM json_each(?)))
    ORDER BY rowid
"""
_TRIGGERS_OF_NEW_ROWS = """
    SELECT type, name, sql FROM sqlite_master WHERE type='trigger'
    AND name IN ('member_fts_new', 'member_phone_new')
"""


def keep_statistics(connection: Connection) -> None:
    """For whoever asks next what is quickest to look at first, in one transaction.

    Not of a table with few rows: a new desk's would still say so when an exchange has filled it with
    a hundred thousand people, and each of them would be looked for by reading the whole table.
    """
    connection.execute("PRAGMA optimize")
    of_few = "SELECT tbl FROM sqlite_stat1 GROUP BY tbl HAVING max(CAST(stat AS INTEGER))<?"
    known = connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat_'")
    # The first of them is what the question is about, and goes last.
    for table in sorted((name for (name,) in known.fetchall()), reverse=True):
        connection.execute(f"DELETE FROM {table} WHERE tbl IN ({of_few})", (_FEW_ROWS,))  # noqa: S608


@contextmanager
def much_cache(connection: Connection) -> Iterator[None]:
    """For thousands of rows all over the file, each of whose pages is met several times."""
    ((usual,),) = connection.execute("PRAGMA cache_size").fetchall()
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size={usual}")


@contextmanager
def search_rebuilt(
    connection: Connection, words: Sequence[int], numbers: Sequence[int]
) -> Iterator[None]:
    """Rows of members may be written in between.

    words, numbers: whose names and whose phone numbers may change.
    """
    if len(words) + len(numbers) <= _FEW:  # the triggers are quicker
        yield
        return
    chosen = [(index, ids) for index, ids in ((_WORDS, words), (_NUMBERS, numbers)) if ids]
    connection.execute("INSERT INTO setting(key, value) VALUES(?, x'c3')", (PAUSED,))
    for index, ids in chosen:
        _take_out_of_search(connection, index, ids)
    yield
    for index, ids in chosen:
        _put_in_search(connection, index, ids)
    connection.execute("DELETE FROM setting WHERE key=?", (PAUSED,))


@contextmanager
def following(connection: Connection, *, is_founding: bool) -> Iterator[list[int]]:
    """New rows may be written in between; put the new members into the list that this gives.

    is_founding: the tables are as good as empty, so that all indexes are made at the end. The
    triggers are dropped and not only paused: were they there, each row would copy every page that
    it changes, in case its trigger fails.
    """
    found = connection.execute(_TRIGGERS_OF_NEW_ROWS).fetchall()
    if is_founding:
        tables = values.to_json([layout(kind).table for kind in Kind])
        found += connection.execute(_OF_NEW_ROWS, (tables,)).fetchall()
    for type_, name, _sql in found:
        connection.execute(f"DROP {type_} {name}")
    members: list[int] = []
    with much_cache(connection):
        yield members
        for _type, _name, sql in found:
            connection.execute(sql)
        if members:
            for index in (_WORDS, _NUMBERS):
                _put_in_search(connection, index, members)


def _put_in_search(connection: Connection, of: tuple[str, str], ids: Sequence[int]) -> None:
    index, document = of
    condition, told = _among(ids)
    connection.execute(
        f"INSERT INTO {index}(rowid, {document})"  # noqa: S608 - names of our own
        f" SELECT id, {document} FROM member_listed WHERE {condition}",
        told,
    )


def _take_out_of_search(connection: Connection, of: tuple[str, str], ids: Sequence[int]) -> None:
    index, document = of
    condition, told = _among(ids)
    connection.execute(
        f"INSERT INTO {index}({index}, rowid, {document})"  # noqa: S608 - as above
        f" SELECT 'delete', id, {document} FROM member_listed WHERE {condition}",
        told,
    )


def _among(ids: Sequence[int]) -> tuple[str, tuple[object, ...]]:
    """What says that id is one of these; new ones follow each other, and need no list."""
    first, last = ids[0], ids[-1]
    if last - first == len(ids) - 1 and list(ids) == list(range(first, last + 1)):
        return "id BETWEEN ? AND ?", (first, last)
    return "id IN (SELECT value FROM json_each(?))", (values.to_json(ids),)
