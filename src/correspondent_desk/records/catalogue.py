"""What can be asked for and why people meet: dated data, not code.

One edition ships with the program; the committee may publish a newer one through its hub, which a
desk keeps in its store and uses from then on. Codes are stored and exchanged; labels are shown. A code
that this catalogue does not know (it came from another desk's newer one) is shown as it stands.
"""

import codecs
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated

import msgspec

from correspondent_desk import decoding
from correspondent_desk.domain.problems import has_hidden_signs
from correspondent_desk.domain.requests import DocumentDraft
from correspondent_desk.errors import DeskError

_SHIPPED = Path(__file__).parent.parent / "resources" / "catalogue"
MOST = 256 << 10
"""Bytes of a published catalogue."""

_Code = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9-]{0,39}\Z")]
_Label = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class CatalogueUnfit(DeskError):
    """A file is no catalogue.

    reason: unreadable, too-long, not-text (what: where), syntax (what: line), missing, unknown-field
    (what: name; place), unfit (place), hidden-signs, code-twice, no-such-document (what).
    """

    code = "catalogue-unfit"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """A proof as the catalogue names it."""

    code: str
    fr: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """What can be claimed. sensitive: lists, sheets of paper and calendars show a neutral label."""

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


# --- as it is written -----------------------------------------------------------------------------


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fr: _Label
    en: _Label


class _Benefit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: _Code
    fr: _Label
    en: _Label
    sensitive: bool = False
    documents: list[str] = []


class _Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: _Code
    fr: _Label
    en: _Label
    minutes: Annotated[int, msgspec.Meta(ge=5, le=480)]
    discreet: bool = False
    bring: _Words | None = None


class _Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Annotated[int, msgspec.Meta(ge=1, le=2**31)]
    valid_from: date
    source: str
    documents: dict[_Code, _Words] = {}
    benefits: list[_Benefit] = []
    reasons: list[_Reason] = []


class Catalogue:
    """One edition, checked: each code is there once, each document that is asked for is named."""

    def __init__(self, book: _Book) -> None:
        """Raises CatalogueUnfit."""
        kinds = {
            code: DocumentKind(code=code, fr=words.fr, en=words.en)
            for code, words in book.documents.items()
        }
        _require_once(one.code for one in book.benefits)
        _require_once(one.code for one in book.reasons)
        unnamed = {code for one in book.benefits for code in one.documents} - kinds.keys()
        if unnamed:
            raise CatalogueUnfit("no-such-document", what=min(unnamed))
        self.edition = Edition(version=book.version, valid_from=book.valid_from, source=book.source)
        self.benefits = tuple(
            Benefit(
                code=one.code,
                fr=one.fr,
                en=one.en,
                sensitive=one.sensitive,
                documents=tuple(kinds[code] for code in one.documents),
            )
            for one in book.benefits
        )
        self.reasons = tuple(
            MeetingReason(
                code=one.code,
                fr=one.fr,
                en=one.en,
                minutes=one.minutes,
                discreet=one.discreet,
                bring_fr=one.bring.fr if one.bring else "",
                bring_en=one.bring.en if one.bring else "",
            )
            for one in book.reasons
        )

    @cached_property
    def by_code(self) -> dict[str, Benefit]:
        return {known.code: known for known in self.benefits}

    @cached_property
    def document_kinds(self) -> dict[str, DocumentKind]:
        return {kind.code: kind for known in self.benefits for kind in known.documents}


@lru_cache(4)
def read(content: bytes) -> Catalogue:
    """A catalogue as TOML. Raises CatalogueUnfit, whose what says where.

    One without benefits or without reasons leaves those that ship as they are.
    """
    if len(content) > MOST:
        raise CatalogueUnfit("too-long", what=f"{MOST // 1024}")
    try:
        # The mark that Windows' editors put before UTF-8.
        told = tomllib.loads(content.removeprefix(codecs.BOM_UTF8).decode())
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CatalogueUnfit("not-text", what=str(line)) from error
    except (ValueError, RecursionError) as error:
        raise CatalogueUnfit("syntax", what=_line_of(error, content)) from error
    try:
        book = decoding.convert(told, _Book)
    except (ValueError, RecursionError) as error:
        raise _unfit(str(error)) from error
    for text in _texts(book):
        if has_hidden_signs(text):
            raise CatalogueUnfit("hidden-signs", what=ascii(text))
    return Catalogue(book)


