"""The committee publishes a catalogue: every desk gets it, uses it, and no earlier one comes back."""

import codecs
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from correspondent_desk.cli.main import main
from correspondent_desk.hub import catalogue as published
from correspondent_desk.hub import recipients
from correspondent_desk.messages.bundles import preview_in_words, report_in_words
from correspondent_desk.messages.errors import sentence
from correspondent_desk.records import catalogue
from correspondent_desk.store.database import Database
from correspondent_desk.sync import catalogue as kept
from correspondent_desk.sync import exchange
from tests.keepers import ON_DISK
from tests.records.acts import NOW
from tests.sync.desks import Town

TEXT = """
version = {version}
valid_from = 2027-01-01
source = "Decision of 3 December 2026"
[documents]
ticket = {{ fr = "Billet", en = "Ticket" }}
[[benefits]]
code = "SPEC"
fr = "Spectacle"
en = "Show"
documents = ["ticket"]
"""


def text(version: int) -> bytes:
    return TEXT.format(version=version).encode()


@pytest.fixture
def town(town: Town) -> Iterator[Town]:
    yield town
    catalogue.adopt(b"")


def in_use(desk: Database) -> tuple[int, list[str]]:
    """The edition that the desk's program uses, and its benefits."""
    catalogue.adopt(desk.read(kept.text))
    return catalogue.edition().version, [one.code for one in catalogue.benefits()][:1]


