# SPDX-License-Identifier: Apache-2.0
"""A station and a compute node with nothing in common but a network, which is cut in the middle of a batch."""

from __future__ import annotations

import json
import signal
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import func, select

from archive.imaging.pixels import pixel_digest
from archive.registry import Registry, open_registry
from archive.registry.stages import Stage
from archive.registry.states import State
from archive.registry.tables import FileRow, ItemRow, NodeRow, PageRow, StagedFileRow, UnitRow
from tests.e2e.conftest import Home, wait_for
from tests.servers.link import Link, linked
from tests.servers.redis_server import Redis

pytestmark = [pytest.mark.tesseract, pytest.mark.usefixtures("tesseract")]

SETTINGS = """\
station = "{station}"

[[devices.simulated]]
name = "feeder"
kind = "feeder"

[ledger]
lease_seconds = 4
reconcile_seconds = 1
chunk_pages = 2

[storage.vault]
url = "{vault}"

[staging]
mode = "s3"
url = "s3://between/recto"
endpoint = "http://127.0.0.1:{s3}"
upkeep_seconds = 0.5
"""

MANIFEST = """\
id: letters
institution: Test Library
scanner_id: simulated:feeder
scanner_model: Any
resolution_dpi: 100
color_profile: gray
settings: {mode: Gray}
items:
  - {id: one, title: First, language: eng, pages: 3}
  - {id: two, title: Second, language: eng, pages: 3}
"""

KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}


@dataclass
class Site:
    """What the hosts share: a registry, a broker and a bucket; the node reaches them by links."""

    station: Home
    node: Home
    vault: Path
    registry: Registry
    bucket: Any
    links: dict[str, Link]

    def cut(self, *links: str) -> None:
        """Cut the node off from these."""
        for name in links:
            self.links[name].cut()

    def mend(self) -> None:
        """Let it be one of the site again."""
        for link in self.links.values():
            link.mend()

    def count(self, *conditions: Any) -> int:
        """How many units there are of some kind."""
        with self.registry.reading() as session:
            return session.scalar(select(func.count(UnitRow.id)).where(*conditions)) or 0

    def is_stored(self) -> bool:
        """Whether all items have come to their end."""
        with self.registry.reading() as session:
            states = set(session.scalars(select(ItemRow.state)))
            problems = session.scalars(select(UnitRow.error).where(UnitRow.state.in_(["failed", "held"])))
            assert not list(problems)
        return states == {State.DONE}


@pytest.fixture
def site(tmp_path: Path, registry_url: str, redis_server: Redis) -> Iterator[Site]:
    with ExitStack() as stack:
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        stack.callback(server.stop)
        _, s3 = server.get_host_and_port()
        bucket = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{s3}",
            aws_access_key_id="key",
            aws_secret_access_key="secret",  # noqa: S106 (moto's)
            region_name="us-east-1",
        )
        bucket.create_bucket(Bucket="between")
        stack.callback(bucket.close)
        database = urlsplit(registry_url)
        links = stack.enter_context(linked(database.port or 0, redis_server.port, s3))
        vault = tmp_path / "vault"
        station = _home(tmp_path / "station", "reading-room", vault, s3, registry_url, redis_server.url())
        node = _home(
            tmp_path / "node",
            "cellar",
            vault,
            links[2].port,
            registry_url.replace(f":{database.port}/", f":{links[0].port}/"),
            redis_server.url().replace(f":{redis_server.port}/", f":{links[1].port}/"),
        )
        registry = open_registry(registry_url)
        stack.callback(registry.close)
        yield Site(
            station,
            node,
            vault,
            registry,
            bucket,
            dict(zip(("database", "broker", "s3"), links, strict=True)),
        )


def _home(folder: Path, station: str, vault: Path, s3: int, database: str, broker: str) -> Home:
    home = Home(folder, {**KEYS, "RECTO_DATABASE_URL": database, "RECTO_BROKER_URL": broker})
    (folder / "config").mkdir(parents=True)
    (folder / "config" / "recto.toml").write_text(SETTINGS.format(station=station, vault=vault, s3=s3))
    return home


@contextmanager
def running(home: Home, *commands: tuple[str, ...]) -> Iterator[None]:
    """Processes of a host, ended warmly."""
    started: list[subprocess.Popen[str]] = []
    try:
        started += [home.start(*command) for command in commands]
        yield
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.communicate(timeout=60)


def at_work(site: Site, *stations: str) -> Callable[[], bool]:
    """Whether workers of these hosts tell that they are there."""

    def look() -> bool:
        with site.registry.reading() as session:
            return set(stations) <= set(session.scalars(select(NodeRow.station)))

    return look


def test_a_batch_comes_to_its_end_though_the_network_between_its_hosts_is_cut(site: Site) -> None:
    station = running(site.station, ("worker", "--queues", "capture.reading-room,default"), ("beat",))
    node = running(site.node, ("worker", "--queues", "compute_intensive,io_bound", "--concurrency", "2"))
    with station, node:
        wait_for(at_work(site, "reading-room", "cellar"), 60)
        site.station.recto("batch", "submit", site.station.manifest("letters.yaml", MANIFEST))
        wait_for(lambda: site.count(UnitRow.stage == Stage.CHARACTERISE, UnitRow.state == State.DONE) > 0, 60)
        # first the files cannot be moved, then the node is alone: it has noticed each, and not only once
        site.cut("s3")
        wait_for(lambda: site.links["s3"].refused > 1, 60)
        site.cut("database", "broker")
        wait_for(lambda: all(link.refused > 1 for link in site.links.values()), 60)
        site.mend()
        wait_for(site.is_stored, 100)
        wait_for(lambda: _is_empty(site), 30)
        wait_for(lambda: not list((site.node.folder / "cache").rglob("*.tif")), 30)
    _bags_hold_what_the_scanner_delivered(site)
    papers = site.station.items("letters") / "one"
    assert json.loads((papers / "receipt.json").read_text())["item"] == "one"
    assert (papers / "one.pdf").is_file()
    site.station.recto("verify-chain", "letters")


def _is_empty(site: Site) -> bool:
    with site.registry.reading() as session:
        recorded = session.scalar(select(func.count(StagedFileRow.id)))
    return not recorded and "Contents" not in site.bucket.list_objects_v2(Bucket="between")


def _bags_hold_what_the_scanner_delivered(site: Site) -> None:
    bags = sorted(site.vault.glob("*.tar"))
    assert len(bags) == 2
    told = site.station.json("bag", "verify", *map(str, bags))
    assert [bag["valid"] for bag in told] == [True, True], told
    with site.registry.reading() as session:
        query = select(ItemRow.name, FileRow.path, PageRow.capture).join(PageRow, PageRow.id == FileRow.page)
        query = query.join(ItemRow, ItemRow.id == FileRow.item).where(FileRow.use == "master")
        masters = session.execute(query).all()
    assert len(masters) == 6
    for item, path, capture in masters:
        [bag] = [bag for bag in bags if bag.stem.endswith(f"_{item}")]
        master = site.vault / f"{item}-{Path(path).name}"
        with tarfile.open(bag) as tar:
            content = tar.extractfile(f"{bag.stem}/data/{path}")
            assert content is not None
            master.write_bytes(content.read())
        assert pixel_digest(master) == capture["pixel_sha256"]
