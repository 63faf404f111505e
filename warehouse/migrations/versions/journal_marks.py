"""What the warehouse remembers of the journal: the hash of every record."""

import sqlalchemy as sa
from alembic import op

revision = "journal_marks"
down_revision = "0003_central_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_mark",
        sa.Column("city_id", sa.String(length=40), nullable=False, comment="City register id"),
        sa.Column(
            "number",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Number of the record, from 1",
        ),
        sa.Column(
            "digest",
            sa.String(length=64),
            nullable=False,
            comment="The record's hash, which covers all records before it",
        ),
        sa.PrimaryKeyConstraint("city_id", "number"),
        comment="The hash of one record of the journal, remembered apart from the journal",
    )


def downgrade() -> None:
    op.drop_table("journal_mark")