def _line_of(error: Exception, content: bytes) -> str:
    """What the reader of TOML says of the place; it says so for a line, or that the end is missing."""
    found = _LINE.search(str(error))
    return found[1] if found else str(content.count(b"\n") + 1)


def _unfit(told: str) -> CatalogueUnfit:
    """Which field of which entry is wrong, out of what msgspec says: text - at `$.benefits[3].fr`."""
    place = _PLACE.search(told)
    field = _FIELD.search(told)
    where = place[1].lstrip(".") if place else ""
    if field is None:
        return CatalogueUnfit("unfit", place=where)
    reason = "missing" if "required" in told else "unknown-field"
    return CatalogueUnfit(reason, what=field[1], place=where)


_LINE = re.compile(r"line (\d+)")
_PLACE = re.compile(r"at `(?:key in )?\$([^`]*)`")
_FIELD = re.compile(r"field `([^`]*)`")


def read_file(path: Path) -> bytes:
    """The text of a file that may be a catalogue. Raises CatalogueUnfit."""
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise CatalogueUnfit("unreadable", what=str(path))
        with path.open("rb") as file:
            return file.read(MOST + 1)
    except OSError as error:
        raise CatalogueUnfit("unreadable", what=str(path)) from error


def _texts(book: _Book) -> Iterable[str]:
    """All that people are shown."""
    yield book.source
    brought = [reason.bring for reason in book.reasons if reason.bring]
    named: list[_Words | _Benefit | _Reason] = [*book.documents.values(), *brought]
    for one in (*named, *book.benefits, *book.reasons):
        yield from (one.fr, one.en)


def _require_once(codes: Iterable[str]) -> None:
    for code, times in Counter(codes).items():
        if times > 1:
            raise CatalogueUnfit("code-twice", what=code)


# --- the one in use -------------------------------------------------------------------------------


class _Published:
    """What the hub of the open desk published, as it was written; nothing if it did not."""

    text: bytes = b""


def adopt(text: bytes) -> bool:
    """Use the catalogue that a hub published, in this program from now on; nothing: the one that ships.

    Whether it is another one than before. It is read when it is first asked for.
    """
    is_other = text != _Published.text
    _Published.text = text
    return is_other


@lru_cache(2)
def _newer(text: bytes) -> Catalogue | None:
    """It, unless only a newer program can read it, or a later edition ships with this one."""
    try:
        found = read(text) if text else None
    except CatalogueUnfit:
        return None
    if found is None or found.edition.version < _shipped("benefits").edition.version:
        return None
    return found


def benefits() -> tuple[Benefit, ...]:
    """All benefits, in the order of the catalogue."""
    return _of_benefits().benefits


def reasons() -> tuple[MeetingReason, ...]:
    """All reasons for a meeting, in the order of the catalogue."""
    found = _newer(_Published.text)
    return found.reasons if found is not None and found.reasons else _shipped("reasons").reasons


def edition() -> Edition:
    """The edition of the benefits in use."""
    return _of_benefits().edition


def shipped_edition() -> Edition:
    """The edition that came with the program."""
    return _shipped("benefits").edition


def benefit(code: str) -> Benefit | None:
    """The benefit with this code, if the catalogue has it, or had it when the program was made."""
    return _of_benefits().by_code.get(code) or _shipped("benefits").by_code.get(code)


def reason(code: str) -> MeetingReason | None:
    """The reason with this code, if the catalogue has it; a free text is no code."""
    every = (*reasons(), *_shipped("reasons").reasons)
    return next((known for known in every if known.code == code), None)


def document_kind(code: str) -> DocumentKind | None:
    """The kind of proof with this code, if the catalogue has it."""
    shipped = _shipped("benefits").document_kinds
    return _of_benefits().document_kinds.get(code) or shipped.get(code)


def document_kinds() -> tuple[DocumentKind, ...]:
    """All kinds of proof that benefits ask for."""
    return tuple(_of_benefits().document_kinds.values())


def documents_for(code: str) -> tuple[DocumentDraft, ...]:
    """What a new request for this benefit needs, all still missing."""
    found = benefit(code)
    kinds = found.documents if found else ()
    return tuple(DocumentDraft(code=kind.code, label=kind.fr) for kind in kinds)


def _of_benefits() -> Catalogue:
    found = _newer(_Published.text)
    return found if found is not None and found.benefits else _shipped("benefits")


@lru_cache(2)
def _shipped(name: str) -> Catalogue:
    return read((_SHIPPED / f"{name}.toml").read_bytes())
