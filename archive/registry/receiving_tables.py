# SPDX-License-Identifier: Apache-2.0
"""The tables of the receiving side: depositors, bags that arrived, what is kept of them, and who watches over it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.registry.tables import LargeKey, Table


class InstitutionRow(Table):
    """A depositor.

    Attributes:
        id: Its identifier, as "library.example.org"; it begins the identifiers of its objects.
        name: What people call it.
        state: "active", or "disabled": its receiving location is not looked at any more.
        receiving: Where its bags arrive: a storage target's name in the settings, or an address.
        restore: Where restored bags are put for it; "" for none.
        quarantine: Where refused bags go; "" for the prefix `quarantine/` beside the arriving bags.
        storage_options: For each storage option the preservation locations that keep a copy each.
        default_option: The option of bags that name none.
    """

    __tablename__ = "institution"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    state: Mapped[str]
    receiving: Mapped[str]
    restore: Mapped[str]
    quarantine: Mapped[str]
    storage_options: Mapped[dict[str, Any]] = mapped_column(JSON)
    default_option: Mapped[str]
    created_at: Mapped[str]


class ArchivalObjectRow(Table):
    """What an institution deposited under one name, in all its versions.

    Attributes:
        uid: A random name, unique for ever, under which its files are stored.
        name: The bag's name; with the institution's id before it, the object's identifier.
        state: "active", or "deleted" once two persons have agreed to that.
        version: Number of the newest version; 0 before the first is recorded.
        chain: Id of the batch row that carries the object's chain of events.
    """

    __tablename__ = "archival_object"
    __table_args__ = (UniqueConstraint("institution", "name"), UniqueConstraint("uid"))

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    institution: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    uid: Mapped[str]
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="", server_default="")
    access: Mapped[str] = mapped_column(default="", server_default="")
    storage_option: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    chain: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    created_at: Mapped[str]
    deleted_at: Mapped[str | None]


class WorkItemRow(Table):
    """A bag that arrived, and what became of it.

    Attributes:
        name: Key of the tar in the receiving location.
        etag: The storage's tag of it, "" where it has none.
        modified_at: When it was stored there, ISO 8601 in UTC.
        bag_sha256: Of the tar, as the uploader told it; "" where nobody did.
        content: What counts as the same content: "sha256:..." where the digest was told, else "etag:..." with size.
        blocking: Whether an equal object is not made a work item again: while this one waits or runs, when it
            was refused or failed, and while what it brought is kept and the tar still lies there.
        batch: The ledger's batch with its one item, whose units are the stages of the ingest.
        outcome: "" until it is known, then "ingested", "unchanged", "refused", "superseded" or "gone".
        object: The object that it belongs to, once its bag was read.
        version: The version it became, or is equal to; None before that.
        superseded_by: A newer bag of the same name that came before this one was stored.
        reading: What was read of the bag: tags, profile, findings, sizes (JSON).
    """

    __tablename__ = "work_item"
    __table_args__ = (
        Index(
            "uq_work_item_blocking",
            "institution",
            "name",
            "content",
            unique=True,
            sqlite_where=text("blocking = 1"),
            postgresql_where=text("blocking"),
        ),
        UniqueConstraint("batch"),
        Index("ix_work_item_institution_name", "institution", "name"),
        Index("ix_work_item_object", "object"),
        # few among all that have ended in years
        Index(
            "ix_work_item_open",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    institution: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    name: Mapped[str]
    etag: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger())
    modified_at: Mapped[str]
    bag_sha256: Mapped[str]
    content: Mapped[str]
    blocking: Mapped[bool] = mapped_column(default=True)
    batch: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    outcome: Mapped[str] = mapped_column(default="")
    object: Mapped[int | None] = mapped_column(LargeKey, ForeignKey("archival_object.id"))
    version: Mapped[int | None]
    superseded_by: Mapped[int | None] = mapped_column(LargeKey, ForeignKey("work_item.id"))
    reading: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[str]
    ended_at: Mapped[str | None]


class ReceivedFileRow(Table):
    """A file of an arriving bag, while it is ingested: its digests, and where it lies in the tar.

    Attributes:
        path: Inside the bag, with slashes, without the top folder.
        offset: Where its bytes begin in the tar.
        format: What it was identified as: `{name, version, puid, mime, by}`; None before that.
    """

    __tablename__ = "received_file"
    __table_args__ = (UniqueConstraint("work_item", "path"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    work_item: Mapped[int] = mapped_column(LargeKey, ForeignKey("work_item.id"))
    path: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger())
    offset: Mapped[int] = mapped_column(BigInteger())
    md5: Mapped[str]
    sha256: Mapped[str]
    sha512: Mapped[str]
    format: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class ObjectVersionRow(Table):
    """A version of an object: one bag as it arrived.

    Attributes:
        number: From 1.
        payload_sha256: Over the sorted lines `sha256, path` of its payload: equal payloads have equal ones.
        chain_root: Root of the chain of custody that the bag carries; "" where it carries none.
        tags: All tags, by tag file: `{file: [[label, value], ...]}`.
    """

    __tablename__ = "object_version"
    __table_args__ = (UniqueConstraint("object", "number"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    object: Mapped[int] = mapped_column(LargeKey, ForeignKey("archival_object.id"))
    number: Mapped[int]
    work_item: Mapped[int] = mapped_column(LargeKey, ForeignKey("work_item.id"))
    bag_name: Mapped[str]
    bag_sha256: Mapped[str]
    payload_sha256: Mapped[str]
    payload_files: Mapped[int]
    payload_bytes: Mapped[int] = mapped_column(BigInteger())
    chain_root: Mapped[str]
    profile: Mapped[str]
    tags: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[str]


class ContentRow(Table):
    """Bytes of an object, stored once however many of its files and versions have them.

    Attributes:
        key: Where they lie in every preservation location.
    """

    __tablename__ = "content"
    __table_args__ = (UniqueConstraint("object", "sha256"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    object: Mapped[int] = mapped_column(LargeKey, ForeignKey("archival_object.id"))
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger())
    key: Mapped[str]
    created_at: Mapped[str]


class VersionFileRow(Table):
    """A file of a version of an object."""

    __tablename__ = "version_file"
    __table_args__ = (UniqueConstraint("version", "path"), Index("ix_version_file_content", "content"))

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    version: Mapped[int] = mapped_column(LargeKey, ForeignKey("object_version.id"))
    path: Mapped[str]
    content: Mapped[int] = mapped_column(LargeKey, ForeignKey("content.id"))
    md5: Mapped[str]
    sha512: Mapped[str]
    format: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class ContentCopyRow(Table):
    """One copy of some content in one preservation location.

    Attributes:
        location: The preservation location: a storage target's name in the settings, or an address.
        state: "stored" (nothing proved yet), "verified", "mismatch", "missing", or "unreachable" where the last
            audit could not read it.
        proof: What was proved of it last (`archive.storage.target.Proof`).
        checked_at: When an audit, or the ingest, last proved it, in seconds; 0 before that.
        lease_until: Until when somebody is checking or repairing it, in seconds.
        failures: How many audits in a row could not read it.
        next_audit_at: Not audited by the schedule before this, in seconds: set by an audit that could not read it
            or could not mend it, so that no damage keeps others from being audited.
    """

    __tablename__ = "content_copy"
    __table_args__ = (
        UniqueConstraint("content", "location"),
        Index("ix_content_copy_checked_at", "checked_at", "id"),
        Index("ix_content_copy_state", "state"),
    )

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    content: Mapped[int] = mapped_column(LargeKey, ForeignKey("content.id"))
    location: Mapped[str]
    url: Mapped[str]
    state: Mapped[str]
    proof: Mapped[str]
    stored_at: Mapped[str]
    checked_at: Mapped[float] = mapped_column(default=0.0)
    lease_until: Mapped[float] = mapped_column(default=0.0)
    failures: Mapped[int] = mapped_column(default=0)
    next_audit_at: Mapped[float] = mapped_column(default=0.0, server_default="0")
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class DeletionRequestRow(Table):
    """That an object is to be deleted: asked for by one person, agreed to by another, done after a delay.

    Attributes:
        state: "requested", "approved", "refused", "withdrawn", "executing" or "executed".
        version: Number of the object's newest version when it was asked for; those up to it go, and no other.
        requested_account: Account of the operating system that asked, `name@host`; decided_account that which decided.
        due_at: When an approved one is executed, in seconds; of one that is being executed, until when by the same executor.
    """

    __tablename__ = "deletion_request"
    __table_args__ = (
        Index(
            "uq_deletion_request_open",
            "object",
            unique=True,
            sqlite_where=text("state IN ('requested', 'approved')"),
            postgresql_where=text("state IN ('requested', 'approved')"),
        ),
    )

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    object: Mapped[int] = mapped_column(LargeKey, ForeignKey("archival_object.id"))
    version: Mapped[int]
    state: Mapped[str]
    reason: Mapped[str]
    requested_by: Mapped[str]
    requested_account: Mapped[str]
    requested_at: Mapped[str]
    decided_by: Mapped[str] = mapped_column(default="")
    decided_account: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[str | None]
    due_at: Mapped[float] = mapped_column(default=0.0)
    executed_at: Mapped[str | None]


class ReceiveScanRow(Table):
    """One look of the bucket reader at one receiving location.

    Attributes:
        decisions: How many objects were decided how: `{decision: number}`.
        error: Why the location could not be listed to its end; None where it was.
    """

    __tablename__ = "receive_scan"
    __table_args__ = (Index("ix_receive_scan_institution_id", "institution", "id"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    institution: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    started_at: Mapped[str]
    ended_at: Mapped[str]
    objects: Mapped[int]
    decisions: Mapped[dict[str, Any]] = mapped_column(JSON)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class NotificationRow(Table):
    """Something that people are to be told of; written in the transaction of what it tells.

    It goes when messages were made of it, in one transaction with them.

    Attributes:
        kind: Which template it has: "batch done", "item held", ...
        subject: What it is about.
        facts: What the template is filled with (JSON).
    """

    __tablename__ = "notification"

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[str]


class NotificationMessageRow(Table):
    """A message to one target, made of all notifications of a kind that came while it waited.

    Attributes:
        target: The target's name in the settings.
        number: How many subjects it tells of.
        examples: The first of them: `[{subject, facts, at}, ...]` (JSON).
        state: "waiting", "sending", "sent", or "failed": nobody tries any more.
        changed_at: When a notification was added or it was tried last, in seconds.
        sent_at: When the target took it, in seconds; 0 before that.
        first_attempt_at: When the first of the attempts that failed was, in seconds; 0 where none did.
        next_attempt_at: Not before this it is sent, in seconds.
        error: Why the last attempt failed, without secrets.
    """

    __tablename__ = "notification_message"
    __table_args__ = (
        Index(
            "uq_notification_message_waiting",
            "target",
            "kind",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_notification_message_target_sent_at", "target", "sent_at"),
    )

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    target: Mapped[str]
    kind: Mapped[str]
    number: Mapped[int]
    examples: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[str]
    created_at: Mapped[str]
    changed_at: Mapped[float]
    sent_at: Mapped[float] = mapped_column(default=0.0)
    attempts: Mapped[int] = mapped_column(default=0)
    first_attempt_at: Mapped[float] = mapped_column(default=0.0)
    next_attempt_at: Mapped[float] = mapped_column(default=0.0)
    error: Mapped[str] = mapped_column(default="")


class ScheduleRunRow(Table):
    """One run of something that the schedule does: a fixity audit, a restore drill, a backup of the registry.

    Attributes:
        name: What ran: "fixity", "drill", "backup", ...
        outcome: "" while it runs, then "success", "warning" or "fail".
        detail: What it did and found (JSON).
    """

    __tablename__ = "schedule_run"
    __table_args__ = (Index("ix_schedule_run_name_id", "name", "id"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    name: Mapped[str]
    started_at: Mapped[str]
    ended_at: Mapped[str | None]
    outcome: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON)
