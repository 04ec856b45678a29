"""search on the command line: from a cold start, or one answer for each line that is typed.

No SQLAlchemy: an answer has a quarter of a second and 80 MB.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict

import click

from correspondent_desk.cli.legible import TEXT, Whole
from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import Exit, end, iso, say, say_object
from correspondent_desk.language import _
from correspondent_desk.store.cold import ColdSearch, FoundMember


@click.command(help=_("Find members by name, phone or staff number."))
@click.argument("words", type=TEXT, nargs=-1, metavar=_("[WORDS]…"))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@click.option(
    "--lines", is_flag=True, help=_("Answer each line of standard input at once, in JSON.")
)
@click.option(
    "--limit",
    default=50,
    show_default=True,
    type=Whole(1, 100_000),
    metavar=_("NUMBER"),
    help=_("At most so many."),
)
@click.pass_obj
def search(desk: Desk, words: tuple[str, ...], as_json: bool, lines: bool, limit: int) -> None:
    """Print who is found."""
    if bool(words) == lines:
        raise click.UsageError(_("Write what to look for, or --lines."))
    # First, because the passphrase is still being stretched on the other core.
    tell = _tell_programs if as_json or lines else _tell_people()
    with ColdSearch(desk.existing(), desk.key()) as people:
        if lines:
            _answer_lines(people, limit)
            return
        answer = people.find(" ".join(words), limit)
    for one in answer:
        tell(one)
    if not answer:
        if not as_json:
            say(_("Nobody was found."))
        end(Exit.NOTHING)


def _answer_lines(people: ColdSearch, limit: int) -> None:
    for typed in _typed():
        found = [as_object(one) for one in people.find(typed, limit)]
        say_object({"words": typed, "found": found})


def _typed() -> Iterator[str]:
    """Lines of standard input as they come, as UTF-8 whatever the terminal speaks."""
    if sys.stdin is None:
        return
    for line in iter(sys.stdin.buffer.readline, b""):
        yield line.decode(errors="replace").strip()


def as_object(found: FoundMember) -> dict[str, object]:
    """The shape that docs/command-line.md promises."""
    return {
        "id": found.id,
        "civility": found.civility,
        "first_name": found.first_name,
        "usage_name": found.usage_name,
        "family_name": found.family_name,
        "birth_date": iso(found.birth_date),
        "site": found.site,
        "service": found.service,
        "phone": found.phone,
        "matricule": found.matricule,
        "status": found.status,
        "last_seen_on": iso(found.last_seen_on),
        "last_contact_on": iso(found.last_contact_on),
    }


def _tell_programs(found: FoundMember) -> None:
    say_object(as_object(found))


def _tell_people() -> Callable[[FoundMember], None]:
    """Prints 417  Mrs Anne LE GOFF · née KERVÉLEC · 12/03/1971 · Town hall · 000417 · 06 12…"""
    from correspondent_desk.domain.members import Civility, MemberRow, MemberStatus
    from correspondent_desk.messages import people

    def row(found: FoundMember) -> MemberRow:
        return MemberRow(
            **asdict(found)
            | {
                "civility": Civility.read(found.civility),
                "status": MemberStatus.read(found.status),
                "next_step": "",
                "next_due": None,
            }
        )

    def tell(found: FoundMember) -> None:
        shown = row(found)
        phone = people.phone(found.phone) if found.phone else ""
        told = (people.shown_name(shown), people.told_apart(shown), phone)
        say(f"{found.id}  {' · '.join(filter(None, told))}")

    return tell
