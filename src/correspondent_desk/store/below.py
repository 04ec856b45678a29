"""What is removed and kept together: a member with all that belongs to them, a request with its documents."""

from collections import defaultdict
from collections.abc import Mapping
from sqlite3 import Connection

from correspondent_desk.domain.fields import Kind

_BELOW: Mapping[Kind, str] = {
    Kind.MEMBER: "SELECT id, kind FROM record WHERE root=?1 AND id<>?1",
    Kind.REQUEST: (
        "SELECT r.id, r.kind FROM document d JOIN record r ON r.id=d.id WHERE d.request_id=?1"
    ),
}

_KINDS: Mapping[int, Kind] = {kind.value: kind for kind in Kind}

FROM_ABOVE = (*_BELOW, *(kind for kind in Kind if kind not in _BELOW))
"""All kinds, each after those that it may lie below."""

IS_KEPT_WITH = (
    "EXISTS (SELECT 1 FROM extra above JOIN record r ON r.id=e.record"
    " WHERE above.field=1 AND above.value=e.value AND above.record<>e.record AND above.record IN"
    " (r.root, (SELECT request_id FROM document WHERE id=e.record)))"
)
"""Of a removal `e` (record, value): whether what it was removed with is in view all the same."""


def below(connection: Connection, kind: Kind, id_: int) -> dict[Kind, list[int]]:
    """The records below this one."""
    found: defaultdict[Kind, list[int]] = defaultdict(list)
    if kind in _BELOW:
        for record, number in connection.execute(_BELOW[kind], (id_,)).fetchall():
            if number in _KINDS:
                found[_KINDS[number]].append(record)
    return found
