"""The audit in a browser: what its filter lets through."""

from tests.hub.pages.browsing import Visitor, words
from tests.hub.pages.conftest import Site
from tests.hub.pages.filling import AUDITOR
from tests.keepers import ON_DISK

NOTHING = "Nothing was noted that this filter lets through."


@ON_DISK
def test_far_days_filter_too_and_a_wrong_one_is_told(site: Site) -> None:
    browser = Visitor(site.url)
    browser.sign_in(AUDITOR)

    for nothing in ("until=1970-06-01", "until=0001-01-01", "since=9999-01-01", "since=9999-12-31"):
        assert NOTHING in words(browser.get(f"/audit?{nothing}"))
    for everything in ("since=1970-06-01", "since=0001-01-01", "until=9999-12-31"):
        assert NOTHING not in words(browser.get(f"/audit?{everything}"))
    told = words(browser.get("/audit?since=01/06/1970"))
    assert "“01/06/1970” is not a date: write it like 2026-12-31." in told
    browser.close()
