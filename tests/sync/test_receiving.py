"""Files in any order, twice, late or from a newer version; what an import leaves behind."""

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.hub import addresses, desks
from correspondent_desk.messages import bundles, health
from correspondent_desk.records import office
from correspondent_desk.store import history
from correspondent_desk.store.backup import Why, copies
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.identity import raw, uid_of
from correspondent_desk.store.tables import Member, Request, Site
from correspondent_desk.sync import exchange, link
from correspondent_desk.sync.columns import OpRow, Run
from correspondent_desk.sync.exchange import Fate
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.online.addresses import Address
from tests.builders import add_member, new_folder, open_desk
from tests.sync.desks import OFFICE, Town, contents, rebuilt
from tests.sync.test_store_refuses import as_a_desk, as_the_hub, digest, told


def edit(desk: Database, member: int, **columns_: Any) -> None:
    def work(session: Session) -> None:
        found = session.get_one(Member, member)
        for name, value in columns_.items():
            setattr(found, name, value)

    desk.do(Action.MEMBER_EDITED, work)


def link_of(desk: Database) -> Link:
    known, _keys = desk.read(link.load)
    return known


def all_members(desk: Database) -> list[Member]:
    return desk.read(lambda s: list(s.scalars(select(Member).order_by(Member.id))))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 2, 0), (0, 2, 1)])
def test_files_may_come_in_any_order_and_twice(town: Town, order: tuple[int, ...]) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.up(there)
    files = []
    for name in ("Le Goff", "Petit", "Roux"):
        member = add_member(here, name)
        edit(here, member, note=f"of {name}")
        town.up(here)
        files.append(town.written_for(there))

    for number in order:
        exchange.apply(there, files[number])
    exchange.apply(there, files[2])

    assert contents(here) == contents(there)
    shown, from_history = rebuilt(there)
    assert shown == from_history


def test_a_file_that_lacks_its_predecessor_waits_and_is_taken_in_by_itself(
    town: Town, tmp_path: Path
) -> None:
    """The desk was put back from a copy; the hub believes it has what it had."""
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    there.close()
    shutil.copyfile(there.folder.store, tmp_path / "copy.db")
    there = opened_again(town, there)
    add_member(here, "Le Goff")
    town.round()
    town.up(there)
    add_member(here, "Petit")
    town.up(here)
    later = town.written_for(there)
    there = put_back(town, there, tmp_path / "copy.db")

    waits = exchange.apply(there, later)
    again = exchange.apply(there, later)
    status = exchange.status(there)
    town.up(there)
    report = town.down(there)

    assert (waits.fate, again.fate) == (Fate.WAITING, Fate.WAITING)
    assert (len(status.waiting), status.has_news) == (1, True)
    assert (report.fate, report.released) == (Fate.NEW, 1)
    assert contents(here) == contents(there)
    assert exchange.status(there).waiting == ()
    assert list(there.folder.inbox.iterdir()) == []


def opened_again(town: Town, desk: Database) -> Database:
    from correspondent_desk.store.vault import unlock
    from tests.builders import PASSPHRASE

    found = open_store(desk.folder, unlock(desk.folder, PASSPHRASE), wall=town.clock)
    found.person = desk.person
    town.desks[town.desks.index(desk)] = found
    return found


def put_back(town: Town, desk: Database, copy: Path) -> Database:
    desk.close()
    for left in desk.folder.path.glob("desk.db-*"):
        left.unlink()
    shutil.copyfile(copy, desk.folder.store)
    return opened_again(town, desk)


def test_a_store_put_back_by_hand_without_its_notes_takes_a_new_name(
    town: Town, tmp_path: Path
) -> None:
    """The hub knows more of this desk than the desk itself does."""
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    here.close()
    shutil.copyfile(here.folder.store, tmp_path / "copy.db")
    sidecar = here.folder.sidecar.read_bytes()
    here = opened_again(town, here)
    add_member(here, "Le Goff")
    town.round()
    here.close()
    here.folder.sidecar.write_bytes(sidecar)
    here = put_back(town, here, tmp_path / "copy.db")
    add_member(here, "Petit")

    town.down(here)
    town.round()
    town.round()

    assert sorted(m.family_name for m in all_members(here)) == ["Le Goff", "Petit"]
    assert contents(here) == contents(there)


