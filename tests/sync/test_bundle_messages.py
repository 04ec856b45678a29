"""Every reason has its sentence, in both languages, with its place filled in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from correspondent_desk import language
from correspondent_desk.messages import rejections
from correspondent_desk.sync.rejection import (
    BundleNotWritten,
    BundleRejected,
    InvitationFault,
    InvitationRejected,
    Reason,
    WriteFault,
)

PLACE = Path("/media/clé {1}/CD_BR1_2_0011.cdb")
ERRORS: list[BundleRejected | BundleNotWritten | InvitationRejected] = [
    *(BundleRejected(reason, path=PLACE) for reason in Reason),
    *(BundleNotWritten(fault, path=PLACE) for fault in WriteFault),
    *(
        InvitationRejected(fault, path=PLACE, expires=datetime(2026, 12, 8, tzinfo=UTC))
        for fault in InvitationFault
    ),
]


@pytest.mark.parametrize("spoken", language.LANGUAGES)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.full_code)
def test_every_reason_is_said_in_a_sentence(
    spoken: str, error: BundleRejected | BundleNotWritten | InvitationRejected
) -> None:
    language.use(spoken)

    sentence = rejections.sentence(error)

    assert sentence.endswith(".")
    assert ". " in sentence, "what to do"
    assert not sentence.endswith(("Nothing was imported.", "Rien n’a été importé."))
    assert sentence[0].isupper() or sentence.startswith(str(PLACE))
    assert "{path}" not in sentence
    assert "!" not in sentence


def test_french_differs_from_english() -> None:
    english = [rejections.sentence(error) for error in ERRORS]
    language.use("fr")

    assert not set(english) & {rejections.sentence(error) for error in ERRORS}


def test_the_place_is_named() -> None:
    full = BundleNotWritten(WriteFault.DISK_FULL, path=PLACE)

    assert str(PLACE) in rejections.sentence(full)


def test_a_file_of_ones_own_is_named_by_its_number() -> None:
    own = BundleRejected(Reason.OWN_FILE, number=14)

    assert "no. 14" in rejections.sentence(own)
