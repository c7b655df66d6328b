# SPDX-License-Identifier: Apache-2.0
"""The tables of the registry; times are UTC, as ISO 8601 text for people and seconds for leases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, MetaData, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LargeKey = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only in a column of type INTEGER."""


Letters = Text().with_variant(Text(collation="C"), "postgresql")
"""Texts sort by their code points, whatever language a site's PostgreSQL speaks: ranks depend on it."""


class Table(DeclarativeBase):
    """Base of all tables, with constraint names that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Letters, dict[str, Any]: JSON(), list[Any]: JSON()}  # noqa: RUF012 (SQLAlchemy's form)


class BatchRow(Table):
    """A batch, as its manifest described it.

    Attributes:
        pipeline: The way of its items (`archive.registry.stages.Pipeline`); None for batches that are older than
            pipelines are.
        kind: "digitisation"; "ingest" for a bag that arrived, which is its one item; "object" for a row that only
            carries the chain of events of an archival object.
    """

    __tablename__ = "batch"

    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    station: Mapped[str]
    institution: Mapped[str]
    manifest: Mapped[dict[str, Any]]
    manifest_sha256: Mapped[str]
    manifest_path: Mapped[str]
    created_at: Mapped[str]
    chain_length: Mapped[int] = mapped_column(default=0)
    chain_head: Mapped[str] = mapped_column(default="")
    pipeline: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    kind: Mapped[str] = mapped_column(default="digitisation", server_default="digitisation")


class ItemRow(Table):
    """An item of a batch: a volume, a folder, a letter; it becomes one bag.

    Attributes:
        device: The real scanner that its pages come from; None for simulated ones, for existing images, and
            for what a person captures at the desk.
        on_hold: Who keeps the item from being dispatched: "desk" until its pages are handed over, "operator"
            until a person lets it go on; None when nothing does.
        hold_reason: Why, in words; "" where nobody gave a reason.
        desk: Where an item that is captured at the desk stands: "open", "handing over", "handed over"; None
            for all others.
        priority: Items with a higher one are begun first; 0 is ordinary.
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("batch", "name"),
        Index("ix_item_state_id", "state", "id"),
        Index("ix_item_batch_state", "batch", "state"),
        # few items are, however many there are
        Index(
            "ix_item_in_flight", "id", sqlite_where=text("in_flight = 1"), postgresql_where=text("in_flight")
        ),
    )

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    batch: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    name: Mapped[str]
    position: Mapped[int]
    state: Mapped[str]
    in_flight: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str | None]
    description: Mapped[dict[str, Any]]
    bag: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    on_hold: Mapped[str | None]
    hold_reason: Mapped[str] = mapped_column(default="", server_default="")
    desk: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=0, server_default="0")


# in this order items are put in flight
Index("ix_item_next", ItemRow.state, ItemRow.in_flight, ItemRow.priority.desc(), ItemRow.id)


FLAGGED = (
    """verdict = '' AND (CAST(checks AS TEXT) LIKE '%"review"%' OR CAST(checks AS TEXT) LIKE '%"hold"%')"""
)
"""Pages that a check has something against and no person has judged: in these words, for an index is of them alone."""


class PageRow(Table):
    """A page of an item, from the name reserved for it to the facts known of it.

    Attributes:
        rotation: Quarter turns clockwise after which people read it; the master stays as it was delivered.
        verdict: What a person thinks of it: "accepted", "rejected", or "" for nothing yet.
        reason: Why.
    """

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("item", "number"),
        Index(
            "ix_page_flagged",
            "item",
            "number",
            sqlite_where=text(FLAGGED),
            postgresql_where=text(FLAGGED),
        ),
    )

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    item: Mapped[int] = mapped_column(LargeKey, ForeignKey("item.id"))
    number: Mapped[int]
    label: Mapped[str]
    name: Mapped[str]
    source: Mapped[str | None]
    capture: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    technical: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    checks: Mapped[list[Any] | None] = mapped_column(JSON)
    recognition: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    rotation: Mapped[int] = mapped_column(default=0, server_default="0")
    verdict: Mapped[str] = mapped_column(default="", server_default="")
    reason: Mapped[str] = mapped_column(default="", server_default="")


