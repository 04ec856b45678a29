"""Texts that people type behind a command."""

from typing import Any

import click

from correspondent_desk.language import _


class Legible(click.ParamType[str]):
    """A text in which every sign can be stored: a terminal may send bytes that are no letters."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text itself."""
        text = str(value)
        if not text.isprintable() and any("\ud800" <= sign <= "\udfff" for sign in text):
            self.fail(_("Some letters cannot be read."), param, ctx)
        return text


TEXT = Legible()