def test_a_desk_put_back_to_before_it_joined_says_so_and_has_all_again_when_it_joins(
    town: Town, tmp_path: Path
) -> None:
    there, here = town.desk("Rozenn"), new_desk(town)
    add_member(here, "Le Goff")
    here.close()
    shutil.copyfile(here.folder.store, tmp_path / "copy.db")
    here = opened_again(town, here)
    assert not exchange.status(here).has_forgotten
    exchange.enrol(here, town.invitation(), desk_name="PC Yann")
    add_member(here, "Petit")
    town.round()
    assert not exchange.status(here).has_forgotten

    here = put_back(town, here, tmp_path / "copy.db")

    assert exchange.status(here).has_forgotten
    lines, is_well = health.report(here.folder, here)
    assert not is_well
    assert any("new invitation to the same office" in line for line in lines)
    desks.revoke(town.hub, OFFICE, 2)
    exchange.enrol(here, town.invitation(), desk_name="PC Yann")
    assert not exchange.status(here).has_forgotten
    add_member(here, "Morvan")
    for _ in range(2):
        town.round()
    assert sorted(m.family_name for m in all_members(here)) == ["Le Goff", "Morvan", "Petit"]
    assert contents(here) == contents(there)


def new_desk(town: Town) -> Database:
    desk = open_desk(town.path / "alone", "Yann", town.clock)
    town.desks.append(desk)
    return desk


def test_a_preview_says_what_the_import_does_and_writes_nothing(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here, "Le Goff")
    town.round()
    town.round()
    edit(here, member, note="By the harbour", service="Laundry")
    edit(there, all_members(there)[0].id, note="By the church", access_needs="Stairs")
    add_member(here, "Petit")
    town.up(here)
    file = town.written_for(there)
    before = digest(there.folder.path)

    preview = exchange.preview(there, file)
    unchanged = digest(there.folder.path) == before
    report = exchange.apply(there, file)

    assert unchanged
    assert (preview.sender, preview.fate) == ("Comité Ouest", Fate.NEW)
    assert preview.effect == report.effect
    assert (preview.effect.new, preview.effect.changed) == ({Kind.MEMBER: 1}, {Kind.MEMBER: 1})
    assert (preview.effect.disagreements, preview.effect.people) == (1, ("Yann",))
    assert [one.field for one in preview.effect.disputed] == ["note"]


def test_a_preview_knows_what_was_imported_before_its_key_was_destroyed(town: Town) -> None:
    here = town.desk("Yann")
    town.round()
    file = town.written_for(here)
    exchange.apply(here, file)
    number = exchange.preview(here, file).number
    for _ in range(6):
        town.clock.at += timedelta(days=31)
        add_member(here)
        town.up(here)
    assert here.read(lambda s: link.load(s)[1].retired), "the key is destroyed"

    preview = exchange.preview(here, file)

    assert (preview.fate, preview.sender, preview.number) == (
        Fate.DUPLICATE,
        "Comité Ouest",
        number,
    )
    told = bundles.preview_in_words(preview, town.clock.at.date())
    assert told == ["This file was already imported. There is nothing to do."]
    assert exchange.apply(here, file).fate == Fate.DUPLICATE


