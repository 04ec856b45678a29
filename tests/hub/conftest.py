"""The two databases of a hub."""

from tests.keepers import keeper, postgres

__all__ = ["keeper", "postgres"]
