"""Every choice, action, field and kind has its word, in both languages."""

import typing
from enum import StrEnum

import pytest

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import FIELDS, Kind
from correspondent_desk.domain.members import Civility, MemberFilter
from correspondent_desk.domain.problems import Fault, Problem
from correspondent_desk.domain.requests import DocumentDraft, RequestFilter
from correspondent_desk.messages import fields, filters, labels, problems, steps
from correspondent_desk.records import catalogue

CHOICES: list[type[StrEnum]] = list(typing.get_args(labels.Choice))


@pytest.fixture(params=["fr", "en"], autouse=True)
def each_language(request: pytest.FixtureRequest) -> None:
    """Everything here holds in both languages."""
    language.use(request.param)


@pytest.mark.parametrize("choices", CHOICES)
def test_every_choice_has_a_word_of_its_own(choices: type[StrEnum]) -> None:
    words = [labels.label(one) for one in choices]  # type: ignore[arg-type] # each is a Choice

    assert all(word for one, word in zip(choices, words, strict=True) if one is not Civility.NONE)
    assert len(set(words)) == len(words)


def test_every_filter_says_what_it_leaves_out() -> None:
    explained = [filters.explained_members(one) for one in MemberFilter]
    explained += [filters.explained_requests(one) for one in RequestFilter]

    assert all(one.endswith(".") for one in explained)
    assert len(set(explained)) == len(explained)


def test_every_action_has_a_name_of_its_own() -> None:
    named = [steps.action(one) for one in Action]

    assert all(named)
    assert len(set(named)) == len(named)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_field_of_every_kind_has_a_word(kind: Kind) -> None:
    words = [fields.field_name(kind, one.name) for one in FIELDS[kind]]

    assert all(words)
    assert len(set(words)) == len(words)
    assert fields.kind_name(kind)


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_is_a_sentence(fault: Fault) -> None:
    told = problems.sentence(Problem("birth_date", fault, "32/13/1970"))

    assert told.endswith(".")
    assert problems.named(Problem("birth_date", fault)) != told


def test_of_what_was_pasted_by_mistake_only_the_beginning_is_quoted() -> None:
    told = problems.sentence(Problem("birth_date", Fault.NOT_A_DATE, "tomorrow or so, " * 2000))

    assert "tomorrow or so, tomorrow" in told
    assert "…" in told
    assert len(told) < 150


def test_every_entry_of_the_catalogue_is_named() -> None:
    assert all(labels.benefit(one.code) != one.code for one in catalogue.benefits())
    assert all(labels.reason(one.code) != one.code for one in catalogue.reasons())
    assert all(
        labels.document(DocumentDraft(code=kind.code)) != kind.code
        for one in catalogue.benefits()
        for kind in one.documents
    )
