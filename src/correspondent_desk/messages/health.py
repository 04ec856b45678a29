"""How a desk is: what `doctor` says, and whether somebody should look after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import bundles, dates, online, trust, values
from correspondent_desk.messages.errors import sentence
from correspondent_desk.records import office
from correspondent_desk.store import backup
from correspondent_desk.store.connection import NoStore, StoreDamaged
from correspondent_desk.store.database import Database
from correspondent_desk.store.places import PlaceRisk, Risk
from correspondent_desk.store.vault import DeskFolder, has_recovery
from correspondent_desk.sync import exchange


@dataclass(frozen=True, slots=True)
class _Finding:
    line: str
    is_well: bool = True


def report(folder: DeskFolder, store: Database) -> tuple[list[str], bool]:
    """A sentence for each thing looked at, and whether all is well. Reads the whole store."""
    today = datetime.now().astimezone().date()
    found = [
        _integrity(store),
        *_places(store),
        _recovery(folder),
        _copies(folder, today),
        *_exchange(store),
        *_sites(store),
    ]
    return [one.line for one in found], all(one.is_well for one in found)


def of_damaged(folder: DeskFolder, error: StoreDamaged | NoStore) -> list[str]:
    """As report, of a desk whose store cannot be opened any more."""
    today = datetime.now().astimezone().date()
    found = (_recovery(folder), _copies(folder, today))
    return [sentence(error), *(one.line for one in found)]


def _integrity(store: Database) -> _Finding:
    try:
        store.check()
    except StoreDamaged as error:
        return _Finding(sentence(error), is_well=False)
    return _Finding(_("The store is whole."))


def _places(store: Database) -> Iterator[_Finding]:
    for risk in store.warnings:
        yield _Finding(risk_in_words(risk), is_well=False)


def risk_in_words(risk: PlaceRisk) -> str:
    """Why the folder is not a good one, and what to do."""
    match risk.risk:
        case Risk.SYNCHRONISED:
            return _(
                "This folder is copied by {service} while it is in use, which can damage the desk."
                " Move the desk to a folder that only this computer uses."
            ).format(service=risk.service)
        case Risk.NETWORK:
            return _(
                "This folder is on a network drive ({service}): a cut connection can damage the"
                " desk. Move the desk to a folder on this computer."
            ).format(service=risk.service)
        case Risk.LOST:
            return _(
                "On {day} the program had been cut off, and the disk could not give back all that"
                " was saved before. Look at what you saved last, save again what is missing, and"
                " keep a copy of the desk on another disk."
            ).format(day=values.day(risk.noticed_on))


def _recovery(folder: DeskFolder) -> _Finding:
    if has_recovery(folder):
        return _Finding(_("A recovery code opens the desk if the passphrase is lost."))
    return _Finding(
        _("No recovery code opens this desk. Make a new recovery sheet in the settings."),
        is_well=False,
    )


def _copies(folder: DeskFolder, today: date) -> _Finding:
    copies = backup.copies(folder)
    if not copies:
        return _Finding(_("No copy of the store has been made yet."))
    newest = dates.day(copies[0].made_at.date(), today)
    told = ngettext("{n} copy; the newest: {day}.", "{n} copies; the newest: {day}.", len(copies))
    return _Finding(told.format(n=len(copies), day=newest))


def _exchange(store: Database) -> Iterator[_Finding]:
    status = exchange.status(store)
    if status.has_forgotten:
        yield _Finding(online.forgotten(), is_well=False)
    elif not status.is_enrolled:
        yield _Finding(_("This desk exchanges with no hub."))
    elif status.to_send:
        told = ngettext(
            "{n} change has not reached the hub yet.",
            "{n} changes have not reached the hub yet.",
            status.to_send,
        )
        yield _Finding(told.format(n=status.to_send))
    else:
        yield _Finding(_("The hub has everything."))
    if status.uninvited:
        yield _Finding(online.uninvited(status.uninvited), is_well=False)
    if status.is_doubled:
        yield _Finding(bundles.doubled(), is_well=False)
    if status.waits_since is not None:
        today = datetime.now().astimezone().date()
        is_late = (today - status.waits_since.astimezone().date()).days >= bundles.LATE_DAYS
        yield _Finding(bundles.waits_for_answer(status.waits_since, today), is_well=not is_late)
    if status.vouched_at is not None:
        yield _Finding(trust.vouched_long_ago(status.vouched_at), is_well=False)
    if status.disagreements:
        told = ngettext(
            "{n} disagreement between desks waits for you.",
            "{n} disagreements between desks wait for you.",
            status.disagreements,
        )
        yield _Finding(told.format(n=status.disagreements), is_well=False)
    if status.waiting:
        told = ngettext(
            "{n} file received waits for another one.",
            "{n} files received wait for another one.",
            len(status.waiting),
        )
        yield _Finding(told.format(n=len(status.waiting)), is_well=False)


def _sites(store: Database) -> Iterator[_Finding]:
    for alike in store.read(office.sites_of_one_name):
        told = _("{n} sites are called “{name}”. Make them one with: sites --unite.")
        yield _Finding(told.format(n=len(alike), name=alike[0].draft.name), is_well=False)
