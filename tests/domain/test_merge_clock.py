"""Stamps: always later than the last, whatever the wall clock says."""

from hypothesis import given
from hypothesis import strategies as st

from correspondent_desk.domain import clock

any_wall_clock = st.integers(-(10**13), 10**14)
any_stamp = st.integers(0, 2**63 - 1)


@given(walls=st.lists(any_wall_clock, max_size=30), seen=st.lists(any_stamp, max_size=5))
def test_stamps_only_grow(walls: list[int], seen: list[int]) -> None:
    last = 0
    for stamp in seen:
        last = clock.observe(last, stamp)
    stamps = [last]
    for wall_ms in walls:
        stamps.append(clock.tick(stamps[-1], wall_ms))

    assert stamps == sorted(set(stamps))


def test_a_stamp_says_when_it_was_made() -> None:
    made_ms = clock.RELEASE_MS + 123_456

    assert clock.wall_ms(clock.tick(0, made_ms)) == made_ms


def test_two_writes_in_one_millisecond_keep_their_order() -> None:
    first = clock.tick(0, clock.RELEASE_MS)

    assert clock.tick(first, clock.RELEASE_MS) == first + 1


def test_a_clock_from_before_the_program_or_too_far_ahead_is_not_believed() -> None:
    last = clock.tick(0, clock.RELEASE_MS + 5000)

    assert clock.tick(last, 0) == last + 1
    assert clock.tick(last, clock.LAST_MS + 1) == last + 1
    assert clock.tick(0, 0) == clock.tick(0, clock.RELEASE_MS)


def test_a_write_is_later_than_all_that_was_seen() -> None:
    ahead = clock.tick(0, clock.RELEASE_MS + 10**9)

    assert clock.tick(clock.observe(0, ahead), clock.RELEASE_MS) > ahead


def test_a_stamp_no_honest_desk_makes_is_not_followed() -> None:
    last = clock.tick(0, clock.RELEASE_MS)

    assert clock.observe(last, 2**63 - 1) == last


def test_the_count_carries_into_the_milliseconds() -> None:
    last = (clock.RELEASE_MS << 16) + 0xFFFF

    assert clock.wall_ms(clock.tick(last, clock.RELEASE_MS)) == clock.RELEASE_MS + 1


@given(wall_ms=st.integers(0, clock.LAST_MS))
def test_a_stamp_fits_a_column_of_63_bits(wall_ms: int) -> None:
    assert clock.tick(0, wall_ms) < 2**63


@given(last=any_stamp, stamps=st.lists(any_stamp, max_size=5))
def test_many_stamps_are_followed_as_one_after_the_other(last: int, stamps: list[int]) -> None:
    each = last
    for stamp in stamps:
        each = clock.observe(each, stamp)

    assert clock.observe(last, clock.highest(stamps)) == each
