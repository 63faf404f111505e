"""What is owed and decided, as the denominators of the city tables (views, see env.py)."""

import sqlalchemy as sa
from alembic import op

import warehouse.tables

revision = "0004_city_tables"
down_revision = "journal_marks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "owed",
        sa.Column("owed_id", sa.Integer(), primary_key=True, comment="Running number"),
        sa.Column("city_id", sa.String(40), nullable=False, comment="City register id"),
        sa.Column("period", sa.String(120), nullable=False, comment="Round"),
        sa.Column("kind", sa.String(20), nullable=False, comment="section, goal or assignment"),
        sa.Column(
            "subject",
            sa.String(120),
            nullable=False,
            comment="Group of sections, goal id or assignment id",
        ),
        sa.Column("board_id", sa.String(80), nullable=False, comment="Board register id"),
        sa.Column("due_on", sa.Date(), comment="Last day, with extensions"),
        sa.Column(
            "known_from",
            warehouse.tables.Moment(timezone=True),
            nullable=False,
            comment="Since when the registers said so, UTC",
        ),
        sa.Column(
            "known_to",
            warehouse.tables.Moment(timezone=True),
            comment="Until when, UTC; empty while it holds",
        ),
        comment="What a board owes in a round by the registers: every count's denominator",
    )
    op.create_index("ix_owed_current", "owed", ["city_id", "period", "known_to"])
    op.create_table(
        "assignment_decision",
        sa.Column(
            "act_id", sa.String(40), primary_key=True, comment="Act of the journal that notes it"
        ),
        sa.Column("city_id", sa.String(40), nullable=False, comment="City register id"),
        sa.Column(
            "assignment_id", sa.String(120), nullable=False, comment="Assignment register id"
        ),
        sa.Column(
            "board_id", sa.String(80), nullable=False, comment="Addressee that it closes it for"
        ),
        sa.Column(
            "level",
            sa.String(10),
            nullable=False,
            comment="office (proposed), board or council (decided)",
        ),
        sa.Column("decided_on", sa.Date(), nullable=False, comment="Day of the decision"),
        sa.Column(
            "paragraph", sa.String(40), nullable=False, comment="Paragraph, empty for the office"
        ),
        sa.Column(
            "known_from",
            warehouse.tables.Moment(timezone=True),
            nullable=False,
            comment="When it was noted, UTC",
        ),
        sa.Column(
            "known_to",
            warehouse.tables.Moment(timezone=True),
            comment="When it was taken back, UTC; empty while it holds",
        ),
        comment="A dated decision that closes an assignment for one addressee, at one level",
    )


def downgrade() -> None:
    op.drop_table("assignment_decision")
    op.drop_table("owed")
