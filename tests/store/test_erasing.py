"""An erasure takes what was being typed about that person, and nothing typed about others."""

import json

from correspondent_desk.store import erasing
from correspondent_desk.store.database import Database
from correspondent_desk.store.erasing import Entry, digest_of
from correspondent_desk.store.identity import raw, uid_of
from tests.builders import add_member


def erase(desk: Database, member: int) -> None:
    digest = digest_of(desk.read(lambda s: uid_of(s, member)))
    entry = Entry(version=1, digest=digest, signature=b"")
    desk.keep(lambda s: erasing.carry_out(raw(s), desk.folder, [entry]))


def kept_of(desk: Database, drafts: dict[str, dict[str, str]]) -> set[str]:
    """Which of these are left once member 2 is erased."""
    assert [add_member(desk, name) for name in ("Le Goff", "Quemeneur")] == [1, 2]
    for key, fields in drafts.items():
        desk.drafts.save(key, json.dumps(fields))
    erase(desk, 2)
    return {row.key for row in desk.drafts.everything()}


def person(member: int | None, typed: str) -> str:
    return json.dumps({"member": member, "typed": typed})


def test_what_is_typed_about_somebody_else_stays_whatever_its_digits(desk: Database) -> None:
    drafts = {
        "contact.1": {"note": "Rappeler le 2", "day": "2 11 2026", "about": "None", "hour": "2"},
        "contact.22": {"note": "22", "about": "22"},
        "member.new.2": {"family_name": "Riou", "address": "2 rue de Siam", "site": "2"},
        "settings.office": {"name": "Bureau 2", "code": "2", "person": "2"},
        "meeting:new": {"person": person(1, "2"), "request": "None", "minutes": "2"},
        "request.new": {"member": person(None, "2"), "documents": '[["", "2"]]', "amount": "2"},
    }

    assert kept_of(desk, drafts) == drafts.keys()


def test_what_is_typed_about_who_is_erased_goes_wherever_they_were_chosen(desk: Database) -> None:
    drafts = {
        "contact.2": {"note": "x"},
        "member.2": {"town": "Brest"},
        "dependant.of.2": {"first_name": "Yann"},
        "today:next:2": {"what": "x"},
        "step.after.2": {"what": "x"},
        "status.2.refused": {"why": "x"},
        "settle.2.address": {"text": "x"},
        "request.new.2": {"situation": "x"},
        "request.new": {"member": person(2, "QUEMENEUR Anne"), "situation": "x"},
        "meeting:new": {"person": person(2, "QUEMENEUR Anne"), "bring": "x"},
        "meeting:7": {"person": person(None, ""), "request": "2"},
        "contact.9": {"note": "x", "about": "2"},
    }

    assert kept_of(desk, drafts) == set()


def test_a_form_still_open_keeps_nothing_more_about_who_was_erased(desk: Database) -> None:
    for family_name in ("Le Goff", "Quemeneur"):
        add_member(desk, family_name)
    erase(desk, 2)

    desk.drafts.save("contact.1", "{}")
    desk.drafts.save("contact.2", "{}")
    desk.drafts.save("request.new", json.dumps({"member": person(2, "QUEMENEUR Anne")}))

    assert [row.key for row in desk.drafts.everything()] == ["contact.1"]
