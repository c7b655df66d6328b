# SPDX-License-Identifier: Apache-2.0
"""Ending a worker or a schedule that must not work here, with the reason in its three parts."""

from __future__ import annotations

import sys
from typing import NoReturn

import structlog

from archive.errors import ArchiveError

log = structlog.get_logger(__name__)

REFUSED = 4
"""Exit code of a process that does not fit; that of `recto` for broker, registry and network."""


def refuse(error: ArchiveError) -> NoReturn:
    """Tell the log, and whoever started the process at a terminal, and end it.

    Raises:
        SystemExit: Always.
    """
    told = error.to_json()
    log.critical("node.refused", **told)
    sys.stderr.write(
        f"Error: {told['message']}\n  This means: {told['consequence']}\n  What to do: {told['remedy']}\n"
    )
    raise SystemExit(REFUSED)
