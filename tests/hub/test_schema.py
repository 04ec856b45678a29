"""The hub's tables: made at once or by migrations, from an older hub, and closed to other offices."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine, create_engine, inspect, select, text
from sqlalchemy.exc import ProgrammingError

from correspondent_desk.hub import (
    claims,
    database,
    desks,
    engines,
    identity,
    ingest,
    offices,
    schema,
    settings,
    tables,
)
from correspondent_desk.hub.database import HubFolder
from correspondent_desk.hub.sealing import HubKeyWrong
from correspondent_desk.store.vault import DataKey
from correspondent_desk.sync.rejection import BundleRejected
from tests.builders import add_member
from tests.keepers import ON_SERVER, Keeper
from tests.postgres import Server, replica
from tests.sync.desks import Town

OWN = sorted(tables.metadata.tables)
KEY = "11" * 32


def described(connection: Connection) -> dict[str, Any]:
    """All that the inspector tells of the hub's tables."""
    look = inspect(connection)

    def plain(found: Any) -> Any:
        if isinstance(found, dict):
            return {key: plain(one) for key, one in found.items() if key != "comment"}
        if isinstance(found, list):
            return sorted((plain(one) for one in found), key=repr)
        return str(found)

    return {
        name: {
            "columns": plain(look.get_columns(name)),
            "key": look.get_pk_constraint(name)["constrained_columns"],
            "unique": plain(look.get_unique_constraints(name)),
            "indexes": plain(look.get_indexes(name)),
        }
        for name in OWN
    }


def guarded(connection: Connection) -> list[tuple[Any, ...]]:
    """Every table and partition with its guards."""
    return [
        tuple(row)
        for row in connection.execute(
            text(
                "SELECT c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity,"
                " pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),"
                " pg_get_expr(p.polqual, c.oid) FROM pg_class c"
                " LEFT JOIN pg_policy p ON p.polrelid = c.oid"
                " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
                " ORDER BY c.relname"
            )
        )
        if row.relname.rstrip("0123456789_") in OWN or row.relname in OWN
    ]


@contextmanager
def engine_of(keeper: Keeper, path: Path) -> Iterator[Engine]:
    """An empty database."""
    if keeper.server is None:
        engine = engines.sqlite(path, DataKey(bytes.fromhex(KEY)), create=True)
    else:
        url = keeper.server.empty()
        keeper.made.append(url)
        engine = create_engine(settings.parse(url))
    yield engine
    engine.dispose()


def test_the_migrations_give_what_a_new_hub_has(keeper: Keeper, tmp_path: Path) -> None:
    told = []
    for name, make in (
        ("made", schema.create),
        ("migrated", lambda connection: schema.upgrade(connection, "head")),
    ):
        with engine_of(keeper, tmp_path / name) as engine, engine.begin() as connection:
            make(connection)
            told.append(described(connection))
            if keeper.server is not None:
                told.append({"guards": guarded(connection)})
            assert (
                connection.scalar(text("SELECT version_num FROM alembic_version"))
                == schema.REVISION
            )

    half = len(told) // 2
    assert told[:half] == told[half:]


def test_a_hub_of_the_first_version_is_brought_up_with_all_it_has(tmp_path: Path) -> None:
    (tmp_path / "now").mkdir()
    town = Town(tmp_path / "now")
    desk = town.desk("Yann")
    add_member(desk)
    town.round()
    with town.hub.transaction(1) as connection:
        kept = {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, table in tables.metadata.tables.items()
            if name in OWN
        }
    town.close()
    folder = HubFolder(tmp_path / "old")
    folder.path.mkdir()
    folder.key.write_text(KEY)
    folder.sidecar.write_text('{"bundles": 1, "incarnation": 0}')
    with engine_of(Keeper(), folder.store) as engine, engine.begin() as connection:
        schema.upgrade(connection, "0001")
        connection.execute(text("DROP TABLE alembic_version"))  # the first version had none
        old = sa.MetaData()
        old.reflect(connection)
        kept["hub"][0]["handed_out"] = 1
        kept["hub"][0]["schema"] = 1
        kept["desk"][0]["copies"] = None  # nobody knew of them
        for name, table in old.tables.items():
            columns = set(table.columns.keys())
            for row in kept[name]:
                values = {key: one for key, one in row.items() if key in columns}
                connection.execute(table.insert().values(**values))

    hub = database.open_hub(folder)

    with hub.transaction() as connection:
        assert connection.scalar(select(tables.hub.c.schema)) == schema.VERSION
        assert connection.scalar(select(tables.hub.c.incarnation)) == 1
        assert [tuple(row) for row in connection.execute(select(tables.place))] == [(bytes(16), 1)]
        for name in ("op", "context", "root", "origin", "desk"):
            table = tables.metadata.tables[name]
            found = [dict(row) for row in connection.execute(select(table)).mappings()]
            assert found == kept[name], name
    [one] = desks.listed(hub)
    assert (one.name, one.to_receive) == ("PC Yann", 0)
    with pytest.raises(offices.OfficeExists):
        offices.add(hub, "MAIRIE DE VALBRUNE")
    with hub.transaction() as connection:
        words = connection.scalars(select(tables.office_word.c.word)).all()
    assert sorted(words) == ["mairie de valbrune", kept["office"][0]["code"].lower()]
    hub.close()


