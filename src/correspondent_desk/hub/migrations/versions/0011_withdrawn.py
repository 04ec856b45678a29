"""That an invitation was withdrawn, which is something else than that its days are over."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("invitation", sa.Column("withdrawn_at", sa.BigInteger(), nullable=True))
