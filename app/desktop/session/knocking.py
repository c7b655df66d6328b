# SPDX-License-Identifier: Apache-2.0
"""How a later start knocks at the desktop that runs: without Qt, so that it is over before Qt would be loaded."""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections.abc import Sequence
from pathlib import Path

SECONDS = 2.0
"""Longest wait for an answer: the desktop may be busy starting."""

TAKEN = b"taken\n"

LONGEST_ADDRESS = 100
"""Bytes; the address of a socket has room for 107 (unix(7))."""


def folder_of_desktop(state_directory: Path) -> Path:
    """Where the station's desktop keeps its state."""
    return state_directory / "desktop"


def address_of(folder: Path) -> str:
    """Where later starts knock: in the desktop's own folder, or in the session's where that path is too long."""
    folder = folder.resolve()
    own = str(folder / "desktop.sock")
    if len(os.fsencode(own)) <= LONGEST_ADDRESS:
        return own
    name = f"recto-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:20]}.sock"
    # no secret is in the name, and the folder's sticky bit keeps others from taking it
    return str(Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp") / name)  # noqa: S108


def knock(state_directory: Path, files: Sequence[str]) -> bool:
    """Hand files to the desktop that runs, which comes to the front.

    Args:
        state_directory: The station's.
        files: Manifests to show, as absolute paths.

    Returns:
        Whether one runs and took them.
    """
    message = json.dumps({"arguments": list(files), "folder": str(Path.cwd())}).encode() + b"\n"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(SECONDS)
        try:
            caller.connect(address_of(folder_of_desktop(state_directory)))
            caller.sendall(message)
            return caller.recv(len(TAKEN)) == TAKEN
        except OSError:
            # nobody listens there, or nobody answers: then the start itself finds out which
            return False
