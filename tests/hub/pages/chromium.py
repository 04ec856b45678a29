"""A real Chromium, started once; the tests that need one are skipped where there is none."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process for all pages, which come from one hub: half the processor's time.
    "--disable-extensions",
    "--renderer-process-limit=1",
    "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process,SpareRendererForSitePerProcess",
]


def path() -> str:
    """Of the browser; empty if there is none."""
    told = os.environ.get("DESK_TEST_CHROMIUM", "")
    return told or next(filter(None, map(shutil.which, _NAMES)), "")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser."""
    if not path():
        pytest.skip("no Chromium on this computer: see dev.py test")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=OPTIONS)
        yield browser
        browser.close()
