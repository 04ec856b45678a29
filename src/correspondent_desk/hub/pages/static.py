"""The style sheet and the icon, under addresses that change with them: a browser keeps them for good."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Static:
    """A file of ours."""

    name: str
    media_type: str
    content: bytes

    @property
    def path(self) -> str:
        """Its address, with what it holds in it."""
        return f"/{self.name}?{hashlib.sha256(self.content).hexdigest()[:12]}"

    def route(self) -> Route:
        """Where it is served."""

        async def serve(_request: Request) -> Response:
            kept = {"Cache-Control": "public, max-age=31536000, immutable"}
            return Response(self.content, headers=kept, media_type=self.media_type)

        return Route(f"/{self.name}", serve)


def _read(name: str, media_type: str) -> Static:
    return Static(name, media_type, (_HERE / name).read_bytes())


STYLE = _read("style.css", "text/css")
ICON = _read("icon.svg", "image/svg+xml")
