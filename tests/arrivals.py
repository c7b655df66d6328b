# SPDX-License-Identifier: Apache-2.0
"""A receiving side in directories, for tests: bags are put down, become work items, and are ingested stage by stage."""

from __future__ import annotations

import io
import shutil
import tarfile
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from archive.bag.contents import PayloadFile
from archive.bag.profile import load_profile
from archive.bag.readers import bag_name
from archive.bag.writer import write_tar
from archive.digests import digest_file
from archive.receiving.ingest_pipeline import INGEST_PIPELINE
from archive.registry import Registry
from archive.registry.clock import now_iso
from archive.registry.ingest_facts import ingest_rows
from archive.registry.ingests import register_ingest
from archive.registry.receiving_tables import InstitutionRow, ReceivedFileRow, WorkItemRow
from archive.registry.states import State
from archive.registry.tables import UnitRow
from workers.node import Node
from workers.onward import Onward
from workers.run_unit import run_taken, run_unit

INSTITUTION = "library.example.org"
OPEN = (State.WAITING, State.QUEUED, State.RUNNING)
OPTIONS = {"Standard": ["east", "west"], "Glacier-OH": ["east"]}


@dataclass
class ReceivingSite:
    """One depositor with directories for all its locations; nothing runs but what a test runs.

    Attributes:
        folder: Below it lie `receiving`, `quarantine`, `restore` and the preservation locations.
        node: Who does the work.
    """

    folder: Path
    node: Node
    options: Mapping[str, list[str]] = field(default_factory=lambda: OPTIONS)

    def __post_init__(self) -> None:
        """Register the depositor."""
        for name in ("receiving", "restore", *self._locations()):
            (self.folder / name).mkdir(parents=True)
        with self.registry.transaction() as session:
            session.add(
                InstitutionRow(
                    id=INSTITUTION,
                    name="The Library",
                    state="active",
                    receiving=str(self.receiving),
                    restore=str(self.folder / "restore"),
                    quarantine="",
                    storage_options={
                        option: [str(self.folder / name) for name in names]
                        for option, names in self.options.items()
                    },
                    default_option="Standard",
                    created_at=now_iso(),
                )
            )

    def _locations(self) -> list[str]:
        return sorted({name for names in self.options.values() for name in names})

    @property
    def registry(self) -> Registry:
        """The registry."""
        return self.node.registry

    @property
    def receiving(self) -> Path:
        """Where bags arrive."""
        return self.folder / "receiving"

    @property
    def locations(self) -> list[Path]:
        """The preservation locations."""
        return [self.folder / name for name in self._locations()]

    def set_state(self, state: str) -> None:
        """Make the depositor "active" or "disabled"."""
        with self.registry.transaction() as session:
            session.get_one(InstitutionRow, INSTITUTION).state = state

    def kept(self) -> list[str]:
        """Everything that lies in a preservation location."""
        return sorted(
            str(path.relative_to(self.folder))
            for location in self.locations
            for path in location.rglob("*")
            if path.is_file()
        )

    def deposit(
        self, tar: Path, *, name: str = "", told: str | None = None, told_right: bool = False
    ) -> Arrival:
        """Put a bag down where bags arrive, and make it a work item as the bucket reader does.

        Args:
            tar: The bag.
            name: Its key; the file's name when left out.
            told: The sha256 that the uploader tells.
            told_right: Whether the uploader tells the right one.
        """
        name = name or tar.name
        target = self.receiving / name
        if tar != target:
            shutil.copyfile(tar, target)
        sha256 = digest_file(target, ("sha256",)).hexdigests()["sha256"] if told_right else told or ""
        return self.register(name, sha256)

    def register(self, name: str, sha256: str = "", *, address: str = "") -> Arrival:
        """Make what lies under a key a work item; from now on bags arrive at the address, where one is given."""
        if address:
            with self.registry.transaction() as session:
                session.get_one(InstitutionRow, INSTITUTION).receiving = address
        found = self.node.place(address or str(self.receiving)).look(name)
        assert found is not None
        batch = f"ingest-{uuid.uuid4().hex}"
        with self.registry.transaction() as session:
            register_ingest(
                session,
                batch,
                institution=INSTITUTION,
                item=bag_name(Path(name)),
                pipeline=INGEST_PIPELINE,
                copies=max(map(len, self.options.values())),
                detail={"key": name},
            )
            row = WorkItemRow(
                institution=INSTITUTION,
                name=name,
                etag=found.etag,
                size=found.size,
                modified_at=found.modified.isoformat(),
                bag_sha256=sha256,
                content=f"sha256:{sha256}" if sha256 else f"etag:{found.etag}:{found.size}",
                batch=batch,
                created_at=now_iso(),
            )
            session.add(row)
            session.flush()
            return Arrival(self, row.id, batch)


