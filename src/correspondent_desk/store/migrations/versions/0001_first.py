"""The first store."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Search is SQLite's own; the hub does not search people.
SEARCH = (
    "CREATE VIEW member_listed AS SELECT id, search_doc, phone_doc FROM member WHERE removed_at IS NULL AND merged_into_id IS NULL",
    "CREATE VIRTUAL TABLE member_fts USING fts5(search_doc, content='member_listed', content_rowid='id', detail=none, tokenize='ascii', prefix='1 2 3', columnsize=0)",
    "CREATE VIRTUAL TABLE member_phone USING fts5(phone_doc, content='member_listed', content_rowid='id', detail=none, tokenize='ascii', prefix='2 4', columnsize=0)",
    "CREATE VIRTUAL TABLE member_term USING fts5vocab(member_fts, row)",
    "CREATE TRIGGER member_fts_new AFTER INSERT ON member WHEN NOT EXISTS (SELECT 1 FROM setting WHERE key='search.paused') BEGIN INSERT INTO member_fts(rowid, search_doc) SELECT new.id, new.search_doc WHERE new.removed_at IS NULL AND new.merged_into_id IS NULL; END",
    "CREATE TRIGGER member_fts_anew AFTER UPDATE OF search_doc, removed_at, merged_into_id ON member WHEN (old.search_doc IS NOT new.search_doc OR (old.removed_at IS NULL AND old.merged_into_id IS NULL) <> (new.removed_at IS NULL AND new.merged_into_id IS NULL)) AND NOT EXISTS (SELECT 1 FROM setting WHERE key='search.paused') BEGIN INSERT INTO member_fts(member_fts, rowid, search_doc) SELECT 'delete', old.id, old.search_doc WHERE old.removed_at IS NULL AND old.merged_into_id IS NULL; INSERT INTO member_fts(rowid, search_doc) SELECT new.id, new.search_doc WHERE new.removed_at IS NULL AND new.merged_into_id IS NULL; END",
    "CREATE TRIGGER member_fts_gone AFTER DELETE ON member WHEN NOT EXISTS (SELECT 1 FROM setting WHERE key='search.paused') BEGIN INSERT INTO member_fts(member_fts, rowid, search_doc) SELECT 'delete', old.id, old.search_doc WHERE old.removed_at IS NULL AND old.merged_into_id IS NULL; END",
    "CREATE TRIGGER member_phone_new AFTER INSERT ON member WHEN NOT EXISTS (SELECT 1 FROM setting WHERE key='search.paused') BEGIN INSERT INTO member_phone(rowid, phone_doc) SELECT new.id, new.phone_doc WHERE new.removed_at IS NULL AND new.merged_into_id IS NULL; END",
    "CREATE TRIGGER member_phone_anew AFTER UPDATE OF phone_doc, removed_at, merged_into_id ON member WHEN (old.phone_doc IS NOT new.phone_doc OR (old.removed_at IS NULL AND old.merged_into_id IS NULL) <> (new.removed_at IS NULL AND new.merged_into_id IS NULL)) AND NOT EXISTS (SELECT 1 FROM setting WHERE key='search.paused') BEGIN INSERT INTO member_phone(member_phone, rowid, phone_doc) SELECT 'delete', old.id, old.phone_doc WHERE old.removed_at IS NULL AND old.merged_into_id IS NULL; INSERT INTO member_phone(rowid, phone_doc) SELECT new.id, new.phone_doc WHERE new.removed_at IS NULL AND new.merged_into_id IS NULL; END",
    "CREATE TRIGGER member_phone_gone AFTER DELETE ON member WHEN NOT EXISTS (SELECT 1 FROM setting WHERE key='search.paused') BEGIN INSERT INTO member_phone(member_phone, rowid, phone_doc) SELECT 'delete', old.id, old.phone_doc WHERE old.removed_at IS NULL AND old.merged_into_id IS NULL; END",
)


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=True),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("origin", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "answer",
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_answer_about_id"), "answer", ["about_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.Text(), nullable=True),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("contact_member", "contact", ["member_id", "at"], unique=False)
    op.create_index(op.f("ix_contact_request_id"), "contact", ["request_id"], unique=False)
    op.create_table(
        "context",
        sa.Column("origin", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("seen_origin", sa.Integer(), nullable=False),
        sa.Column("hi", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "seq", "seen_origin"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dependant",
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_dependant_member_id"), "dependant", ["member_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("refused_because", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_document_request_id"), "document", ["request_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "extra",
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("field", sa.Integer(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("record", "field"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "history",
        sa.Column("origin", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.Integer(), nullable=False),
        sa.Column("action", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("origin", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_history_record"), "history", ["record"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("bundle", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("action", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("bundle"),
    )
    op.create_table(
        "meeting",
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("bring", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("moved_from_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_meeting_request_id"), "meeting", ["request_id"], unique=False)
    op.create_index("meeting_member", "meeting", ["member_id", "starts_at"], unique=False)
    op.create_index(
        "meeting_planned",
        "meeting",
        ["starts_at"],
        unique=False,
        sqlite_where=sa.text("removed_at IS NULL AND status = 'planned'"),
    )
    op.create_index("meeting_when", "meeting", ["starts_at"], unique=False)
    op.create_table(
        "member",
        sa.Column("civility", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("usage_name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("matricule", sa.Text(), nullable=False),
        sa.Column("beneficiary_number", sa.Text(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("phones", sa.JSON(), nullable=False),
        sa.Column("mails", sa.JSON(), nullable=False),
        sa.Column("address_lines", sa.JSON(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("no_letter_home", sa.Boolean(), nullable=False),
        sa.Column("preferred_channel", sa.Text(), nullable=False),
        sa.Column("access_needs", sa.Text(), nullable=False),
        sa.Column("rhythm_months", sa.Integer(), nullable=True),
        sa.Column("bracket", sa.Text(), nullable=False),
        sa.Column("bracket_year", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("sort_name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("search_doc", sa.Text(), nullable=False),
        sa.Column("phone_doc", sa.Text(), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=True),
        sa.Column("last_contact_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "member_heard",
        "member",
        ["last_contact_on"],
        unique=False,
        sqlite_where=sa.text("removed_at IS NULL AND merged_into_id IS NULL"),
    )
    op.create_index(
        "member_list",
        "member",
        ["sort_key", "id"],
        unique=False,
        sqlite_where=sa.text("removed_at IS NULL AND merged_into_id IS NULL"),
    )
    op.create_index("member_matricule", "member", ["matricule"], unique=False)
    op.create_index(
        "member_place",
        "member",
        ["id", "sort_key"],
        unique=False,
        sqlite_where=sa.text("removed_at IS NULL AND merged_into_id IS NULL"),
    )
    op.create_index(
        "member_rhythm",
        "member",
        ["rhythm_months", "last_contact_on"],
        unique=False,
        sqlite_where=sa.text(
            "rhythm_months IS NOT NULL AND removed_at IS NULL AND merged_into_id IS NULL"
        ),
    )
    op.create_table(
        "office",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("rhythm_months", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "origin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hi", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.Integer(), nullable=False),
        sa.Column("noted", sa.Integer(), nullable=False),
        sa.Column("mine", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    op.create_table(
        "outbox",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("bundle", sa.LargeBinary(length=16), nullable=False),
        sa.Column("made_at", sa.Integer(), nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.Column("operations", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("root", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    op.create_index(op.f("ix_record_root"), "record", ["root"], unique=False)
    op.create_table(
        "request",
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("event_on", sa.Date(), nullable=True),
        sa.Column("last_useful_on", sa.Date(), nullable=True),
        sa.Column("next_what", sa.Text(), nullable=False),
        sa.Column("next_who", sa.Text(), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("amount_asked", sa.Text(), nullable=True),
        sa.Column("amount_granted", sa.Text(), nullable=True),
        sa.Column("is_sensitive", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "request_due",
        "request",
        ["next_who", "next_due", "type", "status", "last_useful_on", "opened_on", "member_id"],
        unique=False,
        sqlite_where=sa.text("removed_at IS NULL AND status NOT IN ('closed', 'abandoned')"),
    )
    op.create_index("request_member", "request", ["member_id", "opened_on"], unique=False)
    op.create_index(
        "request_open", "request", ["status", "last_useful_on", "opened_on"], unique=False
    )
    op.create_table(
        "session",
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("weekly_until", sa.Date(), nullable=True),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sibling",
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("field", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.Integer(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("record", "field", "origin"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "site",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address_lines", sa.JSON(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("good_friday", sa.Boolean(), nullable=False),
        sa.Column("opens_at", sa.Text(), nullable=True),
        sa.Column("closes_at", sa.Text(), nullable=True),
        sa.Column("open_weekdays", sa.JSON(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "step",
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.Text(), nullable=True),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("became", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("removed_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_step_request_id"), "step", ["request_id"], unique=False)
    if op.get_context().dialect.name == "sqlite":
        for statement in SEARCH:
            op.execute(statement)
