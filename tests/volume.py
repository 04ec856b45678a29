"""How many random examples a test meets: few in every run, many when somebody asks for them."""

import os

VOLUME = int(os.environ.get("DESK_TEST_VOLUME", "1"))


def examples(few: int) -> int:
    """Few, or DESK_TEST_VOLUME times as many."""
    return few * VOLUME


def stride(long: int) -> int:
    """How far apart two places are at which something is killed: every place if volume is asked for."""
    return long if VOLUME == 1 else 1
