# SPDX-License-Identifier: Apache-2.0
"""Which settings a running process may take over, and which hold until it starts again."""

from __future__ import annotations

import os
from typing import Any

from pydantic import BaseModel

from workers.settings import Settings, settings_file

AT_START: frozenset[str] = frozenset(
    {
        # the name of the queue that the station's workers serve
        "station",
        # open connections
        "broker_url",
        "result_url",
        "ca_file",
        "database_url",
        "passwords_in_keyring",
        # locks, the open registry, the private broker
        "state_directory",
        "log_level",
        # children are started with these
        "workers.compute_processes",
        "workers.io_threads",
        "workers.stop_seconds",
        "workers.task_events",
        "metrics.port",
        "metrics.address",
        "ledger.reconcile_seconds",
        # where files of units in work lie
        "staging.mode",
        "staging.url",
        "staging.endpoint",
        "staging.region",
        "staging.credentials",
        "staging.cache_directory",
        "staging.upkeep_seconds",
    }
)
"""Settings that hold from the start of a process to its end."""


def taken_over(changed: Settings, running: Settings) -> Settings:
    """Changed settings as far as a running process can follow them.

    The folder of the batches is followed only while there are none: their pages are found by it.

    Args:
        changed: What the file and the environment say now.
        running: What the process runs with.
    """
    kept = {name: _value(running, name) for name in AT_START}
    if has_batches(running):
        kept["data_directory"] = running.data_directory
    return _with(changed, kept)


def waits_for_restart(name: str, changed: Settings, running: Settings) -> bool:
    """Whether a setting has another value than the running process, and will have it until a restart."""
    return name in AT_START and _value(changed, name) != _value(running, name)


def has_batches(settings: Settings) -> bool:
    """Whether there are batches in the data directory."""
    try:
        with os.scandir(settings.batches) as entries:
            return any(entries)
    except OSError:
        # a folder that is not there holds none
        return False


def file_stamp() -> tuple[int, int, int]:
    """What changes when another settings file takes the place of the one before."""
    try:
        facts = settings_file().stat()
    except OSError:
        return (0, 0, 0)
    return (facts.st_ino, facts.st_mtime_ns, facts.st_size)


def _value(settings: Settings, name: str) -> Any:
    value: Any = settings
    for step in name.split("."):
        value = getattr(value, step)
    return value


def _with(settings: Settings, values: dict[str, Any]) -> Settings:
    """A copy with some values replaced, those of tables by a copy of the table."""
    update: dict[str, Any] = {}
    for name, value in values.items():
        table, _, key = name.rpartition(".")
        if not table:
            update[name] = value
            continue
        part: BaseModel = update.get(table, getattr(settings, table))
        update[table] = part.model_copy(update={key: value})
    return settings.model_copy(update=update)
