"""Requests and answers of recovery that somebody forged: refused with a sentence, and no byte changed."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

import pyrage
import pytest

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import recovering, root
from correspondent_desk.messages.errors import sentence
from correspondent_desk.sync.recovering import key_by_answer, request
from tests.builders import add_member
from tests.keepers import ON_DISK
from tests.sync.desks import Town
from tests.sync.test_store_refuses import digest

pytestmark = ON_DISK

SECRET = "the lamp is lit at dusk"
STRANGER = pyrage.x25519.Identity.generate().to_public()
Told = dict[str, Any]


@pytest.fixture
def town(town: Town) -> Town:
    root.make(town.hub, town.path / "root", SECRET)
    return town


def b64(content: bytes) -> str:
    return b64encode(content).decode()


def sealed_for(told: Told, content: bytes) -> str:
    key = pyrage.x25519.Recipient.from_str(told["recipient"])
    return b64(pyrage.encrypt(content, [key]))


# What is done to an answer; asked: the request that it answers.
ANSWERS: Mapping[str, Callable[[Told, Told], object]] = {
    "another secret": lambda answer, asked: answer | {"sealed": sealed_for(asked, bytes(32))},
    "an empty secret": lambda answer, asked: answer | {"sealed": sealed_for(asked, b"")},
    "the request sent back": lambda answer, asked: answer | {"sealed": asked["sealed"]},
    "not sealed": lambda answer, _: answer | {"sealed": b64(bytes(200))},
    "sealed with a passphrase": lambda answer, _: (
        answer | {"sealed": b64(pyrage.passphrase.encrypt(bytes(32), "x"))}
    ),
    "no letters of base64": lambda answer, _: answer | {"sealed": "é" * 40},
    "a number for the seal": lambda answer, _: answer | {"sealed": 7},
    "another number of the request": lambda answer, _: answer | {"id": "00" * 16},
    "no number of a request": lambda answer, _: answer | {"id": None},
    "a number that is none": lambda answer, _: answer | {"id": "zz"},
    "a request under the name of an answer": lambda _, asked: asked,
    "a list": lambda answer, _: [answer],
    "more than any answer": lambda answer, _: answer | {"sealed": "A" * (1 << 20)},
}
REQUESTS: Mapping[str, Callable[[Told], object]] = {
    "sealed for somebody else": lambda asked: (
        asked | {"sealed": b64(pyrage.encrypt(bytes(99), [STRANGER]))}
    ),
    "a claim of nobody": lambda asked: asked | {"sealed": b64(bytes(300))},
    "a recipient that is none": lambda asked: asked | {"recipient": "age1"},
    "a number as recipient": lambda asked: asked | {"recipient": 5},
    "a list as recipient": lambda asked: asked | {"recipient": ["age1"]},
    "a short number": lambda asked: asked | {"id": "00"},
    "no number": lambda asked: {key: value for key, value in asked.items() if key != "id"},
    "50 000 lists": lambda _: None,
}


def test_forged_answers_open_nothing(town: Town) -> None:
    desk = town.desk("Yann")
    add_member(desk, "PETIT")
    town.round()
    asked = request(desk.folder, town.path)
    path = town.path / "honest.cdunlock"
    recovering.answer(town.hub, asked.path, town.path / "root", SECRET, path, by="Nathalie")
    honest, told = json.loads(path.read_bytes()), json.loads(asked.path.read_bytes())
    before = digest(desk.folder.path)
    forged = town.path / "forged.cdunlock"
    opened = []
    cut = {f"cut to {n}": path.read_bytes()[:n] for n in (0, 1, 40, 200)}
    files = {name: json.dumps(forge(honest, told)).encode() for name, forge in ANSWERS.items()}
    for name, content in (files | cut).items():
        forged.write_bytes(content)
        try:
            key_by_answer(desk.folder, forged)
        except DeskError as error:
            if not sentence(error).endswith("."):
                opened.append(f"{name}: no sentence")
        else:
            opened.append(name)

    assert opened == []
    assert digest(desk.folder.path) == before
    assert key_by_answer(desk.folder, path), "and the true one still opens it"


def test_forged_requests_are_refused_by_the_hub(town: Town) -> None:
    desk = town.desk("Yann")
    town.round()
    asked = request(desk.folder, town.path)
    told = json.loads(asked.path.read_bytes())
    before = digest(town.hub.folder.path)
    forged, answer = town.path / "forged.cdrecover", town.path / "forged.cdunlock"
    answered = []
    for name, forge in REQUESTS.items():
        found = forge(told)
        forged.write_text("[" * 50_000 if found is None else json.dumps(found))
        try:
            recovering.answer(town.hub, forged, town.path / "root", SECRET, answer, by="Nathalie")
        except DeskError as error:
            if not sentence(error).endswith("."):
                answered.append(f"{name}: no sentence")
        else:
            answered.append(name)

    assert answered == []
    assert not answer.exists()
    assert digest(town.hub.folder.path) == before
