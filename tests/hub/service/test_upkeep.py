"""A hub that serves for months: new keys each month, a renewed certificate, nothing swept by hand."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from correspondent_desk.hub import erasure_file, erasure_ledger, identity, offices
from correspondent_desk.hub.service import tables, uploads
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.hub.service.paper import Paper
from correspondent_desk.hub.service.upkeep import Upkeep
from correspondent_desk.sync import ledger
from correspondent_desk.sync.keys import HubKeys
from correspondent_desk.sync.online.wire import UploadAsk
from tests.hub.service.serving import Certificate, certificate, connect, served, until
from tests.sync.desks import Town

OFTEN = Limits(look_s=0.02)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """On SQLite alone: nothing here depends on the database."""
    town = Town(tmp_path)
    yield town
    town.close()


def keys(town: Town) -> HubKeys:
    with town.hub.transaction() as connection:
        return identity.keys(connection)


def put(found: Certificate, place: Certificate) -> None:
    place.certificate.write_bytes(found.certificate.read_bytes())
    place.key.write_bytes(found.key.read_bytes())


def test_a_renewed_certificate_is_shown_without_a_restart(town: Town, tmp_path: Path) -> None:
    old, new = certificate(tmp_path / "old"), certificate(tmp_path / "new")
    with served(town.hub, old, OFTEN) as hub:
        with connect(hub) as before:
            assert isinstance(before, ssl.SSLSocket)
            assert before.getpeercert(binary_form=True) == old.der
        put(new, old)
        hub.certificate = new

        def is_shown() -> bool:
            try:
                with connect(hub) as line:
                    return isinstance(line, ssl.SSLSocket)
            except ssl.SSLError:  # the old one still, or neither at this very moment
                return False

        until(is_shown)


def test_a_certificate_that_does_not_fit_its_key_changes_nothing(tmp_path: Path) -> None:
    old, new = certificate(tmp_path / "old"), certificate(tmp_path / "new")
    paper = Paper(old.certificate, old.key)

    assert not paper.renew()
    old.certificate.write_bytes(new.certificate.read_bytes())
    assert not paper.renew()
    old.key.unlink()
    assert not paper.renew()
    old.key.write_bytes(new.key.read_bytes())
    assert paper.renew()
    assert not paper.renew()


def test_keys_are_new_each_month_and_looked_at_once_a_day(town: Town) -> None:
    upkeep = Upkeep(town.hub, Limits(), None)
    upkeep.look()
    first = keys(town)

    town.clock.at += timedelta(days=31)
    upkeep.look()
    second = keys(town)
    upkeep.look()

    assert second.receiving[1:] == first.receiving
    assert keys(town) == second


def test_what_nobody_goes_on_with_is_forgotten(town: Town) -> None:
    limits = Limits(upload_days=14)
    begun, _ = uploads.begin(town.hub, 1, UploadAsk(length=5, sha256=bytes(32)), limits)
    uploads.append(town.hub, 1, bytes.fromhex(begun.id), 0, b"abc")
    upkeep = Upkeep(town.hub, limits, None)

    town.clock.at += timedelta(days=13)
    upkeep.look()
    with town.hub.transaction() as connection:
        kept = connection.execute(tables.upload_part.select()).all()
    town.clock.at += timedelta(days=2)
    upkeep.look()

    assert len(kept) == 1
    with town.hub.transaction() as connection:
        assert connection.execute(tables.upload_part.select()).all() == []
        assert connection.execute(tables.upload.select()).all() == []


def test_what_another_process_erased_is_noted_beside_this_one_too(town: Town) -> None:
    """Each has a folder of its own, and one of them is copied with the database."""
    of = offices.add(town.hub, "Port de Kerlann")
    with served(town.hub, None, OFTEN):
        with town.hub.transaction(of.id) as connection:  # as it does, which has its own file
            offices.lock(connection, of.id)
            line = ledger.sign(identity.keys(connection).signing, of.uid, 1, bytes(32))
            erasure_ledger.enter(town.hub, connection, of.id, [line])

        until(lambda: erasure_file.count(town.hub.folder.ledger) == 1)

    assert erasure_file.read(town.hub.folder.ledger) == {of.uid: [line]}
