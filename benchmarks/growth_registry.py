# SPDX-License-Identifier: Apache-2.0
"""A registry as it is after years: finished batches by the thousand, written straight into the tables.

One batch is registered and finished as Recto does it; its rows are then copied by the database itself,
with new keys. Only the events are made one by one, each with the digest of the one before it, so that
`recto verify-chain` proves every batch.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.canonical_json import canonical_json
from archive.errors import StorageError
from archive.registry import open_registry
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch

ITEMS = 5
PAGES = 100
"""Pages of each item: 500 in a batch."""
CHUNK_PAGES = 50
STOPPED_EVERY = 200
"""One batch in so many has an item that failed and that nobody has looked at."""

DIGEST = "e4617a94859d5313b20bf55f3b5e060a0b45088ebdf458f364a0da440fbb6c32"
FILES = {
    "master": "masters/{0:04d}.tif",
    "access": "access/{0:04d}.jpg",
    "thumbnail": "thumbnails/{0:04d}.jpg",
    "text": "ocr/{0:04d}.txt",
    "hocr": "ocr/{0:04d}.hocr",
    "alto": "ocr/{0:04d}.alto.xml",
}
"""The files of a page, by their use."""
OPTIONS = (
    "source",
    "mode",
    "depth",
    "resolution",
    "page-width",
    "page-height",
    "tl-x",
    "tl-y",
    "br-x",
    "br-y",
)
CHECKS = ("fixity", "resolution", "color", "decode", "sheet", "blank", "skew", "streaks", "evenness", "noise")


@dataclass(frozen=True, slots=True)
class Size:
    """How much a registry holds."""

    batches: int
    pages: int
    events: int


def batch_name(number: int) -> str:
    """The id of a stored batch."""
    return f"growth-{number:06d}"


def planned(
    name: str, *, items: int = ITEMS, pages: int = PAGES, chunk_pages: int = CHUNK_PAGES
) -> PlannedBatch:
    """A batch of simulated pages."""
    description = {"title": "Letters", "creator": None, "date": None, "language": "eng", "rights": None}
    return PlannedBatch(
        id=name,
        station="growth",
        institution="Library",
        manifest={"id": name, "items": [{"id": f"item{number}", "pages": pages} for number in range(items)]},
        manifest_sha256=DIGEST,
        manifest_path=f"/manifests/{name}.csv",
        items=[
            PlannedItem(f"item{number}", {**description, "id": f"item{number}"}, [None] * pages)
            for number in range(items)
        ],
        chunk_pages=chunk_pages,
    )


def make_template(url: str, database: Path) -> None:
    """Register the batch that all others are copies of, with nothing else in the registry, and finish it."""
    registry = open_registry(url)
    with registry.transaction() as session:
        register_batch(session, planned(batch_name(0)))
    registry.close()
    with sqlite3.connect(database) as connection:
        _finish_template(connection)
    connection.close()


def _finish_template(connection: sqlite3.Connection) -> None:
    facts = {name: json.dumps(value) for name, value in _page_facts().items()}
    connection.execute(
        "UPDATE page SET capture = :capture, technical = :technical, checks = :checks, recognition = :recognition",
        facts,
    )
    bag = {"path": "/data/bags/Library.item.tar", "name": "Library.item", "size": 9 << 20, "sha256": DIGEST}
    connection.execute("UPDATE item SET state = 'done', bag = ?", [json.dumps(bag)])
    connection.execute("UPDATE batch SET state = 'done'")
    connection.execute(
        "UPDATE unit SET state = 'done', attempts = 1, token = 1, started_at = 1.7e9, finished_at = 1.7e9 + 9,"
        " dispatched_at = 1.7e9 - 1, result = ?",
        [json.dumps({"pages": CHUNK_PAGES})],
    )
    for item, page, number in connection.execute("SELECT item, id, number FROM page ORDER BY id").fetchall():
        connection.executemany(
            "INSERT INTO file (item, page, use, path, mime, size, sha256, md5, created_at)"
            " VALUES (?, ?, ?, ?, 'image/tiff', 279376, ?, ?, '2026-11-21T19:45:56.585Z')",
            [(item, page, use, path.format(number), DIGEST, DIGEST[:32]) for use, path in FILES.items()],
        )
    connection.execute(
        "INSERT INTO copy (item, target, url, size, sha256, etag, proof, stored_at, confirmed_at)"
        " SELECT id, 'local', 'file:///data/storage/Library.item.tar', 9437184, ?, '', 'whole-digest-read-back',"
        " '2026-11-21T19:45:59.203Z', '2026-11-21T19:45:59.229Z' FROM item",
        [DIGEST],
    )
    connection.execute("DELETE FROM event")


def _page_facts() -> dict[str, Any]:
    """What is known of a page: as long as what the simulated scanners and Tesseract tell."""
    return {
        "capture": {
            "pixel_sha256": DIGEST,
            "dpi": [300.0, 300.0],
            "options": {name: {"requested": None, "actual": 216.0} for name in OPTIONS},
            "device": {
                "id": "simulated:feeder",
                "vendor": "Recto",
                "model": "Simulated feeder",
                "serial": "SIM",
            },
            "started_at": "2026-11-21T19:45:56.507+00:00",
            "complete": True,
        },
        "technical": {"mime": "image/tiff", "icc": {"sha256": DIGEST}, "tags": {"software": "Recto " * 60}},
        "checks": [
            {
                "check": name,
                "verdict": "pass",
                "measured": 0.0811,
                "threshold": 0.008,
                "sentence": "As it ought " * 10,
            }
            for name in CHECKS
        ],
        "recognition": {"mean_confidence": 82.65, "words": 219, "traineddata": {"eng": DIGEST}},
    }


def grow(database: Path, present: Size, wanted: Size) -> None:
    """Copy the first batch until there are as many as wanted, each with its events.

    Args:
        database: The file of the registry, which nobody has open.
        present: What it holds.
        wanted: What it is to hold.
    """
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -500000")
    _clear(connection, present)
    per_batch = wanted.events // wanted.batches
    tables = {name: _copying(connection, name) for name in ("batch", "item", "page", "unit", "file", "copy")}
    for first in range(present.batches if present.events else 0, wanted.batches, 100):
        last = min(first + 100, wanted.batches) - 1
        connection.execute("BEGIN")
        if last > 0:
            for statement in tables.values():
                connection.execute(statement, {"first": max(first, 1), "last": last})
        for number in range(first, last + 1):
            _chain(connection, batch_name(number), per_batch)
        connection.execute("COMMIT")
    _stop_some(connection, present.batches, wanted.batches)
    _let_wait(connection, wanted.batches)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def _clear(connection: sqlite3.Connection, present: Size) -> None:
    """Take away what measuring has left behind the copies, whose numbers the next ones get."""
    connection.execute("BEGIN")
    for table in ("copy", "file", "unit", "page", "item"):
        last = _rows_of_template(connection, table) * present.batches
        connection.execute(f"DELETE FROM {table} WHERE id > ?", [last])  # noqa: S608 (names from above)
    connection.execute("DELETE FROM event WHERE batch IN (SELECT id FROM batch WHERE id NOT LIKE 'growth-%')")
    connection.execute("DELETE FROM batch WHERE id NOT LIKE 'growth-%'")
    connection.execute("COMMIT")


def _copying(connection: sqlite3.Connection, table: str) -> str:
    """The statement that copies the first batch's rows of a table for the batches from :first to :last."""
    counts = {name: _rows_of_template(connection, name) for name in ("item", "page", table)}
    references = {row[3]: row[2] for row in connection.execute(f"PRAGMA foreign_key_list({table})")}
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    name = "printf('growth-%06d', k.n)"

    def value(column: str) -> str:
        if column == "id":
            return name if table == "batch" else f"t.id + k.n * {counts[table]}"
        target = references.get(column)
        if target == "batch":
            return name
        return f't."{column}"' if target is None else f't."{column}" + k.n * {counts[target]}'

    quoted = ", ".join(f'"{column}"' for column in columns)
    template = f"t.id = '{batch_name(0)}'" if table == "batch" else f"t.id <= {counts[table]}"
    return (
        "WITH RECURSIVE k(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM k WHERE n < :last)"  # noqa: S608
        f" INSERT INTO {table} ({quoted}) SELECT {', '.join(map(value, columns))}"
        f" FROM k CROSS JOIN {table} t WHERE {template}"
    )


