"""The words of a city's scales, so that the city tables go by them; views made anew."""

import sqlalchemy as sa
from alembic import op

import warehouse.tables

revision = "scale_words"
down_revision = "what_was_tried"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scale_word",
        sa.Column("scale_word_id", sa.Integer(), primary_key=True, comment="Running number"),
        sa.Column("city_id", sa.String(40), nullable=False, comment="City register id"),
        sa.Column("period", sa.String(120), nullable=False, comment="Round"),
        sa.Column("scale", sa.String(40), nullable=False, comment="goal_assessment, goal_role, …"),
        sa.Column("code", sa.String(40), nullable=False, comment="Step of the scale"),
        sa.Column(
            "word", sa.String(200), nullable=False, comment="Word or synonym, in small letters"
        ),
        sa.Column(
            "means",
            sa.String(20),
            nullable=False,
            comment="What a step that is no judgement is; empty for a judgement",
        ),
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
        comment="One word of a scale as it held in a round; a step has as many as it goes by",
    )
    op.create_index(
        "ix_scale_word_current", "scale_word", ["city_id", "period", "scale", "known_to"]
    )


def downgrade() -> None:
    op.drop_table("scale_word")
