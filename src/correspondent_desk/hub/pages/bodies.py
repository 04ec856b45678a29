"""What comes with a form, bounded: bytes, seconds without one, fields and files."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from correspondent_desk.hub.pages.answers import Sent
from correspondent_desk.store.files import refusal

_PAUSE_S = 20.0
_FIELDS = 20
_FILES = 20
_TOO_MANY = "Too many files."  # so Starlette says it, and in no other way
_NAME = re.compile(r"[^\w.()\- ]+")
_MOST_NAME = 120  # bytes: Linux takes 255


class BadForm(Exception):
    """The form cannot be read (status 400), is too large or has too many files (413), too slow (408) or finds no room (507)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, and its files where Starlette has put them."""

    fields: Mapping[str, str]
    data: FormData


async def read(request: Request, most: int) -> Form:
    """The form in the body. Raises BadForm."""
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise BadForm(400)
    if int(length) > most:
        raise BadForm(413)
    # With an app in its scope, Starlette answers by itself what is wrong with a form.
    scope = {name: value for name, value in request.scope.items() if name != "app"}
    bounded = Request(scope, _bounded(request, most))
    try:
        data = await bounded.form(max_fields=_FIELDS, max_files=_FILES)
    except MultiPartException as error:
        raise BadForm(413 if error.message.startswith(_TOO_MANY) else 400) from error
    except (UnicodeDecodeError, ClientDisconnect) as error:
        raise BadForm(400) from error
    except TimeoutError as error:
        raise BadForm(408) from error
    except OSError as error:  # of the folder for passing files, where Starlette puts them
        raise BadForm(
            507 if refusal(error, Path(tempfile.gettempdir())).reason == "full" else 503
        ) from error
    fields = {name: storable(value) for name, value in data.multi_items() if isinstance(value, str)}
    return Form(fields, data)


def keep_files(form: Form, folder: Path) -> list[Sent]:
    """Each file that came, in folder. Raises CannotWrite."""
    try:
        return list(_kept(form, folder))
    except OSError as error:
        raise refusal(error, folder) from error


def _kept(form: Form, folder: Path) -> Iterator[Sent]:
    for number, (_field, value) in enumerate(form.data.multi_items()):
        if not isinstance(value, UploadFile) or not value.filename:
            continue
        place = folder / str(number)
        place.mkdir()
        name = plain_name(value.filename)
        with (place / name).open("wb") as target:
            shutil.copyfileobj(value.file, target, 1 << 20)
        yield Sent(place / name, name)


def storable(text: str) -> str:
    """text without what no database of ours can hold; nobody types it."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def plain_name(name: str) -> str:
    """What a file was called, without its folders and without signs that could do anything."""
    last = re.split(r"[/\\]", name)[-1]
    plain = _NAME.sub("_", last).strip(" .").encode("utf-8", "replace")[-_MOST_NAME:]
    return plain.decode("utf-8", "ignore").strip(" .") or "file"


def _bounded(request: Request, most: int) -> Receive:
    came = 0

    async def receive() -> Message:
        nonlocal came
        async with asyncio.timeout(_PAUSE_S):
            message = await request.receive()
        came += len(message.get("body", b""))
        if came > most:
            raise BadForm(413)
        return message

    return receive
