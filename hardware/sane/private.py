# SPDX-License-Identifier: Apache-2.0
"""A private SANE configuration for one process: only the backends it needs, all else as on the system.

A full dll.conf makes libsane look for every scanner ever made; with one backend it opens in
milliseconds. The folder stands first in SANE_CONFIG_DIR (sane-dll(5)): its dll.conf wins, while the
backends' own files are still found where they were.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from hardware.sane.connection import NET

CONNECT_SECONDS = 5
"""Seconds that a host has to take a call; without this a switched-off one blocks `net` for minutes."""


def hosts_for(name: str, hosts: Sequence[str]) -> tuple[str, ...]:
    """The hosts that must be asked to open a device by its SANE name: its own, where it names one of them.

    Another that does not answer must not be in its way.
    """
    own = tuple(host for host in hosts if name.startswith(f"{NET}:{host}:"))
    return own or tuple(hosts)


def write_configuration(
    folder: Path, backends: Sequence[str] | None, hosts: Sequence[str] = ()
) -> dict[str, str]:
    """Write a private configuration; returns the environment that points to it.

    Args:
        folder: Where to write it.
        backends: The only ones that dll.conf lists; None for those of the system.
        hosts: Hosts on which saned runs, for the backend `net`, instead of those of the system.

    Raises:
        OSError: The folder cannot be written.
    """
    if backends is not None:
        (folder / "dll.conf").write_text("".join(f"{backend}\n" for backend in backends))
        # libsane reads the first dll.d it finds, and would add the system's backends from there
        (folder / "dll.d").mkdir(exist_ok=True)
    if hosts:
        lines = [f"connect_timeout = {CONNECT_SECONDS}", *hosts]
        (folder / "net.conf").write_text("".join(f"{line}\n" for line in lines))
    inherited = os.environ.get("SANE_CONFIG_DIR", "")
    # a trailing colon stands for the system's own folders
    return {"SANE_CONFIG_DIR": f"{folder}:{inherited}"}