def _rows_of_template(connection: sqlite3.Connection, table: str) -> int:
    """How many rows the first batch has in a table: they come first, numbered from 1."""
    conditions = {
        "batch": "1",
        "item": "batch = :batch",
        "page": "item <= :items",
        "unit": "item <= :items",
        "file": "item <= :items",
        "copy": "item <= :items",
    }
    query = f"SELECT count(*) FROM {table} WHERE {conditions[table]}"  # noqa: S608 (names from above)
    return int(connection.execute(query, {"batch": batch_name(0), "items": ITEMS}).fetchone()[0])


def _chain(connection: sqlite3.Connection, batch: str, length: int) -> None:
    """Give a batch a chain of events, as long and as wide as a real one's."""
    digest = "0" * 64
    rows = []
    shapes = [_event_shape(batch, f"item{number}") for number in range(ITEMS)]
    for sequence in range(1, length + 1):
        body = shapes[sequence % ITEMS](sequence, digest)
        digest = hashlib.sha256(body.encode()).hexdigest()
        rows.append((batch, sequence, f"item{sequence % ITEMS}", "capture", body, digest))
    connection.executemany(
        "INSERT INTO event (batch, sequence, item, type, body, sha256) VALUES (?, ?, ?, ?, ?, ?)", rows
    )
    connection.execute(
        "UPDATE batch SET chain_length = ?, chain_head = ? WHERE id = ?", (length, digest, batch)
    )


