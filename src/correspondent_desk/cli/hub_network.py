"""hub serve and hub address: the hub on the network."""

import ipaddress
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from correspondent_desk.cli.hub_opening import FILE, opened_hub, with_hub
from correspondent_desk.cli.legible import TEXT, Whole
from correspondent_desk.cli.output import Exit, end, say
from correspondent_desk.language import _

if TYPE_CHECKING:
    from correspondent_desk.hub.service.listening import Network


@click.command("address", help=_("Say where desks reach this hub; invitations then tell them."))
@click.argument("url", required=False, type=TEXT)
@click.option(
    "--ca",
    "certificate",
    type=FILE,
    help=_("The only certificate to be trusted there, if it is not one every computer trusts."),
)
@with_hub
def address(hub_folder: Path | None, url: str | None, certificate: Path | None) -> None:
    """Keep the address, or say it."""
    from correspondent_desk.hub import addresses
    from correspondent_desk.sync.online.addresses import checked

    told = None if url is None else checked(url, certificate)
    with opened_hub(hub_folder) as opened:
        if told is not None:
            addresses.keep(opened, told)
        with opened.transaction() as connection:
            found = addresses.find(connection)
    if found is None:
        say(_("This hub has no address on the network."))
        end(Exit.NOTHING)
    say(_("Invitations tell desks to reach this hub at {url}.").format(url=found.url))


@click.command("serve", help=_("Serve desks over the network until it is stopped."))
@with_hub
@click.option(
    "--host",
    default="127.0.0.1",
    type=TEXT,
    metavar=_("ADDRESS"),
    show_default=True,
    help=_("Where to listen."),
)
@click.option("--port", default=8443, show_default=True, type=Whole(0, 65535))
@click.option("--cert", "certificate", type=FILE, help=_("The certificate, a PEM file."))
@click.option("--key", type=FILE, help=_("Its key, if it is not in the same file."))
@click.option(
    "--behind-proxy",
    "proxies",
    metavar=_("ADDRESS,…"),
    help=_("Only proxies at these addresses may connect; they speak HTTPS for the hub."),
)
@click.option(
    "--connections",
    default=512,
    show_default=True,
    type=Whole(8, 100_000),
    help=_("How many connections at once."),
)
@click.option("--log", is_flag=True, help=_("Say each request on standard error."))
def serve(  # noqa: PLR0913 - options of a command
    *,
    hub_folder: Path | None,
    host: str,
    port: int,
    certificate: Path | None,
    key: Path | None,
    proxies: str | None,
    connections: int,
    log: bool,
) -> None:
    """Serve from this process; a signal to stop lets what is under way end."""
    try:
        from correspondent_desk.hub import root
        from correspondent_desk.hub.service.limits import Limits
        from correspondent_desk.hub.service.server import Server, Serving
        from correspondent_desk.messages import trust
    except ModuleNotFoundError as error:
        raise click.UsageError(
            _("The parts that serve are not installed: install correspondent-desk[hub].")
        ) from error

    if proxies is not None and certificate is not None:
        raise click.UsageError(_("Give a certificate, or proxies that have one, not both."))
    if key is not None and certificate is None:
        raise click.UsageError(_("Give the certificate of this key as well, with --cert."))
    trusted = None if proxies is None else [_network(one.strip()) for one in proxies.split(",")]
    with _logging(is_talkative=log), opened_hub(hub_folder) as opened:
        server = Server(
            opened,
            Serving(
                host=host,
                port=port,
                certificate=certificate,
                key=key,
                proxies=trusted,
                limits=Limits(connections=connections),
            ),
        )
        scheme = "https" if certificate is not None else "http"
        shown = f"[{host}]" if ":" in host else host
        if root.is_disowned(opened):
            say(trust.key_given_up())
        say(_("The hub serves at {url}.").format(url=f"{scheme}://{shown}:{server.port}"))
        sys.stdout.flush()
        server.serve_until_stopped()
    say(_("The hub has stopped."))


def _network(text: str) -> "Network":
    """The address of a proxy, or a network of them."""
    if not text:
        raise click.UsageError(_("Name the addresses of the proxies, with commas between."))
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        told = _(
            "This is no address of a proxy: {text}. Write one like 10.0.0.2, or a network like 10.0.0.0/24."
        )
        raise click.UsageError(told.format(text=text)) from error


@contextmanager
def _logging(*, is_talkative: bool) -> Iterator[None]:
    """To standard error, for systemd or a container to keep; no names, no content."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    root, ours = logging.getLogger(), logging.getLogger("correspondent_desk.hub")
    root.addHandler(handler)
    ours.setLevel(logging.DEBUG if is_talkative else logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        ours.setLevel(logging.NOTSET)
