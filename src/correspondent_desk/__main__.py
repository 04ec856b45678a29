"""python -m correspondent_desk."""

import sys


def main() -> int:
    """Run the command line; the exit status."""
    from correspondent_desk.cli.main import main as run  # noqa: PLC0415 - importing does nothing

    return run()


if __name__ == "__main__":
    sys.exit(main())
