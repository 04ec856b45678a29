"""Paper: everything that belongs on it stands on it, in both languages, on as few pages as fit."""

import io
from dataclasses import replace
from datetime import date, time
from typing import cast

import pytest
from pypdf import PdfReader
from pypdf.generic import BooleanObject, DictionaryObject

from correspondent_desk import language
from correspondent_desk.formats.sheets import (
    DayLine,
    DayMeeting,
    DaySheet,
    RecoverySheet,
    day_sheet,
    day_sheet_pages,
    recovery_sheet,
    recovery_sheet_pages,
)

CODE = "3F7KQ-8W2ND-00ZX9-PQRST-VVB4H-7M1CE"
PNG = b"\x89PNG"

ANNE = DayMeeting(
    starts_at=time(9, 30),
    minutes=45,
    person="Mme Anne LE GOFF",
    where=("permanence, salle B", "06 12 34 56 07"),
    reason="Rentrée scolaire de Malo",
    prepare=("Dernier avis d’imposition", "Formulaire #set page()"),
)
MINH = DayMeeting(starts_at=time(11), minutes=30, person="M. Minh NGUYEN VAN")
ROUX = DayLine(
    person="Mme ROUX",
    what="Naissance",
    why="le droit s’éteint dans 12 jours",
    phone="03 88 00 00 01",
)
OBRIEN = DayLine(person="M. O'BRIEN", what="pas vu depuis 14 mois")


@pytest.fixture(autouse=True, params=["fr", "en"])
def spoken(request: pytest.FixtureRequest) -> str:
    """Each test in both languages."""
    language.use(request.param)
    return str(request.param)


def day(day_on: date = date(2026, 11, 24), meetings: int = 2, lines: int = 1) -> DaySheet:
    return DaySheet(
        day=day_on,
        office="Mairie de Saint-Exemple",
        correspondent="Claire Morvan",
        remarks=("Pont de l’Ascension",),
        meetings=((ANNE, MINH) * meetings)[:meetings],
        to_do=(ROUX,) * lines,
        order="D’abord les droits, puis les promesses.",
        to_meet=(OBRIEN,),
    )


def pages(pdf: bytes) -> list[str]:
    """The text of each page, its special spaces plain."""
    read = PdfReader(io.BytesIO(pdf))
    return [" ".join(page.extract_text().split()) for page in read.pages]


def test_the_day_stands_on_one_page_with_all_that_belongs_to_it(spoken: str) -> None:
    (text,) = pages(day_sheet(day()))

    for said in (
        "Mairie de Saint-Exemple", "Claire Morvan", "Pont de l’Ascension", "Mme Anne LE GOFF",
        "permanence, salle B · 06 12 34 56 07 · 45 min", "Rentrée scolaire de Malo",
        "Dernier avis d’imposition", "M. Minh NGUYEN VAN", "Mme ROUX · 03 88 00 00 01",
        "Naissance — le droit s’éteint dans 12 jours", "puis les promesses.", "M. O'BRIEN pas vu depuis 14 mois",
    ):  # fmt: skip
        assert said in text
    words = {
        "fr": ("Mardi 24 novembre 2026", "9 h 30", "11 h", "2 rendez-vous", "À préparer :", "absence"),
        "en": ("Tuesday 24 November 2026", "09:30", "11:00", "2 meetings", "To prepare:", "did not come"),
    }  # fmt: skip
    for said in words[spoken]:
        assert said in text


def test_boxes_to_tick_stand_only_where_nothing_is_noted_yet(spoken: str) -> None:
    held = replace(MINH, outcome="Vu : apporte l’acte #lundi")
    (text,) = pages(day_sheet(replace(day(), meetings=(ANNE, held))))

    asked = {"fr": "absence", "en": "did not come"}[spoken]
    assert "Vu : apporte l’acte #lundi" in text
    assert text.count(asked) == 1


def test_what_people_typed_is_never_markup() -> None:
    (text,) = pages(day_sheet(day()))

    assert "Formulaire #set page()" in text


def test_an_empty_day_says_so(spoken: str) -> None:
    (text,) = pages(day_sheet(DaySheet(day=date(2026, 12, 1), office="Mairie")))

    assert {"fr": "Mardi 1er décembre 2026", "en": "Tuesday 1 December 2026"}[spoken] in text
    assert {"fr": "Aucun rendez-vous.", "en": "No meeting."}[spoken] in text


def test_a_full_day_is_set_closer_to_stay_on_one_page() -> None:
    assert len(pages(day_sheet(day(meetings=6, lines=5)))) == 1


