"""Meet many random worlds: python -m tests.worlds N [SEED0] [MUTATION]."""

import sys
import time
from itertools import islice

from tests.worlds.mutations import MUTATIONS, NONE

SHOWN = 5


def main(words: list[str]) -> int:
    """Print the worlds that end badly and how many there are; status 1 if there are any."""
    known = len(words) < 3 or words[2] in MUTATIONS
    if not (1 <= len(words) <= 3 and known and all(word.isdecimal() for word in words[:2])):
        sys.stdout.write(f"{__doc__}\nMutations: {' '.join(MUTATIONS)}\n")
        return 2
    number, first = int(words[0]), int(words[1]) if len(words) > 1 else 0
    mutation = MUTATIONS[words[2]] if len(words) > 2 else NONE
    began = time.perf_counter()
    bad = {}
    for seed in range(first, first + number):
        found = mutation.findings(seed)
        if found:
            bad[seed] = found
    for seed, found in islice(bad.items(), SHOWN):
        sys.stdout.write(f"world {seed}: {'; '.join(found)}\n")
    seconds = time.perf_counter() - began
    sys.stdout.write(f"{number} worlds, {len(bad)} of them end badly, {seconds:.1f} s\n")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
