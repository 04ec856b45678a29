"""What each column holds is told from its heading, and what cannot be told is asked."""

import pytest

from correspondent_desk.formats.files import ForbiddenColumn
from correspondent_desk.formats.staff_headings import (
    Mapping,
    StaffField,
    check,
    in_line_order,
    propose,
    qualifier,
    recognise,
)
from tests.formats.conftest import Saved
from tests.formats.reading import meant

F = StaffField


def meaning(heading: str) -> int:
    return recognise([heading])


@pytest.mark.parametrize(
    ("field", "headings"),
    [
        (F.CIVILITY, ["Civilité", "CIV.", "Titre"]),
        (F.FAMILY_NAME, ["Nom", "NOM", "Nom de famille", "Nom de naissance", "Nom patronymique", "Surname"]),
        (F.USAGE_NAME, ["Nom d'usage", "Nom d’usage", "NOM USAGE", "Nom marital", "Nom d'épouse"]),
        (F.FIRST_NAME, ["Prénom", "PRENOM", "Prénom usuel", "Prénoms", "First name"]),
        (F.FULL_NAME, ["Nom Prénom", "NOM ET PRENOM", "Nom/Prénom", "Full name"]),
        (F.BIRTH_DATE, ["Date de naissance", "Né(e) le", "DATE NAISS.", "DDN", "Date de naissance (jj/mm/aaaa)"]),
        (F.MATRICULE, ["Matricule", "N° matricule", "Matricule agent", "N° agent", "Staff number"]),
        (F.BENEFICIARY_NUMBER, ["N° bénéficiaire", "Nº de bénéficiaire", "N° CNAS", "Numéro d'adhérent"]),
        (F.PHONE, ["Tél", "Tél.", "Téléphone 2", "Portable", "Mobile perso", "GSM", "TEL1", "Tél. pro", "Tél. prof."]),
        (F.MAIL, ["Mél", "E-mail", "Courriel", "Adresse mail", "Email professionnel", "Mel 2"]),
        (F.ADDRESS, ["Adresse", "Adresse 1", "Adresse5", "ADRESSE LIGNE 2", "Complément d'adresse", "N° et voie"]),
        (F.POSTCODE, ["CP", "C.P.", "Code postal", "code-postal"]),
        (F.TOWN, ["Ville", "Commune", "Localité"]),
        (F.SERVICE, ["Service", "Direction", "Service d'affectation", "Pôle", "Service / Lieu"]),
        (F.SITE, ["Site", "Lieu de travail", "Établissement"]),
        (F.STATUS, ["Statut", "Position administrative", "Statut agent"]),
        (F.ENTERED_ON, ["Entrée", "Date d'entrée", "Date d’embauche", "Date d'arrivée"]),
        (F.LEFT_ON, ["Sortie", "Date de sortie", "Date de départ", "Date de radiation"]),
        (F.EMPLOYER, ["Employeur", "Collectivité"]),
    ],
)  # fmt: skip
def test_headings_are_understood_in_any_dress(
    sheet: Saved, field: StaffField, headings: list[str]
) -> None:
    for heading in headings:
        opened = sheet(f"Alpha;{heading}\nx;y")

        assert propose(opened).mapping.fields == (None, field), heading


@pytest.mark.parametrize(
    "heading",
    [
        "Nom du conjoint", "Prénom enfant 1", "Lieu de naissance", "Code INSEE", "Commune de naissance",
        "Nom de l'enfant", "Situation familiale", "Grade", "Tuteur", "Nom du chef de service",
    ],
)  # fmt: skip
def test_what_is_about_somebody_else_is_not_taken(heading: str) -> None:
    assert meaning(heading) == 0


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("Nom;Prénom;Grade", [F.FAMILY_NAME, F.FIRST_NAME, None]),
        ("Nom;Nom d'usage;Prénom", [F.FAMILY_NAME, F.USAGE_NAME, F.FIRST_NAME]),
        ("Nom;Nom de naissance;Prénom", [F.USAGE_NAME, F.FAMILY_NAME, F.FIRST_NAME]),
        ("Nom;Nom de famille;Prénom", [F.USAGE_NAME, F.FAMILY_NAME, F.FIRST_NAME]),
        ("Nom;Nom d'usage;Nom patronymique", [None, F.USAGE_NAME, F.FAMILY_NAME]),
        ("Nom de famille;Nom de naissance;Prénom", [None, F.FAMILY_NAME, F.FIRST_NAME]),
        ("Agent;Nom;Prénom", [None, F.FAMILY_NAME, F.FIRST_NAME]),
        ("Direction;Service;Nom", [None, F.SERVICE, F.FAMILY_NAME]),
        ("Nom;Statut;Position", [F.FAMILY_NAME, F.STATUS, None]),
    ],
)
def test_headings_are_read_in_the_light_of_the_others(
    sheet: Saved, headings: str, expected: list[StaffField | None]
) -> None:
    proposal = propose(sheet(f"{headings}\na;b;c"))

    assert list(proposal.mapping.fields) == expected
    assert proposal.troubles == ()


