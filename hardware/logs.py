# SPDX-License-Identifier: Apache-2.0
"""Loggers that load structlog when they first speak: it is half of the time a device process takes to start."""

from __future__ import annotations

from typing import Any


class Logger:
    """A structlog logger that is not there before its first line.

    Args:
        name: Of the module that speaks.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, method: str) -> Any:
        import structlog

        return getattr(structlog.get_logger(self._name), method)
