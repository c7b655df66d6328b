# SPDX-License-Identifier: Apache-2.0
"""The tables of the registry; times are UTC, as ISO 8601 text for people and seconds for leases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LargeKey = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only in a column of type INTEGER."""


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
    type_annotation_map = {str: Text(), dict[str, Any]: JSON(), list[Any]: JSON()}  # noqa: RUF012 (SQLAlchemy's form)


class BatchRow(Table):
    """A batch, as its manifest described it."""

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


class ItemRow(Table):
    """An item of a batch: a volume, a folder, a letter; it becomes one bag.

    Attributes:
        device: The real scanner that its pages come from; None for simulated ones and existing images.
    """

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("batch", "name"), Index("ix_item_state_id", "state", "id"))

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    batch: Mapped[str] = mapped_column(ForeignKey("batch.id"))
    name: Mapped[str]
    position: Mapped[int]
    state: Mapped[str]
    in_flight: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str | None]
    description: Mapped[dict[str, Any]]
    bag: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class PageRow(Table):
    """A page of an item, from the name reserved for it to the facts known of it."""

    __tablename__ = "page"
    __table_args__ = (UniqueConstraint("item", "number"),)

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    item: Mapped[int] = mapped_column(LargeKey, ForeignKey("item.id"))
    number: Mapped[int]
    chunk: Mapped[int]
    label: Mapped[str]
    name: Mapped[str]
    source: Mapped[str | None]
    capture: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    technical: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    checks: Mapped[list[Any] | None] = mapped_column(JSON)
    recognition: Mapped[dict[str, Any] | None] = mapped_column(JSON)


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
    """One stage of one item, or of one chunk of its pages.

    Attributes:
        ready: Whether an operator has said, since the last page, that the next sheet lies on the glass.
    """

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("item", "stage", "chunk"),
        Index("ix_unit_state_lease_until", "state", "lease_until"),
    )

    id: Mapped[int] = mapped_column(LargeKey, primary_key=True)
    item: Mapped[int] = mapped_column(LargeKey, ForeignKey("item.id"))
    stage: Mapped[str]
    chunk: Mapped[int]
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
    """A bag in a storage target, what is proved of it, and where its upload stands."""

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
