"""Finding people by what is typed; the driver alone, no SQLAlchemy.

Three ways, each asked only when it may add something: the B-tree of the list's own order, the index
of words and numbers, and, when nearly nobody was found, the vocabulary for words one slip away.
Nothing is ever ordered by rank (70 ms at 100 000 members): the order of the list is the order of
results, those whose last name begins as typed before the others.
"""

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import chain, combinations, islice
from typing import TYPE_CHECKING

from correspondent_desk.domain.names import Query, parse_query

if TYPE_CHECKING:
    from sqlite3 import Connection

LISTED = "removed_at IS NULL AND merged_into_id IS NULL"
"""Members in lists: neither removed nor merged into another."""

FEW = 5
"""With fewer found than this, what was typed may be misspelt."""

_MOST_SORTED = 1_000
_MOST_CORRECTIONS = 12
_SHORTEST_CORRECTED = 4
_SHORTEST_ALONE = 3  # where nobody at all was found
_MOST_JOINED = 4  # words of one name
_SHORTEST_PHONE = 2  # every number begins with the same digit
_AFTER_ALL = "\U0010ffff"
_AFTER_WHOLE = " "  # before whatever else a term may go on with

_BY_NAME = f"""
    SELECT id FROM member WHERE sort_key >= ? AND sort_key < ? AND {LISTED}
    ORDER BY sort_key, id LIMIT ?
"""  # noqa: S608 - our own words
_BY_WORDS = f"""
    SELECT id FROM member INDEXED BY member_place WHERE id IN (SELECT rowid FROM member_fts WHERE member_fts MATCH ? LIMIT ?)
    AND {LISTED} ORDER BY sort_key, id LIMIT ?
"""  # noqa: S608 - our own words
# A prefix asked of the index itself collects all that begins so before the first is given: 30 ms
# where 100 000 numbers begin alike. Its terms, walked in order, stop where enough are found.
_BY_ONE_WORD = f"""
    SELECT id FROM member INDEXED BY member_place WHERE id IN (
      SELECT doc FROM member_word WHERE term >= ? AND term < ? LIMIT ?
    ) AND {LISTED} ORDER BY sort_key, id LIMIT ?
"""  # noqa: S608 - our own words
_BY_NUMBER = f"""
    SELECT id FROM member INDEXED BY member_place WHERE id IN (
      SELECT * FROM (SELECT doc FROM member_word WHERE term >= ? AND term < ? LIMIT ?)
      UNION SELECT * FROM (SELECT doc FROM member_digits WHERE term >= ? AND term < ? LIMIT ?)
    ) AND {LISTED} ORDER BY sort_key, id LIMIT ?
"""  # noqa: S608 - our own words
# Numbers are most of the terms, and come first.
_WORDS = "SELECT term FROM member_term WHERE term >= ':'"
_UNLIMITED = -1


def find(connection: "Connection", words: str, limit: int = 50) -> list[int]:
    """Ids of at most limit members, best first; none for no words."""
    return list(_find(connection, parse_query(words), limit, _MOST_SORTED))


def find_all(connection: "Connection", words: str) -> "array[int]":
    """Ids of all who are found, in the order of `find`; eight bytes each."""
    return array("q", _find(connection, parse_query(words), _UNLIMITED, _UNLIMITED))


def _find(connection: "Connection", query: Query, limit: int, most: int) -> Sequence[int]:
    if not query.words:
        return ()
    if len(query.words[0]) >= _SHORTEST_PHONE and query.phone:
        either = (*_from(query.words[0]), most, *_from(query.phone), most)
        found = _ids(connection, _BY_NUMBER, *either, limit)
        if len(found) < FEW and (number := _without_zeros(query)):
            whole = (number, number + _AFTER_WHOLE)
            found = _joined(found, _ids(connection, _BY_ONE_WORD, *whole, most, limit), limit)
        return found
    first: Sequence[int] = ()
    if query.prefix:
        first = _ids(connection, _BY_NAME, *_from(query.prefix), limit)
    if len(first) == limit:
        return first
    found = _joined(first, _by_words(connection, query, limit, most), limit)
    if len(found) < FEW:
        shortest = _SHORTEST_CORRECTED if found else _SHORTEST_ALONE
        found = _joined(found, _corrected(connection, query, shortest, limit, most), limit)
    return found


def _without_zeros(query: Query) -> str:
    """The number that was typed, as a spreadsheet may have left it; nothing if it has no zeros.

    It is a whole number, not one that goes on: 00156 is 156 and never 1567.
    """
    typed = query.words[0]
    return typed.lstrip("0") if query.phone and typed.startswith("0") else ""


def _by_words(connection: "Connection", query: Query, limit: int, most: int) -> Sequence[int]:
    if len(query.words) == 1:
        return _ids(connection, _BY_ONE_WORD, *_from(query.words[0]), most, limit)
    return _ids(connection, _BY_WORDS, query.match, most, limit)


