# SPDX-License-Identifier: Apache-2.0
"""Figures of fixity for Prometheus: copies by state, overdue ones, and what the last audit did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric

from archive.errors import ArchiveError
from workers.node import Node
from workers.receiving.fixity_standing import LastRun, fixity_watch

log = structlog.get_logger(__name__)

STATES = ("missing", "mismatch", "stored", "unreachable", "verified")
"""All states of a copy: an alarm on one that never was must find a 0."""
FINDINGS = ("damaged", "good", "mended", "missing", "unreachable")


def fixity_families(node: Node) -> Iterator[Metric]:
    """The metric families as they are now; none where the registry is away."""
    try:
        watch = fixity_watch(node)
    except ArchiveError as error:
        log.debug("metrics.no_fixity", message=error.message)
        return
    copies = GaugeMetricFamily(
        "recto_fixity_copies", "Kept copies by what is known of them.", labels=["state"]
    )
    for state in STATES:
        copies.add_metric([state], watch.states.get(state, 0))
    yield copies
    overdue = GaugeMetricFamily(
        "recto_fixity_overdue_copies",
        "Kept copies that were not proved for longer than the policy allows, counted up to 100,000.",
    )
    overdue.add_metric([], watch.overdue)
    yield overdue
    if watch.last_run is not None:
        yield from _last_run(watch.last_run)


def _last_run(run: LastRun) -> Iterator[Metric]:
    began = GaugeMetricFamily("recto_fixity_last_audit_timestamp_seconds", "When the last audit began.")
    began.add_metric([], dt.datetime.fromisoformat(run.started_at).timestamp())
    yield began
    found = GaugeMetricFamily(
        "recto_fixity_last_audit_copies", "What the last audit found, in copies.", labels=["finding"]
    )
    for finding in FINDINGS:
        found.add_metric([finding], int(run.detail.get(finding, 0)))
    yield found
