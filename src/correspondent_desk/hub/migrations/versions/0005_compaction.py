"""Where each office's log begins."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "log_reach",
        sa.Column("office", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("office", "at"),
    )
    op.create_table(
        "log_start",
        sa.Column("office", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("office"),
    )
    op.create_table(
        "log_floor",
        sa.Column("origin", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("office", sa.BigInteger(), nullable=False),
        sa.Column("hi", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("origin"),
    )
    op.create_index("ix_log_floor_office", "log_floor", ["office"])
