"""python -m correspondent_desk."""

import gc
import sys


def main() -> int:
    """Run the command line; the exit status."""
    gc.set_threshold(20_000, 20, 20)  # not after every 700 objects: most that is loaded stays
    # Importing this module does nothing, and a passphrase is stretched while the rest is loaded.
    from correspondent_desk.cli import head_start

    words = sys.argv[1:]
    started = head_start.begin(words)
    from correspondent_desk.cli.main import main as run

    return run(words, started)


if __name__ == "__main__":
    sys.exit(main())
