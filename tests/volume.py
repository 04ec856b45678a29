"""How many random examples a test meets: few in every run, many when somebody asks for them."""

import os


def examples(few: int) -> int:
    """Few, or DESK_TEST_VOLUME times as many."""
    return few * int(os.environ.get("DESK_TEST_VOLUME", "1"))
