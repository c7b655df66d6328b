# SPDX-License-Identifier: Apache-2.0
"""Each Celery worker looks after staging on its host; those of one host do it in turn."""

from __future__ import annotations

from typing import Any

from celery.signals import worker_ready, worker_shutdown

from workers.node import Node
from workers.settings import load_settings
from workers.staging.upkeep import UpkeepThread

_threads: list[UpkeepThread] = []


@worker_ready.connect
def begin(**_: Any) -> None:
    """Begin, where page files go from host to host."""
    # a node of its own: the pool's processes are forked from this one, and must not share what it has open
    node = Node(load_settings())
    if node.stages_files and not _threads:
        _threads.append(UpkeepThread(node))
        _threads[-1].start()


@worker_shutdown.connect
def end(**_: Any) -> None:
    """Begin nothing more."""
    while _threads:
        _threads.pop().stop()
