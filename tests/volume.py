"""How many random examples a test meets: few in every run, many when somebody asks for them."""

import os

VOLUME = int(os.environ.get("DESK_TEST_VOLUME", "1"))


def examples(few: int) -> int:
    """Few, or DESK_TEST_VOLUME times as many."""
    return few * VOLUME
