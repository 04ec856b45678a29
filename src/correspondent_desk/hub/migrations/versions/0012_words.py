"""By which words offices are called: two operators cannot give one word to two of them at once."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    words = op.create_table(
        "office_word",
        sa.Column("word", sa.Text(), primary_key=True),
        sa.Column("office", sa.BigInteger(), nullable=False),
    )
    offices = op.get_bind().execute(sa.text("SELECT id, name_key, code FROM office ORDER BY id"))
    taken: dict[str, int] = {}
    for office, name_key, code in offices:
        for word in (name_key, code.lower()):
            taken.setdefault(word, office)  # earlier versions gave one word to two offices
    if taken:
        op.bulk_insert(words, [{"word": word, "office": of} for word, of in taken.items()])
