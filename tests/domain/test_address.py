import pytest

from correspondent_desk.domain.address import department_of, postcode, too_wide, window_lines
from correspondent_desk.domain.members import PostalAddress


@pytest.mark.parametrize(
    ("identity", "lines", "code", "town", "expected"),
    [
        (
            "CNAS",
            ("TSA 70042",),
            "27091",
            "Evreux Cedex 9",
            """
            CNAS
            TSA 70042
            27091 EVREUX CEDEX 9
            """,
        ),
        (
            "Mme Anne LE GOFF",
            ("Appartement 12,  escalier B", "Résidence des Lilas", "", "25 bis, rue de l’Église"),
            "67000",
            "Strasbourg",
            """
            Mme Anne LE GOFF
            Appartement 12, escalier B
            Résidence des Lilas
            25 BIS RUE DE L EGLISE
            67000 STRASBOURG
            """,
        ),
        (
            "M. Minh NGUYEN VAN",
            ("Chez Mme Œuvrard", "Le Bourg"),
            "94240",
            "L'Haÿ-les-Roses",
            """
            M. Minh NGUYEN VAN
            Chez Mme Œuvrard
            LE BOURG
            94240 L HAY LES ROSES
            """,
        ),
        (
            "M. Jean PETIT",
            ("1 boulevard du Général de Gaulle de Saint-Exupéry",),
            "20200",
            "Bastia",
            """
            M. Jean PETIT
            1 BD DU GAL DE GAULLE DE SAINT EXUPERY
            20200 BASTIA
            """,
        ),
        (
            "M. Jean PETIT",
            ("Esc. 2", "Bât. C", "Résidence du Parc", "3 rue Verte", "BP 12"),
            "29200",
            "Brest",
            """
            M. Jean PETIT
            Esc. 2 Bât. C
            Résidence du Parc
            3 RUE VERTE
            BP 12
            29200 BREST
            """,
        ),
        (
            "M. Jean PETIT",
            (),
            "",
            "",
            """
            M. Jean PETIT
            """,
        ),
    ],
)
def test_window_lines_follow_the_postal_norm(
    identity: str, lines: tuple[str, ...], code: str, town: str, expected: str
) -> None:
    written = window_lines(identity, PostalAddress(lines=lines, postcode=code, town=town))

    assert list(written) == [line.strip() for line in expected.strip().splitlines()]
    assert too_wide(written) == ()


def test_abroad_the_country_stands_last_and_nothing_is_rewritten() -> None:
    address = PostalAddress(
        lines=("Appt 3", "Bât. B", "Étage 2", "c/o Müller", "Hauptstraße 5"),
        postcode="D-77694",
        town="Kehl",
        country="Allemagne",
    )

    assert window_lines("M. Jörg STRASSER", address) == (
        "M. Jörg STRASSER",
        "Appt 3 Bât. B",
        "Étage 2",
        "c/o Müller",
        "Hauptstraße 5",
        "D-77694 Kehl",
        "ALLEMAGNE",
    )


def test_a_line_that_cannot_be_made_to_fit_is_told() -> None:
    street = "12 rue " + "interminablement " * 3
    written = window_lines(
        "M. Jean PETIT", PostalAddress(lines=(street,), postcode="29200", town="Brest")
    )

    assert too_wide(written) == (street.strip().upper(),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("67000", "67000"),
        (" 67 000 ", "67000"),
        ("1000", "01000"),
        ("97150", "97150"),
        ("00300", "00300"),
        ("99123", None),
        ("670", None),
        ("670001", None),
        ("D-77694", None),
        ("", None),
    ],
)
def test_postcodes_get_their_lost_zero_back(text: str, code: str | None) -> None:
    assert postcode(text) == code


@pytest.mark.parametrize(
    ("code", "department"),
    [
        ("67000", "67"),
        ("01000", "01"),
        ("20000", "2A"),
        ("20137", "2A"),
        ("20200", "2B"),
        ("20600", "2B"),
        ("97110", "971"),
        ("97133", "977"),
        ("97150", "978"),
        ("97410", "974"),
        ("97500", "975"),
        ("98800", "988"),
        ("98000", ""),
        ("00300", ""),
        ("99999", ""),
        ("1000", ""),
    ],
)
def test_a_postcode_proposes_the_department(code: str, department: str) -> None:
    assert department_of(code) == department
