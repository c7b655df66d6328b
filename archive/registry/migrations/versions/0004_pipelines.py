# SPDX-License-Identifier: Apache-2.0
"""Pipelines: units name their batch and their pages; priorities, held stages and nodes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

PAGES_OF_UNIT = """
UPDATE unit SET
    first_page = (SELECT min(number) FROM page WHERE page.item = unit.item AND page.chunk = unit.chunk),
    last_page = (SELECT max(number) FROM page WHERE page.item = unit.item AND page.chunk = unit.chunk)
WHERE stage IN ('capture', 'characterise', 'ocr')
"""

TABLES = (
    *("batch", "copy", "desk_place", "desk_run", "event", "file", "item", "node", "page"),
    *("staged_file", "stage_hold", "suggestion", "target_scan", "unit", "upload"),
)


def sort_by_code_points() -> None:
    """Have PostgreSQL sort texts as SQLite does: ranks and paths must not follow the customs of a language."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    inspector = sa.inspect(connection)
    for table in TABLES:
        texts = [
            column["name"] for column in inspector.get_columns(table) if isinstance(column["type"], sa.Text)
        ]
        op.execute(
            f'ALTER TABLE "{table}" '
            + ", ".join(f'ALTER COLUMN "{name}" TYPE text COLLATE "C"' for name in texts)
        )


def only(condition: str, sqlite: str = "") -> dict[str, Any]:
    """An index of these rows alone; SQLite has numbers in place of truth."""
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(sqlite or condition)}


def upgrade() -> None:
    op.add_column("batch", sa.Column("pipeline", sa.JSON(), nullable=True))
    op.add_column("item", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("unit", sa.Column("batch", sa.Text(), nullable=True))
    op.add_column("unit", sa.Column("first_page", sa.Integer(), nullable=True))
    op.add_column("unit", sa.Column("last_page", sa.Integer(), nullable=True))
    op.add_column("unit", sa.Column("completions", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE unit SET completions = 1 WHERE state = 'done'")
    op.execute("UPDATE unit SET batch = (SELECT item.batch FROM item WHERE item.id = unit.item)")
    op.execute(PAGES_OF_UNIT)
    # nothing refers to units, so SQLite may copy the table
    with op.batch_alter_table("unit") as unit:
        unit.alter_column("batch", existing_type=sa.Text(), nullable=False)
        unit.alter_column("item", existing_type=KEY, nullable=True)
        unit.create_foreign_key(op.f("fk_unit_batch"), "batch", ["batch"], ["id"])
        unit.create_index("ix_unit_batch_stage_state", ["batch", "stage", "state"], unique=False)
        unit.create_index("ix_unit_item_state", ["item", "state"], unique=False)
        unit.create_index("ix_unit_of_batch", ["batch", "state"], unique=False, **only("item IS NULL"))
    op.create_index("ix_item_batch_state", "item", ["batch", "state"], unique=False)
    urgent_first = sa.text("priority DESC")
    op.create_index("ix_item_next", "item", ["state", "in_flight", urgent_first, "id"], unique=False)
    op.create_index("ix_item_in_flight", "item", ["id"], unique=False, **only("in_flight", "in_flight = 1"))
    # plain DROP COLUMN, which SQLite does in place: files refer to pages
    op.drop_column("page", "chunk")
    op.create_table(
        "stage_hold",
        sa.Column("id", KEY, nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("held_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_hold")),
        sa.UniqueConstraint(
            "batch", "station", "stage", "by", name=op.f("uq_stage_hold_batch_station_stage_by")
        ),
    )
    _add_nodes()
    _add_staged_files()
    _add_target_scans()
    sort_by_code_points()


def _add_nodes() -> None:
    op.create_table(
        "node",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("queues", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_node")),
    )


def _add_staged_files() -> None:
    op.create_table(
        "staged_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("staged_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name=op.f("fk_staged_file_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_file")),
        sa.UniqueConstraint("batch", "item", "path", name=op.f("uq_staged_file_batch_item_path")),
    )


def _add_target_scans() -> None:
    op.create_table(
        "target_scan",
        sa.Column("id", KEY, nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("scanned_at", sa.Text(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("measured", sa.JSON(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_scan")),
    )
    op.create_index("ix_target_scan_device_scanned_at", "target_scan", ["device", "scanned_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_target_scan_device_scanned_at", "target_scan")
    op.drop_table("target_scan")
    op.drop_table("staged_file")
    op.drop_table("node")
    op.drop_table("stage_hold")
    op.add_column("page", sa.Column("chunk", sa.Integer(), nullable=False, server_default="0"))
    op.execute("DELETE FROM unit WHERE item IS NULL")
    with op.batch_alter_table("unit") as unit:
        unit.drop_index("ix_unit_of_batch")
        unit.drop_index("ix_unit_item_state")
        unit.drop_index("ix_unit_batch_stage_state")
        unit.drop_constraint(op.f("fk_unit_batch"), type_="foreignkey")
        unit.alter_column("item", existing_type=KEY, nullable=False)
        unit.drop_column("completions")
        unit.drop_column("last_page")
        unit.drop_column("first_page")
        unit.drop_column("batch")
    op.drop_index("ix_item_in_flight", "item")
    op.drop_index("ix_item_next", "item")
    op.drop_index("ix_item_batch_state", "item")
    op.drop_column("item", "priority")
    op.drop_column("batch", "pipeline")
