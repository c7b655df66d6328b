# SPDX-License-Identifier: Apache-2.0
"""The child's side keeps order between a scan and its cancel."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

from hardware.adapted import AdaptedDriver
from hardware.device_process.channel import Channel, Message
from hardware.device_process.host import _Host
from hardware.driver import PageAddress
from hardware.errors import InputOutputFailure
from hardware.frames import FrameParameters
from hardware.options import OptionDescriptor, SetResult, Value
from hardware.quirks import Quirks
from hardware.scanner import DeviceInfo, ScanRequest


class SlowToStop:
    """A driver that stops at once when it is cancelled, but whose cancel takes its time."""

    info = DeviceInfo("slow:1", "slow", "", "", "", simulated=True)
    feeds = False

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.may_return = threading.Event()
        self.late = False

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        return ()

    def get(self, name: str) -> Value:
        raise AssertionError(name)

    def set(self, name: str, value: Value) -> SetResult:
        raise AssertionError(name)

    def load(self, pages: int | None) -> None:
        pass

    def start(self, page: PageAddress) -> None:
        assert self.stopping.wait(10)
        raise InputOutputFailure("Stopped.")

    def parameters(self) -> FrameParameters:
        raise AssertionError

    def read(self, size: int) -> bytes | None:
        raise AssertionError(size)

    def cancel(self) -> None:
        if threading.current_thread().name == "cancel":
            self.stopping.set()
            assert self.may_return.wait(10)

    def close(self) -> None:
        pass


def test_a_scan_has_ended_only_when_its_cancel_has_returned(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    parent = Channel(ours)
    host = _Host(Channel(theirs), os.getppid(), tmp_path / "private")
    driver = SlowToStop()
    host._driver = AdaptedDriver(driver, Quirks())
    # a daemon: when the host does not end, the test fails and does not hang
    main = threading.Thread(target=host.run, daemon=True)
    main.start()
    request = ScanRequest(tmp_path, 1).to_json()
    parent.send({"id": 1, "call": "scan", "request": request, "requested": {}})
    parent.send({"id": 1, "call": "cancel"})
    assert driver.stopping.wait(10)
    told = _until_silent(parent)
    driver.may_return.set()
    assert {"event": "BatchEnded", "reason": "cancelled"} in [message.get("event") for message in told]
    assert not any("result" in message for message in told)
    assert parent.receive(10) == {"id": 1, "result": None}
    parent.send({"call": "close"})
    main.join(10)
    assert not main.is_alive()
    parent.close()
    host._channel.close()


def _until_silent(channel: Channel) -> list[Message]:
    told: list[Message] = []
    while (message := channel.receive(0.3)) is not None:
        told.append(message)
    return told
