"""Copies of a desk that are worked with beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column(
        "desk",
        sa.Column("copies", sa.LargeBinary(), nullable=True),
    )
