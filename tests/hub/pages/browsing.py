"""A browser as people without one type it: keeps cookies, follows nothing, fills forms by their names."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx

from tests.hub.pages.filling import PASSWORD

_TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


@dataclass
class Visitor:
    """One browser. token: of the last page that had a form."""

    url: str
    language: str = "en"
    verify: Any = False
    token: str = ""
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(
            base_url=self.url,
            verify=self.verify,
            trust_env=False,
            headers={"Accept-Language": self.language},
        )

    def close(self) -> None:
        self.client.close()

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self._seen(self.client.get(path, **more))

    def post(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form with the token that was seen last, unless it is given another."""
        return self.send(path, {"token": self.token, **fields})

    def send(self, path: str, fields: dict[str, Any], **more: Any) -> httpx.Response:
        return self._seen(self.client.post(path, data=fields, **more))

    def sign_in(self, name: str, password: str = PASSWORD, to: str = "/") -> httpx.Response:
        self.get("/sign-in")
        answer = self.post("/sign-in", name=name, password=password, to=to)
        if answer.status_code == 303:
            self.get("/password")
        return answer

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        found = (
            _TOKEN.search(answer.text) if "html" in answer.headers.get("content-type", "") else None
        )
        if found is not None:
            self.token = found[1]
        return answer


def number_in(address: str) -> str:
    """Of the invitation that was just made, by the address of the page that tells of it."""
    return address.partition("&new=")[2].partition("#")[0]


def invited(browser: Visitor, code: str) -> tuple[httpx.Response, str]:
    """The file of a new invitation for the office with this code, and its number."""
    made = browser.post(f"/offices/{code}/invite")
    number = number_in(made.headers["location"])
    return browser.post(f"/offices/{code}/invitations/{number}/file"), number


def words(answer: httpx.Response) -> str:
    """What a page says, without its marks."""
    text = re.sub(r"<[^>]+>", " ", answer.text.split("<main", 1)[-1])
    return " ".join(unescape(text).split())
