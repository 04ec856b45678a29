"""Writes src/correspondent_desk/domain/french_holidays.py from what the library `holidays` knows.

Run it after `dev.py lock -U`: PYTHONPATH=src python tools/holidays_table.py
"""

import textwrap
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import holidays

TABLE = Path(__file__).parents[1] / "src/correspondent_desk/domain/french_holidays.py"
YEARS = range(2016, 2057)
# The library's name for a department whose holidays are not those of the whole country.
SUBDIVISIONS = {
    "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973", "974": "974",
    "975": "PM", "976": "976", "977": "BL", "978": "MF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip

HEAD = '''"""The public holidays of France, overseas included: written by tools/holidays_table.py.

What the library `holidays` knows of these years, because loading it takes a second and 23 MB and
stops the window meanwhile. A test fails as soon as the library knows better.
"""

from collections.abc import Iterator, Mapping
from datetime import date

Names = tuple[str, str]

# In French and English.
_NAMES: tuple[Names, ...] = (
'''

MIDDLE = """
)

# Month and day, the number of the name, and the departments that have it if not all have.
_DAYS: Mapping[int, str] = {
"""

TAIL = '''
}


def is_known(year: int) -> bool:
    """Whether the table has year."""
    return year in _DAYS


def of_year(year: int, department: str) -> Iterator[tuple[date, Names]]:
    """The holidays of year in department, by date, each with its names in French and English.

    Two may fall on one day. Raises KeyError for a year that is not known.
    """
    for entry in _DAYS[year].split():
        day, _, rest = entry.partition("=")
        name, _, departments = rest.partition("@")
        if not departments or department in departments.split(","):
            yield date(year, int(day[:2]), int(day[2:])), _NAMES[int(name)]
'''


def of_library(department: str | None, language: str) -> dict[date, list[str]]:
    """Names by day, in the order of the library."""
    subdivision = SUBDIVISIONS.get(department or "")
    found = holidays.country_holidays("FR", subdivision, YEARS, language=language)
    return {day: names.split("; ") for day, names in found.items()}


def pairs(department: str | None) -> Iterator[tuple[date, tuple[str, str]]]:
    """Each holiday with its French and English name."""
    english = of_library(department, "en_US")
    for day, names in of_library(department, "fr").items():
        # The library sorts the names of one day in each language by itself.
        for french in names:
            yield day, (french, translation(french, names, english[day]))


def translation(french: str, names: list[str], english: list[str]) -> str:
    """The English name of one of the French names of a day."""
    return ENGLISH.get(french) or ENGLISH.setdefault(french, english[names.index(french)])


ENGLISH: dict[str, str] = {}


def written() -> str:
    """The whole module."""
    for department in [None, *SUBDIVISIONS]:  # names that stand alone on a day say which is which
        english = of_library(department, "en_US")
        for day, names in of_library(department, "fr").items():
            if len(names) == 1:
                ENGLISH.setdefault(names[0], english[day][0])
    everywhere = set(pairs(None))
    some: defaultdict[tuple[date, tuple[str, str]], list[str]] = defaultdict(list)
    for department in SUBDIVISIONS:
        own = set(pairs(department))
        if missing := everywhere - own:
            raise SystemExit(f"{department} lacks {sorted(missing)}")
        for one in own - everywhere:
            some[one].append(department)
    every = sorted({**dict.fromkeys(everywhere, ()), **some}.items())
    known = sorted({name for (_day, name), _departments in every})
    lines: defaultdict[int, list[str]] = defaultdict(list)
    for (day, name), departments in every:
        where = f"@{','.join(departments)}" if departments else ""
        lines[day.year].append(f"{day:%m%d}={known.index(name)}{where}")
    return "".join(
        (
            HEAD,
            "\n".join(f'    ("{french}", "{english}"),' for french, english in known),
            MIDDLE,
            "\n".join(table_line(year, entries) for year, entries in sorted(lines.items())),
            TAIL,
        )
    )


def table_line(year: int, entries: list[str]) -> str:
    """One year, folded at the width of the other sources."""
    rows = textwrap.wrap(" ".join(entries), 84, break_on_hyphens=False)
    texts = [f"{row} " for row in rows[:-1]] + rows[-1:]
    return "\n".join([f"    {year}: (", *(f'        "{text}"' for text in texts), "    ),"])


if __name__ == "__main__":
    TABLE.write_text(written(), "utf-8")
