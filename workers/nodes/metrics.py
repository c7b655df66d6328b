# SPDX-License-Identifier: Apache-2.0
"""Recto's figures in Prometheus' form, read from registry and broker when somebody asks, and counted nowhere else.

Labels are stages, states, queues, error codes and kinds of nodes: never a batch, an item or a unit, of
which there is no end.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from archive.errors import ArchiveError
from archive.registry.figures import StageFigures, stage_figures, stage_quantiles, stopped_by_code
from archive.registry.nodes import NodeRecord, read_nodes
from archive.registry.open_work import Workload, workload
from workers.broker_queues import BrokerQueues
from workers.health import HealthWatch
from workers.node import Node
from workers.nodes.compatibility import ENGINE_PROTOCOL, own_version
from workers.owners import is_dead
from workers.receiving.fixity_metrics import fixity_families

log = structlog.get_logger(__name__)

CACHE_SECONDS = 5.0
"""Whoever asks again within this gets the same figures."""
SHARE = 20
"""Looking may take one part in so many of the time, however large the registry is."""
MOST_CODES = 50
"""Error codes with a label of their own, the most frequent first; the rest are "other"."""


@dataclass(frozen=True, slots=True)
class _Figures:
    """What one look found.

    Attributes:
        registry_up: Whether the registry could be read; the figures below are empty otherwise.
        depths: Messages by queue; None where the broker is away.
    """

    registry_up: bool = False
    load: Workload | None = None
    stages: dict[str, StageFigures] = field(default_factory=dict)
    quantiles: dict[str, dict[float, float]] = field(default_factory=dict)
    stopped: dict[str, int] = field(default_factory=dict)
    nodes: tuple[NodeRecord, ...] = ()
    depths: dict[str, int | None] | None = None


class SiteCollector(Collector):
    """Looks at registry, broker and disks when it is scraped.

    Args:
        node: The process's settings and registry.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._watch = HealthWatch(node)
        self._broker = BrokerQueues(node.settings)
        self._lock = threading.Lock()
        self._kept: tuple[float, list[Metric]] | None = None

    def collect(self) -> Iterable[Metric]:
        """The metric families, as they are now or were a few seconds ago."""
        with self._lock:
            if self._kept is None or time.monotonic() >= self._kept[0]:
                begun = time.monotonic()
                families = list(self._families())
                took = time.monotonic() - begun
                self._kept = (time.monotonic() + max(CACHE_SECONDS, SHARE * took), families)
            return self._kept[1]

    def _families(self) -> Iterator[Metric]:
        figures = self._look()
        yield InfoMetricFamily(
            "recto_build",
            "Version and engine protocol of the Recto that answers.",
            value={"version": own_version(), "protocol": str(ENGINE_PROTOCOL)},
        )
        yield _gauge("recto_registry_up", "Whether the registry can be read.", int(figures.registry_up))
        yield _gauge("recto_broker_up", "Whether the broker answers.", int(figures.depths is not None))
        yield from _queue_families(figures.depths or {})
        if figures.registry_up:
            yield from _unit_families(figures)
            yield _nodes(figures.nodes)
            yield from fixity_families(self._node)
        free = _labelled("recto_disk_free_bytes", "Free bytes of each disk that this host uses.", "use")
        for disk in self._watch.disks():
            free.add_metric([disk.use], disk.free)
        yield free

    def _look(self) -> _Figures:
        figures = self._ledger()
        moment = time.time()
        try:
            living = [record for record in figures.nodes if not record.is_gone(moment)]
            return replace(figures, depths=self._broker.depths(self._watch.queue_names(living)))
        except ArchiveError as error:
            log.debug("metrics.no_broker", message=error.message)
            return figures

    def _ledger(self) -> _Figures:
        try:
            with self._node.registry.reading() as session:
                return _Figures(
                    registry_up=True,
                    load=workload(session),
                    stages=stage_figures(session),
                    quantiles=stage_quantiles(session),
                    stopped=stopped_by_code(session),
                    nodes=tuple(read_nodes(session)),
                )
        except ArchiveError as error:
            log.debug("metrics.no_registry", message=error.message)
            return _Figures()


