# SPDX-License-Identifier: Apache-2.0
"""A sealed bag of three pages whose history a real registry wrote, and ways to tamper with it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.bag.contents import PayloadFile, TagFile
from archive.bag.profile import load_profile
from archive.bag.writer import write_folder, write_tar
from archive.canonical_json import canonical_json
from archive.custody.key_folder import KeyFolder
from archive.custody.keys import PublicKey
from archive.custody.report import CustodyReport
from archive.custody.seal import Seal, seal
from archive.custody.verification import verify_custody
from archive.registry import open_registry
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.events import append_event, read_events

EVENTS = "metadata/events.jsonl"
DEVICE = {"id": "sane:epjitsu:1", "vendor": "Fujitsu", "model": "S300", "serial": "17", "simulated": False}
PAGES = 3


def master(page: int) -> bytes:
    return b"II*\x00" + bytes([page]) * 50


@dataclass(frozen=True)
class Sealed:
    """Everything a seal is made of."""

    history: list[dict[str, Any]]
    payload: list[PayloadFile]
    metadata: list[TagFile]

    def by(self, keys: KeyFolder, earlier: Seal | None = None) -> Seal:
        return seal(
            self.history,
            self.payload,
            self.metadata,
            keys,
            (earlier.statement, earlier.signature) if earlier else None,
        )

    def bag(self, made: Seal, folder: Path, write: Callable[..., Any] = write_folder) -> Path:
        destination = folder / ("letter.tar" if write is write_tar else "letter")
        write(
            "letter",
            self.payload,
            {},
            destination,
            profile=load_profile("bagit-1.0"),
            tag_files=[*self.metadata, *made.tag_files()],
            bagging_date="2026-03-31",
        )
        return destination


def history_of_a_batch(database: Path) -> list[dict[str, Any]]:
    """The events of one item, among those of another."""
    registry = open_registry(f"sqlite:///{database}")
    description = {"title": "Letters", "creator": None, "date": None, "language": "eng", "rights": None}
    items = [PlannedItem(name, description, [None] * PAGES) for name in ("letter", "other")]
    batch = PlannedBatch("b1", "station", "Library", {}, "0" * 64, "/m.csv", items, 50)
    with registry.transaction() as session:
        register_batch(session, batch)
        for page in range(1, PAGES + 1):
            for item in ("letter", "other"):
                facts = {
                    "file": f"masters/{page:04d}.tif",
                    "sha256": hashlib.sha256(master(page)).hexdigest(),
                }
                capture = {**facts, "simulated": False, "options": {"resolution": {"actual": 300}}}
                agents = (DEVICE["id"], "Ada Löwe", "Recto 0.1.0")
                for kind, detail in (("capture", capture), ("message digest calculation", facts)):
                    append_event(session, "b1", kind, item=item, page=page, detail=detail, agents=agents)
        append_event(session, "b1", "state change", item="letter", detail={"stage": "assemble", "to": "done"})
    with registry.reading() as session:
        history = list(read_events(session, "b1", "letter"))
    registry.close()
    return history


@pytest.fixture(scope="session")
def _history(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return history_of_a_batch(tmp_path_factory.mktemp("registry") / "registry.sqlite3")


@pytest.fixture(scope="session")
def sealed(_history: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    folder = tmp_path_factory.mktemp("captured")
    payload = []
    for page in range(1, PAGES + 1):
        source = folder / f"{page:04d}.tif"
        source.write_bytes(master(page))
        digests = {"sha256": hashlib.sha256(master(page)).hexdigest()}
        payload.append(PayloadFile(f"masters/{source.name}", source, len(master(page)), digests))
    metadata = [TagFile(EVENTS, b"".join(canonical_json(event) + b"\n" for event in _history))]
    metadata += [
        TagFile(f"metadata/capture/{page:04d}.json", canonical_json({"page": page, "device": DEVICE}))
        for page in range(1, PAGES + 1)
    ]
    return Sealed(_history, payload, metadata)


@pytest.fixture
def keys(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


@dataclass(frozen=True)
class Bag:
    """A sealed bag as a folder that may be tampered with."""

    path: Path
    keys: dict[str, PublicKey]

    def lines(self) -> list[bytes]:
        return (self.path / EVENTS).read_bytes().splitlines()

    def write_lines(self, lines: list[bytes]) -> None:
        (self.path / EVENTS).write_bytes(b"".join(line + b"\n" for line in lines))

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines()]

    def write_events(self, events: list[dict[str, Any]]) -> None:
        self.write_lines([canonical_json(event) for event in events])

    def copy(self, name: str) -> Bag:
        return Bag(Path(shutil.copytree(self.path, self.path.parent / name)), self.keys)

    def verify(self, page: int | None = None) -> CustodyReport:
        return verify_custody(self.path, self.keys, page=page)

    def problems(self) -> str:
        """All problems as one text; there must be some."""
        report = self.verify()
        assert not report.whole
        return "\n".join(report.problems)


@pytest.fixture(scope="session")
def _sealed_once(sealed: Sealed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sealed bag and the keys that sealed it: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("sealed")
    sealed.bag(sealed.by(KeyFolder(folder / "keys")), folder / "bags")
    return folder


@pytest.fixture
def bag(_sealed_once: Path, keys: KeyFolder, tmp_path: Path) -> Bag:
    shutil.copytree(_sealed_once / "keys", keys.folder)
    shutil.copytree(_sealed_once / "bags", tmp_path / "bags")
    return Bag(tmp_path / "bags" / "letter", keys.public_keys())
