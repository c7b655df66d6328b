# SPDX-License-Identifier: Apache-2.0
"""`recto status`: broker, queues, workers and disks of this station, and what stands still."""

from __future__ import annotations

import sys
import time

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table

from app.exit_codes import ExitCode
from app.output import out, print_json
from workers.health import Health, HealthWatch
from workers.node import Node
from workers.settings import load_settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
def status(*, as_json: bool) -> None:
    """Show broker, queues, workers and disks; exit 0 when work finds a worker, 4 when it does not."""
    health = HealthWatch(Node(load_settings())).look()
    if as_json:
        print_json(health.to_json())
    else:
        _print(health)
    sys.exit(ExitCode.DONE if health.is_working else ExitCode.STORAGE_OR_NETWORK)


def _print(health: Health) -> None:
    failure = health.broker_failure
    broker = "answers" if failure is None else f"does not answer: {failure['message']}"
    out.print(f"Station {health.station}: {'its own broker' if health.own_broker else 'the broker'} {broker}")
    table = Table(box=SIMPLE_HEAD)
    table.add_column("queue")
    table.add_column("waiting", justify="right")
    table.add_column("workers", justify="right")
    for queue in health.queues:
        table.add_row(queue.name, "?" if queue.depth is None else str(queue.depth), str(queue.workers))
    out.print(table)
    for worker in health.workers:
        out.print(f"  {worker.name:<24} answered {time.time() - worker.last_seen:.0f} s ago")
    for disk in health.disks:
        out.print(
            f"  {disk.use:<24} {disk.free / (1 << 30):.1f} GiB free{', nearly full' if disk.is_low else ''}"
        )
    if health.registry_failure is not None:
        out.print(f"Registry: {health.registry_failure['message']}")
    if health.load is not None:
        since = health.load.oldest_waiting
        oldest = "" if since is None else f", the oldest for {since:.0f} s"
        out.print(f"{health.load.running} units run, {health.load.waiting} wait{oldest}.")
    for trouble in health.troubles:
        out.print(
            f"{trouble.code}: {trouble.stopped} stand still, {trouble.retrying} try again ({trouble.example['message']})"
        )
