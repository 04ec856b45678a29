"""The forms of the first start and of the lock: what was wrong is not said of words that were mended."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.gui.first_start.steps import (
    OfficeStep,
    PassphraseStep,
    RecoveryStep,
    Step,
    strength,
)
from correspondent_desk.gui.lock.committee import CommitteeStep
from correspondent_desk.gui.lock.joining import JoinStep
from correspondent_desk.gui.lock.recovery import RecoveryUse


def group_of_the_sheet() -> Step:
    return RecoveryStep("AAAAA-BBBBB")


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (OfficeStep, "office"),
        (PassphraseStep, "first"),
        (group_of_the_sheet, "group1"),
        (JoinStep, "invitation"),
        (CommitteeStep, "answer"),
    ],
)
def test_a_problem_goes_once_its_field_is_edited(
    qtbot: QtBot, make: Callable[[], Step], name: str
) -> None:
    step = make()
    qtbot.addWidget(step)
    step.onward.click()
    row = step.form.rows[name]
    assert not row.problem.isHidden()
    assert isinstance(row.field, QLineEdit)

    row.field.setText("x")

    assert row.problem.isHidden()
    assert not row.field.property("wrong")


def test_two_problems_go_one_by_one(qtbot: QtBot) -> None:
    step = OfficeStep()
    qtbot.addWidget(step)
    step.department.setText("Bas-Rhin")
    step.onward.click()

    step.department.setText("67")

    assert step.form.rows["department"].problem.isHidden()
    assert not step.form.rows["office"].problem.isHidden()


def test_a_passphrase_that_differs_may_be_mended_in_either_field(qtbot: QtBot) -> None:
    step = RecoveryUse()
    qtbot.addWidget(step)
    step.first.setText("une longue phrase")
    step.again.setText("une longue phrase.")
    step.onward.click()
    assert not step.form.rows["again"].problem.isHidden()

    step.first.setText("une longue phrase.")

    assert step.form.rows["again"].problem.isHidden()


@pytest.mark.parametrize(
    ("code", "short", "same"),
    [
        ("en", "At least 10 characters.", "Too few different characters."),
        ("fr", "Au moins 10 caractères.", "Trop peu de caractères différents."),
    ],
)
def test_a_short_passphrase_hears_how_long_it_must_be(code: str, short: str, same: str) -> None:
    language.use(code)

    assert strength("court") == short
    assert strength("a" * 20) == same