def _from(start: str) -> tuple[str, str]:
    """The bounds of all that begins so: the first is within, the last is not."""
    return start, start + _AFTER_ALL


def _ids(connection: "Connection", sql: str, *values: object) -> Sequence[int]:
    return array("q", chain.from_iterable(connection.execute(sql, values)))


def _joined(first: Sequence[int], others: Iterable[int], limit: int) -> Sequence[int]:
    known = frozenset(first)
    joined = [*first, *(id_ for id_ in others if id_ not in known)]
    return joined if limit == _UNLIMITED else joined[:limit]


# --- slips of the finger --------------------------------------------------------------------------


class Vocabulary:
    """The words of all names, arranged so that those one slip away are found without a walk.

    A slip (a letter left out, added or changed, or two neighbours swapped) leaves the first half of
    a word or what follows its middle letter as it was. So only words that share one of the two need
    be compared: a hundred instead of fifty thousand.
    """

    def __init__(self, terms: Iterable[str], state: bytes = b"") -> None:
        """terms: sorted. state: of the index they were read from."""
        self.state = state
        self._forwards = [term for term in terms if _is_corrected_to(term)]
        self._backwards = sorted(term[::-1] for term in self._forwards)

    def near(self, word: str, shortest: int = _SHORTEST_CORRECTED) -> list[str]:
        """Terms exactly one slip away from word, at most a dozen; none if it is shorter than that."""
        if not _is_corrected(word, shortest):
            return []
        from rapidfuzz.distance import OSA

        half = len(word) // 2
        candidates = _beginning(self._forwards, word[:half])
        candidates += [term[::-1] for term in _beginning(self._backwards, word[:half:-1])]
        found = (
            term
            for term in dict.fromkeys(candidates)
            if OSA.distance(word, term, score_cutoff=1) == 1
        )
        return list(islice(found, _MOST_CORRECTIONS))


def _is_corrected_to(term: str) -> bool:
    return len(term) >= _SHORTEST_CORRECTED - 1 and not term[-1].isdecimal()


def _beginning(terms: list[str], start: str) -> list[str]:
    return terms[bisect_left(terms, start) : bisect_left(terms, start + _AFTER_ALL)]


_vocabularies: dict[str, Vocabulary] = {}


def _corrected(
    connection: "Connection", query: Query, shortest: int, limit: int, most: int
) -> Sequence[int]:
    """Those who are found when a word may be one slip away from what was typed.

    Each word stands for itself, unfinished, or for the terms of the vocabulary nearest to it; so do
    neighbours as one word, because names are known by that too, and their parts are often too short
    to be corrected: "la goff", "el goff", "le gff". shortest: letters of a word that is corrected.
    """
    words = query.words
    if not any(_is_corrected(word, shortest) for word in (*words, "".join(words))):
        return ()
    vocabulary = _vocabulary(connection)
    as_typed = [f'"{word}"*' for word in words]
    meant = [
        _either((typed, *_quoted(vocabulary.near(word, shortest))))
        for word, typed in zip(words, as_typed, strict=True)
    ]
    ways = [meant] if meant != as_typed else []
    for begin, end in combinations(range(len(words[:_MOST_JOINED]) + 1), 2):
        if end - begin > 1 and (terms := vocabulary.near("".join(words[begin:end]))):
            ways.append([*as_typed[:begin], _either(_quoted(terms)), *as_typed[end:]])
    if not ways:
        return ()
    match = _either([f"({' AND '.join(way)})" for way in ways])
    return _ids(connection, _BY_WORDS, match, most, limit)


def _quoted(terms: Iterable[str]) -> Iterable[str]:
    return (f'"{term}"' for term in terms)


def _either(terms: Iterable[str]) -> str:
    one, *others = terms
    return f"({' OR '.join((one, *others))})" if others else one


def _is_corrected(word: str, shortest: int) -> bool:
    return len(word) >= shortest and not word.isdecimal()


def _vocabulary(connection: "Connection") -> Vocabulary:
    """The words as they are now, read again when the index was written since.

    Rows 1 and 10 of an FTS5 index hold its totals and its structure; both change with every write.
    """
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    state = b"".join(
        block
        for (block,) in connection.execute(
            "SELECT block FROM member_fts_data WHERE id IN (1, 10) ORDER BY id"
        )
    )
    known = _vocabularies.get(path)
    if known is None or known.state != state:
        terms = chain.from_iterable(connection.execute(_WORDS))
        known = _vocabularies[path] = Vocabulary(terms, state)
    return known


def id_list(ids: Iterable[int]) -> str:
    """ids as the text that json_each takes: one bound value, however many there are."""
    return json.dumps(list(ids), separators=(",", ":"))
