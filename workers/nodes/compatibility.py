# SPDX-License-Identifier: Apache-2.0
"""Whether this Recto may work beside the others on the same registry."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from archive.errors import RegistryTooNew
from archive.registry import Session
from archive.registry.clock import now_seconds
from archive.registry.database import NEWEST_REVISION
from archive.registry.nodes import NodeRecord, read_nodes, revision_in_use
from workers.errors import ProtocolDiffers
from workers.node import Node
from workers.owners import is_dead
from workers.versions import package_version

log = structlog.get_logger(__name__)

ENGINE_PROTOCOL = 1
"""Raise it with every change after which an older and a newer Recto must not share a registry's units: other
meanings of states, tokens or messages, or files that the other would not find. Tables have a revision of their own."""


def require_compatible(node: Node) -> None:
    """Make sure that a process of this Recto may start to work.

    Another version with the same protocol and the same tables is welcome, and told in the log.

    Raises:
        RegistryTooNew: A newer Recto has upgraded the registry.
        ProtocolDiffers: Living nodes work by another protocol.
        RegistryUnreachable: The registry cannot be asked.
    """
    with node.registry.reading() as session:
        # opening it has refused what is newer; this process may have opened it long ago
        require_own_revision(session)
        others = living_nodes(session)
    strange = [other for other in others if other.facts.get("protocol", ENGINE_PROTOCOL) != ENGINE_PROTOCOL]
    if strange:
        raise ProtocolDiffers(
            f"This is Recto {own_version()} with protocol {ENGINE_PROTOCOL}, and {_told(strange)} at work.",
            protocol=ENGINE_PROTOCOL,
            nodes=[other.name for other in strange],
        )
    for other in others:
        if other.version != own_version():
            log.warning("node.version_differs", node=other.name, version=other.version, own=own_version())


def require_own_revision(session: Session) -> None:
    """Make sure that the registry still has the tables that this Recto knows.

    Raises:
        RegistryTooNew: It was upgraded since this process opened it.
    """
    revision = revision_in_use(session)
    if revision != NEWEST_REVISION:
        raise RegistryTooNew(
            f"The registry was upgraded to revision {revision}; this Recto works with {NEWEST_REVISION}."
        )


def living_nodes(session: Session) -> list[NodeRecord]:
    """The nodes that told lately that they are there, and whose process has not ended as far as this host can tell."""
    moment = now_seconds()
    return [
        record
        for record in read_nodes(session)
        if not record.is_gone(moment) and not is_dead(str(record.facts.get("owner", "")))
    ]


def own_version() -> str:
    """The version of this Recto."""
    return package_version("recto")


def _told(strange: Sequence[NodeRecord]) -> str:
    first = strange[0]
    told = f"{first.name} on {first.host} (Recto {first.version}, protocol {first.facts.get('protocol')})"
    if len(strange) == 1:
        return f"{told} is"
    return f"{told} and {len(strange) - 1} more are"