def _event_shape(batch: str, item: str) -> Callable[[int, str], str]:
    body = canonical_json(
        {
            "sequence": 123456789,
            "at": "2026-11-21T19:45:56.585Z",
            "batch": batch,
            "item": item,
            "page": 1,
            "type": "capture",
            "outcome": "success",
            "detail": {
                "file": "masters/0001.tif",
                "pixel_sha256": DIGEST,
                "sha256": DIGEST,
                "simulated": True,
            },
            "agents": ["simulated:feeder", "Operator", "Recto 0.1.0"],
            "previous": "@previous@",
        }
    ).decode()
    before, _, rest = body.partition("@previous@")
    middle, _, after = rest.partition("123456789")

    def event(sequence: int, previous: str) -> str:
        return f"{before}{previous}{middle}{sequence}{after}"

    return event


def _stop_some(connection: sqlite3.Connection, first: int, last: int) -> None:
    """Let an item of some batches have failed at its upload."""
    error = json.dumps(StorageError("The store is away.").to_json())
    connection.execute("BEGIN")
    for number in range(first, last):
        if number % STOPPED_EVERY != STOPPED_EVERY // 2:
            continue
        batch = batch_name(number)
        [item] = connection.execute("SELECT min(id) FROM item WHERE batch = ?", [batch]).fetchone()
        connection.execute("UPDATE batch SET state = 'failed' WHERE id = ?", [batch])
        connection.execute("UPDATE item SET state = 'failed' WHERE id = ?", [item])
        connection.execute(
            "UPDATE unit SET state = 'failed', error = ? WHERE item = ? AND stage = 'upload'", (error, item)
        )
    connection.execute("COMMIT")


def _let_wait(connection: sqlite3.Connection, batches: int) -> None:
    """Let one batch in ten not have been begun: the newest ones, with thousands of units that wait."""
    first = batch_name(batches - batches // 10)
    connection.execute("BEGIN")
    for statement in (
        "UPDATE batch SET state = 'waiting' WHERE id >= ? AND id LIKE 'growth-%'",
        "UPDATE item SET state = 'waiting', bag = NULL WHERE batch >= ? AND batch LIKE 'growth-%'",
        (
            "UPDATE unit SET state = 'waiting', attempts = 0, started_at = NULL, finished_at = NULL,"
            " dispatched_at = 0, error = NULL, result = NULL WHERE batch >= ? AND batch LIKE 'growth-%'"
        ),
    ):
        connection.execute(statement, [first])
    connection.execute("COMMIT")


def disk_bytes(database: Path) -> int:
    """What the registry takes on the disk."""
    return sum(path.stat().st_size for path in database.parent.glob(database.name + "*"))


def steps(pages: int, events: int) -> Iterator[Size]:
    """The sizes at which is measured: one batch, a hundredth, a tenth, and the whole."""
    whole = pages // (ITEMS * PAGES)
    for batches in sorted({1, max(1, whole // 100), max(1, whole // 10), whole}):
        yield Size(batches, batches * ITEMS * PAGES, batches * (events // whole))
