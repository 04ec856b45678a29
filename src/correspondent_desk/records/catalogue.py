"""What can be asked for and why people meet: dated data, not code.

Codes are stored and exchanged; labels are shown. A code that this catalogue does not know (it came
from another desk's newer one) is shown as it stands.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from correspondent_desk.domain.requests import DocumentDraft

_CATALOGUE = Path(__file__).parent.parent / "resources" / "catalogue"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """A proof as the catalogue names it."""

    code: str
    fr: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """What can be claimed. sensitive: lists, letters and calendars show a neutral label."""

    code: str
    fr: str
    en: str
    sensitive: bool
    documents: tuple[DocumentKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingReason:
    """Why people meet, how long it takes, what to bring; discreet: never named in public."""

    code: str
    fr: str
    en: str
    minutes: int
    discreet: bool
    bring_fr: str
    bring_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Which catalogue this is: version counts up, valid_from says since when it holds."""

    version: int
    valid_from: date
    source: str


@lru_cache(1)
def benefits() -> tuple[Benefit, ...]:
    """All benefits, in the order of the catalogue."""
    book = _book("benefits")
    kinds = {
        code: DocumentKind(code=code, fr=label["fr"], en=label["en"])
        for code, label in book["documents"].items()
    }
    return tuple(
        Benefit(
            code=entry["code"],
            fr=entry["fr"],
            en=entry["en"],
            sensitive=entry.get("sensitive", False),
            documents=tuple(kinds[code] for code in entry.get("documents", ())),
        )
        for entry in book["benefits"]
    )


@lru_cache(1)
def reasons() -> tuple[MeetingReason, ...]:
    """All reasons for a meeting, in the order of the catalogue."""
    return tuple(
        MeetingReason(
            code=entry["code"],
            fr=entry["fr"],
            en=entry["en"],
            minutes=entry["minutes"],
            discreet=entry.get("discreet", False),
            bring_fr=entry.get("bring", {}).get("fr", ""),
            bring_en=entry.get("bring", {}).get("en", ""),
        )
        for entry in _book("reasons")["reasons"]
    )


@lru_cache(1)
def edition() -> Edition:
    """The edition of the benefits in use."""
    book = _book("benefits")
    return Edition(version=book["version"], valid_from=book["valid_from"], source=book["source"])


def benefit(code: str) -> Benefit | None:
    """The benefit with this code, if the catalogue has it."""
    return _by_code().get(code)


def reason(code: str) -> MeetingReason | None:
    """The reason with this code, if the catalogue has it; a free text is no code."""
    return next((known for known in reasons() if known.code == code), None)


def document_kind(code: str) -> DocumentKind | None:
    """The kind of proof with this code, if the catalogue has it."""
    return _document_kinds().get(code)


def document_kinds() -> tuple[DocumentKind, ...]:
    """All kinds of proof that benefits ask for."""
    return tuple(_document_kinds().values())


def documents_for(code: str) -> tuple[DocumentDraft, ...]:
    """What a new request for this benefit needs, all still missing."""
    found = benefit(code)
    kinds = found.documents if found else ()
    return tuple(DocumentDraft(code=kind.code, label=kind.fr) for kind in kinds)


@lru_cache(1)
def _by_code() -> dict[str, Benefit]:
    return {known.code: known for known in benefits()}


@lru_cache(1)
def _document_kinds() -> dict[str, DocumentKind]:
    return {kind.code: kind for known in benefits() for kind in known.documents}


@lru_cache(2)
def _book(name: str) -> dict[str, Any]:
    import tomllib

    return tomllib.loads((_CATALOGUE / f"{name}.toml").read_text(encoding="utf-8"))
