"""Who is at a hub without an account of it: at the command line, or at a window."""

import getpass


def account_name() -> str:
    """The name under which their acts stand in the audit; a service may have none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
