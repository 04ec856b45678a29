"""A transaction on a store without SQLAlchemy, and what work in a store is given: either kind."""

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from sqlite3 import Connection

    from sqlalchemy.orm import Session as MappedSession


class DriverSession:
    """A transaction of the driver alone, for work that maps no objects.

    info: as that of SQLAlchemy's session: facts by name, of who works and of what was met before.
    """

    __slots__ = ("driver", "info")

    def __init__(self, driver: "Connection", person: str) -> None:
        self.driver = driver
        self.info: dict[Any, Any] = {"person": person}


if TYPE_CHECKING:
    Session: TypeAlias = MappedSession | DriverSession
else:
    Session = DriverSession  # to name in annotations; SQLAlchemy is loaded by those who map objects
