"""Making the desk with invented people that everyone may explore."""

from datetime import date, datetime

from correspondent_desk.records.demo.fill import fill
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import DeskFolder, create_vault, mark_as_demo

DEMO_PASSPHRASE = "demo"  # noqa: S105 - protects invented people, and is shown to everyone


def make_demo(
    folder: DeskFolder, members: int = 120, seed: int = 1, today: date | None = None
) -> int:
    """A new desk in folder; how many people were invented. The same seed gives the same people.

    today: the day around which they live; this computer's by default.
    Raises AlreadySetUp, AlreadyOpen, CannotWrite.
    """
    key, _recovery = create_vault(folder, DEMO_PASSPHRASE)
    mark_as_demo(folder, DEMO_PASSPHRASE)
    store = open_store(folder, key)
    try:
        return fill(store, members, seed, today or datetime.now().astimezone().date())
    finally:
        store.close()
