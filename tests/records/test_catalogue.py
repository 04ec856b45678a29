"""The catalogue as it ships."""

from datetime import date

from correspondent_desk.records import catalogue


def test_every_code_is_given_once_and_named_in_both_languages() -> None:
    for known in (catalogue.benefits(), catalogue.reasons()):
        codes = [one.code for one in known]
        assert len(set(codes)) == len(codes)
        assert all(one.fr and one.en for one in known)


def test_a_benefit_proposes_the_documents_it_needs() -> None:
    proposed = catalogue.documents_for("REN2")

    assert [one.code for one in proposed] == ["school-certificate", "tax-notice-seen"]
    assert catalogue.documents_for("of another year") == ()


def test_what_discloses_a_hardship_is_sensitive() -> None:
    sensitive = {one.code for one in catalogue.benefits() if one.sensitive}

    assert {"SECX", "DECE", "HAN5", "HAN8", "ECOU"} <= sensitive
    assert "NAIS" not in sensitive


def test_the_catalogue_says_since_when_it_holds() -> None:
    edition = catalogue.edition()

    assert edition.version >= 1
    assert edition.valid_from <= date(2026, 12, 3)
    assert edition.source


def test_unknown_codes_are_unknown() -> None:
    assert catalogue.benefit("?") is None
    assert catalogue.reason("a chat") is None
    assert catalogue.document_kind("?") is None
    assert catalogue.document_kind("bank-details") is not None
