"""Keys are made once, rotate, are destroyed in time, and never show what they are."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondent_desk.sync import keys
from correspondent_desk.sync.keys import DeskKeys, HubKeys
from tests.sync.builders import NOW

DAY = timedelta(days=1)


def test_keys_come_back_from_the_store_as_they_were() -> None:
    desk = DeskKeys.generate(NOW).rotated(NOW + 31 * DAY)

    assert DeskKeys.from_bytes(desk.to_bytes()) == desk


def test_keys_of_a_hub_are_not_taken_for_those_of_a_desk() -> None:
    stored = HubKeys.generate(NOW).to_bytes()

    with pytest.raises(ValueError, match="hub"):
        DeskKeys.from_bytes(stored)


@given(st.binary(max_size=80))
def test_anything_else_in_the_place_of_keys_is_a_value_error(stored: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        DeskKeys.from_bytes(stored)


def test_no_secret_is_shown() -> None:
    desk = DeskKeys.generate(NOW)
    shown = repr(desk) + repr(desk.receiving)

    assert desk.receiving[0].secret not in shown
    assert repr(desk.signing_seed) not in shown
    assert keys.fingerprint(desk.public.signing) in shown


def test_the_receiving_key_changes_once_a_month() -> None:
    first = DeskKeys.generate(NOW)
    same = first.rotated(NOW + 29 * DAY)
    second = first.rotated(NOW + 30 * DAY)

    assert same == first
    assert second.public.receiving != first.public.receiving
    assert second.public.signing == first.public.signing
    assert second.receiving[1:] == first.receiving


def test_a_replaced_key_opens_for_120_days_and_leaves_its_id() -> None:
    desk = DeskKeys.generate(NOW)
    [first] = desk.receiving
    replaced = NOW + 40 * DAY
    desk = desk.rotated(replaced)

    before, after = desk.rotated(replaced + 119 * DAY), desk.rotated(replaced + 120 * DAY)

    assert first in before.receiving
    assert before.retired == []
    assert first not in after.receiving
    assert after.retired == [keys.key_id(first.recipient)]


def test_a_desk_closed_for_a_year_still_opens_what_was_sent_meanwhile() -> None:
    desk = DeskKeys.generate(NOW)

    back = desk.rotated(NOW + 365 * DAY)

    assert desk.receiving[0] in back.receiving
    assert back.retired == []


def test_a_clock_once_in_2099_neither_stops_rotation_nor_keeps_keys_for_ever() -> None:
    desk = DeskKeys.generate(NOW)
    [first] = desk.receiving
    wrong = desk.rotated(NOW.replace(year=2099))
    [of_2099, _] = wrong.receiving

    right = wrong.rotated(NOW + 30 * DAY)
    later = right.rotated(NOW + 151 * DAY)

    assert right.receiving[0].made == NOW + 30 * DAY
    assert set(right.receiving[1:]) == {of_2099, first}
    assert not {of_2099, first} & set(later.receiving)


def test_fingerprints_can_be_read_aloud_and_differ() -> None:
    one, two = (keys.fingerprint(bytes([number]) * 32) for number in (1, 2))

    assert one == "62717 41147 00158 12107 04664 75461"
    assert len(two) == len(one)
    assert one != two


def test_a_recipient_is_told_from_what_only_looks_like_one() -> None:
    recipient = DeskKeys.generate(NOW).public.receiving
    wrong_checksum = recipient[:-1] + ("q" if recipient[-1] != "q" else "p")

    assert keys.is_recipient(recipient)
    assert not keys.is_recipient(wrong_checksum)
    assert not keys.is_recipient("age1")
