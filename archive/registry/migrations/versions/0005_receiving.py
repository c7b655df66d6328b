# SPDX-License-Identifier: Apache-2.0
"""The receiving side: depositors, arriving bags, archival objects with their copies, and what people are told."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LETTERS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("batch", sa.Column("kind", LETTERS, nullable=False, server_default="digitisation"))
    op.add_column("copy", sa.Column("receipt", sa.JSON(), nullable=True))
    _add_institutions()
    _add_objects()
    _add_copies()
    _add_work_items()
    _add_received_files()
    _add_versions()
    _add_deletion_requests()
    _add_notices()
    _add_page_figures()
    flagged = sa.text(
        """verdict = '' AND (CAST(checks AS TEXT) LIKE '%"review"%' OR CAST(checks AS TEXT) LIKE '%"hold"%')"""
    )
    op.create_index(
        "ix_page_flagged", "page", ["item", "number"], sqlite_where=flagged, postgresql_where=flagged
    )


def _add_page_figures() -> None:
    op.create_table(
        "page_figure",
        sa.Column("page", KEY, nullable=False),
        sa.Column("batch", LETTERS, nullable=False),
        sa.Column("device", LETTERS, nullable=False),
        sa.Column("sharpness", sa.Double(), nullable=True),
        sa.Column("noise", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["page"], ["page.id"], name=op.f("fk_page_figure_page"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_page_figure")),
    )
    for figure in ("sharpness", "noise"):
        name = f"ix_page_figure_batch_device_{figure}"
        op.create_index(name, "page_figure", ["batch", "device", figure], unique=False)


def _add_institutions() -> None:
    op.create_table(
        "institution",
        sa.Column("id", LETTERS, nullable=False),
        sa.Column("name", LETTERS, nullable=False),
        sa.Column("state", LETTERS, nullable=False),
        sa.Column("receiving", LETTERS, nullable=False),
        sa.Column("restore", LETTERS, nullable=False),
        sa.Column("quarantine", LETTERS, nullable=False),
        sa.Column("storage_options", sa.JSON(), nullable=False),
        sa.Column("default_option", LETTERS, nullable=False),
        sa.Column("created_at", LETTERS, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
    )
    op.create_table(
        "receive_scan",
        sa.Column("id", KEY, nullable=False),
        sa.Column("institution", LETTERS, nullable=False),
        sa.Column("started_at", LETTERS, nullable=False),
        sa.Column("ended_at", LETTERS, nullable=False),
        sa.Column("objects", sa.Integer(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution"], ["institution.id"], name=op.f("fk_receive_scan_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receive_scan")),
    )
    op.create_index("ix_receive_scan_institution_id", "receive_scan", ["institution", "id"], unique=False)


def _add_objects() -> None:
    op.create_table(
        "archival_object",
        sa.Column("id", KEY, nullable=False),
        sa.Column("institution", LETTERS, nullable=False),
        sa.Column("uid", LETTERS, nullable=False),
        sa.Column("name", LETTERS, nullable=False),
        sa.Column("title", LETTERS, server_default="", nullable=False),
        sa.Column("access", LETTERS, server_default="", nullable=False),
        sa.Column("storage_option", LETTERS, server_default="", nullable=False),
        sa.Column("state", LETTERS, nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("chain", LETTERS, nullable=False),
        sa.Column("created_at", LETTERS, nullable=False),
        sa.Column("deleted_at", LETTERS, nullable=True),
        sa.ForeignKeyConstraint(["chain"], ["batch.id"], name=op.f("fk_archival_object_chain")),
        sa.ForeignKeyConstraint(
            ["institution"], ["institution.id"], name=op.f("fk_archival_object_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archival_object")),
        sa.UniqueConstraint("institution", "name", name=op.f("uq_archival_object_institution_name")),
        sa.UniqueConstraint("uid", name=op.f("uq_archival_object_uid")),
    )
    op.create_table(
        "content",
        sa.Column("id", KEY, nullable=False),
        sa.Column("object", KEY, nullable=False),
        sa.Column("sha256", LETTERS, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("key", LETTERS, nullable=False),
        sa.Column("created_at", LETTERS, nullable=False),
        sa.ForeignKeyConstraint(["object"], ["archival_object.id"], name=op.f("fk_content_object")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content")),
        sa.UniqueConstraint("object", "sha256", name=op.f("uq_content_object_sha256")),
    )


def _add_copies() -> None:
    op.create_table(
        "content_copy",
        sa.Column("id", KEY, nullable=False),
        sa.Column("content", KEY, nullable=False),
        sa.Column("location", LETTERS, nullable=False),
        sa.Column("url", LETTERS, nullable=False),
        sa.Column("state", LETTERS, nullable=False),
        sa.Column("proof", LETTERS, nullable=False),
        sa.Column("stored_at", LETTERS, nullable=False),
        sa.Column("checked_at", sa.Double(), nullable=False),
        sa.Column("lease_until", sa.Double(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_audit_at", sa.Double(), nullable=False, server_default="0"),
        sa.Column("detail", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["content"], ["content.id"], name=op.f("fk_content_copy_content")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_copy")),
        sa.UniqueConstraint("content", "location", name=op.f("uq_content_copy_content_location")),
    )
    op.create_index("ix_content_copy_checked_at", "content_copy", ["checked_at", "id"], unique=False)
    op.create_index("ix_content_copy_state", "content_copy", ["state"], unique=False)


def _add_work_items() -> None:
    op.create_table(
        "work_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("institution", LETTERS, nullable=False),
        sa.Column("name", LETTERS, nullable=False),
        sa.Column("etag", LETTERS, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("modified_at", LETTERS, nullable=False),
        sa.Column("bag_sha256", LETTERS, nullable=False),
        sa.Column("content", LETTERS, nullable=False),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.Column("batch", LETTERS, nullable=False),
        sa.Column("outcome", LETTERS, nullable=False),
        sa.Column("object", KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("superseded_by", KEY, nullable=True),
        sa.Column("reading", sa.JSON(), nullable=True),
        sa.Column("created_at", LETTERS, nullable=False),
        sa.Column("ended_at", LETTERS, nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"], name=op.f("fk_work_item_batch")),
        sa.ForeignKeyConstraint(["institution"], ["institution.id"], name=op.f("fk_work_item_institution")),
        sa.ForeignKeyConstraint(["object"], ["archival_object.id"], name=op.f("fk_work_item_object")),
        sa.ForeignKeyConstraint(["superseded_by"], ["work_item.id"], name=op.f("fk_work_item_superseded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
        sa.UniqueConstraint("batch", name=op.f("uq_work_item_batch")),
    )
    op.create_index("ix_work_item_institution_name", "work_item", ["institution", "name"], unique=False)
    op.create_index("ix_work_item_object", "work_item", ["object"], unique=False)
    op.create_index(
        "ix_work_item_open",
        "work_item",
        ["id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_work_item_blocking",
        "work_item",
        ["institution", "name", "content"],
        unique=True,
        sqlite_where=sa.text("blocking = 1"),
        postgresql_where=sa.text("blocking"),
    )


def _add_received_files() -> None:
    op.create_table(
        "received_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("work_item", KEY, nullable=False),
        sa.Column("path", LETTERS, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("md5", LETTERS, nullable=False),
        sa.Column("sha256", LETTERS, nullable=False),
        sa.Column("sha512", LETTERS, nullable=False),
        sa.Column("format", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["work_item"], ["work_item.id"], name=op.f("fk_received_file_work_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_file")),
        sa.UniqueConstraint("work_item", "path", name=op.f("uq_received_file_work_item_path")),
    )


def _add_versions() -> None:
    op.create_table(
        "object_version",
        sa.Column("id", KEY, nullable=False),
        sa.Column("object", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("work_item", KEY, nullable=False),
        sa.Column("bag_name", LETTERS, nullable=False),
        sa.Column("bag_sha256", LETTERS, nullable=False),
        sa.Column("payload_sha256", LETTERS, nullable=False),
        sa.Column("payload_files", sa.Integer(), nullable=False),
        sa.Column("payload_bytes", sa.BigInteger(), nullable=False),
        sa.Column("chain_root", LETTERS, nullable=False),
        sa.Column("profile", LETTERS, nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("created_at", LETTERS, nullable=False),
        sa.ForeignKeyConstraint(["object"], ["archival_object.id"], name=op.f("fk_object_version_object")),
        sa.ForeignKeyConstraint(["work_item"], ["work_item.id"], name=op.f("fk_object_version_work_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_object_version")),
        sa.UniqueConstraint("object", "number", name=op.f("uq_object_version_object_number")),
    )
    op.create_table(
        "version_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("path", LETTERS, nullable=False),
        sa.Column("content", KEY, nullable=False),
        sa.Column("md5", LETTERS, nullable=False),
        sa.Column("sha512", LETTERS, nullable=False),
        sa.Column("format", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["content"], ["content.id"], name=op.f("fk_version_file_content")),
        sa.ForeignKeyConstraint(["version"], ["object_version.id"], name=op.f("fk_version_file_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_file")),
        sa.UniqueConstraint("version", "path", name=op.f("uq_version_file_version_path")),
    )
    op.create_index("ix_version_file_content", "version_file", ["content"], unique=False)


def _add_deletion_requests() -> None:
    op.create_table(
        "deletion_request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("object", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", LETTERS, nullable=False),
        sa.Column("reason", LETTERS, nullable=False),
        sa.Column("requested_by", LETTERS, nullable=False),
        sa.Column("requested_account", LETTERS, nullable=False),
        sa.Column("requested_at", LETTERS, nullable=False),
        sa.Column("decided_by", LETTERS, nullable=False),
        sa.Column("decided_account", LETTERS, nullable=False),
        sa.Column("decided_at", LETTERS, nullable=True),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("executed_at", LETTERS, nullable=True),
        sa.ForeignKeyConstraint(["object"], ["archival_object.id"], name=op.f("fk_deletion_request_object")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_request")),
    )
    op.create_index(
        "uq_deletion_request_open",
        "deletion_request",
        ["object"],
        unique=True,
        sqlite_where=sa.text("state IN ('requested', 'approved')"),
        postgresql_where=sa.text("state IN ('requested', 'approved')"),
    )


def _add_notices() -> None:
    op.create_table(
        "notification",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", LETTERS, nullable=False),
        sa.Column("subject", LETTERS, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", LETTERS, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_table(
        "notification_message",
        sa.Column("id", KEY, nullable=False),
        sa.Column("target", LETTERS, nullable=False),
        sa.Column("kind", LETTERS, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("state", LETTERS, nullable=False),
        sa.Column("created_at", LETTERS, nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.Column("sent_at", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_attempt_at", sa.Double(), nullable=False),
        sa.Column("next_attempt_at", sa.Double(), nullable=False),
        sa.Column("error", LETTERS, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_message")),
    )
    op.create_index(
        "uq_notification_message_waiting",
        "notification_message",
        ["target", "kind"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_notification_message_target_sent_at", "notification_message", ["target", "sent_at"], unique=False
    )
    op.create_table(
        "schedule_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", LETTERS, nullable=False),
        sa.Column("started_at", LETTERS, nullable=False),
        sa.Column("ended_at", LETTERS, nullable=True),
        sa.Column("outcome", LETTERS, nullable=False),
        sa.Column("detail", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_run")),
    )
    op.create_index("ix_schedule_run_name_id", "schedule_run", ["name", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_page_flagged", "page")
    for table in (
        "page_figure",
        "version_file",
        "object_version",
        "received_file",
        "content_copy",
        "content",
        "deletion_request",
        "work_item",
        "archival_object",
        "receive_scan",
        "institution",
        "notification",
        "notification_message",
        "schedule_run",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM event WHERE batch IN (SELECT id FROM batch WHERE kind <> 'digitisation')")
    op.execute("DELETE FROM unit WHERE batch IN (SELECT id FROM batch WHERE kind <> 'digitisation')")
    op.execute("DELETE FROM item WHERE batch IN (SELECT id FROM batch WHERE kind <> 'digitisation')")
    op.execute("DELETE FROM batch WHERE kind <> 'digitisation'")
    op.drop_column("copy", "receipt")
    op.drop_column("batch", "kind")
