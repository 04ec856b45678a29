"""What must not be kept: numbers of social security."""

import re

_GAP = r"[ \t\u00a0\u202f.\u00b7_/-]{0,3}"
_DIGIT = rf"(?:{_GAP}[0-9])"
# Looked for at every place, even inside another, because a date or a phone may stand before it.
_CANDIDATE = re.compile(
    rf"(?<![0-9A-Za-z])(?=(?P<all>[1-478]{_DIGIT}{{4}}{_GAP}(?:[0-9]{_GAP}[0-9]|2{_GAP}[ABab])"
    rf"{_DIGIT}{{6}}(?P<key>{_DIGIT}{{2}})?)(?![0-9A-Za-z]))"
)
_SEPARATORS = re.compile(_GAP.replace("{0,3}", "+"))
# Sex, year, month (or the numbers given to an unknown one), department, commune, order.
_NUMBER = re.compile(
    r"[1-478][0-9]{2}(?:0[1-9]|1[0-2]|20|3[0-9]|4[0-2]|[5-9][0-9])"
    r"(?:0[1-9]|2[AB]|[1-9][0-9])[0-9]{6}"
)
_NUMBER_WITHOUT_KEY = re.compile(r"[12][0-9]{2}(?:0[1-9]|1[0-2]|20)")
_NUMBER_LENGTH = 13


def looks_like_nir(text: str) -> bool:
    """Whether a cell or field is a social-security number, with its key or without.

    With a key, the key must be right; spaces, dots and dashes do not matter.
    """
    return len(text) >= _NUMBER_LENGTH and _is_sound(_SEPARATORS.sub("", text.strip()))


def nir_in(text: str) -> tuple[tuple[int, int], ...]:
    """Where social-security numbers stand in a note: start and end of each.

    Without its key, a number counts only where no other digits stand beside it.
    """
    spans: list[tuple[int, int]] = []
    for found in _CANDIDATE.finditer(text):
        start, end = found.span("all")
        if spans and start < spans[-1][1]:
            continue
        if not found["key"] and _has_digits_beside(text, start, end):
            continue
        if _is_sound(_SEPARATORS.sub("", found["all"])):
            spans.append((start, end))
    return tuple(spans)


def _has_digits_beside(text: str, start: int, end: int) -> bool:
    before, after = text[:start].rstrip(" .-"), text[end:].lstrip(" .-")
    return before[-1:].isdigit() or after[:1].isdigit()


def _is_sound(compact: str) -> bool:
    number, key = compact[:_NUMBER_LENGTH].upper(), compact[_NUMBER_LENGTH:]
    if not _NUMBER.fullmatch(number):
        return False
    if not key:
        # 13 digits may be a bar code or a moment in milliseconds: only the usual shape counts.
        return bool(_NUMBER_WITHOUT_KEY.match(number))
    if not re.fullmatch(r"[0-9]{2}", key):
        return False
    # Corsica counts as the departments 19 and 18, as before it was divided.
    return int(key) == 97 - int(number.replace("2A", "19").replace("2B", "18")) % 97
