"""Staff lists for tests: written, previewed and taken in, each in one call."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberDraft, MemberId
from correspondent_desk.records import imports, members
from correspondent_desk.records.imports import (
    ImportPreview,
    ImportReport,
)
from correspondent_desk.store.database import Database
from tests.records.acts import TODAY, card

HEAD = "Matricule;Nom;Nom d'usage;Prénom;Date de naissance;Tél;Adresse;CP;Ville;Service;Site"


def a_list(folder: Path, *rows: str, head: str = HEAD) -> Path:
    """A list in a file; cells that a row leaves off at the end are empty."""
    width = head.count(";")
    lines = [head, *(row + ";" * (width - row.count(";")) for row in rows)]
    path = folder / "liste.csv"
    path.write_text("\r\n".join(lines) + "\r\n", "utf-8-sig", newline="")
    return path


def looked_at(desk: Database, path: Path) -> ImportPreview:
    """The preview of a list, read as the desk proposes."""

    def look(session: Session) -> ImportPreview:
        sheet, proposal = imports.open_list(session, path)
        return imports.preview(session, sheet, proposal.mapping, today=TODAY)

    return desk.read(look)


def taken_in(
    desk: Database,
    preview: ImportPreview,
    same: Sequence[int] = (),
    different: Sequence[int] = (),
) -> ImportReport:
    """Import what was previewed."""
    return desk.do(
        Action.MEMBERS_IMPORTED,
        lambda s: imports.apply(s, preview, same=same, different=different),
    ).result


def everybody(desk: Database) -> list[MemberDraft]:
    """All members as their cards show them, in list order."""
    ids = desk.read(lambda s: members.find_ids(s, today=TODAY))
    return [card(desk, MemberId(id_)).draft for id_ in ids]
