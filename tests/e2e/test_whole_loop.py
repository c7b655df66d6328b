# SPDX-License-Identifier: Apache-2.0
"""The whole loop: scanner, chords, bag, bucket, reader, ingest, two copies, receipt, audit, restore, and the same pixels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from moto.server import ThreadedMotoServer

from app.command_line import main
from archive.bag.validator import verify_bag
from archive.imaging.pixels import pixel_digest
from archive.registry.batches import items_of, pages_of
from tests.broken_bags import unpack
from tests.e2e.conftest import Home, small_batch
from workers.node import Node
from workers.settings import load_settings

pytestmark = [pytest.mark.tesseract, pytest.mark.usefixtures("tesseract")]

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "opensesame",
    "AWS_DEFAULT_REGION": "us-east-1",
}
OBJECT = "library.example.org/Test-Library.loop_item"
PAGES = 2


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Any]]:
    """An S3 server with the buckets of depositor and archive: its address and a client."""
    import boto3

    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client("s3", endpoint_url=address)
    for bucket in ("receiving", "east"):
        client.create_bucket(Bucket=bucket)
    yield address, client
    # moto keeps its buckets for all servers of this process
    for bucket in ("receiving", "east"):
        for found in client.list_objects_v2(Bucket=bucket).get("Contents", []):
            client.delete_object(Bucket=bucket, Key=found["Key"])
        client.delete_bucket(Bucket=bucket)
    client.close()
    server.stop()


@pytest.fixture
def site(home: Home, s3: tuple[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Home:
    """A home that is station and archive in one."""
    address, _ = s3
    home.configure(
        "[receiving]\nquiet_seconds = 0\n"
        '[release]\npolicy = "after-receipt"\n'
        f'[storage.archive]\nurl = "s3://receiving/bags"\nendpoint = "{address}"\n'
        f'[storage.east]\nurl = "s3://east/kept"\nendpoint = "{address}"\n'
        f'[storage.west]\nurl = "{tmp_path / "west"}"\n'
    )
    home.environment |= CREDENTIALS
    monkeypatch.setenv("RECTO_HOME", str(home.folder))
    return home


def recto(*arguments: str) -> Any:
    """Run `recto` in this process, and return what it prints as JSON.

    Not for what sends messages: Celery knows one broker a process.
    """
    result = CliRunner().invoke(main, [*arguments, "--json"])
    assert result.exit_code == 0, f"{arguments}: {result.exit_code}\n{result.output}"
    return json.loads(result.stdout)


def delivered(home: Home) -> list[str]:
    """The digests of the pixels as the scanner delivered them, page by page."""
    node = Node(load_settings())
    with node.registry.reading() as session:
        (item,) = items_of(session, "loop")
        digests = [(page.capture or {})["pixel_sha256"] for page in pages_of(session, item.id)]
    node.close()
    return digests


def test_the_pixels_that_the_scanner_delivered_come_back_from_the_archive(
    site: Home, s3: tuple[str, Any], tmp_path: Path
) -> None:
    _, client = s3
    with site.station():
        manifest = small_batch("loop", pages=PAGES, dpi=100).replace(
            "items:", "storage: [archive]\nitems:", 1
        )
        submitted = site.json("batch", "submit", site.manifest("loop.yaml", manifest), "--wait")
        assert submitted["state"] == "done"
        recto(
            *("institution", "add", "library.example.org", "--name", "The Library"),
            *("--receiving", "archive", "--store", "east", "--store", "west"),
        )
        site.recto("receive", "--once", "--wait")
    pixels = delivered(site)
    assert len(pixels) == len(set(pixels)) == PAGES

    # the bag has left the receiving bucket, its receipt lies there, and both copies are whole
    keys = {found["Key"] for found in client.list_objects_v2(Bucket="receiving")["Contents"]}
    assert keys == {"bags/Test-Library.loop_item.tar.receipt.json"}
    (answer,) = recto("batch", "receipts", "loop")["receipts"]
    assert (answer["state"], answer["receipt"]["object"]) == ("accepted", OBJECT)
    (released,) = recto("batch", "release", "loop")["items"]
    assert released["state"] == "released"
    assert not list(site.items("loop").rglob("*.tif"))

    audit = recto("fixity", "--once", "--all")
    assert (audit["good"], audit["damaged"], audit["missing"]) == (audit["copies"], 0, 0)
    assert audit["copies"] > 2 * PAGES
    restored = recto("restore", OBJECT, "--to", str(tmp_path / "given-back"))
    # the very tar that the station made, byte for byte
    (copy,) = submitted["items"][0]["copies"]
    assert (restored["valid"], restored["equal"], restored["same_tar"]) == (True, True, True)
    assert restored["bytes"] > 0
    assert copy["url"].startswith("s3://receiving/bags/")
    (tar,) = (tmp_path / "given-back").rglob("*.tar")
    assert verify_bag(tar).valid
    unpack(tar, tmp_path / "unpacked")
    masters = sorted((tmp_path / "unpacked").rglob("data/masters/*.tif"))
    assert [pixel_digest(master) for master in masters] == pixels
