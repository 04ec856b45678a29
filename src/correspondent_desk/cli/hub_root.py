"""hub root, hub directory: the key in the safe, and what it vouches for."""

from datetime import UTC, datetime
from pathlib import Path

import click

from correspondent_desk.cli.hub_opening import FILE, opened_hub, with_hub
from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import Exit, end, say
from correspondent_desk.hub.person import account_name
from correspondent_desk.language import _, ngettext


@click.command("root", help=_("Make the root key of this hub in a file that belongs in a safe."))
@click.argument("file", type=FILE)
@with_hub
@click.pass_obj
def root(desk: Desk, file: Path, hub_folder: Path | None) -> None:
    """Make the key, sealed with a passphrase, and sign the first directory."""
    from correspondent_desk.hub import root as keys

    with opened_hub(hub_folder) as opened:
        made = keys.make(opened, file, desk.new_passphrase(), by=account_name())
    say(_("The root key is in {file}. Its fingerprint:").format(file=file))
    say(made.fingerprint)
    say(
        _(
            "Keep the file and its passphrase apart from this computer, in a safe, and the"
            " fingerprint on paper. New invitations name this key."
        )
    )


@click.command("directory", help=_("What the root key vouches for; with its file, sign it anew."))
@click.argument("file", type=FILE, required=False)
@click.option(
    "--new-key",
    type=click.Choice(["planned", "stolen"]),
    help=_("Give the hub a new signing key; after a theft, those before are believed no more."),
)
@with_hub
@click.pass_obj
def directory(desk: Desk, file: Path | None, new_key: str | None, hub_folder: Path | None) -> None:
    """Say or sign the directory."""
    from correspondent_desk.hub import root as keys
    from correspondent_desk.messages import trust

    if new_key is not None and file is None:
        raise click.UsageError(_("A new key needs the file of the root key."))

    with opened_hub(hub_folder) as opened:
        if file is None:
            found = keys.newest(opened)
        else:
            wanted = keys.NewKey(new_key or "none")
            found = keys.publish(opened, file, desk.passphrase(), new_key=wanted, by=account_name())
        unsaid = keys.revoked_since(opened)
        is_disowned = keys.is_disowned(opened)
    if found is None:
        say(_("This hub has no root key."))
        end(Exit.NOTHING)
    told = found.directory
    made = datetime.fromtimestamp(told.made / 1000, UTC)
    count = len(told.revoked)
    say(
        ngettext(
            "Signed on {date}, with {n} desk that is trusted no more.",
            "Signed on {date}, with {n} desks that are trusted no more.",
            count,
        ).format(date=made.astimezone().strftime("%d/%m/%Y"), n=count)
    )
    say(found.fingerprint)
    if new_key is not None:
        say(_("The hub has a new signing key. Start “hub serve” again wherever it runs."))
    is_stale = told.is_stale(datetime.now(UTC))
    if is_stale:
        say(_("It is more than 60 days old: sign it anew with the file of the root key."))
    if unsaid:
        say(_("A desk was revoked since: sign it anew with the file of the root key."))
    if is_disowned:
        say(trust.key_given_up())
    if is_stale or unsaid or is_disowned:
        end(Exit.NEEDS_PERSON)