def test_every_desk_gets_the_newest_and_the_hub_knows(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    before = in_use(here)
    published.publish(town.hub, text(7), by="Nathalie")

    town.round(here)
    half = published.newest_of(town.hub)
    for _ in range(2):
        town.round()
    late = town.desk("Driss")
    for _ in range(2):
        town.round()

    found = published.newest_of(town.hub)
    assert before[0] == 1
    assert in_use(here) == in_use(there) == in_use(late) == (7, ["SPEC"])
    assert half is not None
    assert (half.done, half.desks) == (0, 2)  # given, and not confirmed yet
    assert found is not None
    assert (found.done, found.desks, found.by) == (3, 3, "Nathalie")
    assert not any(one.has_news for one in recipients.every(town.hub))


def test_a_file_that_brings_only_a_catalogue_says_so(town: Town) -> None:
    desk = town.desk("Yann")
    town.round()
    town.round()
    published.publish(town.hub, text(7))
    file = town.written_for(desk)
    today = NOW.date()

    looked = preview_in_words(exchange.preview(desk, file), today)
    taken = report_in_words(exchange.apply(desk, file), today)

    for told in (looked, taken):
        assert "A newer catalogue of benefits." in told
        assert not any("Nothing new" in line for line in told)


def test_it_is_in_no_bundle_once_a_desk_has_it(town: Town) -> None:
    desk = town.desk("Yann")
    published.publish(town.hub, text(7))
    town.up(desk)
    with_it = town.written_for(desk)
    exchange.apply(desk, with_it)
    town.up(desk)

    [to] = recipients.every(town.hub)

    assert to.catalogue == 0


def test_a_lost_file_brings_it_the_next_time(town: Town) -> None:
    desk = town.desk("Yann")
    published.publish(town.hub, text(7))
    town.up(desk)
    town.written_for(desk).unlink()

    town.round()

    assert in_use(desk)[0] == 7


def test_no_version_goes_back_or_is_two_texts(town: Town) -> None:
    published.publish(town.hub, text(7))
    published.publish(town.hub, text(7))  # the same again

    for worse in (text(6), text(7).replace(b"Spectacle", b"Theatre")):
        with pytest.raises(published.CatalogueNotNewer):
            published.publish(town.hub, worse)
    assert published.publish(town.hub, text(8)).content.edition.version == 8


@ON_DISK
def test_the_number_of_the_shipped_one_is_taken(town: Town) -> None:
    with pytest.raises(published.CatalogueNotNewer, match="shipped"):
        published.publish(town.hub, text(catalogue.shipped_edition().version))
    assert published.newest_of(town.hub) is None


@ON_DISK
def test_a_desk_keeps_its_newest(town: Town) -> None:
    desk = town.desk("Yann")

    def keep(version: int) -> bool:
        return desk.keep(lambda s: kept.keep(s, kept.pack(version, text(version))))

    assert [keep(7), keep(6), keep(7), keep(8)] == [True, False, False, True]
    assert not desk.keep(lambda s: kept.keep(s, b"short"))
    assert desk.read(kept.held) == 8


@pytest.mark.parametrize(
    ("wrong", "reason", "said"),
    [
        (b"version = ", "syntax", "Line 1 "),
        (text(7).replace(b"2027-01-01", b'"soon"'), "unfit", ", “valid_from” has a value"),
        (text(0), "unfit", ", “version” has a value"),
        (text(7).replace(b"source", b"sauce"), "unknown-field", "the beginning has “sauce”"),
        (text(7).replace(b'fr = "Spectacle"\n', b""), "missing", "“benefits”, no. 1 lacks “fr”"),
        (text(7).replace(b'["ticket"]', b'["passport"]'), "no-such-document", "passport"),
        (text(7) + text(7)[text(7).index(b"[[") :], "code-twice", "twice"),
        (b"#" * (catalogue.MOST + 1), "too-long", "256 KB"),
        (b"# first\n\xff\xfe", "not-text", "Line 2 "),
        (text(7).replace(b"Decision", rb"\u001b[31mDecision"), "hidden-signs", "nobody can see"),
        (text(7).replace(b"Billet", rb"\u202eBillet"), "hidden-signs", "nobody can see"),
        (text(7).replace(b"Spectacle", rb"\u0007Spectacle"), "hidden-signs", "nobody can see"),
    ],
)
def test_what_is_no_catalogue_is_told_with_its_place(wrong: bytes, reason: str, said: str) -> None:
    with pytest.raises(catalogue.CatalogueUnfit) as error:
        catalogue.read(wrong)

    assert error.value.reason == reason
    told = sentence(error.value)
    assert said.removeprefix(", ") in told
    assert not any(word in told for word in ("Expected", "Invalid", "`", "$"))


def test_the_mark_of_windows_editors_is_read_over() -> None:
    assert catalogue.read(codecs.BOM_UTF8 + text(7)).edition == catalogue.read(text(7)).edition


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes among its files")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "catalogue.toml"
    os.mkfifo(pipe)
    with pytest.raises(catalogue.CatalogueUnfit):
        catalogue.read_file(pipe)


def test_an_unfit_or_earlier_one_leaves_the_one_that_ships() -> None:
    shipped = catalogue.benefits()
    try:
        assert catalogue.adopt(b"version = ")
        assert catalogue.benefits() == shipped
        catalogue.adopt(text(7))
        assert catalogue.benefits() != shipped
        assert catalogue.reasons()  # it names none, so those that ship stay
        assert catalogue.benefit("NAIS") is not None  # a request of before still has its name
        assert not catalogue.adopt(text(7))
    finally:
        catalogue.adopt(b"")
    assert catalogue.benefits() == shipped


@ON_DISK
def test_by_command(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--hub", str(town.hub.folder.path)]
    file = town.path / "catalogue.toml"
    file.write_bytes(text(7))
    town.desk("Yann")
    town.round()

    assert main(["--lang", "en", "hub", "catalogue", *where]) == 1
    assert main(["--lang", "en", "hub", "catalogue", "publish", str(file), *where]) == 0
    assert "0 of 1 desk has it." in capsys.readouterr().out
    assert main(["--lang", "en", "hub", "catalogue", *where]) == 0
    assert "Catalogue no. 7, in force from 01/01/2027: Decision" in capsys.readouterr().out
    file.write_bytes(text(6))
    assert main(["--lang", "en", "hub", "catalogue", "publish", str(file), *where]) == 2
    assert "number 7 is published" in capsys.readouterr().err
    file.write_bytes(text(9).replace(b"fr =", b"de ="))
    assert main(["--lang", "en", "hub", "catalogue", "publish", str(file), *where]) == 2
    assert "no catalogue" in capsys.readouterr().err
