"""What teachers need: reviews, consent numbers, retention of classes, collected recordings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this form."""
    with op.batch_alter_table("learners") as table:
        table.add_column(sa.Column("number", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("classes") as table:
        table.add_column(sa.Column("keep_days", sa.Integer(), nullable=True))
        table.add_column(sa.Column("slope", sa.Float(), nullable=True))
        table.add_column(sa.Column("intercept", sa.Float(), nullable=True))
    with op.batch_alter_table("attempts") as table:
        table.add_column(sa.Column("is_flagged", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("reviewed", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("reviewer", sa.Text(), nullable=False, server_default=""))
    # What is there gets values; new rows bring theirs.
    for name, column in (("learners", "number"), ("attempts", "is_flagged"), ("attempts", "reviewer")):
        with op.batch_alter_table(name) as table:
            table.alter_column(column, server_default=None)
    with op.batch_alter_table("marks") as table:
        table.alter_column("word", existing_type=sa.Integer(), nullable=True)
    op.create_table(
        "collected",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("audio", sa.Text(), nullable=False),
        sa.Column("learner", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.String(32), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["attempts.id"],
            name=op.f("fk_collected_attempt_id_attempts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_collected")),
    )
    op.create_index(op.f("ix_collected_attempt_id"), "collected", ["attempt_id"])
    op.create_index(op.f("ix_collected_source"), "collected", ["source"])
    op.create_table(
        "word_results",
        sa.Column("attempt_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("error", sa.String(32), nullable=False),
        sa.Column("start", sa.Float(), nullable=False),
        sa.Column("end", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["attempts.id"],
            name=op.f("fk_word_results_attempt_id_attempts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_word_results")),
    )
    op.create_index("ix_word_results_word", "word_results", ["word"])
    op.create_table(
        "shared_recordings",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_shared_recordings")),
    )
