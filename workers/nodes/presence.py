# SPDX-License-Identifier: Apache-2.0
"""Telling the registry that a worker or a schedule is there: one row, one small transaction every fifteen seconds."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import structlog

from archive.errors import RegistryError, RegistryTooNew
from archive.registry import Session
from archive.registry.clock import now_iso, now_seconds
from archive.registry.nodes import NodeRecord, node_named, remove_node, tell_node
from workers.node import Node
from workers.nodes.compatibility import ENGINE_PROTOCOL, own_version, require_own_revision
from workers.nodes.fork_guard import no_fork
from workers.owners import is_dead, owner_name

log = structlog.get_logger(__name__)


class Presence:
    """The row of this process; the registry is open only while it is written (see `fork_guard`).

    Args:
        node: Settings and registry, of this process's own.
        name: Celery's name of the node.
        kind: "worker" or "beat".
        queues: What it serves.
        facts: Figures of the moment, asked for at each beat.
    """

    def __init__(
        self,
        node: Node,
        name: str,
        *,
        kind: str,
        queues: tuple[str, ...] = (),
        facts: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        self._node = node
        self._facts = facts
        self._fixed = {
            "kind": kind,
            "pid": os.getpid(),
            "owner": owner_name(kind),
            "protocol": ENGINE_PROTOCOL,
        }
        self._record = NodeRecord(
            name=name,
            host=socket.gethostname(),
            station=node.settings.station,
            version=own_version(),
            queues=queues,
            started_at=now_iso(),
            facts=self._fixed,
        )

    @property
    def record(self) -> NodeRecord:
        """What was told last."""
        return self._record

    @property
    def owner(self) -> str:
        """The name of this process, from which others can tell whether it lives."""
        return str(self._fixed["owner"])

    def tell(self, also: Callable[[Session], None] | None = None) -> None:
        """Write the row; a registry that is away is told in the log, and asked again at the next beat.

        Args:
            also: What else is written in the same transaction.

        Raises:
            RegistryTooNew: A newer Recto has upgraded the registry under this process.
        """
        facts = {**self._fixed, "free_bytes": self._free_bytes(), **self._facts()}
        try:
            with self._transaction() as session:
                require_own_revision(session)
                self._record = replace(self._record, name=self._free_name(session), facts=facts)
                tell_node(session, self._record)
                if also is not None:
                    also(session)
        except RegistryTooNew:
            raise
        except RegistryError as error:
            log.warning("node.not_told", node=self._record.name, message=error.message)

    def remove(self, also: Callable[[Session], None] | None = None) -> None:
        """Take the row out: the process ends as it was told to."""
        try:
            with self._transaction() as session:
                remove_node(session, self._record.name, self.owner)
                if also is not None:
                    also(session)
        except RegistryError as error:
            log.warning("node.not_removed", node=self._record.name, message=error.message)

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with no_fork():
            registry = self._node.registry
            try:
                with registry.transaction() as session:
                    yield session
            finally:
                # only its connections: what was compiled for it serves the next beat
                registry.close()

    def _free_name(self, session: Session) -> str:
        """The node's name, with the process id behind it while another process goes by the same name."""
        wanted = self._record.name
        other = node_named(session, wanted)
        if other is None or other.facts.get("owner") == self.owner:
            return wanted
        if other.is_gone(now_seconds()) or is_dead(str(other.facts.get("owner", ""))):
            return wanted
        log.warning("node.name_taken", node=wanted, host=other.host, pid=other.facts.get("pid"))
        return f"{wanted}#{os.getpid()}"

    def _free_bytes(self) -> int | None:
        folder = self._node.settings.data_directory
        try:
            existing = next(path for path in (folder, *folder.parents) if path.exists())
            return shutil.disk_usage(existing).free
        except OSError:
            # a share that is away is told by the units that need it
            return None
