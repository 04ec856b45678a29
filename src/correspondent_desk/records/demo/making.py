"""Making the desk with invented people that everyone may explore."""

from datetime import date, datetime

from correspondent_desk.records.demo.fill import fill
from correspondent_desk.records.founding import found
from correspondent_desk.store.database import Database
from correspondent_desk.store.vault import DeskFolder, mark_as_demo

DEMO_PASSPHRASE = "demo"  # noqa: S105 - protects invented people, and is shown to everyone


def make_demo(
    folder: DeskFolder, members: int = 120, seed: int = 1, today: date | None = None
) -> int:
    """A new desk in folder; how many people were invented. The same seed gives the same people.

    today: the day around which they live; this computer's by default.
    Raises AlreadySetUp, AlreadyOpen, CannotWrite; then nothing is left of it.
    """
    around = today or datetime.now().astimezone().date()

    def first_step(store: Database) -> int:
        mark_as_demo(store.folder, DEMO_PASSPHRASE)
        return fill(store, members, seed, around)

    made = found(folder, DEMO_PASSPHRASE, first_step)
    made.store.close()
    return made.result
