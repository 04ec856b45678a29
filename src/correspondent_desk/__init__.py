"""Correspondent Desk: the human link between a social-action committee and its members."""

__version__ = "0.1.0"
