# SPDX-License-Identifier: Apache-2.0
"""`recto metrics`: the site's figures for Prometheus, printed once or served until the command is ended."""

from __future__ import annotations

import threading

import click

from app.output import err
from workers.node import Node
from workers.settings import load_settings


@click.command()
@click.option(
    "--once", is_flag=True, help="Print the figures and end, as node_exporter's textfile collector wants."
)
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen at; metrics.port when left out.")
@click.option("--address", help="Address to listen at; metrics.address when left out.")
def metrics(*, once: bool, port: int | None, address: str | None) -> None:
    """Give units, queues, nodes and disks as figures for Prometheus."""
    from workers.nodes.metrics import metrics_text
    from workers.nodes.metrics_endpoint import metrics_endpoint

    settings = load_settings()
    if once:
        click.echo(metrics_text(Node(settings)), nl=False)
        return
    given = {"port": port or settings.metrics.port, "address": address or settings.metrics.address}
    settings = settings.model_copy(update={"metrics": settings.metrics.model_copy(update=given)})
    with metrics_endpoint(settings, required=True) as url:
        err.print(f"Figures are at {url}. Stop with Ctrl-C.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return
