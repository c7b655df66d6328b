# SPDX-License-Identifier: Apache-2.0
"""`recto status`: broker, queues, disks and all nodes of the site, and what stands still."""

from __future__ import annotations

import sys
import time

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table

from app.batch_table import words_of
from app.exit_codes import ExitCode
from app.output import out, print_json
from workers.health import Health, HealthWatch, NodeHealth
from workers.node import Node
from workers.receiving.fixity_standing import fixity_watch
from workers.settings import load_settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
def status(*, as_json: bool) -> None:
    """Show broker, queues, nodes and disks; exit 0 when work finds a worker, 4 when it does not."""
    node = Node(load_settings())
    health = HealthWatch(node).look()
    # a registry that is away is told already
    fixity = None if health.registry_failure else fixity_watch(node)
    if as_json:
        print_json(health.to_json() | {"fixity": fixity and fixity.to_json()})
    else:
        _print(health)
        if fixity and fixity.warning:
            out.print(f"Fixity: {fixity.warning}")
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
    _print_nodes(health)
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
    for hold in health.holds:
        out.print(f"{hold.batch or hold.station or 'all batches'}: {words_of(hold)}")
    for unsent in health.unsent:
        given_up = f", {unsent.given_up} were given up (recto notify list)" if unsent.given_up else ""
        out.print(f"{unsent.target}: {unsent.waiting} messages wait{given_up}")
    for step in health.unserved_steps:
        out.print(f"no node serves step {step.step}: {step.units} units wait ({', '.join(step.batches)})")
    for trouble in health.troubles:
        out.print(
            f"{trouble.code}: {trouble.stopped} stand still, {trouble.retrying} try again ({trouble.example['message']})"
        )


def _print_nodes(health: Health) -> None:
    told = {node.name for node in health.nodes}
    for worker in health.workers:
        if worker.name not in told:
            out.print(f"  {worker.name:<24} answered {time.time() - worker.last_seen:.0f} s ago")
    if not health.nodes:
        return
    table = Table(box=SIMPLE_HEAD)
    for column in ("node", "host", "serves", "pool", "units", "free", "seen"):
        table.add_column(column, justify="right" if column in {"units", "free"} else "left")
    versions = {node.version for node in health.nodes if not node.gone}
    for node in health.nodes:
        name = node.name if len(versions) < 2 else f"{node.name} ({node.version})"  # noqa: PLR2004 (they differ)
        table.add_row(name, node.host, *_figures(node), _seen(node, health.at))
    out.print(table)


def _figures(node: NodeHealth) -> tuple[str, str, str, str]:
    """What a node serves, its pool, the units it has begun, and its free disk."""
    facts = node.facts
    serves = ", ".join(node.queues) if node.kind == "worker" else f"schedule ({facts.get('schedule', '?')})"
    pool = f"{facts['pool']} {facts['concurrency']}" if "pool" in facts else ""
    free = facts.get("free_bytes")
    return serves, pool, str(facts.get("units", "")), "" if free is None else f"{free / (1 << 30):.1f} GiB"


def _seen(node: NodeHealth, moment: float) -> str:
    ago = f"{max(0.0, moment - node.seen_at):.0f} s ago"
    if node.gone:
        return f"gone, {ago}"
    return f"stops, {ago}" if node.facts.get("stopping") else ago
