"""What click itself says, in our catalogue: it asks gettext for its words, by domain.

The words stand here for translators and their tools; click asks for them from its own modules.
"""

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager

from correspondent_desk import language
from correspondent_desk.language import _, ngettext

_VARIABLE = "LANGUAGE"  # where gettext looks first for the language to speak


@contextmanager
def spoken() -> Iterator[None]:
    """Let click speak the language in use."""
    before, domain = os.environ.get(_VARIABLE), gettext.textdomain()
    gettext.bindtextdomain(language.DOMAIN, language.I18N)
    gettext.textdomain(language.DOMAIN)
    os.environ[_VARIABLE] = language.code()
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            os.environ.pop(_VARIABLE, None)
        else:
            os.environ[_VARIABLE] = before


def words() -> list[str]:
    """What click may say of our commands, in the language in use."""
    return [
        _("Usage:"),
        _("Options"),
        _("Commands"),
        _("Positional arguments"),
        _("Show this message and exit."),
        _("%(prog)s, version %(version)s"),
        _("default: {default}"),
        _("required"),
        _("Aborted!"),
        _("Error: {message}"),
        _("Try '{command} {option}' for help."),
        _("Missing command."),
        _("Missing argument"),
        _("Missing option"),
        _("Missing parameter"),
        _("Missing {param_type}"),
        _("Missing parameter: {param_name}"),
        _("No such option {name!r}."),
        _("No such command {name!r}."),
        _("Invalid value: {message}"),
        _("Invalid value for {param_hint}: {message}"),
        _("Could not open file {filename!r}: {message}"),
        _("Argument {name!r} takes {nargs} values."),
        _("Option {name!r} does not take a value."),
        _("Choose from:\n\t{choices}"),
        _("{value!r} is not a valid {number_type}."),
        _("{value} is not in the range {range}."),
        _("Repeat for confirmation"),
        _("Error: The two entered values do not match."),
        ngettext(
            "Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 1
        ),
        ngettext(
            "Option {name!r} requires an argument.",
            "Option {name!r} requires {nargs} arguments.",
            1,
        ),
        ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1),
        ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 1),
    ]
