"""The departments of France by their numbers, and the overseas collectivities that have one.

Source: Code officiel géographique of the Insee; a postcode or a site says 2A or 2B for Corsica.
"""

_MAINLAND = {f"{number:02}" for number in range(1, 96)} - {"20"} | {"2A", "2B"}
_OVERSEAS = {*(str(number) for number in range(971, 979)), "984", "986", "987", "988"}
DEPARTMENTS = frozenset(_MAINLAND | _OVERSEAS)
