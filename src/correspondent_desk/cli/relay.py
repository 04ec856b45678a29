"""bundle export --to, bundle desks: from desk to desk of one office, without the hub."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import Exit, end, say, say_listed, say_object
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import relaying

if TYPE_CHECKING:
    from correspondent_desk.sync.relay import ColleagueRow
    from correspondent_desk.sync.sending import Prepared


def export_for(desk: Desk, file: Path, wanted: str, *, as_json: bool) -> None:
    """Write one bundle for another desk: to a file, or to its place on a stick."""
    from correspondent_desk.sync import relay

    with desk.carrying() as store:
        to = store.read(lambda s: relay.named(s, wanted))
        if file.is_dir():
            prepared = relay.put_for(store, file, to)
        else:
            prepared = relay.prepare_for(store, to.signing, file)
    if prepared is None:
        say(_("{desk} has everything already.").format(desk=to.name))
        end(Exit.NOTHING)
    say_passed_on([(to, prepared)], as_json=as_json)


def say_passed_on(made: "Iterable[tuple[ColleagueRow, Prepared]]", *, as_json: bool) -> None:
    """What was made for other desks, a line each."""
    for to, prepared in made:
        if as_json:
            say_object(
                {
                    "file": str(prepared.path),
                    "desk": to.number,
                    "number": prepared.number,
                    "operations": prepared.operations,
                    "size": prepared.size,
                }
            )
            continue
        told = ngettext(
            "{file} is ready for {desk}, with {n} change.",
            "{file} is ready for {desk}, with {n} changes.",
            prepared.operations,
        )
        say(told.format(file=prepared.path, desk=to.name, n=prepared.operations))
        if to.heard_at is None:
            say(relaying.carries_all())


def list_desks(desk: Desk, *, as_json: bool) -> None:
    """The other desks of the office that this one believes."""
    from correspondent_desk.sync import relay

    with desk.looking_into() as store:
        found = store.read(relay.colleagues)
    say_listed(
        found,
        _object,
        _in_words,
        as_json=as_json,
        nothing=_("The hub has told of no other desk of this office that is trusted."),
    )


def _in_words(one: "ColleagueRow") -> str:
    heard = _day(one.heard_at) or _("never")
    told = _("{number} · {desk} · {person} · its last file: {when}")
    return told.format(number=one.number, desk=one.name, person=one.person, when=heard)


def _day(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone().strftime("%d/%m/%Y")


def _object(one: "ColleagueRow") -> dict[str, object]:
    return {
        "number": one.number,
        "name": one.name,
        "person": one.person,
        "heard_at": _instant(one.heard_at),
        "said_at": _instant(one.said_at),
    }


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
