"""Programs that tests start."""

import os


def bare(**variables: str) -> dict[str, str]:
    """An environment of these variables only, with what Windows needs to start anything."""
    needed = ("SYSTEMROOT", "PATHEXT", "TEMP") if os.name == "nt" else ()
    return {name: os.environ[name] for name in needed if name in os.environ} | variables
