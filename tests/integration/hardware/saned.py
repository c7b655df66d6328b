# SPDX-License-Identifier: Apache-2.0
"""A real saned with SANE's test device, on the loopback."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from hardware.sane.private import write_configuration
from tests.conftest import missing

PORT = 6566
"""Where every client looks for saned (saned(8))."""


@dataclass
class Saned:
    """A saned on a loopback address of its own, so that nothing else on this machine is met."""

    program: str
    folder: Path
    host: str
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def installed(cls, folder: Path) -> Saned:
        """The one of this machine, not started yet."""
        program = shutil.which("saned") or shutil.which("/usr/sbin/saned")
        if program is None:
            missing("saned is not installed (Debian: sane-utils).")
        assert program is not None
        host = f"127.{secrets.randbelow(250) + 2}.{secrets.randbelow(250)}.{secrets.randbelow(250) + 2}"
        return cls(program, folder, host)

    @property
    def device(self) -> str:
        """The id of its test device."""
        return f"sane:net:{self.host}:test:0"

    def start(self) -> None:
        environment = os.environ | write_configuration(self.folder, ["test"])
        (self.folder / "saned.conf").write_text("127.0.0.0/8\n")
        self.process = subprocess.Popen(
            [self.program, "-l", "-e", "-d", "0", "-b", self.host],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # it makes a process for each connection, which is signalled with it
            start_new_session=True,
        )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "saned ended at once"
            try:
                socket.create_connection((self.host, PORT), 1).close()
            except OSError:
                os.sched_yield()
            else:
                return
        pytest.fail("saned does not answer")

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, number)

    def stop(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
