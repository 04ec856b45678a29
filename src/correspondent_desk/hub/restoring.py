"""The administrator says that the hub was put back from a copy."""

from correspondent_desk.hub import audit, restored
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.database import Hub


def say_restored(hub: Hub, *, by: str = "") -> int:
    """Begin a new incarnation, which is returned; whether the hub had noticed it by itself or not.

    Saying so without need does no harm: each desk is answered once more. by: who says it.
    """
    with hub.transaction() as connection:
        incarnation = restored.begin_anew(connection, hub.sidecar, hub.now_ms())
        audit.note(hub, connection, by, What.HUB_RESTORED, incarnation=incarnation)
    return incarnation
