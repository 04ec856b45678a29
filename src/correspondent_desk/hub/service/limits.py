"""What one process of the hub takes on at most."""

from dataclasses import dataclass

from correspondent_desk.sync.online import wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds end in _s, sizes are bytes.

    connections: open at once, those that have said nothing yet among them; more are let go at once.
    workers: requests that are worked on at once, each with a connection to the database.
    bodies: parts of uploads in memory at once. head_s: for all of a request before its body.
    pause_s: between two pieces of a body, or of an answer, at most. body_s: for a whole body.
    idle_s: between two requests. answer_s: how long a desk waits for what became of its bundle before
    it must ask again. look_s: between two looks at the certificate and at what is due. import_s: whoever
    takes in an upload for longer is thought dead; shorter than a desk waits, and if it lives after all
    the same bundle is taken in once. uploads: begun ones of a desk. pending: bytes of all that were begun.
    """

    connections: int = 512
    workers: int = 4
    bodies: int = 32
    head_s: float = 10
    pause_s: float = 20
    body_s: float = 120
    idle_s: int = 15
    answer_s: float = 2
    look_s: float = 60
    stop_s: int = 20
    uploads: int = 3
    upload: int = wire.MOST_UPLOAD
    pending: int = 4 << 30
    upload_days: int = 14
    free: int = 256 << 20
    nonce_s: int = 600
    import_s: int = 60
