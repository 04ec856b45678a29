"""What grows is cut by office and closed to other offices; places, pieces of bundles, the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
PARTITIONS = 16
NAMED = "(SELECT nullif(current_setting('app.office', true), '')::bigint)"
POLICIES = {
    "op": f"office = {NAMED}",
    "context": f"office = {NAMED}",
    "root": f"office = {NAMED}",
    "origin": f"office = {NAMED} OR {NAMED} = -1",
}


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    _hub()
    _offices()
    _log(is_sqlite=is_sqlite)
    if not is_sqlite:
        _guards()
    op.create_index(
        "bundle_in_waiting",
        "bundle_in",
        ["desk"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "bundle_piece",
        sa.Column("uid", sa.LargeBinary(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("uid", "number"),
    )
    op.create_table(
        "audit",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("desk", sa.Integer(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])


def _hub() -> None:
    op.create_table(
        "place",
        sa.Column("uid", sa.LargeBinary(16), nullable=False),
        sa.Column("handed_out", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("uid"),
    )
    # The folder that knows no number of its own yet is the one this hub was served from.
    op.get_bind().execute(
        sa.text("INSERT INTO place SELECT :uid, handed_out FROM hub"), {"uid": bytes(16)}
    )
    op.drop_column("hub", "handed_out")
    op.add_column("hub", sa.Column("identity", sa.Text(), nullable=False, server_default=""))


def _offices() -> None:
    op.add_column("office", sa.Column("name_key", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    for id_, name in connection.execute(sa.text("SELECT id, name FROM office")).all():
        connection.execute(
            sa.text("UPDATE office SET name_key = :key WHERE id = :id"),
            {"key": name.casefold(), "id": id_},
        )
    op.create_index("office_code", "office", ["code"], unique=True)
    op.create_index("office_name_key", "office", ["name_key"], unique=True)


def _log(*, is_sqlite: bool) -> None:
    _remake(
        "op",
        [
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
            sa.PrimaryKeyConstraint("office", "origin", "seq"),
            sa.UniqueConstraint("office", "pos"),
        ],
        "office",
        "SELECT * FROM op",
        is_sqlite=is_sqlite,
    )
    _remake(
        "context",
        [
            sa.Column("office", sa.BigInteger(), nullable=False),
            sa.Column("origin", sa.BigInteger(), nullable=False),
            sa.Column("seq", sa.BigInteger(), nullable=False),
            sa.Column("seen_origin", sa.BigInteger(), nullable=False),
            sa.Column("hi", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("office", "origin", "seq", "seen_origin"),
        ],
        "office",
        "SELECT o.office, c.origin, c.seq, c.seen_origin, c.hi"
        " FROM context c JOIN origin o ON o.id = c.origin",
        is_sqlite=is_sqlite,
    )
    _remake(
        "root",
        [
            sa.Column("uid", sa.LargeBinary(16), nullable=False),
            sa.Column("office", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("uid"),
        ],
        "uid",
        "SELECT uid, office FROM root",
        is_sqlite=is_sqlite,
    )


def _remake(
    name: str, parts: list[sa.schema.SchemaItem], by: str, rows: str, *, is_sqlite: bool
) -> None:
    if not is_sqlite:  # the first version ran on SQLite alone, so nothing is in it
        op.drop_table(name)
        op.create_table(name, *parts, postgresql_partition_by=f"HASH ({by})")
        return
    op.create_table(f"{name}_new", *parts, sqlite_with_rowid=False)
    op.execute(f"INSERT INTO {name}_new {rows}")
    op.drop_table(name)
    op.rename_table(f"{name}_new", name)


def _guards() -> None:
    for name, rule in POLICIES.items():
        closed = [name]
        if name != "origin":
            for number in range(PARTITIONS):
                part = f"{name}_{number:02}"
                op.execute(
                    f"CREATE TABLE {part} PARTITION OF {name}"
                    f" FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
                )
                closed.append(part)
        for table in closed:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_office ON {name} USING ({rule})")
