"""From desk to desk by commands, as somebody types them."""

from correspondent_desk.cli.output import Exit
from correspondent_desk.store import lock
from correspondent_desk.store.vault import DeskFolder
from tests.hub.test_commands import Shell, exchange_by_stick, shell

__all__ = ["shell"]
DONE, NOTHING, REFUSED = Exit.DONE, Exit.NOTHING, Exit.REFUSED


def at(shell: Shell, desk: str, *words: object) -> int:
    """A command at a desk, in English."""
    secret = shell.path / "secret.txt"
    return shell("--lang", "en", "--desk", shell.path / desk, "--passphrase-file", secret, *words)


def two_desks(shell: Shell) -> None:
    for name in ("accueil", "annexe"):
        shell.desk(name)
    for _ in range(2):
        exchange_by_stick(shell, "accueil", "annexe")


def test_a_file_for_a_colleague(shell: Shell) -> None:
    two_desks(shell)
    shell.write("accueil", "Le Goff", note="By the harbour")
    file = shell.path / "for-annexe.cdb"

    assert at(shell, "accueil", "bundle", "export", file, "--to", "annexe") == DONE
    assert shell.out.splitlines()[0] == f"{file} is ready for annexe, with 1 change."
    assert at(shell, "annexe", "bundle", "import", file) == DONE
    assert shell.note("annexe") == "By the harbour"
    assert at(shell, "accueil", "bundle", "desks", "--json") == DONE
    [annexe] = shell.objects()
    number = annexe["number"]
    assert at(shell, "accueil", "bundle", "export", file, "--to", number, "--json") == DONE
    [told] = shell.objects()
    assert (told["desk"], told["number"], told["operations"]) == (number, 2, 1)


def test_the_folder_of_the_desk_is_no_place_for_a_file(shell: Shell) -> None:
    two_desks(shell)
    shell.write("accueil", "Le Goff", note="By the harbour")
    place = shell.path / "accueil"

    for words in (["bundle", "export", place], ["exchange", place]):
        assert at(shell, "accueil", *words) == 2
        assert "keeps its own files" in shell.err


def test_a_stick_for_both(shell: Shell) -> None:
    two_desks(shell)
    shell.write("accueil", "Le Goff", note="By the harbour")
    stick = shell.path / "between them"
    stick.mkdir()

    assert at(shell, "accueil", "bundle", "export", stick, "--to", "annexe") == DONE
    assert at(shell, "annexe", "exchange", stick) == DONE
    assert shell.note("annexe") == "By the harbour"
    shell.write("annexe", "Le Goff", note="By the church")
    assert at(shell, "annexe", "exchange", stick) == DONE
    assert "is ready for accueil" in shell.out
    assert at(shell, "accueil", "exchange", stick) == DONE
    assert shell.note("accueil") == "By the church"


def test_none_is_left_when_the_others_are_revoked(shell: Shell) -> None:
    for name in ("annexe", "accueil"):  # numbered in the order in which the hub hears of them
        shell.desk(name)
        exchange_by_stick(shell, name)
    exchange_by_stick(shell, "accueil")
    assert shell.hub("revoke", "Mairie de Valbrune", "1") == DONE
    exchange_by_stick(shell, "accueil")

    assert at(shell, "accueil", "bundle", "desks") == NOTHING
    assert "no other desk of this office that is trusted" in shell.out


def test_desks_are_listed_and_found(shell: Shell) -> None:
    shell.desk("accueil")
    assert at(shell, "accueil", "bundle", "desks") == NOTHING
    assert shell.out == "The hub has told of no other desk of this office that is trusted.\n"
    assert at(shell, "accueil", "bundle", "export", shell.path / "x.cdb", "--to", "2") == REFUSED
    assert "[no-such-colleague" in shell.err
    shell.desk("annexe")
    for _ in range(2):
        exchange_by_stick(shell, "accueil", "annexe")

    folder = DeskFolder(shell.path / "accueil")
    held = lock.acquire(folder)  # as by a window
    assert at(shell, "accueil", "bundle", "desks") == DONE
    lock.release(folder, held)
    assert " · annexe · " in shell.out
    assert at(shell, "accueil", "bundle", "desks", "--json") == DONE
    assert [one["name"] for one in shell.objects()] == ["annexe"]
    assert at(shell, "accueil", "bundle", "export", shell.path / "x.cdb", "--to", "3") == REFUSED
    assert not (shell.path / "x.cdb").exists()
