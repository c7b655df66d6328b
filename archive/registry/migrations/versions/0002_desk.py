# SPDX-License-Identifier: Apache-2.0
"""The desk: runs and places of items that a person captures, and items on hold."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # plain ADD COLUMN, which SQLite does in place; a copy of the table would take its foreign keys along
    op.add_column("item", sa.Column("on_hold", sa.Text(), nullable=True))
    op.add_column("item", sa.Column("hold_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("item", sa.Column("desk", sa.Text(), nullable=True))
    op.add_column("page", sa.Column("rotation", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "desk_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", KEY, nullable=True),
        sa.Column("replaces", KEY, nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("first_page", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_desk_run_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_run")),
        sa.UniqueConstraint("item", "number", name=op.f("uq_desk_run_item_number")),
    )
    op.create_table(
        "desk_place",
        sa.Column("id", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("rank", sa.Text(), nullable=False),
        sa.Column("aside", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("run", KEY, nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("label_start", sa.JSON(), nullable=True),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("captured_at", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["item"], ["item.id"], name=op.f("fk_desk_place_item")),
        sa.ForeignKeyConstraint(["run"], ["desk_run.id"], name=op.f("fk_desk_place_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_place")),
        sa.UniqueConstraint("run", "page", name=op.f("uq_desk_place_run_page")),
    )
    op.create_index("ix_desk_place_item_rank", "desk_place", ["item", "rank"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_desk_place_item_rank", "desk_place")
    op.drop_table("desk_place")
    op.drop_table("desk_run")
    op.drop_column("page", "rotation")
    op.drop_column("item", "desk")
    op.drop_column("item", "hold_reason")
    op.drop_column("item", "on_hold")
