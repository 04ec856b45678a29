"""What mapped classes are made of: their base, and the types of columns that hold plain text."""

from datetime import datetime, time
from decimal import Decimal

from sqlalchemy import Dialect, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class Base(DeclarativeBase):
    """The desk's tables."""


class LocalTime(TypeDecorator[datetime]):
    """Wall-clock time of a place, to the minute, as sortable text: 2026-12-03T14:00."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """The text that is stored."""
        del dialect
        return None if value is None else value.replace(tzinfo=None).isoformat(timespec="minutes")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """The time that was stored."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)


class HourMinute(TypeDecorator[time]):
    """A time of day as text: 08:30."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: time | None, dialect: Dialect) -> str | None:
        """The text that is stored."""
        del dialect
        return None if value is None else value.strftime("%H:%M")

    def process_result_value(self, value: str | None, dialect: Dialect) -> time | None:
        """The time that was stored."""
        del dialect
        return None if value is None else time.fromisoformat(value)


class Euros(TypeDecorator[Decimal]):
    """An amount as exact text: 120.50."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """The text that is stored."""
        del dialect
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The amount that was stored."""
        del dialect
        return None if value is None else Decimal(value)
