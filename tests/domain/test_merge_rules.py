"""What is shown of concurrent values, and what a person has to settle."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondent_desk.domain.fields import FIELDS, Kind, Rule, field
from correspondent_desk.domain.requests import DocumentState, RequestStatus
from correspondent_desk.domain.rules import RULES, Dot, Value, Verdict, judge

A, B, C = b"a" * 16, b"b" * 16, b"c" * 16

dots = st.builds(Dot, st.sampled_from([A, B, C]), st.integers(1, 4), st.integers(0, 4))
plain = st.one_of(
    st.none(),
    st.integers(-1, 2),
    st.sampled_from([*RequestStatus, *DocumentState, "unheard of"]),
    st.lists(st.integers(0, 1), max_size=2),
    st.dictionaries(st.sampled_from(["when"]), st.integers(0, 1)),
)
concurrent = st.lists(
    st.builds(Value, dots, plain), min_size=1, max_size=5, unique_by=lambda v: v.dot
)


def values(*given_values: object) -> list[Value]:
    """Concurrent values, each newer than the one before and from another desk."""
    return [
        Value(Dot(bytes([number]) * 16, 1, number), value)
        for number, value in enumerate(given_values, start=1)
    ]


def outcome(rule: Rule, *given_values: object) -> tuple[object, bool]:
    """The value shown, and whether it has to be settled."""
    kept = values(*given_values)
    verdict = judge(rule, kept)
    return kept[verdict.shown].value, verdict.is_open


@pytest.mark.parametrize("rule", Rule)
@given(kept=concurrent, order=st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(rule: Rule, kept: list[Value], order: Random) -> None:
    mixed = kept + kept[: len(kept) // 2]
    order.shuffle(mixed)

    assert shown(rule, mixed) == shown(rule, kept)


def shown(rule: Rule, kept: Sequence[Value]) -> tuple[Value, bool]:
    """The verdict without its index."""
    verdict = judge(rule, kept)
    return kept[verdict.shown], verdict.is_open


@pytest.mark.parametrize("rule", Rule)
@given(dot_list=st.lists(dots, min_size=1, max_size=4, unique=True), value=plain)
def test_equal_values_are_never_a_disagreement(
    rule: Rule, dot_list: list[Dot], value: object
) -> None:
    kept = [Value(dot, value) for dot in dot_list]

    newest = max(dot_list, key=lambda dot: (dot.stamp, dot.origin, dot.seq))
    assert judge(rule, kept) == Verdict(dot_list.index(newest), is_open=False)


@pytest.mark.parametrize("rule", Rule)
@given(kept=concurrent, more=concurrent)
def test_the_whole_shows_what_one_of_its_parts_shows(
    rule: Rule, kept: list[Value], more: list[Value]
) -> None:
    parts = [shown(rule, kept)[0], shown(rule, more)[0]]

    assert shown(rule, [*kept, *more])[0].dot == shown(rule, parts)[0].dot


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (["2026-12-03", "2026-12-10"], "2026-12-03"),
        (["2026-12-10", None], "2026-12-10"),
        (
            [["call", "member", "2026-12-03"], ["send", "me", None]],
            ["call", "member", "2026-12-03"],
        ),
        ([["call", "member", None], ["send", "me", None]], ["send", "me", None]),
        (["2026-12-10", "of a newer version", 7, [], [[]]], "2026-12-10"),
    ],
)
def test_of_two_deadlines_the_earlier_is_shown_and_asked_about(
    written: list[object], shown: object
) -> None:
    assert outcome(Rule.EARLIEST, *written) == (shown, True)
    assert RULES[Kind.REQUEST][field(Kind.REQUEST, "last_useful_on").id] is Rule.EARLIEST
    assert RULES[Kind.REQUEST][field(Kind.REQUEST, "next_step").id] is Rule.EARLIEST


@pytest.mark.parametrize("rule", [Rule.ASK, Rule.LONG_TEXT])
def test_a_person_is_asked_and_sees_the_newest_meanwhile(rule: Rule) -> None:
    assert outcome(rule, "12 rue Haute", "3 rue Basse") == ("3 rue Basse", True)


def test_the_newest_is_shown_without_asking() -> None:
    assert outcome(Rule.NEWEST, "06", "07") == ("07", False)


def test_equal_stamps_are_told_apart_by_origin() -> None:
    kept = [Value(Dot(B, 1, 5), "b"), Value(Dot(A, 9, 5), "a")]

    assert judge(Rule.NEWEST, kept).shown == 0
    assert judge(Rule.NEWEST, kept[::-1]).shown == 1


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (("seen", "missing"), ("seen", False)),
        (("missing", "seen"), ("seen", False)),
        (("received", "seen"), ("received", False)),
        (("refused", "missing"), ("refused", False)),
        (("seen", "refused"), ("refused", True)),
        (("refused", "received"), ("received", True)),
        (("missing", "lost at sea"), ("missing", True)),
        (("seen", None), ("seen", True)),
        (("seen", ["missing"]), ("seen", True)),
    ],
)
def test_a_document_seen_is_not_missing(
    written: tuple[object, ...], expected: tuple[object, bool]
) -> None:
    assert outcome(Rule.SEEN_WINS, *written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (("sent", "waiting"), ("sent", False)),
        (("preparing", "complete", "waiting"), ("complete", False)),
        (("granted", "sent"), ("granted", False)),
        (("paid", "granted"), ("paid", False)),
        (("granted", "refused"), ("refused", True)),
        (("refused", "granted"), ("granted", True)),
        (("paid", "refused"), ("paid", True)),
        (("sent", "closed"), ("sent", True)),
        (("abandoned", "preparing"), ("preparing", True)),
        (("paid", "closed", "sent"), ("paid", True)),
        (("closed", "abandoned"), ("abandoned", True)),
        (("closed", "unheard of"), ("unheard of", True)),
        (("unheard of", "sent"), ("sent", True)),
    ],
)
def test_a_request_goes_as_far_as_anyone_took_it_and_live_work_beats_an_ending(
    written: tuple[object, ...], expected: tuple[object, bool]
) -> None:
    assert outcome(Rule.FURTHEST, *written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ((None, "2027-01-01"), (None, True)),
        (("2027-01-01", None), (None, True)),
        (("2027-01-01", "2027-02-01"), ("2027-02-01", False)),
    ],
)
def test_life_beats_removal(written: tuple[object, ...], expected: tuple[object, bool]) -> None:
    assert outcome(Rule.REMOVAL, *written) == expected


@pytest.mark.parametrize("kind", Kind)
def test_every_field_has_a_rule(kind: Kind) -> None:
    assert RULES[kind] == {field.id: field.rule for field in FIELDS[kind]}


def test_every_status_and_every_state_is_known_to_its_rule() -> None:
    for status in RequestStatus:
        is_ending = not status.is_open
        assert outcome(Rule.FURTHEST, status, "preparing")[1] is is_ending
    for state in DocumentState:
        assert outcome(Rule.SEEN_WINS, state, "missing") == (state, False)
