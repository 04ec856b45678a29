"""Times of day as people type them."""

import re
from datetime import time


def read_time(text: str) -> time | None:
    """14:30, 14h30, 14 h, 1430, 9: None where it is no time of day."""
    found = re.fullmatch(r"(\d{1,2})\s*(?:[:.hH]\s*(\d{2})?|(\d{2}))?\s*", text.strip())
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or found[3] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
