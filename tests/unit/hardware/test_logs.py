# SPDX-License-Identifier: Apache-2.0
"""A logger speaks as structlog does, and a device process that says nothing does not load it."""

from __future__ import annotations

import subprocess
import sys

from structlog.testing import capture_logs

from hardware.logs import Logger


def test_a_logger_speaks_as_structlog_does() -> None:
    with capture_logs() as logs:
        Logger("hardware.somewhere").warning("it is so", device="simulated:x")
    assert logs == [{"log_level": "warning", "event": "it is so", "device": "simulated:x"}]


def test_a_device_process_of_a_sane_device_starts_without_what_takes_longest_to_load() -> None:
    loaded = "import sys, hardware.device_process.host, hardware.sane.driver; print(*sorted(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", loaded], check=True, capture_output=True, text=True)
    assert {"structlog", "asyncio", "numpy", "PIL", "yaml"} & set(answer.stdout.split()) == set()
