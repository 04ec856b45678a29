"""How writes of several desks become one state."""

from correspondent_desk.domain.fields import Rule
from correspondent_desk.domain.merge import (
    Held,
    disagreements,
    merge,
    merge_snapshot,
    merge_states,
    overwrite,
    removal_stands,
)
from correspondent_desk.domain.rules import Dot, Value

A, B, C = b"a" * 16, b"b" * 16, b"c" * 16
NAME, PHONE, STATUS, NEW_FIELD = 2, 3, 4, 99
RULES = {NAME: Rule.ASK, PHONE: Rule.NEWEST, STATUS: Rule.FURTHEST}


class Table(dict[int, object]):
    """Reads the shown values of a record only when asked, and counts how often."""

    def __init__(self, stored: dict[int, object]) -> None:
        super().__init__()
        self.stored = stored
        self.reads: list[int] = []

    def __missing__(self, number: int) -> object:
        self.reads.append(number)
        return self.stored[number]


FIRST = Dot(A, 1, 10)


def member(name: str = "LE GOFF", dot: Dot = FIRST) -> Held:
    """A record of one field."""
    return Held({NAME: dot}, {NAME: name})


def names(held: Held) -> list[object]:
    """All concurrent names, the shown one first."""
    return [kept.value for kept in held.at(NAME)]


def test_a_first_value_is_taken() -> None:
    held = Held()

    merge(held, FIRST, {NAME: "LE GOFF"}, {}, RULES)

    assert held == member()


def test_a_value_replaces_what_its_author_had_seen() -> None:
    held = member()

    merge(held, Dot(B, 1, 5), {NAME: "PETIT"}, {A: 1}, RULES)

    assert names(held) == ["PETIT"]
    assert not disagreements(held, RULES)


def test_a_value_replaces_earlier_ones_of_its_author() -> None:
    held = member()

    merge(held, Dot(A, 2, 20), {NAME: "PETIT"}, {}, RULES)

    assert names(held) == ["PETIT"]


def test_values_whose_authors_knew_nothing_of_each_other_both_stay() -> None:
    held = member()

    merge(held, Dot(B, 1, 20), {NAME: "PETIT"}, {}, RULES)

    assert names(held) == ["PETIT", "LE GOFF"]
    assert disagreements(held, RULES) == [NAME]


def test_the_later_stamp_is_shown_whichever_came_first() -> None:
    held = member()

    merge(held, Dot(B, 1, 5), {NAME: "PETIT"}, {}, RULES)

    assert names(held) == ["LE GOFF", "PETIT"]


def test_different_fields_do_not_disagree() -> None:
    held = member()

    merge(held, Dot(B, 1, 20), {PHONE: "06"}, {}, RULES)

    assert (held.values, held.beside) == ({NAME: "LE GOFF", PHONE: "06"}, {})


def test_equal_values_are_both_kept_and_nobody_is_asked() -> None:
    held = member()

    merge(held, Dot(B, 1, 20), {NAME: "LE GOFF"}, {}, RULES)

    assert names(held) == ["LE GOFF", "LE GOFF"]
    assert not disagreements(held, RULES)


def test_a_write_that_saw_one_of_two_replaces_only_that_one() -> None:
    held = member()
    merge(held, Dot(B, 1, 20), {NAME: "PETIT"}, {}, RULES)

    merge(held, Dot(C, 1, 30), {NAME: "ROUX"}, {B: 1}, RULES)

    assert names(held) == ["ROUX", "LE GOFF"]


def test_a_write_that_saw_both_settles_it_everywhere() -> None:
    held = member()
    merge(held, Dot(B, 1, 20), {NAME: "PETIT"}, {}, RULES)

    merge(held, Dot(C, 1, 1), {NAME: "LE GOFF"}, {A: 1, B: 1}, RULES)

    assert names(held) == ["LE GOFF"]
    assert held.beside == {}


def test_an_own_write_settles_it_here() -> None:
    held = member()
    merge(held, Dot(B, 1, 20), {NAME: "PETIT"}, {}, RULES)

    overwrite(held, Dot(A, 2, 30), {NAME: "LE GOFF-PETIT", PHONE: "06"})

    assert names(held) == ["LE GOFF-PETIT"]
    assert not disagreements(held, RULES)


def test_three_values_are_kept_newest_first() -> None:
    held = member()

    merge(held, Dot(B, 1, 5), {NAME: "PETIT"}, {}, RULES)
    merge(held, Dot(C, 1, 20), {NAME: "ROUX"}, {}, RULES)

    assert names(held) == ["ROUX", "LE GOFF", "PETIT"]


