# SPDX-License-Identifier: Apache-2.0
"""The fetch stage and the capture stage behind it: from servers to recorded masters, whatever breaks on the way."""

from __future__ import annotations

import hashlib
import io
import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from archive.registry.clock import now_seconds
from archive.registry.decisions import retry_units
from archive.registry.events import read_events
from archive.registry.pages import files_of
from archive.registry.states import State
from archive.registry.tables import UnitRow
from tests.integration.fetching.ssh import Ssh
from tests.integration.fetching.web import Web
from tests.memory_keyring import memory_keyring
from workers.errors import ManifestRefused
from workers.fetch_settings import FetchSettings
from workers.node import Node
from workers.operations import register_manifest
from workers.run_unit import run_unit
from workers.settings import Settings
from workers.stages import fetched_files

PIPELINE = """\
name: fetching
title: Only as far as masters
version: 1
stages:
  - name: validate
    parameters: {language_data: false}
  - name: fetch
    applies_to: chunk
  - name: capture
    applies_to: chunk
    same_chunk: true
"""


def tiff(seed: int, side: int = 64) -> bytes:
    noise = random.Random(seed).randbytes(side * side * 3)  # noqa: S311 - contents, no secret
    file = io.BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(file, "TIFF", dpi=(300, 300))
    return file.getvalue()


PAGES = [tiff(1), tiff(2), tiff(3, 700)]
DIGESTS = [hashlib.sha256(page).hexdigest() for page in PAGES]


@dataclass
class Desk:
    """One item whose pages are on servers; its stages are run by hand."""

    node: Node

    def unit(self, stage: str) -> UnitRow:
        with self.node.registry.reading() as session:
            return session.scalars(select(UnitRow).where(UnitRow.stage == stage)).one()

    def run(self, stage: str) -> tuple[State, dict[str, Any]]:
        """Run the stage once, whenever it would be due; its state, and its error or its result."""
        with self.node.registry.transaction() as session:
            session.get_one(UnitRow, self.unit(stage).id).next_attempt_at = 0
        run_unit(self.node, self.unit(stage).id, "test")
        unit = self.unit(stage)
        return State(unit.state), unit.error or unit.result or {}

    def retry(self, stage: str) -> tuple[State, dict[str, Any]]:
        with self.node.registry.transaction() as session:
            retry_units(session, "delivery")
        return self.run(stage)

    @property
    def folder(self) -> Path:
        return self.node.item_folder("delivery", "vol")

    def names_in(self, folder: str) -> list[str]:
        return sorted(path.name for path in (self.folder / folder).glob("*"))

    def events(self, kind: str) -> list[dict[str, Any]]:
        with self.node.registry.reading() as session:
            return [event for event in read_events(session, "delivery") if event["type"] == kind]


Begin = Callable[..., Desk]


@pytest.fixture(autouse=True)
def private_keyring() -> Iterator[None]:
    """Nothing of the user's own is asked for passwords."""
    with memory_keyring():
        yield


@pytest.fixture
def begin(recto_home: Path, tmp_path: Path) -> Iterator[Begin]:
    nodes: list[Node] = []

    def desk(pages: list[str], attachments: list[str] | None = None, **fetch: Any) -> Desk:
        node = Node(Settings(fetch=FetchSettings(**fetch)))
        nodes.append(node)
        (tmp_path / "fetching.yaml").write_text(PIPELINE)
        file = tmp_path / "delivery.json"
        item = {"id": "vol", "title": "Vol", "file_paths": pages, "attachments": attachments or []}
        document = {
            "id": "delivery",
            "institution": "Test Library",
            "scanner_model": "Any",
            "resolution_dpi": 300,
            "color_profile": "sRGB",
            "pipeline": "fetching.yaml",
            "items": [item],
        }
        file.write_text(json.dumps(document))
        register_manifest(node, file)
        made = Desk(node)
        assert made.run("validate")[0] is (State.HELD if "hosts" in fetch else State.DONE)
        return made

    yield desk
    for node in nodes:
        node.registry.close()


@pytest.fixture
def addresses(web: Web) -> list[str]:
    """Three pages on the web server, with their digests."""
    for number, page in enumerate(PAGES, 1):
        web.files[f"/vol/{number:02d}.tif"] = page
    return [f"{web.url}/vol/{number:02d}.tif#sha256={DIGESTS[number - 1]}" for number in (1, 2, 3)]


