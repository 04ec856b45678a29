from decimal import Decimal

import pytest

from correspondent_desk.domain.amounts import read_amount


@pytest.mark.parametrize(
    ("typed", "euros"),
    [
        ("1\N{NARROW NO-BREAK SPACE}234,50\N{NO-BREAK SPACE}€", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1234.5", "1234.50"),
        ("1,234.50", "1234.50"),
        ("0", "0.00"),
        ("1 000 000", "1000000.00"),
        ("€ 12,5", "12.50"),
        ("1 234 567 890,00 €", "1234567890.00"),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, euros: str) -> None:
    assert str(read_amount(typed)) == euros
    assert isinstance(read_amount(typed), Decimal)


@pytest.mark.parametrize(
    "typed", ["", "€", "9" * 30, "1e400", "1_0", "-5", "1,250", "1.250", "NaN"]
)
def test_what_is_no_amount_or_may_be_two_is_not_read(typed: str) -> None:
    assert read_amount(typed) is None
