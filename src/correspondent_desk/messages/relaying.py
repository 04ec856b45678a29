"""What passes from desk to desk of one office, in words."""

from correspondent_desk.language import _


def carries_all() -> str:
    """Of a file for a desk of which nothing was read yet."""
    return _(
        "No file of that computer was read here yet, so this one carries everything;"
        " there, only what is missing is taken in."
    )
