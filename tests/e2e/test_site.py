# SPDX-License-Identifier: Apache-2.0
"""A site with servers of its own: PostgreSQL, RabbitMQ and Redis over TLS, and what is left when one of them falls."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.registry import open_registry
from archive.registry.dispatching import running_units
from tests.conftest import missing
from tests.e2e.conftest import Home, wait_for
from tests.servers.postgresql import Postgresql
from tests.servers.process import RunningServer, ServerMissing
from tests.servers.rabbitmq import Rabbitmq, start_rabbitmq
from tests.servers.redis_server import running_redis

SITE = """\
id: {id}
institution: Test Library
scanner_id: simulated:feeder
scanner_model: Any
resolution_dpi: 100
color_profile: gray
settings: {{mode: Gray}}
items:
  - {{id: one, title: A small item, language: eng, pages: {pages}}}
  - {{id: two, title: Another one, language: eng, pages: {pages}}}
"""


@dataclass
class Site:
    """A home whose servers are the site's, and a RabbitMQ that may be ended and started again."""

    home: Home
    database: str
    registry: Postgresql
    broker: Rabbitmq
    running: RunningServer

    def restart_broker(self) -> None:
        """Stop RabbitMQ and start it again on what it had on disk."""
        # not killed: killed while it makes a queue, it may come back with one that it cannot start (docs/servers.md)
        self.running.stop()
        self.running, _ = start_rabbitmq(self.broker.folder, self.broker)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, postgresql: Postgresql) -> Iterator[Site]:
    """A site whose workers and schedule run."""
    home = Home(tmp_path_factory.mktemp("site") / "home")
    home.configure()
    folder = tmp_path_factory.mktemp("rabbitmq")
    try:
        running, broker = start_rabbitmq(folder)
    except ServerMissing as error:
        missing(str(error))
    with running_redis(tmp_path_factory.mktemp("redis")) as results, postgresql.database() as database:
        # one file of certificates for both servers, as a site's own authority would have
        authorities = home.folder / "authorities.pem"
        authorities.write_bytes(broker.authority.read_bytes() + results.authority.read_bytes())
        home.environment = {
            "RECTO_BROKER_URL": broker.url("%2F", tls=True),
            "RECTO_RESULT_URL": results.url(1, tls=True),
            "RECTO_CA_FILE": str(authorities),
            "RECTO_DATABASE_URL": f"{postgresql.url(database)}?sslmode=verify-full&sslrootcert={postgresql.authority}",
        }
        made = Site(home, database, postgresql, broker, running)
        try:
            with _recto(home, "worker"), _recto(home, "beat"):
                yield made
        finally:
            made.running.end()


@contextmanager
def _recto(home: Home, command: str) -> Iterator[subprocess.Popen[str]]:
    process = home.start(command)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise


def is_done(site: Site, batch: str) -> bool:
    status = site.home.json("batch", "status", batch)
    return status["state"] == "done" and all(item["copies"][0]["proof"] for item in status["items"])


def test_a_batch_is_stored_and_proved_through_a_site_s_servers(site: Site) -> None:
    manifest = site.home.manifest("calm.yaml", SITE.format(id="calm", pages=3))
    status = site.home.json("batch", "submit", manifest, "--wait")
    assert [item["state"] for item in status["items"]] == ["done", "done"]
    assert all(item["copies"][0]["proof"] for item in status["items"])
    assert site.home.json("verify-chain", "calm")["valid"]
    health = site.home.json("status")
    assert {queue["name"]: (queue["depth"], queue["workers"] > 0) for queue in health["queues"]} == {
        "capture.test": (0, True),
        "default": (0, True),
        "compute_intensive": (0, True),
        "imaging_heavy": (0, True),
        "io_bound": (0, True),
    }
    assert _kinds_of_queues(site.broker) == "{ok, [rabbit_quorum_queue]}"
    assert "open-sesame" not in _all_that_can_be_read(site, json.dumps(health))


def test_a_killed_worker_a_cut_database_and_a_restarted_rabbitmq_cost_time_and_nothing_else(
    site: Site,
) -> None:
    manifest = site.home.manifest("rough.yaml", SITE.format(id="rough", pages=1))
    site.home.json("batch", "submit", manifest)
    registry = open_registry(site.registry.url(site.database))
    owners: dict[int, str] = {}

    def works() -> bool:
        with registry.reading() as session:
            owners.update(running_units(session))
        return bool(owners)

    wait_for(works, 60)
    registry.close()
    child = int(next(iter(owners.values())).split(":")[1])
    os.kill(_parent(child), signal.SIGKILL)
    assert site.registry.disconnect(site.database) > 0
    site.restart_broker()
    wait_for(lambda: is_done(site, "rough"), 150)
    assert site.home.json("verify-chain", "rough")["valid"]
    bags = sorted((site.home.folder / "data" / "storage").glob("*rough*"))
    assert [bag.name for bag in bags] == ["Test-Library.rough_one.tar", "Test-Library.rough_two.tar"]


def _parent(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("PPid:")[1].split()[0])


def _kinds_of_queues(broker: Rabbitmq) -> str:
    """The kinds of the queues that Recto's messages wait in, but for those in which programs answer each other."""
    return broker.evaluate(
        "lists:usort([amqqueue:get_type(Q) || Q <- rabbit_amqqueue:list(), "
        'binary:match(element(4, amqqueue:get_name(Q)), [<<"pidbox">>, <<"reply">>, <<"celeryev">>]) =:= nomatch]).'
    )


def _all_that_can_be_read(site: Site, told: str) -> str:
    """Logs, what commands told, and the command lines of all processes."""
    logs = [path.read_text(errors="replace") for path in (site.home.folder / "state" / "logs").iterdir()]
    lines = [_command_line(folder) for folder in Path("/proc").glob("[0-9]*")]
    return "\n".join([told, *lines, *logs])


def _command_line(process: Path) -> str:
    try:
        return (process / "cmdline").read_text(errors="replace")
    except OSError:
        # it has just ended
        return ""
