"""What an exchange over the network did, or why it did not come about and what to do."""

from datetime import date
from typing import TYPE_CHECKING

from correspondent_desk.errors import DeskError
from correspondent_desk.language import _, grouped, ngettext

if TYPE_CHECKING:  # the sentences of errors need none of it
    from correspondent_desk.sync.online.exchange import OnlineReport

Told = tuple[str, str]

_CALM = {"hub-unreachable", "exchange-stopped", "hub-refused:busy", "hub-refused:too-slow"}


def report_in_words(report: "OnlineReport", today: date) -> list[str]:
    """What was received, and what the hub made of what was sent; troubles have sentences of their own."""
    from correspondent_desk.messages import bundles

    lines = [line for one in report.received for line in bundles.report_in_words(one, today)]
    lines += _receipt(report)
    if report.rescued:
        lines.append(
            _("The committee has the work of this computer from before, and will look at it.")
        )
    lines += [
        _(
            "The committee’s hub does not take the work of this computer from before; it lies in"
            " {file}. Ask the committee what becomes of it."
        ).format(file=one.path)
        for one in report.not_rescued
    ]
    if not lines and not report.did_something and trouble_of(report) is None:
        lines.append(_("Nothing to take and nothing to send."))
    return lines


def trouble_of(report: "OnlineReport") -> DeskError | None:
    """What kept the exchange from being all that it should be; None if nothing did."""
    from correspondent_desk.sync.online.exchange import trouble_of as trouble_of_receipt

    if report.trouble is not None:
        return report.trouble
    return report.refused[0].error if report.refused else trouble_of_receipt(report.receipt)


def is_calm(error: DeskError) -> bool:
    """Whether the trouble is of the kind that passes by itself: said, but not as a problem."""
    return error.code in _CALM or error.full_code in _CALM


def _receipt(report: "OnlineReport") -> list[str]:
    from correspondent_desk.sync.online.wire import Fate

    if report.receipt is None:
        return []
    match report.receipt.fate:
        case Fate.REFUSED:
            return []
        case Fate.WAITING:
            return [_("The hub has what was sent; it waits there for an earlier file.")]
        case Fate.NONE:
            return [_("The hub has what was sent, and is still taking it in.")]
        case _:
            count = sum(one.operations for one in report.sent)
            told = ngettext(
                "The hub has taken in {n} change.", "The hub has taken in {n} changes.", count
            ).format(n=grouped(count))
            return [told] if count else [_("The hub knows now that this desk has its last file.")]


def said(error: DeskError) -> Told | None:
    """The two sentences with their named places still open; None for what is not of the network."""
    match error.code:
        case "hub-unreachable":
            return _unreachable(error.reason)
        case "hub-not-trusted":
            return _not_trusted(error.reason)
        case "hub-refused":
            return _refused(error.reason)
        case "no-hub-address":
            return (
                _("This desk does not know where the hub is on the network."),
                _("Exchange by a file: the hub’s next one may bring the address."),
            )
        case "exchange-stopped":
            return _("The exchange was stopped."), _("Nothing is lost: the next one goes on.")
        case "cannot-serve":
            return _cannot_serve(error.reason)
        case "bad-address" if error.reason == "certificate":
            return (
                _("There is no certificate in this file: {text}."),
                _("Give a PEM file, which begins with BEGIN CERTIFICATE."),
            )
        case "bad-address":
            return (
                _("This is not an address that desks can reach: {text}."),
                _("Write it like https://hub.example.org."),
            )
        case _:
            return None


def _unreachable(reason: str) -> Told:
    calm = _("Nothing is lost: try later, or exchange by a file.")
    match reason:
        case "no-network":
            return _("This computer is not connected to a network."), calm
        case "no-such-name":
            return _("The hub was not found on the network: {host}."), calm
        case "closed" | "no-answer":
            return _("The hub does not answer: {host}."), calm
        case "cut":
            return (
                _("The connection to the hub was cut."),
                _("Nothing is lost: the next exchange goes on from there."),
            )
        case "proxy":
            return (
                _("The network’s proxy does not let this program through to {host}."),
                _("Ask the network’s administrator, or exchange by a file."),
            )
        case _:
            return _("The hub cannot be reached: {host}."), calm


def _not_trusted(reason: str) -> Told:
    match reason:
        case "out-of-date":
            return (
                _(
                    "The certificate of {host} is out of date, or the clock of this computer is wrong."
                ),
                _("Check the date of this computer. Nothing was sent; a file works as well."),
            )
        case "other-name":
            return (
                _("The certificate of {host} was made for another address."),
                _("Nothing was sent. Tell the committee; a file works as well."),
            )
        case "not-secure":
            return (
                _("The address of the hub is not a secure one: {host}."),
                _("Nothing was sent. Ask the committee for a new invitation."),
            )
        case "not-a-hub":
            return (
                _("{host} answers, but not as a hub: the network may want you to sign in first."),
                _("Open a web page to see. Nothing was sent; a file works as well."),
            )
        case "other-hub":
            return (
                _("{host} is not the hub that invited this desk."),
                _("Nothing was sent. Tell the committee; a file works as well."),
            )
        case _:
            return (
                _("This computer does not know who vouches for {host}."),
                _("Nothing was sent. Tell the committee; a file works as well."),
            )