def test_unknown_columns_are_named_as_ignored(sheet: Saved) -> None:
    proposal = propose(sheet("Nom;Grade;Prénom;Échelon\nLE GOFF;A;Anne;3"))

    assert proposal.ignored == ("Grade", "Échelon")


def test_two_columns_for_one_field_are_a_question(sheet: Saved) -> None:
    opened = sheet("Nom;Ville;Commune\nLE GOFF;RENNES;RENNES")

    (trouble,) = propose(opened).troubles

    assert trouble.reason == "two-columns"
    assert trouble.details["field"] is F.TOWN
    assert trouble.details["columns"] == ("Ville (B)", "Commune (C)")


@pytest.mark.parametrize(
    ("headings", "order"),
    [
        ("Nom;Adresse 2;Adresse 1", [2, 1]),
        ("Nom;Complément;Adresse 3;Adresse;Adresse 2", [1, 3, 4, 2]),
        ("Nom;Rue;Complément", [1, 2]),
    ],
)
def test_lines_of_an_address_come_as_their_numbers_say(
    sheet: Saved, headings: str, order: list[int]
) -> None:
    opened = sheet(headings + "\nLE GOFF;a;b;c;d")

    assert in_line_order(opened, propose(opened).mapping.columns(F.ADDRESS)) == order


def test_cells_under_no_heading_are_a_question_with_their_column(sheet: Saved) -> None:
    opened = sheet("Nom;;Prénom\nLE GOFF;3;Anne")

    (trouble,) = propose(opened).troubles

    assert trouble.reason == "header-without-name"
    assert (trouble.details["column"], trouble.details["row"]) == ("B", 1)


def test_cells_beyond_the_last_heading_are_a_column_too(sheet: Saved) -> None:
    opened = sheet("Nom;Prénom\nLE GOFF;Anne;06 12 34 56 07\nROUX;Zoé;06 00 00 00 02")

    (trouble,) = propose(opened).troubles

    assert (trouble.reason, trouble.details["column"]) == ("header-without-name", "C")


def test_an_empty_column_without_heading_is_no_question(sheet: Saved) -> None:
    assert propose(sheet("Nom;;Prénom\nLE GOFF;;Anne")).troubles == ()


def test_a_list_without_names_is_a_question(sheet: Saved) -> None:
    (trouble,) = propose(sheet("Matricule;Service\n12;Voirie")).troubles

    assert trouble.reason == "no-name-column"


def test_what_a_person_said_is_remembered_by_heading_in_any_order(sheet: Saved) -> None:
    first = sheet("Nom;Blaze;Ville;Commune;\nLE GOFF;Anne;RENNES;RENNES;7")
    chosen = meant(propose(first), {1: F.FIRST_NAME, 2: None, 3: F.TOWN})
    memory = chosen.remembered(first)

    next_one = propose(sheet("COMMUNE;blaze;Nom;Ville\nBREST;Zoé;ROUX;BREST"), memory)

    assert next_one.mapping.fields == (F.TOWN, F.FIRST_NAME, F.FAMILY_NAME, None)
    assert next_one.troubles == ()


def test_what_is_said_of_this_list_counts_before_what_is_remembered(sheet: Saved) -> None:
    first = sheet("Nom;Badge;Matricule\nLE GOFF;1;7")
    said = meant(propose(first), {1: F.MATRICULE, 2: None})
    opened = sheet("Nom;Badge;N° agent\nLE GOFF;1;2")

    chosen = propose(opened, said.remembered(first), {"C": F.MATRICULE})

    assert chosen.mapping.fields == (F.FAMILY_NAME, None, F.MATRICULE)
    assert chosen.troubles == ()


