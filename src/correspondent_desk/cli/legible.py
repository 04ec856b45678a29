"""Texts that people type behind a command."""

from pathlib import Path
from typing import Any

import click

from correspondent_desk.domain.problems import LINE_LENGTH, has_hidden_signs
from correspondent_desk.language import _


class Legible(click.ParamType[str]):
    """A text in which every sign can be stored: a terminal may send bytes that are no letters."""

    name = "text"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """What stands for it in the help."""
        return _("TEXT")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text itself."""
        text = str(value)
        if text.isprintable():
            return text
        if any("\ud800" <= sign <= "\udfff" for sign in text):
            self.fail(_("Some letters cannot be read."), param, ctx)
        if has_hidden_signs(text):
            self.fail(_("This text holds signs that cannot be seen. Type it again."), param, ctx)
        return text


class Name(Legible):
    """What an office, a site, a person or a computer is called: one line, not too long."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name with single spaces, maybe nothing."""
        name = " ".join(super().convert(value, param, ctx).split())
        if len(name) > LINE_LENGTH:
            self.fail(_("This text is too long."), param, ctx)
        return name


class Place(click.ParamType[Path]):
    """A file or a folder. Nothing at all, as an unset variable gives, is not the present folder."""

    name = "path"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """What stands for it in the help."""
        return _("PATH")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path as it was written."""
        if not str(value):
            self.fail(_("The name of a file or a folder is missing."), param, ctx)
        return Path(value)


class Whole(click.IntRange):
    """A whole number within limits; click's own name for it is English."""

    def __init__(self, min: int, max: int | None = None) -> None:  # noqa: A002 - click's names
        super().__init__(min, max)
        self.name = _("whole number")


PLACE = Place()
TEXT = Legible()
NAME = Name()
