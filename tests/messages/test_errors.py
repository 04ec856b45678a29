"""Every error of the program has a sentence, for every reason and in both languages."""

import importlib
import pkgutil
import re

import pytest

import correspondent_desk
from correspondent_desk import language
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.problems import Fault, Problem
from correspondent_desk.errors import DeskError
from correspondent_desk.messages import errors
from correspondent_desk.records.trouble import EditConflict
from correspondent_desk.store.recovery import RecoveryCodeMistyped
from correspondent_desk.store.undo import Standing, UndoConflict
from correspondent_desk.store.vault import WrongPassphrase

_NOT_OURS = re.compile(r"\.gui\b|\.app$|__main__|\.migrations\b")
# What the files about bundles and lists say is tested with them.
_ELSEWHERE = {"unreadable-file", "forbidden-column", "unwritable-file", "bundle", "bundle-write",
              "invitation"}  # fmt: skip


def _all_errors() -> list[type[DeskError]]:
    for module in pkgutil.walk_packages(correspondent_desk.__path__, "correspondent_desk."):
        if not _NOT_OURS.search(module.name):
            importlib.import_module(module.name)
    found: list[type[DeskError]] = []
    waiting = [DeskError]
    while waiting:
        children = waiting.pop().__subclasses__()
        found += children
        waiting += children
    ours = {
        one
        for one in found
        if one.code not in _ELSEWHERE and one.__module__.startswith("correspondent_desk.")
    }
    return sorted(ours, key=lambda one: one.code)


def _reasons(error: type[DeskError]) -> list[str]:
    """The reasons that the class's docstring names in quotes, and none at all."""
    return ["", *re.findall(r'"([a-z-]+)"', error.__doc__ or "")]


CASES = [(one, reason) for one in _all_errors() for reason in _reasons(one)]


@pytest.fixture(params=["fr", "en"])
def each_language(request: pytest.FixtureRequest) -> None:
    """In both languages."""
    language.use(request.param)


def _made(kind: type[DeskError], reason: str) -> DeskError:
    error = kind.__new__(kind)
    DeskError.__init__(error, reason)
    return error


@pytest.mark.usefixtures("each_language")
@pytest.mark.parametrize(("kind", "reason"), CASES, ids=[f"{k.code}:{r}" for k, r in CASES])
def test_every_error_has_a_sentence(kind: type[DeskError], reason: str) -> None:
    error = _made(kind, reason)

    told = errors.sentence(error)

    assert errors.is_known(error)
    assert told.endswith((".", "!", "…"))
    assert "{" not in told
    trouble = errors.trouble(error)
    assert trouble.happened
    assert trouble.safe


def test_codes_are_told_apart() -> None:
    codes = [one.code for one in _all_errors()]

    assert len(set(codes)) == len(codes)
    assert len(codes) > 15


def test_an_error_that_nobody_knows_is_said_with_its_code() -> None:
    class Strange(DeskError):
        code = "strange"

    error = Strange("very")

    assert not errors.is_known(error)
    assert errors.sentence(error) == "This could not be done (strange:very). Nothing was changed."


def test_a_passphrase_is_asked_for_again_after_a_wait() -> None:
    assert "Type it again in 30 seconds" in errors.sentence(WrongPassphrase(wait_s=30.0))
    assert "Wait 2 minutes" in errors.sentence(WrongPassphrase("wait", wait_s=61.5))
    assert "Check capitals" in errors.sentence(WrongPassphrase(wait_s=0))


def test_a_conflict_names_the_fields() -> None:
    language.use("fr")

    told = errors.sentence(EditConflict(("address", "birth_date")))

    assert "adresse, date de naissance" in told


def test_an_undo_in_the_way_names_what_stands_on_it() -> None:
    standing = [
        Standing(kind=Kind.MEMBER, record=1, field="address"),
        Standing(kind=Kind.REQUEST, record=2, field=None),
    ]
    error = _made(UndoConflict, "")
    error.details = {"fields": tuple(standing)}

    assert "(address, request)" in errors.sentence(error)


def test_what_people_typed_may_hold_braces() -> None:
    told = errors.sentence(RecoveryCodeMistyped("sign", sign="{"))

    assert "“{”" in told


def test_problems_are_told_one_by_one() -> None:
    error = DeskError(problems=[Problem("birth_date", Fault.IN_THE_FUTURE)])
    error.__class__ = type("HasProblems", (DeskError,), {"code": "has-problems"})

    assert errors.sentence(error).startswith("birth date: This date is in the future.")


def test_a_damaged_store_says_what_copies_there_are() -> None:
    from correspondent_desk.store.connection import StoreDamaged

    with_copies = StoreDamaged(path="/desk", findings=(), copies=("a", "b"))
    without = StoreDamaged(path="/desk", findings=(), copies=())

    assert errors.trouble(with_copies).safe.startswith("2 copies")
    assert errors.sentence(with_copies).endswith("Bring back a copy; the newest is a.")
    assert errors.trouble(without).safe.startswith("The damaged file was left")


def test_data_that_is_not_there_is_not_called_safe() -> None:
    from correspondent_desk.store.connection import NoStore

    assert errors.trouble(NoStore(path="/desk", copies=("a",))).safe.startswith("1 copy")
    assert errors.trouble(NoStore(path="/desk")).safe == "The program has changed nothing."


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({"user": "sylvie", "computer": "accueil"}, "by sylvie on the computer accueil"),
        ({"user": "", "computer": "accueil"}, "already on the computer accueil"),
        ({}, "This desk is open already."),
    ],
)
def test_an_open_desk_says_by_whom_as_far_as_known(
    details: dict[str, object], expected: str
) -> None:
    from correspondent_desk.store.lock import AlreadyOpen

    error = _made(AlreadyOpen, "")
    error.details = details

    assert expected in errors.sentence(error)
