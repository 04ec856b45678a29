"""Who exchanges by files after longer than keys are kept: neither can read what the other wrote."""

from datetime import timedelta
from pathlib import Path

from correspondent_desk.hub import exchange as hub_side
from correspondent_desk.hub import identity
from correspondent_desk.store.database import Database
from correspondent_desk.sync import exchange
from correspondent_desk.sync.exchange import FolderReport
from tests.builders import add_member
from tests.sync.desks import Town, contents
from tests.sync.test_forks import image, names, put_back


def shared(town: Town) -> Path:
    return town.path / "stick"


def meet(town: Town, desk: Database) -> FolderReport:
    """The desk comes to the shared folder, then the hub, then the desk once more."""
    exchange.exchange_folder(desk, shared(town))
    town.exchange_folder()
    return exchange.exchange_folder(desk, shared(town))


def months(town: Town, number: int) -> None:
    """The hub is served meanwhile."""
    for _ in range(number):
        town.clock.at += timedelta(days=30)
        identity.rotate(town.hub)
        town.exchange_folder()


def refusals(report: FolderReport) -> list[str]:
    return [one.error.full_code for one in report.refused]


def test_a_desk_away_for_longer_than_keys_are_kept_is_heard_again(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    for desk in (here, there, here):
        meet(town, desk)
    months(town, 7)
    add_member(here, "Away")
    exchange.exchange_folder(here, shared(town))

    told = hub_side.exchange_folder(town.hub, shared(town))

    assert [one.error.full_code for one in told.refused] == ["bundle:stale-key"]
    assert [one.desk_name for one in told.sent] == ["PC Yann"]
    meet(town, here)

    assert exchange.status(here).to_send == 0
    meet(town, there)
    assert contents(there) == contents(here)


def test_its_file_brought_by_hand_is_answered(town: Town) -> None:
    here = town.desk("Yann")
    meet(town, here)
    months(town, 7)
    add_member(here, "Away")
    made = exchange.prepare(here, town.path)
    assert made is not None

    _, [refused] = hub_side.take_in_by_hand(town.hub, [made.path])

    assert refused.error.full_code == "bundle:stale-key"
    assert refused.answer is not None
    exchange.apply(here, refused.answer)
    again = exchange.prepare(here, town.path)
    assert again is not None
    [arrival], _ = hub_side.take_in_by_hand(town.hub, [again.path])
    assert arrival.operations == 1


def test_a_desk_put_back_a_little_is_told_that_it_will_be_answered(
    town: Town, tmp_path: Path
) -> None:
    here = town.desk("Yann")
    meet(town, here)
    image(town, 0, tmp_path / "image")
    months(town, 2)
    add_member(town.desks[0], "Lost")
    meet(town, town.desks[0])
    here = put_back(town, 0, tmp_path / "image")
    add_member(here, "Again")

    first = exchange.exchange_folder(here, shared(town))
    town.exchange_folder()

    assert refusals(first) == ["bundle:put-back"]
    assert refusals(meet(town, here)) == []
    assert names(here) == ["Again", "Lost"]


def test_a_desk_put_back_to_long_ago_is_told_to_join_anew(town: Town, tmp_path: Path) -> None:
    here = town.desk("Yann")
    meet(town, here)
    image(town, 0, tmp_path / "image")
    for _ in range(6):
        months(town, 1)
        add_member(town.desks[0], "Lost")
        meet(town, town.desks[0])
    here = put_back(town, 0, tmp_path / "image")

    assert refusals(exchange.exchange_folder(here, shared(town))) == ["bundle:put-back-long-ago"]


def test_a_desk_put_back_to_before_the_hub_spoke_is_told_how_long_ago_that_was(
    town: Town, tmp_path: Path
) -> None:
    here = town.desk("Yann")
    exchange.exchange_folder(here, shared(town))
    image(town, 0, tmp_path / "image")
    town.exchange_folder()
    months(town, 2)
    add_member(town.desks[0], "Lost")
    meet(town, town.desks[0])
    here = put_back(town, 0, tmp_path / "image")
    add_member(here, "Again")

    assert refusals(exchange.exchange_folder(here, shared(town))) == ["bundle:put-back"]
    town.exchange_folder()
    assert refusals(meet(town, here)) == []
    assert names(here) == ["Again", "Lost"]
