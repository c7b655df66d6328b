# SPDX-License-Identifier: Apache-2.0
"""Two hosts with one registry and a bucket between them: a station, and a node that has no folder in common with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from archive.registry import Session
from archive.registry.ledger import claim, complete
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import ItemRow, StagedFileRow, UnitRow
from tests.integration.storage.conftest import aws_environment, moto_client, moto_endpoint
from workers.node import Node
from workers.operations import register_manifest
from workers.run_unit import run_unit
from workers.settings import Settings, load_settings

__all__ = ["aws_environment", "moto_client", "moto_endpoint"]

BUCKET, PREFIX = "receiving", "staging/site"

NOT_HERE = frozenset({Stage.VALIDATE})
"""Stages that are other tests' business: looking at the machine."""


@dataclass
class Hosts:
    """The hosts of a site.

    Attributes:
        folder: Where each has its own folder.
        common: Settings that all share.
        client: Looks into the bucket behind Recto's back.
    """

    folder: Path
    common: dict[str, Any]
    client: Any
    opened: dict[str, Node] = field(default_factory=dict)

    def host(self, name: str, database_url: str = "", **staging: Any) -> Node:
        """A host, opened anew with its own address of the registry and settings of staging where some are given."""
        if name not in self.opened or database_url or staging:
            if name in self.opened:
                self.opened[name].close()
            own = {"database_url": database_url} if database_url else {}
            self.opened[name] = Node(self._settings(name, own, staging))
        return self.opened[name]

    def _settings(self, name: str, more: dict[str, Any], staging: dict[str, Any]) -> Settings:
        own = self.folder / name
        values = {
            **self.common,
            **more,
            "station": name,
            "data_directory": str(own / "data"),
            "state_directory": str(own / "state"),
            "storage": {"vault": {"url": str(self.folder / "vault")}},
        }
        values["staging"] = {
            **self.common["staging"],
            "cache_directory": str(own / "cache"),
            **staging,
        }
        return load_settings(values)

    def submit(self, pages: int = 2, items: int = 1, size: tuple[int, int] = (80, 100)) -> None:
        """Register a batch of existing images at the station."""
        names = []
        for number in range(pages):
            image = Image.new("L", size, 200)
            image.paste(40 + number, (10, 10, 30, 20))
            names.append(f"page{number}.tif")
            image.save(self.folder / names[-1], dpi=(60, 60))
        manifest = {
            "id": "letters",
            "institution": "Library",
            "scanner_model": "Any",
            "resolution_dpi": 60,
            "color_profile": "gray",
            "settings": {},
            "items": [
                {"id": f"item {number}", "title": "One", "file_paths": names} for number in range(items)
            ],
        }
        path = self.folder / "letters.json"
        path.write_text(json.dumps(manifest))
        register_manifest(self.host("station"), path)

    def unit(self, stage: str, chunk: int = 0, item: str = "item 0") -> UnitRow:
        """A unit as it stands."""
        with self.host("station").registry.reading() as session:
            query = select(UnitRow).join(ItemRow, ItemRow.id == UnitRow.item)
            query = query.where(UnitRow.stage == stage, UnitRow.chunk == chunk, ItemRow.name == item)
            return session.scalars(query).one()

    def run(self, host: str, *stages: Stage, chunk: int = 0, item: str = "item 0") -> UnitRow:
        """Run units on a host, one after the other; the last as it stands then."""
        for stage in stages:
            unit = self.unit(stage, chunk, item)
            if stage in NOT_HERE:
                self._skip(unit)
                continue
            run_unit(self.host(host), unit.id, "test")
        return self.unit(stages[-1], chunk, item)

    def run_named(self, host: str, *stages: str) -> UnitRow:
        """Run units of the first chunk by the name of their stage, all for real; the last as it stands then."""
        for stage in stages:
            run_unit(self.host(host), self.unit(stage).id, "test")
        return self.unit(stages[-1])

    def staged(self, session: Session) -> list[StagedFileRow]:
        """All records of what is staged."""
        return list(session.scalars(select(StagedFileRow)))

    def _skip(self, unit: UnitRow) -> None:
        with self.host("station").registry.transaction() as session:
            claimed = claim(session, unit.id, "test", lease_seconds=60, max_attempts=4)
            assert claimed is not None
            complete(session, claimed, {})

    def in_flight(self) -> None:
        """Let all items be in work, as they are where something dispatches them."""
        with self.host("station").registry.transaction() as session:
            for item in session.scalars(select(ItemRow)):
                item.in_flight = True

    def due_now(self, unit: UnitRow) -> None:
        """Let a unit's waiting time be over."""
        with self.host("station").registry.transaction() as session:
            row = session.get_one(UnitRow, unit.id)
            assert row.state in {State.WAITING, State.QUEUED}
            row.next_attempt_at = 0.0

    def bucket_keys(self) -> list[str]:
        """What lies in the bucket."""
        found = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return [one["Key"] for one in found]

    def files(self, host: str, place: str) -> set[str]:
        """The files of a host below a folder of its own."""
        top = self.folder / host / place
        return {str(path.relative_to(top)) for path in top.rglob("*") if path.is_file()}


@pytest.fixture
def hosts(
    tmp_path: Path, registry_url: str, moto_endpoint: str, moto_client: Any, recto_home: Path
) -> Iterator[Hosts]:
    """A site whose bucket is empty."""
    common = {
        "database_url": registry_url,
        "broker_url": "redis://127.0.0.1:1/0",
        "ledger": {"chunk_pages": 2},
        "staging": {"mode": "s3", "url": f"s3://{BUCKET}/{PREFIX}", "endpoint": moto_endpoint},
    }
    made = Hosts(tmp_path, common, moto_client)
    yield made
    for node in made.opened.values():
        node.close()
