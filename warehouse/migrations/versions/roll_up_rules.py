"""The city tables keep the roll-up rules to the letter; views made anew (see env.py)."""

revision = "roll_up_rules"
down_revision = "scale_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change no table: the views are dropped and made anew around this step."""


def downgrade() -> None:
    """Change no table."""
