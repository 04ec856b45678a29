"""Makes the small store that each released schema leaves behind for the tests of all later ones.

Run with the sources on the path, once for a release, as `python -m tests.store.released`; what it wrote is never made again.
"""

import shutil
import tempfile
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.store import history
from correspondent_desk.store.backup import Why
from correspondent_desk.store.connection import VERSION
from correspondent_desk.store.tables import Contact, Member, Office, Site
from tests.builders import add_member, open_desk

STORES = Path(__file__).parents[1] / "fixtures" / "stores"


def make(into: Path) -> None:
    """A desk of one office, one site and two members, with history, in into."""
    with tempfile.TemporaryDirectory() as temporary:
        desk = open_desk(Path(temporary) / "desk")

        def found_office(session: Session) -> int:
            office = history.create(session, Office, name="Base aérienne", code="BA")
            return history.create(session, Site, root=office.id, name="Brest", town="Brest").id

        site = desk.do(Action.OFFICE_SET_UP, found_office).result
        phones = [{"number": "+33639980101", "label": "", "do_not_use": False}]
        member = add_member(
            desk, "Le Goff", phones=phones, site_id=site, birth_date=date(1970, 2, 28)
        )
        add_member(desk, "Œuvrard", first_name="Zoé")

        def call(session: Session) -> None:
            at = datetime(2026, 12, 2, 10, 0)  # noqa: DTZ001 - local
            history.create(session, Contact, root=member, member_id=member, at=at, way="visit")
            session.get_one(Member, member).note = "Vue le 2 décembre"

        desk.do(Action.CONTACT_LOGGED, call)
        copy = desk.copy(Why.ASKED)
        desk.close()
        into.mkdir(parents=True)
        shutil.copyfile(copy.path, into / "desk.db")
        for source in (desk.folder.slots, desk.folder.sidecar):
            shutil.copyfile(source, into / source.name)


if __name__ == "__main__":
    make(STORES / f"{VERSION:04}")