def test_pages_come_from_their_server_and_become_masters(
    begin: Begin, web: Web, addresses: list[str]
) -> None:
    desk = begin(addresses)
    state, result = desk.run("fetch")
    assert (state, result["fetched"], result["bytes"]) == (State.DONE, 3, sum(map(len, PAGES)))
    assert desk.run("capture")[0] is State.DONE
    assert [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((desk.folder / "masters").iterdir())
    ] == DIGESTS
    # what has become a page is not kept twice
    assert desk.names_in("fetched") == []
    transfers = desk.events("transfer")
    assert [event["detail"]["sha256"] for event in transfers] == DIGESTS
    assert transfers[0]["detail"]["url"] == f"{web.url}/vol/01.tif"
    assert transfers[0]["detail"]["etag"] == web.etag_of("/vol/01.tif")
    assert transfers[0]["detail"]["file"] == "masters/0001.tif"
    assert [event["page"] for event in desk.events("ingestion")] == [1, 2, 3]


def test_running_it_again_fetches_nothing_again(begin: Begin, web: Web, addresses: list[str]) -> None:
    desk = begin(addresses)
    web.faults["/vol/03.tif"] = [("status", 500, {})] * 2
    assert desk.run("fetch")[0] is State.WAITING
    assert desk.run("fetch")[0] is State.DONE
    assert [path for path, _ in web.requests] == [
        "/vol/01.tif",
        "/vol/02.tif",
        "/vol/03.tif",
        "/vol/03.tif",
        "/vol/03.tif",
    ]
    assert len(desk.events("transfer")) == 3


def test_a_line_that_breaks_again_and_again_uses_up_one_attempt_as_long_as_more_comes(
    begin: Begin, web: Web, addresses: list[str]
) -> None:
    desk = begin(addresses)
    web.faults = {
        "/vol/01.tif": ["drop"],
        "/vol/02.tif": [("status", 502, {})],
        "/vol/03.tif": [("cut", 1 << 18), ("cut", 1 << 19), ("cut", 1 << 20)],
    }
    assert desk.run("fetch")[0] is State.DONE
    assert desk.unit("fetch").attempts == 1


def test_a_server_that_asks_to_wait_is_left_alone_as_long(
    begin: Begin, web: Web, addresses: list[str]
) -> None:
    desk = begin(addresses)
    web.faults["/vol/01.tif"] = [("status", 429, {"Retry-After": "3000"})]
    state, error = desk.run("fetch")
    assert (state, error["code"]) == (State.WAITING, "fetch.busy")
    assert desk.unit("fetch").next_attempt_at > now_seconds() + 2900


def test_a_file_that_is_another_holds_the_item_until_somebody_decides(
    begin: Begin, web: Web, addresses: list[str]
) -> None:
    desk = begin(addresses)
    web.faults["/vol/02.tif"] = [("body", PAGES[0])]
    state, error = desk.run("fetch")
    assert (state, error["code"]) == (State.HELD, "fetch.differs")
    assert desk.names_in("fetched") == ["0001.tif", "0001.tif.json"]
    assert desk.retry("fetch")[0] is State.DONE


def test_a_file_that_is_damaged_between_the_stages_is_fetched_again(
    begin: Begin, web: Web, addresses: list[str]
) -> None:
    desk = begin(addresses)
    desk.run("fetch")
    (desk.folder / "fetched" / "0002.tif").write_bytes(PAGES[0])
    (desk.folder / "fetched" / "0003.tif").unlink()
    assert desk.run("capture")[0] is State.DONE
    assert hashlib.sha256((desk.folder / "masters" / "0002.tif").read_bytes()).hexdigest() == DIGESTS[1]
    assert len(web.requests) == 5


def test_the_capture_stage_alone_fetches_too(begin: Begin, web: Web, addresses: list[str]) -> None:
    desk = begin(addresses)
    with desk.node.registry.transaction() as session:
        session.get_one(UnitRow, desk.unit("fetch").id).state = State.DONE
    assert desk.run("capture")[0] is State.DONE
    assert desk.names_in("masters") == ["0001.tif", "0002.tif", "0003.tif"]
    assert len(desk.events("transfer")) == 3


