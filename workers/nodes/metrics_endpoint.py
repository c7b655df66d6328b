# SPDX-License-Identifier: Apache-2.0
"""The HTTP endpoint at which Prometheus asks for figures, beside whatever its process does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from prometheus_client import start_http_server

from workers.errors import SettingsInvalid
from workers.node import Node
from workers.nodes.metrics import site_metrics
from workers.settings import Settings

log = structlog.get_logger(__name__)


@contextmanager
def metrics_endpoint(settings: Settings, *, required: bool = False) -> Iterator[str | None]:
    """Answer `/metrics` as long as the block runs, when the settings name a port.

    The figures are of the whole site: where a second process of a host has the same settings, the
    first one answers for both.

    Args:
        settings: Address and port, and where registry and broker are.
        required: Whether to do nothing else than this.

    Yields:
        The address of the endpoint; None where there is none.

    Raises:
        SettingsInvalid: The endpoint is required, and its address cannot be used or no port is named.
    """
    address, port = settings.metrics.address, settings.metrics.port
    if port is None:
        if required:
            raise SettingsInvalid(
                "No port is named for the figures.",
                remedy="Set metrics.port (RECTO_METRICS__PORT), give --port, or print them with: recto metrics --once",
            )
        yield None
        return
    node = Node(settings)
    try:
        server, thread = start_http_server(port, address, site_metrics(node))
    except OSError as error:
        if required:
            raise SettingsInvalid(f"Nobody can listen at {address}:{port}: {error}.") from error
        # capture and bags matter more than curves of them
        log.warning("metrics.not_served", address=address, port=port, error=str(error))
        yield None
        return
    try:
        yield f"http://{address}:{port}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        node.close()
