# SPDX-License-Identifier: Apache-2.0
"""Who holds a lease: a name from which another process of the same machine can tell whether its owner lives."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path


@cache
def machine() -> str:
    """This machine since its start, as far as its process ids reach.

    Host name, boot id and process namespace: a container that shares the host's name has other
    processes under the same numbers.
    """
    boot = Path("/proc/sys/kernel/random/boot_id")
    namespace = Path("/proc/self/ns/pid")
    parts = [socket.gethostname()]
    if boot.is_file():
        parts.append(boot.read_text().strip()[:8])
    if namespace.exists():
        parts.append(str(namespace.stat().st_ino))
    return "/".join(parts)


def owner_name(task: str) -> str:
    """The name under which this process claims a unit for a Celery task."""
    return f"{machine()}:{os.getpid()}:{task}"


def is_dead(owner: str) -> bool:
    """Whether an owner was a process of this machine and is gone; False where that cannot be known."""
    where, _, rest = owner.partition(":")
    if where != machine():
        return False
    try:
        os.kill(int(rest.partition(":")[0]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
