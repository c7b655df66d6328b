# SPDX-License-Identifier: Apache-2.0
"""One claimed unit in a process of its own; see `workers.apart`.

Run as `python -m workers.apart_unit CLAIM FILE`: the claim as JSON, and where the last words of a crash go.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import threading
from pathlib import Path

import structlog

from archive.errors import RegistryUnreachable
from archive.registry.ledger import Claim
from workers.celery import app
from workers.dispatch import send
from workers.errors import BrokerUnavailable
from workers.logs import configure_logging
from workers.node import this_node
from workers.run_unit import run_claimed

log = structlog.get_logger(__name__)


def main(arguments: list[str]) -> None:
    """Do the unit, and send what becomes ready by its end."""
    told, last_words = arguments
    claim = Claim(**json.loads(told))
    with Path(last_words).open("w", encoding="utf-8") as file:
        faulthandler.enable(file)
        threading.Thread(target=_end_with_worker, name="worker-watch", daemon=True).start()
        node = this_node()
        configure_logging(node.settings.log_level, "json")
        with structlog.contextvars.bound_contextvars(
            batch=claim.batch,
            item=claim.item_name,
            stage=claim.stage,
            chunk=claim.chunk,
            unit=claim.unit,
        ):
            try:
                ready = run_claimed(node, claim)
            except RegistryUnreachable as error:
                # no crash: the registry stays away, and the unit comes back when its lease ends
                log.warning("unit.left_to_its_lease", message=error.message)
                ready = ()
        try:
            send(app, ready)
        except BrokerUnavailable as error:
            # the ledger knows what is to be done; the reconciler sends it
            log.warning("dispatch.postponed", message=error.message)
        node.close()
        faulthandler.disable()


def _end_with_worker() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    # nothing was half-recorded: the lease ends, and another worker goes on
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
