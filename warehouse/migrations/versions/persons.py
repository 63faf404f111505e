"""Names of persons, that can be erased: the chain has their ids only."""

import sqlalchemy as sa
from alembic import op

revision = "persons"
down_revision = "0004_city_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column(
            "person_id",
            sa.String(length=40),
            nullable=False,
            comment="Id that acts and records carry, N-3f2a…",
        ),
        sa.Column("city_id", sa.String(length=40), nullable=False, comment="City register id"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="Name as it was written"),
        sa.Column(
            "contact",
            sa.String(length=200),
            nullable=True,
            comment="Mail address; empty where none was given",
        ),
        sa.PrimaryKeyConstraint("person_id"),
        comment="A person's name, erased under a recorded decision; the chain has the id only",
    )


def downgrade() -> None:
    op.drop_table("person")
