"""erase and hub erase as they are typed."""

import json
from pathlib import Path

import pytest

from correspondent_desk.cli.main import main
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.records import erasures
from tests.builders import PASSPHRASE, add_member
from tests.sync.desks import Town


def test_somebody_is_erased_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = Town(tmp_path)
    desk = town.desk("Yann")
    add_member(desk, "Quemeneur", matricule="000417")
    town.round()
    desk.close()
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    at_desk = ["--lang", "en", "--desk", str(desk.folder.path), "--passphrase-file", str(secret)]
    at_hub = ["--lang", "en", "hub", "--hub", str(town.hub.folder.path)]

    def typed(before: list[str], *words: str) -> tuple[int, str]:
        return main([*before, *words]), capsys.readouterr().out

    def told(before: list[str], *words: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(typed(before, *words, "--json")[1])
        return found

    assert typed(at_hub, "erasures") == (1, "No office has asked for an erasure.\n")
    assert typed(at_hub, "erasures", "--json") == (1, "")
    copy = str(told(at_desk, "copies", "--make")["path"])
    status, said = typed(at_desk, "erase", "member", "000417")
    reference = str(told(at_desk, "erase", "list")["reference"])
    assert (status, reference in said, "QUEMENEUR" in said) == (0, True, True)
    assert "a staff list that still names them makes a new card" in " ".join(said.split())
    file = tmp_path / "a.cdb"
    assert typed(at_desk, "bundle", "export", str(file))[0] == 0
    assert typed(at_hub, "import", str(file))[0] == 0
    assert told(at_hub, "erasures")["reference"] == reference
    assert "to be decided" in typed(at_hub, "erasures")[1]
    assert reference in typed(at_hub, "erase", "confirm", "1")[1]
    assert typed(at_hub, "erase", "confirm", "1")[0] == 2
    assert typed(at_hub, "export", str(tmp_path))[0] == 0
    [answer] = tmp_path.glob("CD_*.cdb")
    assert typed(at_desk, "bundle", "import", str(answer))[0] in (0, 1)
    assert typed(at_desk, "erase", "list") == (1, "No erasure waits to be carried out.\n")
    assert typed(at_desk, "bundle", "export", str(tmp_path / "b.cdb"))[0] == 0
    assert typed(at_hub, "import", str(tmp_path / "b.cdb"))[0] == 1  # it only says what was done
    assert "erased on 1 of 1 desk" in typed(at_hub, "erasures")[1]
    assert typed(at_desk, "search", "quemeneur")[0] == 1
    assert typed(at_desk, "restore", copy)[0] == 0
    assert typed(at_desk, "search", "quemeneur")[0] == 1, "only looking does not erase"
    staff = tmp_path / "staff.csv"
    staff.write_text("Nom;Prénom;Matricule\nQUEMENEUR;Anne;000417\n", "utf-8")
    status, said = typed(at_desk, "import", str(staff))
    assert (status, "1 person is new" in said) == (0, True), said  # nothing knows her any more
    town.close()


@pytest.mark.parametrize(
    ("why", "said"), [("", ""), ("Une demande est en cours.", "\N{NO-BREAK SPACE}: Une demande")]
)
def test_a_declined_wish_is_told_at_the_desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], why: str, said: str
) -> None:
    town = Town(tmp_path)
    desk = town.desk("Yann")
    member = MemberId(add_member(desk, "Quemeneur"))
    desk.do(Action.MEMBER_REMOVED, lambda s: erasures.ask(s, member))
    town.up(desk)
    at_hub = ["--lang", "fr", "hub", "--hub", str(town.hub.folder.path)]

    assert main([*at_hub, "erase", "decline", "1", *(["--why", why] if why else [])]) == 0
    assert main([*at_hub, "erasures", "--json"]) == 0
    town.down(desk)
    desk.close()
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    at_desk = ["--lang", "fr", "--desk", str(desk.folder.path), "--passphrase-file", str(secret)]
    assert main([*at_desk, "erase", "list", "--json"]) == 0
    assert main([*at_desk, "erase", "list"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["state"] for line in lines[-3:-1]] == ["declined"] * 2
    assert [json.loads(line)["reason"] for line in lines[-3:-1]] == [why] * 2
    assert "refusé le " in lines[-1]
    assert said in lines[-1]
    town.close()
