"""Where the requests of an office stand in its log, for lists that name them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    which = sa.text("kind = 5")
    op.create_index(
        "op_request", "op", ["office", "record"], sqlite_where=which, postgresql_where=which
    )