@dataclass
class Arrival:
    """A bag that arrived.

    Attributes:
        key: Of its work item.
        batch: The ledger's batch that ingests it.
    """

    site: ReceivingSite
    key: int
    batch: str

    def run(self, *only: str) -> list[str]:
        """Run all stages that can be run, or some; the stages in the order in which they were run."""
        ran: list[str] = []
        while True:
            open_units = [row for row in self.units() if row.state in OPEN]
            wanted = [row for row in open_units if not only or row.stage in only]
            done = [stage for row in wanted for stage in self._run(row, go_on=not only)]
            if not done:
                return ran
            ran += done

    def _run(self, unit: UnitRow, *, go_on: bool) -> list[str]:
        """Run a unit, and what follows it as a worker goes on; the stages that were run."""
        node = self.site.node
        onward = Onward(node, queue="io_bound", hard_seconds=None, owner="test") if go_on else None
        ran = run_unit(node, unit.id, "test", onward)
        if ran is None:
            return []
        stages = [ran.claim.stage]
        while onward is not None and onward.next is not None:
            stages.append(run_taken(node, onward.next, "test", onward).claim.stage)
        return stages

    def units(self) -> list[UnitRow]:
        """Its units in the order of the stages."""
        with self.site.registry.reading() as session:
            query = select(UnitRow).where(UnitRow.batch == self.batch).order_by(UnitRow.id)
            return list(session.scalars(query))

    def unit(self, stage: str, chunk: int = 0) -> UnitRow:
        """One of its units."""
        return next(row for row in self.units() if (row.stage, row.chunk) == (stage, chunk))

    @property
    def item(self) -> WorkItemRow:
        """Its work item as it is now."""
        with self.site.registry.reading() as session:
            return ingest_rows(session, self.batch).item

    @property
    def reading(self) -> dict[str, Any]:
        """What was read of the bag."""
        return self.item.reading or {}

    def files(self) -> int:
        """How many files of it are written down for the ingest."""
        with self.site.registry.reading() as session:
            query = select(func.count()).where(ReceivedFileRow.work_item == self.key)
            return session.scalars(query).one()


CONTENT = {
    "masters/0001.tif": b"II*\x00" + bytes(range(256)) * 9,
    "masters/0002.tif": b"II*\x00" + bytes(5000),
    "ocr/0001.txt": "Ein Brief aus Köln\n".encode(),
    "empty.txt": b"",
}


def make_bag(
    folder: Path,
    name: str = "letter_1",
    content: Mapping[str, bytes] = CONTENT,
    tags: Mapping[str, Mapping[str, str]] | None = None,
    profile: str = "aptrust-2.3",
) -> Path:
    """Write a bag as a tar, as a station does; equal ones are written once and copied."""
    tags = tags or {"aptrust-info.txt": {"Title": "A letter", "Access": "Institution"}}
    told = tuple((file, tuple(labels.items())) for file, labels in tags.items())
    destination = folder / f"{name}.tar"
    destination.write_bytes(_written_bag(name, tuple(content.items()), told, profile))
    return destination


@lru_cache(maxsize=32)
def _written_bag(
    name: str,
    content: tuple[tuple[str, bytes], ...],
    tags: tuple[tuple[str, tuple[tuple[str, str], ...]], ...],
    profile: str,
) -> bytes:
    """A bag's tar."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for path, data in content:
            source = Path(folder) / "captured" / path
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_bytes(data)
            digests = digest_file(source, ("md5", "sha256"))
            files.append(PayloadFile(path, source, len(data), digests.hexdigests()))
        destination = Path(folder) / f"{name}.tar"
        write_tar(
            name,
            files,
            tags={file: dict(labels) for file, labels in tags},
            destination=destination,
            profile=load_profile(profile),
            bagging_date="2026-03-31",
        )
        return destination.read_bytes()


def make_tar(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write any files as a tar, whether they make a bag or not."""
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path
