# SPDX-License-Identifier: Apache-2.0
"""Starting, talking to and ending one device process, seen from the parent."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog

from hardware.device_process.channel import Channel, ChannelClosed, Message
from hardware.errors import DriverCrashed
from hardware.sane.private import write_configuration
from hardware.spool import spool_errors

log = structlog.get_logger(__name__)

_TAIL = 2000
"""Characters of the driver's last words that go into an error."""


class DeviceChild:
    """One running device process.

    Args:
        device_id: For the log and for errors.
        sane_backends: The backends that its private SANE configuration lists.
        sane_hosts: The hosts of network scanners that it lists.

    Raises:
        SpoolFull: The folder for temporary files takes nothing.
    """

    def __init__(self, device_id: str, sane_backends: Sequence[str], sane_hosts: Sequence[str] = ()) -> None:
        self._device_id = device_id
        with spool_errors(Path(tempfile.gettempdir())):
            self._folder = Path(tempfile.mkdtemp(prefix="recto-device-"))
            environment = os.environ | write_configuration(self._folder, sane_backends, sane_hosts)
        self._log = self._folder / "driver.log"
        ours, theirs = socket.socketpair()
        # one core a device is plenty, and idle threads of linear algebra cost memory
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        descriptor = theirs.fileno()
        command = [sys.executable, "-P", "-m", "hardware.device_process"]
        try:
            with self._log.open("wb") as output, theirs:
                self._process = subprocess.Popen(
                    [*command, str(descriptor), str(os.getpid()), str(self._folder)],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=environment,
                    pass_fds=(descriptor,),
                    # an interrupt from the keyboard is for Recto, which then cancels the scan
                    start_new_session=True,
                )
        except BaseException:
            ours.close()
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._channel = Channel(ours)
        self._last_id = 0
        log.debug("device process started", device=device_id, process_id=self.process_id)

    @property
    def process_id(self) -> int:
        """The child's process id."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the process still runs. Its channel does not tell: a driver's own child may hold it open."""
        return self._process.poll() is None

    def send(self, call: str, facts: Mapping[str, Any]) -> int:
        """Send a request; returns the id its answer will carry.

        Raises:
            DriverCrashed: The process is dead.
        """
        self._last_id += 1
        try:
            self._channel.send({"id": self._last_id, "call": call, **facts})
        except ChannelClosed:
            raise self.crashed() from None
        return self._last_id

    def send_cancel(self, scan: int) -> None:
        """Ask to cancel the scan of that id; a dead process is noticed by whoever waits for it."""
        try:
            self._channel.send({"id": scan, "call": "cancel"})
        except ChannelClosed:
            log.debug("nothing left to cancel", device=self._device_id)

    def receive(self, timeout: float) -> Message | None:
        """The next message, or None when none came in time.

        Raises:
            DriverCrashed: The process is dead and has left no more messages.
        """
        # asked before looking for messages, so that the last one of a dying process is not missed
        alive = self.alive()
        try:
            message = self._channel.receive(timeout if alive else 0)
        except ChannelClosed:
            raise self.crashed() from None
        if message is None and not alive:
            raise self.crashed()
        return message

    def crashed(self) -> DriverCrashed:
        """What to tell of a process that died by itself."""
        try:
            status = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.kill()
            return DriverCrashed(
                f"The driver of {self._device_id} closed its channel.", device=self._device_id
            )
        how = f"was killed by {_signal_name(-status)}" if status < 0 else f"ended with exit code {status}"
        last_words = self._log.read_text(errors="replace")[-_TAIL:] if self._log.exists() else ""
        log.warning("device process died", device=self._device_id, how=how)
        # for whoever mends the driver; a person at a terminal has the error
        log.info("last words of the driver", device=self._device_id, last_words=last_words)
        return DriverCrashed(
            f"The driver of {self._device_id} {how}.",
            device=self._device_id,
            exit_status=status,
            last_words=last_words,
        )

    def stop(self, grace: float) -> None:
        """End the process: ask it to, and kill it when it has not gone after `grace` seconds."""
        try:
            self._channel.send({"call": "close"})
            self._process.wait(grace)
        except (ChannelClosed, subprocess.TimeoutExpired):
            log.debug("device process does not close", device=self._device_id)
        self.kill()

    def kill(self) -> None:
        """End the process at once, and clean up after it."""
        if self._process.poll() is None:
            log.info("device process killed", device=self._device_id, process_id=self.process_id)
            self._process.kill()
        self._process.wait()
        self._channel.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