def site_metrics(node: Node) -> CollectorRegistry:
    """A registry of Prometheus that holds the site's figures and nothing of this process."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(SiteCollector(node))
    return registry


def metrics_text(node: Node) -> str:
    """The figures of now as text, as a scrape or node_exporter's textfile collector takes them."""
    return generate_latest(site_metrics(node)).decode()


def _unit_families(figures: _Figures) -> Iterator[Metric]:
    units = _labelled("recto_units", "Units of all batches by stage and state.", "stage", "state")
    claims = CounterMetricFamily(
        "recto_unit_claims", "Claims of units by workers, retries among them.", labels=["stage"]
    )
    retries = CounterMetricFamily(
        "recto_unit_retries",
        "Claims of units that were not their first: after an error, a lost worker, or by a person's wish.",
        labels=["stage"],
    )
    finished = CounterMetricFamily(
        "recto_units_finished", "Units that were finished, counted again when done again.", labels=["stage"]
    )
    for stage, of_stage in figures.stages.items():
        for state, number in sorted(of_stage.states.items()):
            units.add_metric([stage, state], number)
        claims.add_metric([stage], of_stage.claims)
        retries.add_metric([stage], of_stage.retries)
        finished.add_metric([stage], of_stage.completions)
    yield from (units, claims, retries, finished)
    if figures.load is not None:
        yield _gauge("recto_units_running", "Units that a worker holds now.", figures.load.running)
        oldest = figures.load.oldest_waiting or 0.0
        yield _gauge(
            "recto_oldest_waiting_seconds",
            "How long the unit has waited that was sent first and that nobody has begun; 0 where none waits.",
            oldest,
        )
    yield _stopped(figures.stopped)
    yield _durations(figures.quantiles)


def _stopped(by_code: dict[str, int]) -> Metric:
    family = _labelled(
        "recto_units_stopped",
        "Failed and held units, which wait for a person, by the code of their error.",
        "code",
    )
    most = Counter(by_code).most_common()
    for code, number in sorted(most[:MOST_CODES]):
        family.add_metric([code], number)
    if len(most) > MOST_CODES:
        family.add_metric(["other"], sum(number for _, number in most[MOST_CODES:]))
    return family


def _durations(quantiles: dict[str, dict[float, float]]) -> Metric:
    # a summary of a sliding window, as Prometheus defines it; count and sum are optional and would not be of it
    family = Metric(
        "recto_stage_duration_seconds",
        "How long units took that were finished within the last quarter of an hour.",
        "summary",
    )
    for stage, of_stage in sorted(quantiles.items()):
        for quantile, seconds in of_stage.items():
            family.add_sample(family.name, {"stage": stage, "quantile": str(quantile)}, seconds)
    return family


def _queue_families(depths: dict[str, int | None]) -> Iterator[Metric]:
    family = _labelled("recto_queue_messages", "Messages that no worker has taken yet.", "queue")
    for name, depth in depths.items():
        if depth is not None:
            family.add_metric([name], depth)
    yield family


def _nodes(records: tuple[NodeRecord, ...]) -> Metric:
    family = _labelled(
        "recto_nodes", "Workers and schedules that told of themselves within a day.", "kind", "state"
    )
    moment = time.time()
    found = Counter({(kind, state): 0 for kind in ("beat", "worker") for state in ("gone", "up")})
    for record in records:
        gone = record.is_gone(moment) or is_dead(str(record.facts.get("owner", "")))
        found[record.kind, "gone" if gone else "up"] += 1
    for (kind, state), number in sorted(found.items()):
        family.add_metric([kind, state], number)
    return family


def _labelled(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, labels=list(labels))


def _gauge(name: str, text: str, value: float) -> Metric:
    family: Any = GaugeMetricFamily(name, text)
    family.add_metric([], value)
    return family  # type: ignore[no-any-return]
