"""Tables of the service, of the operators' pages, of refused files and of the hub's address.

Hubs of the second version made each of them when it was first needed: those are left as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    known = set(sa.inspect(op.get_bind()).get_table_names())
    for name, parts in TABLES.items():
        if name not in known:
            op.create_table(name, *parts)
            for column in INDEXED.get(name, ()):
                op.create_index(f"ix_{name}_{column}", name, [column])


TABLES: dict[str, list[sa.schema.SchemaItem]] = {
    "address": [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    ],
    "refused_bundle": [
        sa.Column("key", sa.LargeBinary(16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("desk", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    ],
    "spent_nonce": [
        sa.Column("nonce", sa.LargeBinary(16), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("nonce"),
    ],
    "upload": [
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("desk", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.Column("fate", sa.String(16), nullable=False),
        sa.Column("operations", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    ],
    "upload_part": [
        sa.Column("upload", sa.LargeBinary(16), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("upload", "first"),
    ],
    "parcel": [
        sa.Column("desk", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("bundle", sa.LargeBinary(16), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("have", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("desk"),
    ],
    "parcel_part": [
        sa.Column("bundle", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("bundle", "number"),
    ],
    "account": [
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("signed_in_at", sa.BigInteger(), nullable=False),
        sa.Column("blocked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name_key"),
    ],
    "account_session": [
        sa.Column("id", sa.LargeBinary(32), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    ],
    "attempt": [
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    ],
}
INDEXED = {
    "refused_bundle": ("desk", "at"),
    "spent_nonce": ("expires_at",),
    "upload": ("desk", "state"),
    "account_session": ("account",),
    "attempt": ("at",),
}
