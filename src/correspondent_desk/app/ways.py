"""The ways into a desk, and what puts them right; all of them run in the background."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from correspondent_desk.store.vault import DataKey, DeskFolder, is_set_up

if TYPE_CHECKING:
    from correspondent_desk.gui.first_start.made import Made
    from correspondent_desk.gui.first_start.steps import OfficeAnswers
    from correspondent_desk.records.founding import Founded
    from correspondent_desk.store.database import Database


class Ways:
    """Opens, makes and protects the desk in a folder.

    What a way opened is its own until somebody takes it: if the window goes meanwhile, close it.
    """

    def __init__(self, folder: DeskFolder, now: Callable[[], datetime]) -> None:
        """now gives local time, aware."""
        self.folder, self._now = folder, now
        self._waiting: Database | None = None

    def taken(self, database: "Database") -> None:
        """Somebody has it, and will close it."""
        self.folder, self._waiting = database.folder, None

    def close(self) -> None:
        """Close what was opened and not taken."""
        if self._waiting is not None:
            self._waiting.close()

    def _opened(self, database: "Database") -> "Database":
        from correspondent_desk.store import whereabouts
        from correspondent_desk.store.vault import demo_passphrase

        if demo_passphrase(database.folder) is None:
            whereabouts.remember(database.folder)
        self._waiting = database
        return database

    def look_for_others(self) -> None:
        """Raises AlreadyOpen if another program has the desk open."""
        from correspondent_desk.store import lock

        lock.look(self.folder)

    def by_passphrase(self, passphrase: str) -> "Database":
        """Raises WrongPassphrase and what open_store raises."""
        from correspondent_desk.store.vault import unlock

        key = unlock(self.folder, passphrase)  # first: what opens the store may still be loading
        from correspondent_desk.store.database import open_store

        return self._opened(open_store(self.folder, key))

    def by_copy(self, copy: Path, passphrase: str) -> "Database":
        """After a copy took the place of the store, which is kept aside; or began a desk."""
        from correspondent_desk.store import backup
        from correspondent_desk.store.beginning import begin_with
        from correspondent_desk.store.database import open_store
        from correspondent_desk.store.vault import unlock

        now = self._now().replace(tzinfo=None)
        if is_set_up(self.folder):
            key = unlock(self.folder, passphrase)
            backup.restore(self.folder, key, copy, now)
        else:
            key = begin_with(self.folder, copy, passphrase, now)
        return self._opened(open_store(self.folder, key))

    def by_recovery_code(self, code: str, passphrase: str) -> "Database":
        """With the code of the sheet, and a new passphrase from now on."""
        from correspondent_desk.store.vault import unlock_with_recovery

        return self._opened_anew(unlock_with_recovery(self.folder, code), passphrase)

    def by_invitation(self, invitation: Path, passphrase: str) -> "Database":
        """After the desk joined its office anew; what it never sent goes to the committee."""
        from correspondent_desk.store.database import open_store
        from correspondent_desk.store.vault import unlock
        from correspondent_desk.sync.rescue import rescue

        key = unlock(self.folder, passphrase)
        rescue(self.folder, key, invitation, self._now().replace(tzinfo=None))
        return self._opened(open_store(self.folder, key))

    def ask_committee(self, place: Path) -> tuple[Path, str]:
        """Write a request for help to place: the file, and the numbers to read out."""
        from correspondent_desk.sync import recovering

        asked = recovering.request(self.folder, place)
        return asked.path, asked.numbers

    def asked_committee(self) -> str:
        """The numbers of the request that is still open; nothing if there is none."""
        from correspondent_desk.store import committee
        from correspondent_desk.sync import recovering

        asked = committee.asked(self.folder)
        return recovering.numbers_of(asked) if asked else ""

    def by_committee(self, answer: Path, passphrase: str) -> "Database":
        """With the committee's answer, which serves once, and a new passphrase from now on."""
        from correspondent_desk.store import committee
        from correspondent_desk.sync import recovering

        database = self._opened_anew(recovering.key_by_answer(self.folder, answer), passphrase)
        committee.forget(self.folder)
        return database

    def _opened_anew(self, key: DataKey, passphrase: str) -> "Database":
        """With a new passphrase; if that cannot be kept, closed again, so that one may try again."""
        from correspondent_desk.store.database import open_store
        from correspondent_desk.store.vault import change_passphrase

        database = open_store(self.folder, key)
        try:
            change_passphrase(self.folder, key, passphrase)
        except BaseException:
            database.close()
            raise
        return self._opened(database)

    def new_desk(self, answers: "OfficeAnswers", passphrase: str) -> "Made":
        """A new desk, and the code of its sheet, which counts once it is kept."""
        from correspondent_desk.gui.first_start.made import Made

        made = self._founded(answers, passphrase)
        store, code = made.store, made.recovery_code
        return Made(self._opened(store), code, partial(store.take_recovery_code, code))

    def _founded(self, answers: "OfficeAnswers", passphrase: str) -> "Founded[Any]":
        if answers.invitation is not None:
            from correspondent_desk.app.inviting import found_invited

            return found_invited(
                self.folder, passphrase, answers.invitation, answers.person, answers.desk_name,
                sheet_follows=True,
            )  # fmt: skip
        from correspondent_desk.domain.meetings import SiteDraft
        from correspondent_desk.records.founding import found_office

        sites = [SiteDraft(name=name, department=answers.department) for name in answers.sites]
        return found_office(
            self.folder, passphrase, answers.office, sites, answers.person, sheet_follows=True
        )

    def recovery_sheet(self, answers: "OfficeAnswers", code: str) -> tuple[bytes, list[bytes]]:
        """The sheet as PDF, and its pages as pictures."""
        return self._sheet(answers.office, code)

    def _sheet(self, office: str, code: str) -> tuple[bytes, list[bytes]]:
        from correspondent_desk.formats import sheets

        sheet = sheets.RecoverySheet(office=office, code=code, made_on=self._now().date())
        return sheets.recovery_sheet(sheet), sheets.recovery_sheet_pages(sheet)

    def change_passphrase(self, before: str, after: str) -> None:
        """Raises WrongPassphrase, CannotWrite."""
        from correspondent_desk.store.vault import change_passphrase, unlock

        change_passphrase(self.folder, unlock(self.folder, before), after)

    def new_recovery_sheet(
        self, passphrase: str, office: str
    ) -> tuple[bytes, list[bytes], Callable[[], None]]:
        """A new code on paper, and what puts it in the place of the one before, once it is kept.

        Raises WrongPassphrase, and what is called then CannotWrite.
        """
        from correspondent_desk.store.vault import new_recovery_code, take_recovery_code, unlock

        key, code = unlock(self.folder, passphrase), new_recovery_code()
        return *self._sheet(office, code), partial(take_recovery_code, self.folder, key, code)

    def demo(self) -> "Database":
        """The desk of invented people beside this one, made the first time."""
        from correspondent_desk.records.demo.making import DEMO_PASSPHRASE, make_demo
        from correspondent_desk.store.database import open_store
        from correspondent_desk.store.vault import unlock

        folder = self.folder.beside_for_demo
        if not is_set_up(folder):
            make_demo(folder)
        return self._opened(open_store(folder, unlock(folder, DEMO_PASSPHRASE)))
