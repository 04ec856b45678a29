"""The exchange on the command line: two desks and a hub, as two offices' people would type it."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from correspondent_desk import language
from correspondent_desk.cli.main import main
from correspondent_desk.domain.actions import Action
from correspondent_desk.store.database import open_store
from correspondent_desk.store.tables import Member
from correspondent_desk.store.vault import DeskFolder, unlock
from tests.builders import PASSPHRASE, add_member, new_folder

DONE, NOTHING, REFUSED, WAITING, NEEDS_PERSON = range(5)


@dataclass
class Shell:
    """Types commands; keeps what they said."""

    path: Path
    capsys: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""
    desks: list[str] = field(default_factory=list)

    def __call__(self, *words: object) -> int:
        status = main([str(word) for word in words])
        self.out, self.err = self.capsys.readouterr()
        return status

    def at(self, desk: str, *words: object) -> int:
        """A command at a desk."""
        secret = self.path / "secret.txt"
        secret.write_text(PASSPHRASE)
        return self("--desk", self.path / desk, "--passphrase-file", secret, *words)

    def hub(self, *words: object) -> int:
        return self("hub", *words, "--hub", self.path / "hub")

    def objects(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def desk(self, name: str) -> None:
        new_folder(self.path / name)
        self.hub("invite", "Mairie de Valbrune", self.path / f"{name}.cdinvite")
        assert self.at(name, "enrol", self.path / f"{name}.cdinvite", "--name", name) == DONE

    def write(self, desk: str, name: str, **columns: str) -> None:
        """Save columns of the member of that name, made if need be."""
        folder = DeskFolder(self.path / desk)
        store = open_store(folder, unlock(folder, PASSPHRASE))
        store.person = desk
        found = store.read(lambda s: s.query(Member.id).filter_by(family_name=name).scalar())
        if found is None:
            add_member(store, name, **columns)
        else:

            def work(session: Session) -> None:
                for column, value in columns.items():
                    setattr(session.get_one(Member, found), column, value)

            store.do(Action.MEMBER_EDITED, work)
        store.close()

    def note(self, desk: str) -> str:
        folder = DeskFolder(self.path / desk)
        store = open_store(folder, unlock(folder, PASSPHRASE))
        found: str = store.read(lambda s: s.query(Member).one().note)
        store.close()
        return found


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    typed = Shell(tmp_path, capsys)
    assert typed.hub("init", "--name", "Comité Ouest") == DONE
    assert typed.hub("office", "add", "Mairie de Valbrune") == DONE
    for folder in ("stick", "out", "shared"):
        (tmp_path / folder).mkdir()
    return typed


def exchange_by_stick(shell: Shell, *desks: str) -> None:
    stick, out = shell.path / "stick", shell.path / "out"
    for desk in desks:
        shell.at(desk, "bundle", "export", stick)
    shell.hub("import", *sorted(stick.iterdir()))
    shell.hub("export", out, "--json")
    for line in shell.objects():
        shell.at(str(line["name"]), "bundle", "import", str(line["file"]))
    for file in (*stick.iterdir(), *out.iterdir()):
        file.unlink()


def test_the_whole_exchange_by_stick(shell: Shell) -> None:
    shell.desk("accueil")
    shell.desk("annexe")
    shell.write("accueil", "Le Goff", note="Was")
    exchange_by_stick(shell, "accueil", "annexe")
    exchange_by_stick(shell, "accueil", "annexe")
    shell.write("accueil", "Le Goff", note="By the harbour", service="Laundry")
    shell.write("annexe", "Le Goff", note="By the church")
    exchange_by_stick(shell, "accueil", "annexe")
    exchange_by_stick(shell, "accueil", "annexe")

    assert shell.at("annexe", "disagreements", "--json") == DONE
    [open_] = shell.objects()
    assert (open_["field"], open_["kind"], open_["soft"]) == ("note", "member", False)
    assert open_["before"] == {"note": "Was"}
    here, there = open_["here"], open_["there"]
    assert isinstance(here, dict)
    assert isinstance(there, dict)
    assert (here["value"], here["person"], here["mine"]) == (
        {"note": "By the church"}, "annexe", True,
    )  # fmt: skip
    assert (there["value"], there["person"]) == ({"note": "By the harbour"}, "accueil")

    assert shell.at("annexe", "settle", open_["id"], "both") == DONE
    exchange_by_stick(shell, "accueil", "annexe")

    both = "By the church\n\nBy the harbour"
    assert shell.note("accueil") == shell.note("annexe") == both
    assert shell.at("accueil", "disagreements") == NOTHING
    assert shell.at("annexe", "settle", open_["id"], "here") == REFUSED
    assert "[no-such-disagreement]" in shell.err


def test_another_value_may_be_written(shell: Shell) -> None:
    shell.desk("accueil")
    shell.desk("annexe")
    shell.write("accueil", "Le Goff")
    for _ in range(2):
        exchange_by_stick(shell, "accueil", "annexe")
    shell.write("accueil", "Le Goff", matricule="00123")
    shell.write("annexe", "Le Goff", matricule="00132")
    for _ in range(2):
        exchange_by_stick(shell, "accueil", "annexe")
    shell.at("accueil", "disagreements", "--json")
    [open_] = shell.objects()

    assert shell.at("accueil", "settle", open_["id"], "--value", "00321") == DONE
    assert shell.at("accueil", "settle", open_["id"]) == REFUSED
    exchange_by_stick(shell, "accueil", "annexe")

    assert shell.at("annexe", "search", "00321", "--json") == DONE
    assert len(shell.objects()) == 1


def test_offices_are_named_before_any_desk_and_after(shell: Shell) -> None:
    assert shell.hub("office", "add", "Atelier d’Orvault") == DONE
    assert shell.hub("desks") == NOTHING
    first, nobody, second, none_either = shell.out.splitlines()
    assert first.startswith("Atelier d’Orvault (")
    assert second.startswith("Mairie de Valbrune (")
    assert nobody == none_either == f"  {language._('No desk has enrolled yet.')}"
    code = second.partition("(")[2].rstrip(")")
    assert shell.hub("invite", code, shell.path / "a.cdinvite") == DONE
    assert shell.hub("desks", "--json") == NOTHING
    assert shell.out == ""

    shell.desk("accueil")
    shell.write("accueil", "Le Goff")
    shell.at("accueil", "exchange", shell.path / "shared")
    shell.hub("exchange", shell.path / "shared")

    assert shell.hub("desks") == DONE
    assert shell.out.splitlines()[:3] == [first, nobody, second]
    assert shell.out.splitlines()[3].startswith(f"  {code} 1 · accueil")


def test_each_command_ends_with_its_status(shell: Shell) -> None:
    stick, out = shell.path / "stick", shell.path / "out"
    shell.desk("accueil")
    shell.write("accueil", "Le Goff")
    assert shell.at("accueil", "bundle", "export", stick / "a.cdb", "--json") == DONE
    [exported] = shell.objects()
    assert exported["operations"] == 1
    assert shell.hub("import", stick / "a.cdb", "--json") == DONE
    [arrival] = shell.objects()
    assert (arrival["fate"], arrival["enrolled"], arrival["operations"]) == ("new", True, 1)
    assert shell.hub("import", stick / "a.cdb") == NOTHING
    assert shell("--lang", "fr", "bundle", "inspect", stick) == REFUSED
    assert shell.err.startswith(f"{stick}\N{NO-BREAK SPACE}:\n{stick} est un dossier")
    assert shell.hub("import", shell.path / "secret.txt") == REFUSED
    assert "[bundle:not-a-bundle]" in shell.err
    assert shell.hub("desks", "--json") == DONE
    [desk] = shell.objects()
    assert (desk["name"], desk["desk"], desk["to_receive"]) == ("accueil", 1, 0)
    assert shell.hub("export", out) == DONE
    [file] = out.iterdir()
    assert shell("bundle", "inspect", file, "--json") == DONE
    [inspected] = shell.objects()
    assert inspected["format"] == "1.0"
    assert shell.at("accueil", "bundle", "preview", file, "--json") == NOTHING
    [preview] = shell.objects()
    assert (preview["sender"], preview["fate"]) == ("Comité Ouest", "nothing-new")
    assert preview["acknowledged"] == 1
    assert shell.at("accueil", "bundle", "import", file) == NOTHING
    told = language._("The committee has received file no. {number} of this desk.").format(number=1)
    assert shell.out.splitlines()[1:] == [told]
    assert shell.at("accueil", "bundle", "export", stick) == NOTHING
    assert shell.hub("export", out) == NOTHING
    assert shell.hub("export", shell.path / "nowhere") == REFUSED
    assert "[bundle-write:no-folder]" in shell.err
    assert [shell.hub("revoke", "Mairie de Valbrune", "1") for _ in range(2)] == [DONE, NOTHING]
    assert shell("hub", "desks") == REFUSED
    assert shell("hub", "desks", "--hub", shell.path / "out") == REFUSED
    assert "[no-hub-here]" in shell.err


def test_the_shared_folder_on_the_command_line(shell: Shell) -> None:
    shell.desk("accueil")
    shell.desk("annexe")
    shared = shell.path / "shared"
    shell.write("accueil", "Le Goff", note="Was")
    for _ in range(3):
        for desk in ("accueil", "annexe"):
            shell.at(desk, "exchange", shared)
        shell.hub("exchange", shared)
    shell.write("accueil", "Le Goff", note="By the harbour")
    shell.write("annexe", "Le Goff", note="By the church")
    for desk in ("accueil", "annexe"):
        assert shell.at(desk, "exchange", shared, "--json") == DONE
    assert shell.hub("exchange", shared) == DONE
    for_both = (shared / "from-hub").rglob("*.cdb")

    ends = {shell.at("accueil", "bundle", "preview", one) for one in for_both}
    assert ends == {NEEDS_PERSON, REFUSED}  # the other one is for the other desk
    assert shell.at("accueil", "exchange", shared, "--json") == NEEDS_PERSON
    report, prepared = shell.objects()
    assert (report["fate"], report["disagreements"]) == ("new", 1)
    assert prepared["operations"] == 0
    assert shell.hub("exchange", shared) == NOTHING
    assert shell.hub("exchange", shared) == NOTHING


def test_what_removes_many_goes_on_by_the_words_that_the_refusal_tells(shell: Shell) -> None:
    shell.desk("accueil")
    shell.desk("annexe")
    shared = shell.path / "shared"

    def round_() -> None:
        for desk in ("accueil", "annexe"):
            shell.at(desk, "exchange", shared)
        shell.hub("exchange", shared)

    people = shell.path / "people.csv"
    people.write_text("Nom;Prénom\n" + "".join(f"Le Goff{n};Anne\n" for n in range(30)))
    assert shell.at("accueil", "import", people) == DONE
    for _ in range(3):
        round_()
    assert shell.at("accueil", "undo") == DONE
    round_()

    assert shell.at("annexe", "exchange", shared) == REFUSED
    assert "--remove-many" in shell.err
    assert shell.at("annexe", "exchange", shared, "--remove-many") == DONE
    assert shell.at("annexe", "search", "legoff") == NOTHING


@pytest.mark.parametrize("language", ["fr", "en"])
def test_people_are_told_in_their_language(shell: Shell, language: str) -> None:
    shell.desk("accueil")
    shell.write("accueil", "Le Goff")

    shell.at("accueil", "--lang", language, "bundle", "export", shell.path / "stick")

    expected = {"fr": "est prêt pour le serveur central, avec 1", "en": "is ready for the hub"}
    assert expected[language] in shell.out


def test_a_cut_file_is_told_without_a_key(shell: Shell) -> None:
    shell.desk("accueil")
    shell.write("accueil", "Le Goff")
    whole, other = shell.path / "stick" / "a.cdb", shell.path / "stick" / "b.cdb"
    shell.at("accueil", "bundle", "export", whole)
    content = whole.read_bytes()
    ends = []
    for kept in (0, 10, len(content) // 2, len(content) - 1):
        other.write_bytes(content[:kept])
        ends.append((shell("bundle", "inspect", other), shell.err.splitlines()[-1]))
    other.write_bytes(content + b"x")
    longer = shell("bundle", "inspect", other), shell.err.splitlines()[-1]

    assert shell("--lang", "en", "bundle", "inspect", whole) == DONE
    assert "Its length and form are right." in shell.out
    assert {status for status, _code in ends} == {REFUSED}
    assert ends[-1][1] == "[bundle:truncated]"
    assert longer == (REFUSED, "[bundle:damaged]")


def test_a_second_invitation_waits_for_the_answer_to_the_first(shell: Shell) -> None:
    shell.desk("accueil")
    other = shell.path / "other.cdinvite"
    shell.hub("invite", "Mairie de Valbrune", other)
    assert shell.at("accueil", "enrol", other) == DONE  # nothing was sent yet: any will do
    assert shell.at("accueil", "bundle", "export", shell.path / "a.cdb") == DONE
    third = shell.path / "third.cdinvite"
    shell.hub("invite", "Mairie de Valbrune", third)

    assert shell.at("accueil", "enrol", third) == REFUSED
    assert "[already-enrolled:waiting]" in shell.err
    shell.hub("import", shell.path / "a.cdb")
    shell.hub("export", shell.path / "out")
    [answer] = (shell.path / "out").iterdir()
    shell.at("accueil", "bundle", "import", answer)
    assert shell.hub("desks", "--json") == DONE
    assert len(shell.objects()) == 1


def test_a_desk_whose_invitation_had_served_is_not_told_that_all_is_well(shell: Shell) -> None:
    shell.desk("accueil")
    new_folder(shell.path / "annexe")
    assert shell.at("annexe", "enrol", shell.path / "accueil.cdinvite") == DONE
    shared = shell.path / "shared"
    shell.write("accueil", "Le Goff")
    shell.at("accueil", "exchange", shared)
    assert shell.hub("exchange", shared) == DONE
    shell.write("annexe", "Le Goff")
    assert shell.at("annexe", "exchange", shared) == DONE

    assert shell.hub("exchange", shared) == REFUSED
    assert "[bundle:invitation-used]" in shell.err

    assert shell.hub("exchange", shared) == NOTHING  # it was said, and the file still lies there
    assert shell.err == ""
    for _ in range(2):
        assert shell.at("annexe", "exchange", shared) == REFUSED
        assert "a déjà servi à un autre ordinateur" in shell.err
        assert "[hub-refused:invitation-used]" in shell.err
    assert shell.at("annexe", "doctor") == NEEDS_PERSON
    assert "a déjà servi à un autre ordinateur" in shell.out
    assert shell.hub("import", *(shared / "to-hub").rglob("*.cdb")) == REFUSED
    assert "[bundle:invitation-used]" in shell.err
    shell.at("accueil", "exchange", shared)
    shell.hub("exchange", shared)
    assert shell.at("accueil", "exchange", shared) == NOTHING
