"""The hub of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "bundle_in",
        sa.Column("uid", sa.LargeBinary(16), nullable=False),
        sa.Column("desk", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("operations", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("uid"),
    )
    op.create_table(
        "bundle_out",
        sa.Column("uid", sa.LargeBinary(16), nullable=False),
        sa.Column("desk", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("operations", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("uid"),
    )
    op.create_index("ix_bundle_out_desk", "bundle_out", ["desk"])
    op.create_table(
        "context",
        sa.Column("origin", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("seen_origin", sa.BigInteger(), nullable=False),
        sa.Column("hi", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "seq", "seen_origin"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "desk",
        sa.Column("id", KEY, nullable=False),
        sa.Column("office", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("signing", sa.LargeBinary(32), nullable=False),
        sa.Column("receiving", sa.Text(), nullable=False),
        sa.Column("invitation", sa.LargeBinary(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        sa.Column("heard_incarnation", sa.Integer(), nullable=False),
        sa.Column("heard_number", sa.BigInteger(), nullable=False),
        sa.Column("heard_vector", sa.LargeBinary(), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=False),
        sa.Column("said_number", sa.BigInteger(), nullable=False),
        sa.Column("said_vector", sa.LargeBinary(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("owes_answer", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("signing"),
        sa.UniqueConstraint("office", "number"),
    )
    op.create_index("ix_desk_office", "desk", ["office"])
    op.create_table(
        "hub",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.Column("incarnation", sa.Integer(), nullable=False),
        sa.Column("handed_out", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "invitation",
        sa.Column("uid", sa.LargeBinary(16), nullable=False),
        sa.Column("office", sa.BigInteger(), nullable=False),
        sa.Column("secret", sa.LargeBinary(16), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_by", sa.LargeBinary(32), nullable=True),
        sa.PrimaryKeyConstraint("uid"),
    )
    op.create_table(
        "office",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.LargeBinary(16), nullable=False),
        sa.Column("origin", sa.LargeBinary(16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("next_pos", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    op.create_table(
        "op",
        sa.Column("office", sa.BigInteger(), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.LargeBinary(16), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(16), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("group", sa.BigInteger(), nullable=False),
        sa.Column("wall", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "seq"),
        sa.UniqueConstraint("office", "pos"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "origin",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.LargeBinary(16), nullable=False),
        sa.Column("office", sa.BigInteger(), nullable=False),
        sa.Column("desk", sa.BigInteger(), nullable=False),
        sa.Column("hi", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    op.create_index("ix_origin_office", "origin", ["office"])
    op.create_table(
        "root",
        sa.Column("uid", sa.LargeBinary(16), nullable=False),
        sa.Column("office", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("uid"),
        sqlite_with_rowid=False,
    )
