"""A request the hub says no to: answered by its code, never a bug."""

from collections.abc import Mapping

from correspondent_desk.sync.online.wire import Code

STATUS: Mapping[Code, int] = {
    Code.NOT_SIGNED: 401,
    Code.BAD_SIGNATURE: 401,
    Code.BAD_NONCE: 401,
    Code.UNKNOWN_DESK: 403,
    Code.REVOKED: 403,
    Code.BAD_REQUEST: 400,
    Code.NOT_FOUND: 404,
    Code.WRONG_METHOD: 405,
    Code.WRONG_OFFSET: 409,
    Code.WRONG_STATE: 409,
    Code.WRONG_DIGEST: 422,
    Code.WRONG_RANGE: 416,
    Code.TOO_LARGE: 413,
    Code.TOO_SLOW: 408,
    Code.TOO_EARLY: 429,
    Code.BUSY: 503,
    Code.FULL: 507,
    Code.NOT_SECURE: 403,
    Code.FAILED: 500,
    Code.INVITATION_UNKNOWN: 403,
    Code.INVITATION_USED: 403,
    Code.INVITATION_EXPIRED: 403,
    Code.INVITATION_WITHDRAWN: 403,
    Code.BAD_PROOF: 403,
}


class Refused(Exception):
    """Nothing was changed. headers: what the answer carries besides."""

    def __init__(self, code: Code, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """The status of the answer."""
        return STATUS[self.code]
