"""Exchange from desk to desk: what was received under its author's signature, and from whom."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bundle", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sender", sa.LargeBinary(length=32), nullable=False),
        sa.Column("received_at", sa.Integer(), nullable=False),
        sa.Column("covers", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("bundle"),
    )
    op.create_table(
        "peer",
        sa.Column("signing", sa.LargeBinary(length=32), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("erasure", sa.Integer(), nullable=False),
        sa.Column("receiving", sa.Text(), nullable=False),
        sa.Column("heard_at", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("said_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("signing"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "speaker",
        sa.Column("origin", sa.LargeBinary(length=16), nullable=False),
        sa.Column("signing", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("origin"),
        sqlite_with_rowid=False,
    )
