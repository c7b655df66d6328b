# SPDX-License-Identifier: Apache-2.0
"""TLS to broker and results: a server proves who it is, whatever the address leaves out."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def tls_settings(broker_url: str, result_url: str, ca_file: Path | None) -> dict[str, Any]:
    """Celery's settings for those of the two addresses that ask for TLS (`rediss://`, `amqps://`).

    Args:
        broker_url: Where the queues are.
        result_url: Where chord results go.
        ca_file: Certificates of the authorities to trust, in PEM; None for those of the system.
    """
    settings: dict[str, Any] = {}
    if urlsplit(broker_url).scheme == "amqps":
        settings["broker_use_ssl"] = _amqp(ca_file)
    elif urlsplit(broker_url).scheme == "rediss":
        settings["broker_use_ssl"] = redis_tls(ca_file)
    if urlsplit(result_url).scheme == "rediss":
        settings["redis_backend_use_ssl"] = redis_tls(ca_file)
    return settings


def redis_tls(ca_file: Path | None) -> dict[str, Any]:
    """What the Redis client is told: an address alone would be taken without knowing whose it is."""
    trusted = {} if ca_file is None else {"ssl_ca_certs": str(ca_file)}
    return {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True, **trusted}


def _amqp(ca_file: Path | None) -> dict[str, Any]:
    trusted = {} if ca_file is None else {"ca_certs": str(ca_file)}
    # the name to be proved: kombu puts that of the address in the place of None, and without it none is asked for
    return {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": None, **trusted}


def amqp_tls(broker_url: str, ca_file: Path | None) -> dict[str, Any] | None:
    """The same for a single connection of kombu; None where the address asks for none."""
    return _amqp(ca_file) if urlsplit(broker_url).scheme == "amqps" else None
