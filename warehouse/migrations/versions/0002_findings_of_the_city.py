"""Findings of the city's own: they belong to no document."""

import sqlalchemy as sa
from alembic import op

revision = "0002_findings_of_the_city"
down_revision = "0001"
branch_labels = None
depends_on = None

COMMENT = "Document with the finding"


def upgrade() -> None:
    with op.batch_alter_table("finding") as table:
        table.alter_column(
            "document_sha256",
            existing_type=sa.String(length=64),
            nullable=True,
            comment=f"{COMMENT}; empty for one of the city's, over several boards",
            existing_comment=COMMENT,
        )


def downgrade() -> None:
    # The next run, or a rebuild, finds them again.
    op.execute("DELETE FROM finding WHERE document_sha256 IS NULL")
    with op.batch_alter_table("finding") as table:
        table.alter_column(
            "document_sha256",
            existing_type=sa.String(length=64),
            nullable=False,
            comment=COMMENT,
        )
