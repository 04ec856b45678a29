"""The command `correspondent-desk`: options, the commands' places, and how errors are said.

Commands import what they need when they run: a search from a cold start has a quarter of a second.
Their modules are loaded once the language is known, so that help texts may be translated in place.
"""

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from correspondent_desk import __version__, language
from correspondent_desk.cli.click_words import spoken
from correspondent_desk.cli.head_start import HeadStart, option
from correspondent_desk.cli.legible import PLACE
from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import (
    Exit,
    interrupted,
    is_unread,
    misused,
    refuse,
    stopped,
    survive_any_terminal,
)
from correspondent_desk.errors import DeskError
from correspondent_desk.language import _

# command: the module below this package that defines it, and its function there
COMMANDS = {
    "demo": "desk:demo",
    "new": "desk:new",
    "doctor": "desk:doctor",
    "copies": "copies:copies",
    "restore": "copies:restore",
    "recover": "recover:recover",
    "rescue": "rescue:rescue",
    "sites": "desk:sites",
    "search": "search:search",
    "show": "members:show",
    "edit": "members:edit",
    "erase": "erasures:erase",
    "import": "lists:import_list",
    "export": "lists:export",
    "today": "work:today",
    "undo": "work:undo",
    "redo": "work:redo",
    "history": "work:history",
    "disagreements": "exchange:disagreements",
    "settle": "exchange:settle",
    "enrol": "exchange:enrol",
    "exchange": "exchange:exchange",
    "bundle": "exchange:bundle",
    "hub": "hub:hub",
}


class Commands(click.Group):
    """The commands, each loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of a day's work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        del ctx
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, function = place.split(":")
        command = getattr(import_module(f"correspondent_desk.cli.{module}"), function)
        assert isinstance(command, click.Command)  # noqa: S101 - the table above is ours
        _word(command)
        return command


def _word(command: click.Command) -> None:
    """Name the places of command in the language in use."""
    command.options_metavar = _("[OPTIONS]")
    if isinstance(command, click.Group):
        command.subcommand_metavar = _("COMMAND [ARGUMENTS]…")
        for inner in command.commands.values():
            _word(inner)


def program(head_start: HeadStart | None = None) -> click.Group:
    """The command with its options, in the language in use."""

    @click.group(
        cls=Commands,
        invoke_without_command=True,
        help=_("Correspondent Desk. Without a command, opens the window."),
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    @click.option(
        "--desk",
        "folder",
        type=PLACE,
        metavar=_("FOLDER"),
        help=_("The folder of the desk."),
    )
    @click.option(
        "--lang", type=click.Choice(language.LANGUAGES), help=_("The language: French or English.")
    )
    @click.option(
        "--passphrase-file",
        type=PLACE,
        metavar=_("FILE"),
        help=_("A file whose first line is the passphrase."),
    )
    @click.version_option(__version__, help=_("Show the version."))
    @click.pass_context
    def correspondent_desk(
        ctx: click.Context, folder: Path | None, lang: str | None, passphrase_file: Path | None
    ) -> None:
        ctx.obj = Desk(folder, passphrase_file, head_start, lang)
        if ctx.invoked_subcommand is None:
            from correspondent_desk.cli.window import open_window

            ctx.exit(open_window(ctx.obj.folder, lang))

    _word(correspondent_desk)
    return correspondent_desk


def _language(words: list[str]) -> str:
    """What --lang says, wherever the options are read later; else the environment, the system."""
    for chosen in (option(words, "--lang"), os.environ.get("CORRESPONDENT_DESK_LANG", "")):
        if chosen in language.LANGUAGES:
            return chosen
    return language.of_the_system()


def main(arguments: list[str] | None = None, head_start: HeadStart | None = None) -> int:
    """Run one command; the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    survive_any_terminal()
    language.use(_language(words))
    with spoken():
        return int(_run(words, head_start))


def say_why(error: DeskError | OSError) -> int:
    """Say on standard error why there is no window; the exit status."""
    survive_any_terminal()
    language.use(_language([]))
    return refuse(error) if isinstance(error, DeskError) else stopped(error)


def _run(words: list[str], head_start: HeadStart | None) -> int:
    try:
        ended = program(head_start).main(
            args=words, prog_name="correspondent-desk", standalone_mode=False
        )
    except DeskError as error:
        return refuse(error)
    except click.Abort as aborted:
        return interrupted() if isinstance(aborted.__cause__, KeyboardInterrupt) else Exit.REFUSED
    except click.ClickException as error:
        return misused(error)
    except SystemExit:  # so click ends where nobody reads standard output any more
        return Exit.UNREAD
    except OSError as error:
        return Exit.UNREAD if is_unread(error) else stopped(error)
    return ended if isinstance(ended, int) else Exit.DONE
