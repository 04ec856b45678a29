"""Why an erasure that an office asked for was declined."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("erasure_request", sa.Column("reason", sa.Text(), nullable=True))