def uninvited(why: str) -> str:
    """The hub takes nothing with this desk's invitation. why: as ExchangeStatus.uninvited."""
    return " ".join(_refused(why))


def forgotten() -> str:
    """The store was put back to before this desk joined: ExchangeStatus.has_forgotten."""
    return _(
        "The copy that was brought back here was made before this desk joined its office, so it"
        " exchanges with nobody. Ask the committee for a new invitation to the same office: with the"
        " first answer, all that was sent comes back. The committee should no longer accept the former"
        " desk of this computer."
    )


def _refused(reason: str) -> Told:
    return (
        _refused_desk(reason)
        or _refused_invitation(reason)
        or _refused_bundle(reason)
        or (
            _("The hub is in trouble and could not do it ({code})."),
            _("Nothing is lost: try later, or exchange by a file."),
        )
    )


def _refused_desk(reason: str) -> Told | None:
    match reason:
        case "revoked":
            return (
                _("The committee no longer accepts this desk."),
                _("What you write stays here. Call the committee: it can invite this desk again."),
            )
        case "unknown-desk":
            return (
                _("The hub does not know this desk."),
                _("Nothing is lost. Ask the committee for a new invitation."),
            )
        case "update-desk":
            return (
                _("The hub speaks a newer language than this program."),
                _("Update this program; until then, a file works as well."),
            )
        case "update-hub":
            return (
                _("The hub is older than this program."),
                _("Tell the committee; until then, a file works as well."),
            )
        case "busy":
            return _("The hub is busy."), _("Nothing is lost: try again in a few minutes.")
        case "full":
            return (
                _("The hub has no room left."),
                _("Nothing is lost: tell the committee and try later."),
            )
        case "too-large":
            return (
                _("There is too much to send at once over the network."),
                _("Prepare a file for the hub instead."),
            )
        case "too-slow":
            return (
                _("The connection is too slow."),
                _("Nothing is lost: the next exchange goes on, or a file works as well."),
            )
        case _:
            return None


def _refused_invitation(reason: str) -> Told | None:
    match reason:
        case "invitation-used":
            return (
                _("The invitation of this desk already served for another computer."),
                _("Ask the committee for one of its own."),
            )
        case "invitation-expired":
            return _("The invitation of this desk has expired."), _("Ask for a new one.")
        case "invitation-withdrawn":
            return (
                _("The committee has withdrawn the invitation of this desk."),
                _("Ask for a new one."),
            )
        case "invitation-unknown" | "bad-proof":
            return (
                _("The hub does not know the invitation of this desk."),
                _("Ask the committee for a new one."),
            )
        case _:
            return None


def _refused_bundle(reason: str) -> Told | None:
    match reason:
        case "bundle-forked-log":
            return (
                _("This desk was put back from a copy, or copied: the hub knew more of it."),
                _("Nothing is lost: exchange once more."),
            )
        case "bundle-stale-key" | "bundle-wrong-recipient":
            return (
                _("The hub has changed its key meanwhile."),
                _("Nothing is lost: exchange once more."),
            )
        case "bundle-needs-update":
            return (
                _("The hub is older than this program and cannot read what it sent."),
                _("Nothing is lost: tell the committee. It is sent again later."),
            )
        case _ if reason.startswith("bundle-"):
            return (
                _("The hub did not take in what this desk sent ({code})."),
                _("Nothing is lost: it is sent again. Tell the committee if this comes back."),
            )
        case _:
            return None


def _cannot_serve(reason: str) -> Told:
    match reason:
        case "plain-http":
            return (
                _("Without a certificate, the hub only serves this computer."),
                _("Give --cert and --key, or --behind-proxy with the addresses of the proxies."),
            )
        case "in-use":
            return (
                _("Another program uses this port already: {port}."),
                _("Stop it, or choose another with --port."),
            )
        case "no-such-address":
            return (
                _("This computer has no such address: {host}."),
                _("Give one of its own with --host; 0.0.0.0 means all of them."),
            )
        case "certificate":
            return (
                _("The certificate and its key cannot be used: {path}."),
                _("Give two PEM files that belong together, without a passphrase."),
            )
        case _:
            return (
                _("The hub cannot listen at {host}, port {port}."),
                _("Choose another port with --port, or ask for the right to use this one."),
            )