def test_tables_that_were_made_when_they_were_needed_stay(keeper: Keeper, tmp_path: Path) -> None:
    """Hubs of the second version made them outside the line of migrations."""
    address, spent = tables.address, tables.metadata.tables["spent_nonce"]
    with engine_of(keeper, tmp_path / "hub") as engine, engine.begin() as connection:
        schema.upgrade(connection, "0002")
        tables.metadata.create_all(connection, tables=[address, spent])
        connection.execute(address.insert().values(id=1, url="https://hub/", certificate=b""))
        schema.upgrade(connection, "head")

        assert connection.scalar(select(address.c.url)) == "https://hub/"
        made = described(connection)
    with engine_of(keeper, tmp_path / "new") as engine, engine.begin() as connection:
        schema.create(connection)
        assert described(connection) == made


# --- other offices --------------------------------------------------------------------------------


def counted(hub: database.Hub, office: int | None, table: str) -> int:
    """How many rows of a table show to somebody who forgot to say of which office."""
    with hub.transaction(office) as connection:
        found = connection.scalar(text(f'SELECT count(*) FROM "{table}"'))
    assert isinstance(found, int)
    return found


@ON_SERVER
def test_a_query_that_names_no_office_sees_nothing(town: Town) -> None:
    offices.add(town.hub, "Port de Kerlann")
    for person, office, members in (
        ("Yann", "Mairie de Valbrune", 2),
        ("Eve", "Port de Kerlann", 3),
    ):
        desk = town.desk(person, office)
        for number in range(members):
            add_member(desk, f"{person} {number}")
        town.up(desk)

    seen = {
        office: [counted(town.hub, office, table) for table in ("op", "root", "origin")]
        for office in (None, 1, 2, schema.EVERY_OFFICE)
    }

    assert seen == {
        None: [0, 0, 0],
        1: [2, 2, 1],
        2: [3, 3, 1],
        schema.EVERY_OFFICE: [0, 0, 2],
    }
    # Not by the back door either, and the setting goes with the transaction.
    parts = [f"op_{number:02}" for number in range(schema.PARTITIONS)]
    assert sum(counted(town.hub, 1, part) for part in parts) == 0
    assert counted(town.hub, None, "op") == 0


@ON_SERVER
def test_nobody_writes_into_another_office(town: Town) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), town.hub.transaction(1) as c:
        c.execute(tables.root.insert().values(uid=bytes(16), office=2))

    with town.hub.transaction(1) as connection:
        connection.execute(tables.root.insert().values(uid=bytes(16), office=1))
        changed = connection.execute(tables.root.update().values(office=tables.root.c.office))
        assert changed.rowcount == 1


def test_a_record_of_another_office_is_refused(town: Town) -> None:
    """The root is known to the database, though not to this office."""
    other = offices.add(town.hub, "Port de Kerlann")
    desk = town.desk("Yann")
    add_member(desk)
    file = town.prepared(desk)
    received = ingest.take_in(town.hub, file)
    assert received.operations == 1
    with town.hub.transaction(1) as connection:
        [uid] = connection.scalars(select(tables.root.c.uid)).all()

    with pytest.raises(BundleRejected), town.hub.transaction(other.id) as connection:
        claims.claim_roots(connection, other.id, {uid})


# --- the server -----------------------------------------------------------------------------------


def test_a_role_that_sees_everything_is_refused(tmp_path: Path, postgres: Server) -> None:
    if not postgres.is_mighty:
        pytest.skip("the server that was named has no such role for tests")
    url = postgres.empty()

    with pytest.raises(engines.HubDatabaseRefused) as caught:
        database.create(HubFolder(tmp_path / "hub"), "hub", database=postgres.admin(url))

    postgres.drop(url)
    assert caught.value.reason == "superuser"


