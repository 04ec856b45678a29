"""Statements that are written out, once for both databases: they are asked thousands of times an hour.

Building a statement from its parts costs more than PostgreSQL takes to answer it.
"""

from sqlalchemy import Connection, TextClause, text


class Wording:
    """A statement in the words of PostgreSQL; SQLite, which has one writer at a time, needs no locks.

    FOR UPDATE ends a statement. {scoped:X} names X as the office whose rows show from here on.
    """

    def __init__(self, words: str, *, sqlite: str = "") -> None:
        self._postgresql = text(words)
        self._sqlite = text(sqlite or words.partition(" FOR UPDATE")[0])

    def on(self, connection: Connection) -> TextClause:
        """The statement for this connection's database."""
        return self._postgresql if connection.dialect.name == "postgresql" else self._sqlite