def test_what_a_newer_version_says_is_kept_and_forwarded(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    world = as_a_desk(town, here)
    record, thing = world.id(), world.id()
    ops = [
        OpRow(world.origin, 1, 1 << 16, record, 3, record, {3: "Le Goff", 99: [1, b"x"]}, "Y",
              "member.created", 1),
        OpRow(world.origin, 2, 2 << 16, thing, 77, record, {5: "new kind"}, "Y", "thing.made", 2),
        OpRow(world.origin, 3, 3 << 16, record, 3, record, {22: 12, 6: "31/12"}, "Y",
              "member.edited", 3),
    ]  # fmt: skip
    from correspondent_desk.hub import ingest

    file = told(world, town.path / "newer.cdb", Run(world.origin, 0, 3, {}, [], ops))
    ingest.take_in(town.hub, file.path)

    report = town.down(there)
    [member] = all_members(there)
    extras = there.read(
        lambda s: raw(s).execute("SELECT field FROM extra ORDER BY field").fetchall()
    )

    assert (report.fate, report.effect.unshown) == (Fate.NEW, 4)
    assert (member.family_name, member.note, member.birth_date) == ("Le Goff", "", None)
    assert [row[0] for row in extras] == [5, 6, 22, 99]
    assert forwarded(town, there) == [dict(op.fields) for op in ops]


def forwarded(town: Town, desk: Database) -> list[dict[int, object]]:
    """The fields of all operations in the file the hub makes for a desk that knows nothing."""
    from correspondent_desk.sync import parcels
    from correspondent_desk.sync.bundle import signed_by

    known, keys = desk.read(link.load)
    third = town.desk("Third")
    town.up(third)
    file = town.written_for(third)
    known, keys = third.read(link.load)
    parcel = parcels.load(file, keys.receiving, signed_by({known.hub.signing}))
    return [op.fields for run in range(len(parcel.runs)) for op in parcel.ops(run)]


def test_a_value_of_a_wrong_type_gives_way_to_one_written_here(town: Town) -> None:
    here = town.desk("Yann")
    town.round()
    world = as_the_hub(town, here)
    origin, record = world.id(), world.id()
    op = OpRow(origin, 1, 1 << 16, record, 3, record, {3: "A", 22: 5}, "R", "member.created", 1)
    told(world, town.path / "x.cdb", Run(origin, 0, 1, {}, [], [op]))
    exchange.apply(here, town.path / "x.cdb")
    [member] = all_members(here)

    edit(here, member.id, note="Written here")

    shown, from_history = rebuilt(here)
    assert all_members(here)[0].note == "Written here"
    assert shown == from_history
    assert here.read(lambda s: raw(s).execute("SELECT count(*) FROM extra").fetchone()[0]) == 0


def test_a_record_that_is_only_mentioned_gets_its_place_and_then_its_row(town: Town) -> None:
    here = town.desk("Yann")
    town.round()
    world = as_the_hub(town, here)
    origin, member, site = world.id(), world.id(), world.id()
    first = OpRow(origin, 1, 1 << 16, member, 3, member, {3: "A", 10: site}, "R", "x", 1)
    second = OpRow(origin, 2, 2 << 16, site, 2, site, {2: "Port"}, "R", "y", 2)
    for number, op in enumerate((first, second)):
        file = town.path / f"{number}.cdb"
        told(world, file, Run(origin, op.seq - 1, op.seq, {}, [], [op]))
        exchange.apply(here, file)

    [found] = all_members(here)
    assert found.site_id is not None
    assert here.read(lambda s: s.get_one(Site, found.site_id).name) == "Port"
    assert here.read(lambda s: uid_of(s, found.site_id or 0)) == site


def test_a_copy_is_made_before_the_first_import_of_a_day(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    for day in (3, 3, 4):
        town.clock.at = datetime(2026, 12, day, 9, 0)  # noqa: DTZ001
        add_member(here)
        town.round()
        town.down(there)

    made = [one for one in copies(there.folder) if one.why is Why.IMPORT]
    assert [one.made_at.day for one in made] == [4, 3]


def test_a_desk_that_is_not_enrolled_is_told_so(tmp_path: Path, town: Town) -> None:
    folder, key = new_folder(tmp_path / "lone")
    lone = open_store(folder, key)
    town.desks.append(lone)

    for attempt in (
        lambda: exchange.prepare(lone, tmp_path / "x.cdb"),
        lambda: exchange.exchange_folder(lone, tmp_path),
        lambda: exchange.preview(lone, tmp_path / "x.cdb"),
    ):
        with pytest.raises(exchange.NotEnrolled):
            attempt()
    assert exchange.status(lone) == exchange.ExchangeStatus()


def test_a_large_bundle_is_unpacked_a_section_at_a_time(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from correspondent_desk.sync import ops, parcels

    monkeypatch.setattr(parcels, "KEPT", 10)
    monkeypatch.setattr(ops, "OPS_PER_SECTION", 7)
    here, there = town.desk("Yann"), town.desk("Rozenn")
    for number in range(30):
        add_member(here, f"N{number}")
    town.round()
    town.round()

    assert contents(here) == contents(there)


def test_a_file_that_empties_the_lists_is_not_taken_in_unasked(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    members = [add_member(here, f"N{number}") for number in range(40)]
    town.round()
    town.round()

    def remove(session: Session) -> None:
        for member in members[:12]:
            history.remove(session, session.get_one(Member, member))

    here.do(Action.MEMBER_REMOVED, remove)
    town.up(here)
    file = town.written_for(there)
    before = contents(there)

    looked = exchange.preview(there, file)
    with pytest.raises(exchange.RemovesMuch) as caught:
        exchange.apply(there, file)
    untouched = contents(there) == before
    exchange.apply(there, file, is_meant=True)

    assert caught.value.details == {"kind": Kind.MEMBER, "count": 12, "total": 40}
    assert looked.removes_much is not None
    assert looked.removes_much.details == caught.value.details
    assert "This file would take 12 of 40 people out of the lists." in bundles.preview_in_words(
        looked, town.clock.at.date()
    )
    assert bundles.preview_as_object(looked)["removes_much"] == {
        "kind": "member", "count": 12, "total": 40,
    }  # fmt: skip
    assert untouched
    assert contents(here) == contents(there)
    assert list(there.folder.inbox.iterdir()) == []


def remove_requests(few: int, session: Session) -> None:
    for request in session.scalars(select(Request).order_by(Request.subject).limit(few)):
        history.remove(session, request)


def test_requests_are_asked_about_in_a_small_office_too_but_for_those_gone_here(
    town: Town,
) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here, "Le Goff")

    def open_five(session: Session) -> None:
        for number in range(5):
            history.create(session, Request, member, member_id=member, subject=str(number))

    here.do(Action.REQUEST_CREATED, open_five)
    town.round()
    town.round()

    for desk, few in ((there, 1), (here, 5)):
        desk.do(Action.REQUEST_REMOVED, partial(remove_requests, few))
    town.up(here)
    with pytest.raises(exchange.RemovesMuch) as caught:
        exchange.apply(there, town.written_for(there))

    assert caught.value.details == {"kind": Kind.REQUEST, "count": 4, "total": 4}


def test_a_hub_on_a_network_tells_where_to_desks_that_joined_by_file(town: Town) -> None:
    new, own = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    said = link_of(own)
    own.keep(lambda s: link.keep(s, msgspec.structs.replace(said, url="https://proxy.example.org")))

    addresses.keep(town.hub, Address("https://hub.example.org", b"DER"))
    for desk in (new, own):
        add_member(desk)
    town.round()

    assert (link_of(new).url, link_of(new).certificate) == ("https://hub.example.org", b"DER")
    assert (link_of(own).url, link_of(own).certificate) == ("https://proxy.example.org", b"")


def test_an_address_that_is_not_safe_is_not_learned(town: Town) -> None:
    desk = town.desk("Yann")
    addresses.keep(town.hub, Address("http://hub.example.org"))

    town.round()

    assert (link_of(desk).desk, link_of(desk).url) == (1, "")


def test_an_office_that_nobody_named_bears_the_name_of_the_invitation(town: Town) -> None:
    desk, other = town.desk("Yann"), town.desk("Rozenn")
    named = desk.read(office.office)
    town.round()
    before = contents(desk)
    town.round()

    assert (named.name, named.code) == (OFFICE, "MAIRIE-DE-VALBRU")
    assert contents(desk) == before == contents(other)  # no desk wrote it by itself
    own = replace(named, name="Mairie", rhythm_months=6)
    desk.do(Action.OFFICE_EDITED, lambda s: office.save_office(s, office.office(s), own))
    town.round()
    town.round()
    assert desk.read(office.office) == other.read(office.office) == own
