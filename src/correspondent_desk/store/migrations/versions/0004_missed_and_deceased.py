"""Who missed a meeting or has died is found without a look at all the others."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index(
        "member_deceased",
        "member",
        ["status"],
        unique=False,
        sqlite_where=sa.text("status = 'deceased'"),
    )
    op.create_index(
        "meeting_missed",
        "meeting",
        ["starts_at"],
        unique=False,
        sqlite_where=sa.text("removed_at IS NULL AND status IN ('no-show', 'excused')"),
    )
