# SPDX-License-Identifier: Apache-2.0
"""Prometheus gets the site's figures by HTTP: read from registry and broker when it asks, with bounded labels."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from app.command_line import main
from app.exit_codes import ExitCode
from archive.registry import ledger
from archive.registry.batches import PlannedBatch, PlannedItem, register_batch
from archive.registry.tables import UnitRow
from workers.embedded_broker import EmbeddedBroker
from workers.errors import SettingsInvalid
from workers.node import Node
from workers.nodes.metrics import MOST_CODES, SiteCollector, _stopped, metrics_text
from workers.nodes.metrics_endpoint import metrics_endpoint
from workers.nodes.presence import Presence
from workers.settings import Settings, load_settings

Samples = dict[tuple[str, ...], float]


@pytest.fixture
def node(recto_home: Path) -> Iterator[Node]:
    made = Node(load_settings())
    yield made
    made.close()


def parsed(text: str) -> Samples:
    """All samples by name and label values; the text is checked on the way."""
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation
        for sample in family.samples:
            found[sample.name, *sample.labels.values()] = sample.value
    return found


def submit(node: Node, name: str, items: int) -> list[int]:
    planned = [PlannedItem(f"item{number}", {"title": "Letters"}, [None]) for number in range(items)]
    batch = PlannedBatch(name, node.settings.station, "L", {}, "0" * 64, "/m.csv", planned, chunk_pages=5)
    with node.registry.transaction() as session:
        register_batch(session, batch)
        units = session.query(UnitRow).filter(UnitRow.batch == name, UnitRow.stage == "validate")
        return [unit.id for unit in units]


def with_port(settings: Settings, port: int | None) -> Settings:
    return settings.model_copy(update={"metrics": settings.metrics.model_copy(update={"port": port})})


def free_port() -> int:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        return int(there.getsockname()[1])


def test_a_scrape_tells_units_queues_nodes_and_disks(node: Node) -> None:
    done, failed, *_ = submit(node, "b", 3)
    with node.registry.transaction() as session:
        claim = ledger.claim(session, done, "here:1:a", lease_seconds=60, max_attempts=1)
        assert claim is not None
        ledger.complete(session, claim, {})
    with node.registry.transaction() as session:
        claim = ledger.claim(session, failed, "here:1:a", lease_seconds=60, max_attempts=1)
        assert claim is not None
        ledger.fail(session, claim, {"code": "disk.low", "retry": "never"}, max_attempts=1)
    Presence(node, "io@here", kind="worker").tell()
    with (
        EmbeddedBroker(node.settings.state_directory),
        metrics_endpoint(with_port(node.settings, free_port())) as url,
    ):
        assert url is not None
        assert url.startswith("http://127.0.0.1:")
        with urlopen(url) as answer:  # noqa: S310 (our own endpoint)
            told = parsed(answer.read().decode())
    assert told["recto_registry_up",] == told["recto_broker_up",] == 1
    assert told["recto_units", "validate", "done"] == 1
    assert told["recto_units", "validate", "waiting"] == 1
    assert told["recto_units_finished_total", "validate"] == 1
    assert told["recto_unit_claims_total", "validate"] == 2
    assert told["recto_unit_retries_total", "validate"] == 0
    assert told["recto_units_stopped", "disk.low"] == 1
    assert told["recto_queue_messages", "default"] == 0
    assert told["recto_nodes", "worker", "up"] == 1
    assert told["recto_nodes", "beat", "up"] == 0
    assert told["recto_disk_free_bytes", "data"] > 0
    assert ("recto_stage_duration_seconds", "0.5", "validate") in told
    assert any(name == "recto_build_info" for name, *_ in told)


def test_there_are_as_many_series_for_many_batches_as_for_one(node: Node) -> None:
    submit(node, "one", 1)
    few = parsed(metrics_text(node))
    for number in range(5):
        submit(node, f"batch{number}", 4)
    assert parsed(metrics_text(node)).keys() == few.keys()
    family = _stopped({f"site.code{number}": 1 for number in range(2 * MOST_CODES)})
    assert len(family.samples) == MOST_CODES + 1
    assert sum(sample.value for sample in family.samples) == 2 * MOST_CODES


def test_whoever_asks_twice_in_a_moment_costs_one_look(node: Node) -> None:
    collector = SiteCollector(node)
    assert collector.collect() is collector.collect()


def test_without_registry_and_broker_a_scrape_says_so(node: Node, tmp_path: Path) -> None:
    (tmp_path / "no").touch()
    away = node.settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/no/such.sqlite3"})
    told = parsed(metrics_text(Node(away)))
    assert told["recto_registry_up",] == told["recto_broker_up",] == 0
    assert not any(name == "recto_units" for name, *_ in told)


def test_a_port_that_is_taken_stops_no_work_but_refuses_to_do_nothing_else(node: Node) -> None:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        there.listen()
        settings = with_port(node.settings, int(there.getsockname()[1]))
        with metrics_endpoint(settings) as url:
            assert url is None
        with (
            pytest.raises(SettingsInvalid, match="Nobody can listen"),
            metrics_endpoint(settings, required=True),
        ):
            pass


def test_figures_are_printed_once_or_need_a_port(node: Node) -> None:
    printed = CliRunner().invoke(main, ["metrics", "--once"])
    assert printed.exit_code == ExitCode.DONE
    assert parsed(printed.stdout)["recto_registry_up",] == 1
    refused = CliRunner().invoke(main, ["metrics"])
    assert refused.exit_code == ExitCode.WRONG_USAGE
    assert "metrics.port" in refused.stderr
