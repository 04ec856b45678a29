"""Saying several things at once of one field: how a disagreement that was settled is opened again.

A write replaces all that its author had seen, so under one origin a desk can say only one thing of a
field. Each further value is written under an origin of its own, a *voice*: it had seen all that this
desk had before the action, and nothing of the action itself. So every desk finds the values written at
the same time, as they were before somebody settled them. A voice speaks once and is never used again.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from correspondent_desk.store import operations, values, writing
from correspondent_desk.store.identity import raw
from correspondent_desk.store.origins import VOICE, new_uid
from correspondent_desk.store.session import Session
from correspondent_desk.store.values import Wire

Place = tuple[int, int]
"""A record and the number of one of its fields."""


class Beside(NamedTuple):
    """What is to stand beside the value just written. replaced: what all of them replace."""

    replaced: Wire
    others: Sequence[Wire]


def speak(session: Session, beside: Mapping[Place, Beside]) -> None:
    """Put these values beside those that the action wrote in the same places; call once, at its end."""
    connection = raw(session)
    current = operations.of(session)
    (stamp,) = connection.execute("SELECT max(stamp) FROM origin").fetchone()
    seen = connection.execute("SELECT id, hi FROM origin WHERE hi>0").fetchall()
    for fields in _turns(beside):
        (voice,) = connection.execute(
            "INSERT INTO origin(uid, name, hi, floor, stamp, noted, mine) VALUES(?,'',?,0,?,0,?)"
            " RETURNING id",
            (new_uid(), len(fields), stamp, VOICE),
        ).fetchone()
        connection.executemany(
            "INSERT INTO context(origin, seq, seen_origin, hi) VALUES(?,1,?,?)",
            [(voice, origin, hi) for origin, hi in seen],
        )
        log: list[writing.Line] = []
        siblings = []
        for seq, (record, body) in enumerate(fields.items(), start=1):
            was = {number: beside[record, number].replaced for number in body}
            log.append(
                (voice, seq, record, stamp, current.action, values.encode(body), values.encode(was))
            )
            siblings += [
                (record, number, voice, seq, stamp, values.encode(value))
                for number, value in body.items()
            ]
        writing.log(connection, log)
        connection.executemany(
            "INSERT INTO sibling(record, field, origin, seq, stamp, value) VALUES(?,?,?,?,?,?)",
            siblings,
        )


def _turns(beside: Mapping[Place, Beside]) -> list[dict[int, dict[int, Wire]]]:
    """What each voice says: fields by record. Nobody says two things of one field."""
    turns: list[dict[int, dict[int, Wire]]] = []
    for (record, number), (_, others) in beside.items():
        for turn, value in enumerate(others):
            if turn == len(turns):
                turns.append({})
            turns[turn].setdefault(record, {})[number] = value
    return turns