def test_more_than_a_page_can_hold_goes_on_with_numbers() -> None:
    full, line = day(meetings=1), replace(ROUX, why="le droit s’éteint, " * 12 + "dans 12 jours")
    found = pages(day_sheet(replace(full, to_do=(line,) * 40)))

    assert len(found) > 1
    assert f"2 / {len(found)}" in found[1]
    assert "\n".join(found).count("Mme ROUX") == 40
    for page in found:  # none goes on over the page
        assert page.count("Mme ROUX") == page.count("dans 12 jours")


def test_each_day_begins_a_page() -> None:
    found = pages(day_sheet(day(), day(date(2026, 11, 25))))

    assert len(found) == 2
    assert "25" in found[1].split("2026")[0]


def test_large_print_is_never_set_smaller() -> None:
    pdf = PdfReader(io.BytesIO(day_sheet(day(meetings=6, lines=6), large_print=True)))
    sizes: list[float] = []

    def note(text: str, _cm: object, matrix: list[float], _font: object, size: float) -> None:
        if "ROUX" in text:
            sizes.append(size * abs(matrix[3]))

    for page in pdf.pages:
        page.extract_text(visitor_text=note)

    assert len(pdf.pages) > 1
    assert min(sizes) >= 16


def test_the_recovery_sheet_is_one_page_with_its_six_numbered_groups() -> None:
    sheet = RecoverySheet(
        office="Centre communal d’action sociale de Saint-Exemple-lès-Trois-Rivières",
        code=CODE,
        made_on=date(2026, 11, 22),
    )

    (text,) = pages(recovery_sheet(sheet))

    assert "Centre communal d’action sociale de Saint-Exemple" in text
    for group in CODE.split("-"):
        assert group in text
    assert all(str(number) in text for number in range(1, 7))


def test_it_says_how_to_use_the_code_and_where_to_keep_it(spoken: str) -> None:
    (text,) = pages(
        recovery_sheet(RecoverySheet(office="Mairie", code=CODE, made_on=date(2026, 11, 1)))
    )

    for said in {
        "fr": ("Feuille de secours", "Faite le dimanche 1er novembre 2026.", "enveloppe cachetée"),
        "en": ("Recovery sheet", "Made on Sunday 1 November 2026.", "sealed envelope"),
    }[spoken]:
        assert said in text


def test_paper_is_tagged_titled_and_in_its_language(spoken: str) -> None:
    for pdf in (
        day_sheet(day()),
        recovery_sheet(RecoverySheet(office="Mairie", code=CODE, made_on=date(2026, 11, 22))),
    ):
        read = PdfReader(io.BytesIO(pdf))
        root = read.root_object

        assert str(root["/Lang"]) == {"fr": "fr-FR", "en": "en-GB"}[spoken]
        assert cast("DictionaryObject", root["/MarkInfo"])["/Marked"] == BooleanObject(True)
        assert read.metadata is not None
        assert read.metadata.title
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
        assert b"<pdfaid:part>2</pdfaid:part>" in pdf


def test_the_same_sheet_has_the_same_bytes() -> None:
    assert day_sheet(day()) == day_sheet(day())


def test_fonts_are_those_that_come_with_the_program() -> None:
    read = PdfReader(io.BytesIO(day_sheet(day(), large_print=True)))
    names = set[str]()
    for page in read.pages:
        fonts = cast("DictionaryObject", cast("DictionaryObject", page["/Resources"])["/Font"])
        names.update(
            str(font.get_object()["/BaseFont"]).partition("+")[2] for font in fonts.values()
        )

    assert names
    assert all(name.startswith(("LibertinusSerif", "DejaVuSansMono")) for name in names)


def test_a_name_in_a_script_without_a_font_still_prints() -> None:
    meeting = DayMeeting(starts_at=time(9), minutes=30, person="M. 李 Wei \N{GRINNING FACE}")

    (text,) = pages(
        day_sheet(DaySheet(day=date(2026, 11, 24), office="Mairie", meetings=(meeting,)))
    )

    assert "Wei" in text


def test_printers_get_a_picture_of_each_page() -> None:
    sheet = RecoverySheet(office="Mairie", code=CODE, made_on=date(2026, 11, 22))

    (recovery,) = recovery_sheet_pages(sheet)
    days = day_sheet_pages(day(), day(date(2026, 11, 25)))

    assert recovery.startswith(PNG)
    assert int.from_bytes(recovery[16:20], "big") == pytest.approx(210 / 25.4 * 300, abs=1)
    assert [page[:4] for page in days] == [PNG, PNG]
