"""What is appended to an office's log is what came, column by column."""

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Connection, text

from correspondent_desk.hub import arrays, engines, log, settings
from correspondent_desk.sync import columns
from correspondent_desk.sync.columns import OpRow, Run
from tests.keepers import postgres
from tests.postgres import Server
from tests.sync.test_columns import runs

__all__ = ["postgres"]

_ID = bytes(range(16))
_WIDE: dict[int, object] = {number: f"value {number}" for number in range(20)}
_ODD: list[dict[int, object]] = [{}, _WIDE, {700: None}, {1: [True, {"a": -1}], 2: b"\0"}, _WIDE]


def odd_run() -> Run:
    """Fields of every shape: none, more than a short map holds, numbers of two bytes."""
    ops = [
        OpRow(_ID, seq, seq << 16, _ID, 1, _ID, fields, "Yann", "member.edited", seq)
        for seq, fields in enumerate(_ODD, start=1)
    ]
    return Run(_ID, 0, len(ops), {}, [], ops)


@hypothesis_settings(max_examples=30)
@given(runs())
@example(odd_run())
def test_fields_are_packed_as_one_by_one(run: Run) -> None:
    [packed] = columns.pack([run])
    section = columns.unfolded(packed)

    assert log.bodies(section) == [msgspec.msgpack.encode(op.fields) for op in run.ops]


@pytest.fixture
def connection(postgres: Server) -> Iterator[Connection]:
    url = postgres.fresh()
    engine = engines.postgresql(settings.parse(url), b"")
    with engine.begin() as connection:
        yield connection
    engine.dispose()
    postgres.drop(url)


def test_arrays_come_to_the_server_as_they_are(connection: Connection) -> None:
    numbers = [0, 1, -1, 255, 256, (1 << 63) - 1, -(1 << 63)]
    short = [0, 65_535, -(1 << 31), (1 << 31) - 1]
    words = ["", "Yann", "é à œ", "Yann", "x" * 300]
    bodies = [b"", b"\0", bytes(range(256)) * 300]
    uids = [_ID, bytes(16)]

    row = connection.execute(
        text(
            "SELECT CAST(:numbers AS bigint[]), CAST(:short AS integer[]), CAST(:words AS text[]),"
            " CAST(:bodies AS bytea[]), CAST(:uids AS bytea[])"
        ),
        {
            "numbers": arrays.integers(numbers),
            "short": arrays.integers(short, is_short=True),
            "words": arrays.texts(words),
            "bodies": arrays.blobs(bodies),
            "uids": arrays.ids(uids),
        },
    ).one()

    assert list(row) == [numbers, short, words, bodies, uids]
