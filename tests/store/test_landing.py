"""Rows as a merge writes them: which columns hold what travels."""

import pytest

from correspondent_desk.domain.fields import FIELDS, Kind
from correspondent_desk.store import landing, values
from correspondent_desk.store.values import NotOfType


def never(_id: int) -> bytes:
    raise AssertionError("a plain field refers to nothing")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("value", [None, 5, "", "2026-11-22"])
def test_a_plain_field_travels_as_it_stands(kind: Kind, value: object) -> None:
    known = landing.table(kind)

    for number, name in known.plain.items():
        assert known.wire(number, {name: value}, never) is value


def test_flags_lists_references_and_fields_of_several_columns_are_not_plain() -> None:
    plain = {name for kind in Kind for name in landing.table(kind).plain.values()}

    assert plain.isdisjoint({"phones", "mails", "member_id", "address_lines"})
    assert {"family_name", "birth_date", "note"} <= plain
    assert all(
        len(field.columns) == 1
        for kind in Kind
        for field in FIELDS.get(kind, ())
        if field.id in landing.table(kind).plain
    )


def test_a_column_of_lists_is_written_as_each_of_them_would_be() -> None:
    lines = values.layout(Kind.MEMBER).types["address_lines"]
    told = [["12 rue\ndes Lilas", "bât.\u2028B", 'dit "Roc"'], [], ["é"]]

    assert values.wire_to_store(lines, told) == [lines.to_store(one) for one in told]


def test_one_list_of_another_shape_keeps_its_column_from_being_written() -> None:
    phones = values.layout(Kind.MEMBER).types["phones"]
    sound: list[object] = [{"number": "+33612345678", "label": "", "do_not_use": False}]

    with pytest.raises(NotOfType):
        values.wire_to_store(phones, [sound, [{"number": 7}]])
