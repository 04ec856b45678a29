"""A desk whose invitation does not serve any more hears so by the shared folder, and joins with another."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from correspondent_desk.cli.main import main
from correspondent_desk.hub import desks, held
from correspondent_desk.hub import exchange as hub_side
from correspondent_desk.hub.invitations import still_open, withdraw
from correspondent_desk.messages import bundles, health
from correspondent_desk.messages.errors import sentence
from correspondent_desk.store.database import Database
from correspondent_desk.sync import exchange, folder
from correspondent_desk.sync.online.trouble import HubRefused
from correspondent_desk.sync.reports import Fate
from tests.builders import PASSPHRASE, add_member, open_desk
from tests.keepers import ON_DISK
from tests.sync.desks import OFFICE, Town

pytestmark = ON_DISK


def invited(town: Town, *, has_work: bool = False) -> Database:
    """A desk with an invitation that is withdrawn before its first file comes."""
    desk = open_desk(town.path / "a", "Yann", town.clock)
    town.desks.append(desk)
    exchange.enrol(desk, town.invitation(), desk_name="PC Yann")
    [row] = still_open(town.hub)
    withdraw(town.hub, row.number)
    if has_work:
        add_member(desk, "Quemeneur")
    return desk


def answers(town: Town) -> list[Path]:
    return sorted((town.path / "stick" / folder.FROM_HUB).rglob("*.cdb"))


@pytest.mark.parametrize("has_work", [True, False])
def test_it_is_told_and_joins_with_another_invitation(town: Town, *, has_work: bool) -> None:
    desk, stick = invited(town, has_work=has_work), town.path / "stick"
    exchange.exchange_folder(desk, stick)
    town.exchange_folder()

    told = exchange.exchange_folder(desk, stick)
    [refused] = told.refused
    assert "withdrawn the invitation" in sentence(refused.error)
    assert told.waits_since is None
    again = exchange.exchange_folder(desk, stick)
    assert (again.refused, again.uninvited) == ((), "invitation-withdrawn")
    status = exchange.status(desk)
    assert (status.uninvited, status.waits_since) == ("invitation-withdrawn", None)
    lines, is_well = health.report(desk.folder, desk)
    assert any("withdrawn the invitation" in line for line in lines)
    assert not is_well

    town.clock.at += timedelta(hours=1)
    exchange.enrol(desk, town.invitation(), desk_name="PC Yann")
    assert exchange.status(desk).uninvited == ""
    exchange.exchange_folder(desk, stick)
    town.exchange_folder()
    report = exchange.exchange_folder(desk, stick)

    assert exchange.status(desk).is_welcomed
    assert report.refused == ()


def test_a_preview_says_why_the_hub_does_not_let_it_in_and_notes_nothing(town: Town) -> None:
    desk, stick = invited(town), town.path / "stick"
    exchange.exchange_folder(desk, stick)
    town.exchange_folder()

    found = exchange.preview(desk, answers(town)[0])

    assert (found.fate, found.refusal) == (Fate.REFUSAL, "invitation-withdrawn")
    [_origin, told] = bundles.preview_in_words(found, town.clock.at.date())
    assert "withdrawn the invitation" in told
    assert exchange.status(desk).uninvited == ""


def test_one_answer_is_enough(town: Town) -> None:
    desk, stick = invited(town), town.path / "stick"
    exchange.exchange_folder(desk, stick)
    town.exchange_folder()
    [first] = answers(town)
    before = first.read_bytes()

    town.exchange_folder()
    exchange.exchange_folder(desk, stick)
    town.exchange_folder()

    assert [one.read_bytes() for one in answers(town)] == [before]
    first.unlink()
    town.exchange_folder()
    assert len(answers(town)) == 1, "the first one was lost"


def test_a_late_answer_says_nothing_to_who_joined_since(town: Town) -> None:
    desk, stick = invited(town), town.path / "stick"
    exchange.exchange_folder(desk, stick)
    town.exchange_folder()
    late = town.path / "late.cdb"
    shutil.copyfile(answers(town)[0], late)
    town.clock.at += timedelta(days=8)  # by itself it may be invited again now
    exchange.enrol(desk, town.invitation(), desk_name="PC Yann")
    assert exchange.preview(desk, late).fate is Fate.BYGONE
    [report] = exchange.exchange_folder(desk, stick).received
    town.exchange_folder()

    [origin, told] = bundles.report_in_words(report, town.clock.at.date())
    assert origin.startswith("From ")
    assert told.startswith("This file answers an invitation that counts no more")
    assert exchange.apply(desk, late).fate is Fate.DUPLICATE
    exchange.exchange_folder(desk, stick)

    assert exchange.status(desk).is_welcomed
    assert exchange.status(desk).uninvited == ""


def test_a_folder_of_another_desk_gets_no_answer(town: Town) -> None:
    desk, stick = invited(town), town.path / "stick"
    exchange.exchange_folder(desk, stick)
    [place] = folder.writers(stick, folder.TO_HUB)
    place.rename(place.with_name("VALBRUNE-00000000"))

    report = hub_side.exchange_folder(town.hub, stick)

    assert len(report.refused) == 1
    assert answers(town) == []


def test_a_desk_that_is_trusted_no_more_is_told_too_and_what_it_brings_is_held(
    town: Town,
) -> None:
    desk, stick = town.desk("Yann"), town.path / "stick"
    for _ in range(2):
        exchange.exchange_folder(desk, stick)
        town.exchange_folder()
    desks.revoke(town.hub, OFFICE, 1)
    add_member(desk, "Quemeneur")
    exchange.exchange_folder(desk, stick)
    town.exchange_folder()

    [refused] = exchange.exchange_folder(desk, stick).refused
    assert refused.error.full_code == "hub-refused:revoked"
    assert exchange.status(desk).uninvited == "revoked"
    assert exchange.status(desk).waits_since is None
    add_member(desk, "Le Bihan")
    assert exchange.exchange_folder(desk, stick).prepared is not None, "somebody may approve it"
    town.exchange_folder()
    assert [one.operations for one in held.held(town.hub)] == [2]

    town.clock.at += timedelta(hours=1)
    exchange.enrol(desk, town.invitation(), desk_name="PC Yann")
    assert exchange.status(desk).uninvited == ""
    exchange.exchange_folder(desk, stick)
    town.exchange_folder()
    exchange.exchange_folder(desk, stick)
    assert exchange.status(desk).uninvited == "revoked", "an invitation does not change that"


def test_a_desk_put_back_to_before_it_knew_that_it_had_joined_hears_that_it_is_revoked(
    town: Town,
) -> None:
    desk, stick = town.desk("Yann"), town.path / "stick"
    exchange.exchange_folder(desk, stick)
    town.exchange_folder()
    desks.revoke(town.hub, OFFICE, 1)
    shutil.rmtree(stick / folder.FROM_HUB)
    assert not exchange.status(desk).is_welcomed
    add_member(desk, "Quemeneur")

    exchange.exchange_folder(desk, stick)
    town.exchange_folder()
    [refused] = exchange.exchange_folder(desk, stick).refused

    assert refused.error.full_code == "hub-refused:revoked"
    assert exchange.status(desk).uninvited == "revoked"


def test_by_command_and_in_both_languages(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, stick = invited(town), town.path / "stick"
    exchange.exchange_folder(desk, stick)
    town.exchange_folder()
    desk.close()
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    words = ["--desk", str(desk.folder.path), "--passphrase-file", str(secret)]

    assert main([*words, "--lang", "fr", "exchange", str(stick)]) == 2
    assert "a retiré l’invitation de ce bureau" in capsys.readouterr().err
    assert main([*words, "--lang", "en", "exchange", str(stick)]) == 2
    assert "has withdrawn the invitation of this desk" in capsys.readouterr().err
    assert main([*words, "--lang", "en", "doctor"]) in (1, 2, 4)
    assert "has withdrawn the invitation of this desk" in capsys.readouterr().out


def test_a_file_brought_by_hand_has_its_answer_beside_it(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = invited(town)
    made = exchange.prepare(desk, town.path / "stick" / "mine.cdb")
    assert made is not None
    words = ["--lang", "en", "hub", "import", "--hub", str(town.hub.folder.path), str(made.path)]

    assert main(words) == 2

    answer = made.path.with_name("mine_answer.cdb")
    assert f"Bring {answer} back to this desk" in capsys.readouterr().err
    with pytest.raises(HubRefused, match="invitation-withdrawn"):
        exchange.apply(desk, answer)
    assert exchange.status(desk).uninvited == "invitation-withdrawn"
    shutil.copyfile(answer, town.path / "stick" / "strange.cdb")
    assert main([*words[:-1], str(town.path / "stick" / "strange.cdb")]) == 2
    assert not (town.path / "stick" / "strange_answer.cdb").exists()
