"""what a check tried, and what it could not."""

import sqlalchemy as sa
from alembic import op

import warehouse.tables

revision = "what_was_tried"
down_revision = "persons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_made",
        sa.Column("check_id", sa.Integer(), nullable=False, comment="Running number"),
        sa.Column("city_id", sa.String(length=40), nullable=False, comment="City register id"),
        sa.Column(
            "run_period",
            sa.String(length=120),
            nullable=False,
            comment="Round or day that was run",
        ),
        sa.Column(
            "document_sha256",
            sa.String(length=64),
            nullable=True,
            comment="Document that was checked; empty for the check of all boards together",
        ),
        sa.Column(
            "content",
            sa.JSON(),
            nullable=False,
            comment="Gates passed, what was not checked and why, "
            "rules tried by section, row and field",
        ),
        sa.Column(
            "known_from",
            warehouse.tables.Moment(timezone=True),
            nullable=False,
            comment="When it was checked so first, UTC",
        ),
        sa.Column(
            "known_to",
            warehouse.tables.Moment(timezone=True),
            nullable=True,
            comment="When a later check differed, UTC; empty while it stands",
        ),
        sa.ForeignKeyConstraint(
            ["document_sha256"],
            ["document.sha256"],
            name=op.f("fk_check_made_document_sha256_document"),
        ),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_check_made")),
        comment="Which rules were tried on what in a document, and which could not be",
    )
    with op.batch_alter_table("check_made") as batch:
        batch.create_index("ix_check_current", ["city_id", "known_to"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("check_made") as batch:
        batch.drop_index("ix_check_current")
    op.drop_table("check_made")