def test_the_rule_of_the_field_decides_what_is_shown() -> None:
    held = Held({STATUS: FIRST}, {STATUS: "sent"})

    merge(held, Dot(B, 1, 20), {STATUS: "waiting"}, {}, RULES)

    assert held.values[STATUS] == "sent"
    assert not disagreements(held, RULES)


def test_a_field_of_a_newer_version_shows_the_newest_and_asks_nobody() -> None:
    held = Held({NEW_FIELD: FIRST}, {NEW_FIELD: "x"})

    merge(held, Dot(B, 1, 20), {NEW_FIELD: "y"}, {}, RULES)

    assert [kept.value for kept in held.at(NEW_FIELD)] == ["y", "x"]
    assert not disagreements(held, RULES)


def test_a_field_never_written_has_no_value() -> None:
    assert member().at(PHONE) == ()


def test_nothing_is_read_where_nothing_is_concurrent() -> None:
    table = Table({NAME: "LE GOFF"})
    held = Held({NAME: FIRST}, table)

    merge(held, Dot(B, 1, 20), {NAME: "PETIT", PHONE: "06"}, {A: 1}, RULES)

    assert table == {NAME: "PETIT", PHONE: "06"}
    assert table.reads == []


def test_what_must_be_written_is_only_what_changed() -> None:
    table = Table({NAME: "LE GOFF"})
    held = Held({NAME: FIRST}, table)

    merge(held, Dot(B, 1, 5), {NAME: "PETIT"}, {}, RULES)

    assert table == {}
    assert table.reads == [NAME]
    assert held.beside == {NAME: (Value(Dot(B, 1, 5), "PETIT"),)}


def test_a_removal_stands_while_nobody_wrote_without_knowing() -> None:
    removal = Dot(A, 5, 50)

    assert removal_stands(removal, {B: 2}, [Dot(A, 4, 40), removal, Dot(B, 2, 20)])
    assert not removal_stands(removal, {B: 2}, [Dot(B, 3, 10)])
    assert not removal_stands(removal, {}, [Dot(C, 1, 10)])
    assert not removal_stands(removal, {B: 2}, [Dot(A, 6, 60)])


def test_a_snapshot_fills_an_empty_store() -> None:
    theirs = member()
    merge(theirs, Dot(B, 1, 20), {NAME: "PETIT"}, {}, RULES)
    held = Held()

    merge_snapshot(held, theirs, {}, {A: 1, B: 1}, RULES)
    merge_snapshot(held, Held({PHONE: Dot(A, 2, 30)}, {PHONE: "06"}), {}, {A: 2}, RULES)

    assert names(held) == ["PETIT", "LE GOFF"]
    assert held.values[PHONE] == "06"


def test_a_snapshot_keeps_what_was_not_sent_yet() -> None:
    held = member("PETIT", Dot(B, 3, 30))

    merge_snapshot(held, member(), {B: 3}, {A: 1, B: 2}, RULES)

    assert names(held) == ["PETIT", "LE GOFF"]


def test_a_snapshot_lacks_what_was_replaced_there() -> None:
    held = member("PETIT", Dot(B, 2, 30))

    merge_snapshot(held, member(), {B: 2}, {A: 1, B: 2}, RULES)

    assert names(held) == ["LE GOFF"]


def test_a_snapshot_holds_what_was_replaced_here() -> None:
    held = member("PETIT", Dot(B, 1, 5))

    merge_snapshot(held, member(), {A: 1, B: 1}, {A: 1}, RULES)

    assert names(held) == ["PETIT"]


def test_a_snapshot_settles_what_was_settled_there() -> None:
    held = member()
    merge(held, Dot(B, 1, 20), {NAME: "PETIT"}, {}, RULES)

    merge_snapshot(held, member(), {A: 1, B: 1}, {A: 1, B: 1}, RULES)

    assert names(held) == ["LE GOFF"]
    assert held.beside == {}


def test_a_snapshot_of_the_same_changes_and_reads_nothing() -> None:
    table = Table({NAME: "LE GOFF"})

    merge_snapshot(Held({NAME: FIRST}, table), member(), {A: 1}, {A: 1}, RULES)

    assert (table, table.reads) == ({}, [])


def test_what_a_snapshot_lacks_altogether_stays() -> None:
    held = member()

    merge_snapshot(held, Held(), {A: 1}, {A: 9}, RULES)

    assert names(held) == ["LE GOFF"]


def test_vectors_that_claim_what_was_never_stored_lose_nothing() -> None:
    mine, theirs = [Value(FIRST, "LE GOFF")], [Value(Dot(B, 1, 20), "PETIT")]

    assert merge_states(mine, theirs, {A: 1, B: 1}, {A: 1, B: 1}) == [*mine, *theirs]