def test_what_headings_say_by_themselves_is_not_remembered(sheet: Saved) -> None:
    first = sheet("Nom;Prénom;Date de naissance\nDURIEUX;Zita;03/02/1990")
    memory = propose(first).mapping.remembered(first)

    at_birth = propose(sheet("Nom;Nom de naissance;Prénom\nDURIEUX;BLONDEL;Zita"), memory)
    twice = propose(sheet("Nom;Date de naissance;Né(e) le\nA;03/02/1990;03/02/1990"), memory)

    assert memory == {}
    assert at_birth.mapping.fields == (F.USAGE_NAME, F.FAMILY_NAME, F.FIRST_NAME)
    assert [trouble.reason for trouble in twice.troubles] == ["two-columns"]


def test_what_was_remembered_is_forgotten_where_the_heading_is_believed_again(sheet: Saved) -> None:
    opened = sheet("Nom;Service\nLE GOFF;Voirie")
    alone = propose(opened).mapping
    memory = meant(propose(opened), {1: F.EMPLOYER}).remembered(opened)

    assert propose(opened, memory).mapping.fields[1] is F.EMPLOYER
    assert alone.remembered(opened, memory) == {}


def test_a_mapping_of_a_person_is_checked_too(sheet: Saved) -> None:
    opened = sheet("Nom;Prénom\nLE GOFF;Anne")

    twice = Mapping((F.FAMILY_NAME, F.FAMILY_NAME))
    nobody = Mapping((None, F.FIRST_NAME))

    assert [trouble.reason for trouble in check(opened, twice)] == ["two-columns"]
    assert [trouble.reason for trouble in check(opened, nobody)] == ["no-name-column"]
    assert check(opened, propose(opened).mapping) == ()


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("Tél pro", "pro"), ("Portable personnel 2", "personnel"), ("Tél", ""), ("Mobile", "")],
)
def test_a_heading_may_say_which_phone_it_is(heading: str, expected: str) -> None:
    assert qualifier(heading) == expected


@pytest.mark.parametrize(
    "heading",
    [
        "NIR", "N° sécu", "Numéro de sécurité sociale", "N° SS", "n° INSEE", "SSN",
        "Immatriculation Sécurité sociale", "Social security number", "N.I.R. clé NIR",
    ],
)  # fmt: skip
def test_a_column_of_social_security_numbers_is_refused_by_its_heading(
    sheet: Saved, heading: str
) -> None:
    opened = sheet(f"Nom;{heading};Prénom\nLE GOFF;;Anne")

    with pytest.raises(ForbiddenColumn) as caught:
        propose(opened)

    assert caught.value.full_code == "forbidden-column:social-security-number"
    assert caught.value.details["column"] == "B"


@pytest.mark.parametrize(
    "heading", ["Code INSEE", "INSEE commune", "Caisse de sécurité sociale", "Centre sécu"]
)
def test_numbers_of_places_and_offices_are_not_refused(sheet: Saved, heading: str) -> None:
    assert propose(sheet(f"Nom;{heading}\nLE GOFF;35238")).ignored == (heading,)


@pytest.mark.parametrize(
    "numbers",
    [
        ["2 69 05 49 588 157 80", "", "1 84 12 76 451 089 46"],
        ["269054958815780", "184127645108946", "", ""],
        ["2690549588157", "1841276451089", "1850175123456"],
        ["2 71 03 2A 004 123 78", ""],
    ],
    ids=["with gaps", "with keys", "without keys", "Corsica"],
)
def test_a_column_of_social_security_numbers_is_refused_by_its_values(
    sheet: Saved, numbers: list[str]
) -> None:
    people = "\n".join(f"NOM {place};{number}" for place, number in enumerate(numbers))

    with pytest.raises(ForbiddenColumn):
        propose(sheet(f"Nom;Identifiant\n{people}"))


@pytest.mark.parametrize(
    "numbers",
    [
        ["06 12 34 56 07", "+33 6 12 34 56 07", "0033612345607"],
        ["269054958815781", "184127645108947"],  # wrong keys
        ["FR7630006000011234567890189", ""],
        ["3250390000012", "", ""],
    ],
    ids=["phones", "wrong keys", "a bank account", "one bar code"],
)
def test_other_long_numbers_are_not_refused(sheet: Saved, numbers: list[str]) -> None:
    people = "\n".join(f"NOM {place};{number}" for place, number in enumerate(numbers))

    assert propose(sheet(f"Nom;Identifiant\n{people}")).ignored == ("Identifiant",)
