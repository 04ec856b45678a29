"""The columns as the driver knows them are those of the mapped classes."""

from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, Integer, Table

from correspondent_desk.domain.fields import Kind
from correspondent_desk.store import shapes
from correspondent_desk.store.column_types import Euros, HourMinute, LocalTime
from correspondent_desk.store.shapes import Form
from correspondent_desk.store.tables import SYNCED

_FORMS = {
    Euros: Form.EUROS,
    HourMinute: Form.HOUR,
    LocalTime: Form.TIME,
    Date: Form.DAY,
    Boolean: Form.FLAG,
    Integer: Form.NUMBER,
    JSON: Form.LIST,
}


@pytest.mark.parametrize("kind", Kind)
def test_a_shape_is_that_of_the_mapped_class(kind: Kind) -> None:
    mapped = SYNCED[kind].__table__
    assert isinstance(mapped, Table)
    known = shapes.shape(kind)
    assert known.table == mapped.name
    assert {one.name: one[1:] for one in known.columns} == {
        column.name: (_form(column), bool(column.nullable), _blank(column))
        for column in mapped.columns
    }


def _form(column: Column[Any]) -> Form:
    for type_, form in _FORMS.items():
        if isinstance(column.type, type_):
            return form
    return Form.TEXT


def _blank(column: Column[Any]) -> object:
    """What a mapped object holds if nobody says anything; of a list, None."""
    if column.primary_key:
        return 0
    default = column.default
    return None if default is None or default.is_callable else getattr(default, "arg", None)
