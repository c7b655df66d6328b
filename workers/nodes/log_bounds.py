# SPDX-License-Identifier: Apache-2.0
"""Keeping the logs of a station's workers from filling its disk: one older part of each is kept, and no more."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

LARGEST_LOG = 64 << 20
"""Bytes after which a log begins anew: some hundred thousand units."""


def bound_logs(paths: Iterable[Path], largest: int = LARGEST_LOG) -> None:
    """Set aside what logs hold, as `NAME.log.1`, where they have grown too large.

    Who writes to them appends, and goes on in the emptied file without knowing. Only one process may look after a log.
    """
    for path in paths:
        try:
            if path.stat().st_size > largest:
                # copied, for a renamed file would go on growing under its new name
                shutil.copyfile(path, path.with_name(f"{path.name}.1"))
                with path.open("r+b") as file:
                    file.truncate(0)
        except OSError as error:
            # it is looked at again in a moment
            log.debug("log.not_bounded", path=str(path), error=str(error))
