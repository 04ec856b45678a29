"""Statements written out: asked of either database in the transaction, refused as anything is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import MultipleResultsFound, NoResultFound

from correspondent_desk.hub import tables
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.engines import HubDatabaseRefused
from correspondent_desk.hub.wording import Wording, driver_of
from tests.keepers import ON_SERVER, Keeper, postgres
from tests.postgres import Server
from tests.sync.desks import Town

__all__ = ["postgres"]

NAMED = Wording("UPDATE hub SET name = :name WHERE name <> :name")
NAMES = Wording("SELECT name, name LIKE '%u%' AS has_u FROM hub FOR UPDATE")
MANY = Wording("SELECT 1 AS one UNION SELECT 2 ORDER BY one")
KINDS = Wording(
    "SELECT CAST(:number AS bigint) AS number, CAST(:small AS bigint) AS small, :raw AS raw,"
    " CAST(:none AS text) AS none"
)
NONE = Wording("SELECT name FROM hub WHERE id = :id")


@pytest.fixture
def hub(tmp_path: Path, keeper: Keeper) -> Iterator[Hub]:
    town = Town(tmp_path, database=keeper.fresh())
    yield town.hub
    town.close()


def test_it_is_asked_in_the_transaction(hub: Hub) -> None:
    with hub.statement() as connection:
        assert NAMES.ask(connection).one().name
    with hub.transaction() as connection:
        assert NAMED.ask(connection, {"name": "Quimper"}).rowcount == 1
        assert NAMES.ask(connection).one().name == "Quimper"
        assert connection.scalar(select(tables.hub.c.name)) == "Quimper"
        connection.rollback()

    with hub.statement() as connection:
        assert NAMES.ask(connection).one().name != "Quimper"
        assert NAMED.ask(connection, {"name": "Brest"}).rowcount == 1
    with hub.transaction() as connection:
        row = NAMES.ask(connection).one_or_none()
    assert row is not None
    assert tuple(row) == ("Brest", False)


def test_as_many_rows_come_as_are_asked_for(hub: Hub) -> None:
    with hub.transaction() as connection:
        assert [row.one for row in MANY.ask(connection)] == [1, 2]
        assert NONE.ask(connection, {"id": 7}).scalar_one_or_none() is None
        with pytest.raises(MultipleResultsFound):
            MANY.ask(connection).one_or_none()
        with pytest.raises(NoResultFound):
            NONE.ask(connection, {"id": 7}).scalar_one()


def test_values_of_every_kind_come_back_as_they_were(hub: Hub) -> None:
    told: dict[str, object] = {"number": 1 << 40, "small": 7, "raw": b"\0\xff", "none": None}
    with hub.transaction() as connection:
        row = KINDS.ask(connection, told).one()
        again = KINDS.ask(connection, {**told, "none": "Rennes", "small": -1}).one()

    assert (row.number, row.small, row.raw, row.none) == (1 << 40, 7, b"\0\xff", None)
    assert (again.small, again.none) == (-1, "Rennes")


def test_what_was_undone_in_part_does_not_keep_it_from_being_asked_again(hub: Hub) -> None:
    with hub.transaction() as connection:
        assert NAMES.ask(connection).one().name
        with connection.begin_nested() as part:
            NAMED.ask(connection, {"name": "Quimper"})
            part.rollback()
        assert NAMES.ask(connection).one().name != "Quimper"


@ON_SERVER
@pytest.mark.parametrize("way", ["transaction", "statement"])
def test_a_server_that_goes_away_is_told_and_met_again(
    hub: Hub, postgres: Server, way: str
) -> None:
    def cut_off() -> None:
        with getattr(hub, way)() as connection:
            postgres.end_connection(driver_of(connection).info.backend_pid)
            NAMES.ask(connection)

    with pytest.raises(HubDatabaseRefused) as refused:
        cut_off()

    assert refused.value.reason == "unreachable"
    with hub.statement() as connection:
        assert NAMES.ask(connection).one().name