class DeskRunRow(Table):
    """A press of the capture key, or a run of the feeder: written before the scanner starts.

    Attributes:
        number: Counts the runs of the item from 1, and names the run's folder.
        before: The place that its pages come to stand before; None for the end.
        replaces: The place that its first page takes.
        pages: How many pages were asked for; None for all that the feeder holds.
        first_page: The number under which the first page lies in the run's folder.
        owner: The process that began it (`workers.owners`).
        ended_at: None while the scanner may still deliver, or when the process died.
    """

    __tablename__ = "desk_run"
    __table_args__ = (UniqueConstraint("item", "number"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    item: Mapped[int] = mapped_column(LargeKey, ForeignKey("item.id"))
    number: Mapped[int]
    before: Mapped[int | None] = mapped_column(LargeKey)
    replaces: Mapped[int | None] = mapped_column(LargeKey)
    pages: Mapped[int | None]
    first_page: Mapped[int]
    owner: Mapped[str]
    begun_at: Mapped[str]
    ended_at: Mapped[str | None]


class DeskPlaceRow(Table):
    """One place in an item that is captured at the desk: a captured page, a file, or a page that is missing.

    Attributes:
        rank: Where it stands: places follow each other as these texts sort (`archive.registry.ranks`).
        aside: Why it is out of the order: "discarded", "replaced" or "undone"; None while it is in it.
        kind: "captured", "file" or "missing".
        run: The run that delivered it.
        page: Its number within the run.
        facts: What the scanner delivered, as `PageFile.to_json` tells it; read when it is asked for, for it is
            long, and never changes.
        file: Where a file that was taken in lies, relative to the item's folder.
        source: Where that file came from.
        label_start: The scheme of page labels that begins here, and with what; None to count on.
        problem: In what the page is unlike what the manifest demands; "" for a page that is right.
        number: The number of the page in the item, settled when the item is handed over.
    """

    __tablename__ = "desk_place"
    __table_args__ = (UniqueConstraint("run", "page"), Index("ix_desk_place_item_rank", "item", "rank"))

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    item: Mapped[int] = mapped_column(LargeKey, ForeignKey("item.id"))
    rank: Mapped[str]
    aside: Mapped[str | None]
    kind: Mapped[str]
    run: Mapped[int | None] = mapped_column(LargeKey, ForeignKey("desk_run.id"))
    page: Mapped[int | None]
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    file: Mapped[str | None]
    source: Mapped[str | None]
    label_start: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    rotation: Mapped[int] = mapped_column(default=0)
    verdict: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    checks: Mapped[list[Any] | None] = mapped_column(JSON)
    problem: Mapped[str] = mapped_column(default="")
    captured_at: Mapped[str]
    number: Mapped[int | None]


class FileRow(Table):
    """A file that belongs into the bag, with the digests taken when it was written."""

    __tablename__ = "file"
    __table_args__ = (UniqueConstraint("item", "path"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    item: Mapped[int] = mapped_column(LargeKey, ForeignKey("item.id"))
    page: Mapped[int | None] = mapped_column(LargeKey, ForeignKey("page.id"), index=True)
    use: Mapped[str]
    path: Mapped[str]
    mime: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger())
    sha256: Mapped[str]
    md5: Mapped[str]
    created_at: Mapped[str]


class UnitRow(Table):
    """One stage of one item, of one chunk of its pages, or of a whole batch.

    Attributes:
        item: The item; None for a stage of the whole batch.
        first_page: Number of the first page of the chunk; None for units that are not of a chunk.
        last_page: Number of its last page.
        ready: Whether an operator has said, since the last page, that the next sheet lies on the glass.
        completions: How often it was done: once more each time that a person has it done again.
    """

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("item", "stage", "chunk"),
        Index("ix_unit_state_lease_until", "state", "lease_until"),
        Index("ix_unit_batch_stage_state", "batch", "stage", "state"),
        Index("ix_unit_item_state", "item", "state"),
        # the stages of whole batches, beside which there may be thousands of units of items
        Index(
            "ix_unit_of_batch",
            "batch",
            "state",
            sqlite_where=text("item IS NULL"),
            postgresql_where=text("item IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    batch: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    item: Mapped[int | None] = mapped_column(LargeKey, ForeignKey("item.id"))
    stage: Mapped[str]
    chunk: Mapped[int]
    first_page: Mapped[int | None]
    last_page: Mapped[int | None]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[float] = mapped_column(default=0.0)
    next_attempt_at: Mapped[float] = mapped_column(default=0.0)
    dispatched_at: Mapped[float] = mapped_column(default=0.0)
    started_at: Mapped[float | None]
    finished_at: Mapped[float | None]
    ready: Mapped[bool] = mapped_column(default=False)
    completions: Mapped[int] = mapped_column(default=0, server_default="0")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class EventRow(Table):
    """One link of a batch's event chain; `body` is the canonical JSON that `sha256` covers."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("batch", "sequence"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    batch: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    sequence: Mapped[int]
    item: Mapped[str | None]
    type: Mapped[str]
    body: Mapped[str]
    sha256: Mapped[str]


class CopyRow(Table):
    """A bag in a storage target, what is proved of it, and where its upload stands.

    Attributes:
        receipt: What the archive answered, once that was proved: `{verdict, key, object, version, decided_at,
            url, sha256, content}`; None before that, and where no archive takes bags from the target.
    """

    __tablename__ = "copy"
    __table_args__ = (UniqueConstraint("item", "target"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    item: Mapped[int] = mapped_column(LargeKey, ForeignKey("item.id"))
    target: Mapped[str]
    url: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger())
    sha256: Mapped[str]
    etag: Mapped[str]
    proof: Mapped[str]
    stored_at: Mapped[str]
    confirmed_at: Mapped[str | None]
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class UploadRow(Table):
    """The state of a resumable upload: upload id, parts, ETags and digests."""

    __tablename__ = "upload"
    __table_args__ = (UniqueConstraint("item", "target"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    item: Mapped[int] = mapped_column(LargeKey, ForeignKey("item.id"))
    target: Mapped[str]
    session: Mapped[dict[str, Any]]


class SuggestionRow(Table):
    """What a program believes about a page or an item: kept apart from the manifest's facts."""

    __tablename__ = "suggestion"
    __table_args__ = (UniqueConstraint("item", "page", "kind", "source", "value"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    item: Mapped[int] = mapped_column(LargeKey, ForeignKey("item.id"))
    page: Mapped[int]
    kind: Mapped[str]
    value: Mapped[str]
    source: Mapped[str]
    version: Mapped[str]
    confidence: Mapped[float]
    status: Mapped[str] = mapped_column(default="suggested")


class PageFigureRow(Table):
    """What is usual of a scanner's pages is told from these figures of each: sorted, they give their middle.

    Attributes:
        device: The scanner that captured the page.
        sharpness: As `archive.imaging.quality.sharpness` measures it; None for a blank page.
        noise: Of its paper; None where there was none to measure.
    """

    __tablename__ = "page_figure"
    __table_args__ = (Index(None, "batch", "device", "sharpness"), Index(None, "batch", "device", "noise"))

    page: Mapped[int] = mapped_column(
        LargeKey, ForeignKey("page.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    batch: Mapped[str]
    device: Mapped[str]
    sharpness: Mapped[float | None]
    noise: Mapped[float | None]


class StageHoldRow(Table):
    """A stage of which nothing new begins: an operator wants it so, or a disk or the workers cannot keep up.

    Attributes:
        batch: The batch; "" for all of them.
        station: The station of the batches; "" for all of them.
        by: Who holds it: "operator", or what cannot keep up (`archive.registry.stage_holds`).
        reason: Why, in words.
    """

    __tablename__ = "stage_hold"
    __table_args__ = (UniqueConstraint("batch", "station", "stage", "by"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    batch: Mapped[str]
    station: Mapped[str]
    stage: Mapped[str]
    by: Mapped[str]
    reason: Mapped[str]
    held_at: Mapped[str]


class NodeRow(Table):
    """A process that serves queues, or runs the schedule, as it last told of itself.

    Attributes:
        name: Celery's name of the node.
        seen_at: When it last told, in seconds.
        facts: What else it tells: process id, pool, free disk.
    """

    __tablename__ = "node"

    name: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    station: Mapped[str]
    version: Mapped[str]
    queues: Mapped[list[Any]] = mapped_column(JSON)
    started_at: Mapped[str]
    seen_at: Mapped[float]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class StagedFileRow(Table):
    """A file of a batch that lies in the staging place, where every node can fetch it.

    Attributes:
        item: The item that it belongs to; "" for a file of the whole batch.
        path: Where it lies on a node, relative to the batch's folder.
        node: The station or node that put it there.
    """

    __tablename__ = "staged_file"
    __table_args__ = (UniqueConstraint("batch", "item", "path"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    batch: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    item: Mapped[str]
    path: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger())
    sha256: Mapped[str]
    node: Mapped[str]
    staged_at: Mapped[str]


class TargetScanRow(Table):
    """A colour target that was scanned and measured: how true a scanner was at that time.

    Attributes:
        device: The scanner, by its id.
        scanned_at: When it was scanned, UTC.
        standard: Name of the levels that it was judged by.
        level: The level it reached; "" where it reached none.
        measured: What was measured (`archive.imaging.targets.measurement.MeasuredTarget.to_json`).
        file: Where the scan is kept.
        operator: Who recorded it.
    """

    __tablename__ = "target_scan"
    __table_args__ = (Index("ix_target_scan_device_scanned_at", "device", "scanned_at"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    device: Mapped[str]
    scanned_at: Mapped[str]
    standard: Mapped[str]
    level: Mapped[str]
    measured: Mapped[dict[str, Any]] = mapped_column(JSON)
    file: Mapped[str]
    sha256: Mapped[str]
    operator: Mapped[str]
