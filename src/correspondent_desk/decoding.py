"""MessagePack and JSON that are read into types of ours, on any thread.

msgspec looks at a class when it first meets it, and leaves what it has found so far where other
threads find it: two that meet a class at once crashed the program. So one thread looks at a time.
"""

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_one_looks = threading.Lock()
_of_msgpack: dict[Any, Any] = {}
_of_json: dict[Any, Any] = {}


def msgpack(type_: type[T]) -> msgspec.msgpack.Decoder[T]:
    """What decodes MessagePack into type_."""
    found: msgspec.msgpack.Decoder[T] | None = _of_msgpack.get(type_)
    if found is None:
        with _one_looks:
            found = _of_msgpack[type_] = msgspec.msgpack.Decoder(type_)
    return found


def json(type_: type[T]) -> msgspec.json.Decoder[T]:
    """What decodes JSON into type_."""
    found: msgspec.json.Decoder[T] | None = _of_json.get(type_)
    if found is None:
        with _one_looks:
            found = _of_json[type_] = msgspec.json.Decoder(type_)
    return found


def convert(value: object, type_: type[T]) -> T:
    """value, of lists, dicts and numbers, as type_. Raises msgspec.ValidationError."""
    msgpack(type_)
    return msgspec.convert(value, type_)