def test_an_image_without_a_suffix_is_named_by_its_contents(begin: Begin, web: Web) -> None:
    web.files["/iiif/1/full/max/0/default"] = PAGES[0]
    desk = begin([f"{web.url}/iiif/1/full/max/0/default"])
    desk.run("fetch")
    assert desk.run("capture")[0] is State.DONE
    assert desk.names_in("masters") == ["0001.tif"]


def test_what_is_no_image_is_refused_when_it_is_taken_in(begin: Begin, web: Web) -> None:
    web.files["/a.tif"] = b"<html>please log in</html>"
    desk = begin([f"{web.url}/a.tif"])
    assert desk.run("fetch")[0] is State.DONE
    state, error = desk.run("capture")
    assert (state, error["code"]) == (State.FAILED, "imaging.unsupported")
    assert desk.names_in("masters") == []


def test_without_room_on_the_disk_nothing_is_fetched(
    begin: Begin, web: Web, addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = begin(addresses)
    usage = shutil.disk_usage(desk.folder)
    monkeypatch.setattr(fetched_files, "disk_usage", lambda _: usage._replace(free=1000))
    state, error = desk.run("fetch")
    assert (state, error["code"]) == (State.HELD, "disk.low")
    assert desk.events("transfer") == []


def test_a_host_that_the_settings_do_not_allow_is_told_before_anything_is_fetched(
    begin: Begin, web: Web, addresses: list[str]
) -> None:
    desk = begin(addresses, hosts=("scans.example.org",))
    assert (desk.unit("validate").error or {})["code"] == "fetch.host_not_allowed"
    assert not web.requests


def test_attachments_come_along_from_servers_and_from_beside_the_manifest(
    begin: Begin, web: Web, addresses: list[str], tmp_path: Path
) -> None:
    web.files["/vol/finding aid.pdf"] = b"%PDF-1.4"
    (tmp_path / "Finding aid.pdf").write_bytes(b"%PDF-1.7")
    desk = begin(addresses, [f"{web.url}/vol/finding%20aid.pdf", "Finding aid.pdf"])
    state, result = desk.run("fetch")
    assert (state, result["fetched"]) == (State.DONE, 4)
    assert desk.run("capture")[0] is State.DONE
    assert desk.names_in("attachments") == ["2-Finding aid.pdf", "finding aid.pdf"]
    with desk.node.registry.reading() as session:
        recorded = files_of(session, 1, use="attachment")
        assert [(file.path, file.mime, file.size) for file in recorded] == [
            ("attachments/2-Finding aid.pdf", "application/pdf", 8),
            ("attachments/finding aid.pdf", "application/pdf", 8),
        ]
    assert desk.names_in("fetched") == []


def test_pages_beside_the_manifest_and_on_a_server_may_be_mixed(
    begin: Begin, addresses: list[str], tmp_path: Path
) -> None:
    (tmp_path / "own.tif").write_bytes(PAGES[2])
    desk = begin(["own.tif", addresses[0]])
    assert desk.run("fetch")[1]["fetched"] == 1
    assert desk.run("capture")[0] is State.DONE
    assert desk.names_in("masters") == ["0001.tif", "0002.tif"]


def test_pages_come_over_sftp_with_keys_from_the_settings(
    begin: Begin, ssh: Ssh, key_file: Path, tmp_path: Path
) -> None:
    from archive.fetching.host_keys import fingerprint_of

    folder = ssh.root / tmp_path.name
    folder.mkdir()
    (folder / "1.tif").write_bytes(PAGES[0])
    desk = begin(
        [f"{ssh.url}/{tmp_path.name}/1.tif"],
        ssh_key=key_file,
        fingerprints=(f"127.0.0.1:{ssh.port} {fingerprint_of(ssh.host_key)}",),
    )
    assert desk.run("fetch")[0] is State.DONE
    assert desk.run("capture")[0] is State.DONE


def test_a_manifest_with_a_password_in_an_address_makes_no_batch(begin: Begin) -> None:
    with pytest.raises(ManifestRefused) as told:
        begin(["https://anna:opensesame@host/a.tif"])
    assert "opensesame" not in str(told.value.to_json())