@pytest.mark.skipif("DESK_TEST_POSTGRES" in os.environ, reason="that server is not ours to copy")
def test_a_replica_is_refused_until_it_is_promoted(tmp_path: Path, postgres: Server) -> None:
    folder, url = HubFolder(tmp_path / "hub"), postgres.fresh()
    database.create(folder, "hub", database=url).close()
    with replica(postgres, url) as (other, promote), pytest.MonkeyPatch.context() as patch:
        patch.setenv(settings.VARIABLE, other)
        with pytest.raises(engines.HubDatabaseRefused) as caught:
            database.open_hub(folder)
        promote()
        hub = database.open_hub(folder)
        with hub.transaction() as connection:
            incarnation = connection.execute(select(tables.hub.c.incarnation)).scalar_one()
        hub.close()
    postgres.drop(url)

    assert caught.value.reason == "reads-only"
    assert incarnation > 1  # what was written and did not reach the replica is asked for again


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nonsense", "bad-url"),
        ("mysql://somebody@here/x", "bad-url"),
        ("postgresql://somebody@here:port/x", "bad-url"),
        ("postgresql://somebody@here:99999/x", "bad-url"),
        ("postgresql://somebody@127.0.0.1:1/x?nosuch=1", "bad-url"),
        ("postgresql://somebody@127.0.0.1:1/x?sslmode=require", "unreachable"),
        ("postgresql://somebody@127.0.0.1:1/x", "unreachable"),
    ],
)
def test_a_database_that_is_not_there_is_told(tmp_path: Path, url: str, reason: str) -> None:
    with pytest.raises(engines.HubDatabaseRefused) as caught:
        database.create(HubFolder(tmp_path / "hub"), "hub", database=url)

    assert caught.value.reason == reason


def test_what_keeps_a_server_away_is_told_and_not_what_is_guessed_about_it(tmp_path: Path) -> None:
    with pytest.raises(engines.HubDatabaseRefused) as caught:
        database.create(HubFolder(tmp_path), "hub", database="postgresql://me@127.0.0.1:1/x")

    said = str(caught.value.details["what"])
    assert "refused" in said
    assert "?" not in said


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"database": "nonsense"}', None])
def test_settings_that_cannot_be_read_are_not_taken_for_none(
    tmp_path: Path, content: str | None
) -> None:
    """Another hub would begin beside the server's."""
    folder = HubFolder(tmp_path / "hub")
    settings = folder.path / "settings.json"
    if content is None:
        settings.mkdir(parents=True)
    else:
        folder.path.mkdir()
        settings.write_text(content)

    with pytest.raises(engines.HubDatabaseRefused) as caught:
        database.create(folder, "hub", database="postgresql://desk@127.0.0.1:1/right")

    assert (caught.value.reason, caught.value.details["path"]) == ("bad-settings", str(settings))

    assert list(folder.path.iterdir()) == [settings]


def test_a_server_that_goes_away_is_told_and_met_again(tmp_path: Path, postgres: Server) -> None:
    url = postgres.fresh()
    hub = database.create(HubFolder(tmp_path / "hub"), "hub", database=url)

    def cut_off() -> None:
        with hub.transaction() as connection:
            postgres.end_connection(connection.scalar(text("SELECT pg_backend_pid()")))
            connection.execute(text("SELECT 1"))

    with pytest.raises(engines.HubDatabaseRefused) as caught:
        cut_off()

    assert caught.value.reason == "unreachable"
    with hub.transaction() as connection:
        assert identity.name(connection) == "hub"
    hub.close()
    postgres.drop(url)


def test_the_password_is_kept_apart_and_private(
    tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.fresh()
    folder = HubFolder(tmp_path / "hub")
    database.create(folder, "hub", database=url).close()

    told = (folder.path / "settings.json").read_text()
    secret = folder.path / "database.password"
    password = settings.parse(url).password
    assert password is not None
    assert password not in told
    assert secret.read_text().strip() == password
    assert secret.stat().st_mode & 0o077 == 0
    assert not folder.store.exists()
    database.open_hub(folder).close()
    monkeypatch.setenv(settings.VARIABLE, "postgresql://somebody@127.0.0.1:1/x")
    with pytest.raises(engines.HubDatabaseRefused):
        database.open_hub(folder)
    postgres.drop(url)


def test_the_hubs_keys_are_not_readable_in_its_database(tmp_path: Path, postgres: Server) -> None:
    url = postgres.fresh()
    folder = HubFolder(tmp_path / "hub")
    hub = database.create(folder, "hub", database=url)
    with hub.transaction() as connection:
        keys = identity.keys(connection)
        kept = connection.scalar(select(tables.hub.c["keys"]))
    hub.close()

    assert kept is not None
    assert keys.signing_seed not in kept
    folder.key.write_text("22" * 32)
    with pytest.raises(HubKeyWrong):
        database.open_hub(folder)
    postgres.drop(url)
