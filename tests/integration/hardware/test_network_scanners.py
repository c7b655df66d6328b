# SPDX-License-Identifier: Apache-2.0
"""Scanners behind a real saned on the loopback: same pixels, one error when it dies or freezes, passwords."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from hardware.configuration import HardwareConfiguration
from hardware.credentials import Credentials
from hardware.discovery import list_devices
from hardware.errors import (
    AccessDenied,
    Disconnected,
    DriverHung,
    IncompletePage,
    InputOutputFailure,
    ScannerError,
    UnsupportedFrame,
)
from hardware.options import Value
from hardware.sane.private import write_configuration
from hardware.scanner import BatchEnded, PageEvent, PageProgress, PageVoid, ScanRequest
from tests.conftest import missing

SANED_PORT = 6566
LOCAL = "sane:test:0"
PASSWORD = "open-sesame"  # noqa: S105  # of a test


@dataclass
class Saned:
    """A saned on a loopback address of its own, so that nothing else on this machine is met."""

    program: str
    folder: Path
    host: str
    process: subprocess.Popen[bytes] | None = None

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
                socket.create_connection((self.host, SANED_PORT), 1).close()
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


@pytest.fixture
def saned(sane: HardwareConfiguration, tmp_path: Path) -> Iterator[Saned]:
    program = shutil.which("saned") or shutil.which("/usr/sbin/saned")
    if program is None:
        missing("saned is not installed (Debian: sane-utils).")
    host = f"127.{secrets.randbelow(250) + 2}.{secrets.randbelow(250)}.{secrets.randbelow(250) + 2}"
    folder = tmp_path / "saned"
    folder.mkdir()
    running = Saned(program, folder, host)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def network(saned: Saned) -> HardwareConfiguration:
    return HardwareConfiguration(
        sane_backends=("net", "test"),
        sane_hosts=(saned.host,),
        open_timeout=10,
        option_timeout=5,
        read_timeout=0.5,
        cancel_timeout=0.5,
    )


def remote(saned: Saned) -> str:
    return f"sane:net:{saned.host}:test:0"


@pytest.mark.sane
def test_devices_behind_saned_are_found(saned: Saned, network: HardwareConfiguration) -> None:
    devices = {device.id: device for device in list_devices(network)}
    assert devices[remote(saned)].model == "frontend-tester"
    assert devices[remote(saned)].backend == "net"
    assert LOCAL in devices


@pytest.mark.sane
def test_pixels_through_saned_are_those_of_the_device_beside_us(
    saned: Saned, network: HardwareConfiguration, scan: Callable[..., Any]
) -> None:
    area: dict[str, Value] = {"resolution": 61, "br-x": 67, "br-y": 43, "test-picture": "Color pattern"}
    for values in (
        {"mode": "Gray", "depth": 1},
        {"mode": "Gray", "depth": 8},
        {"mode": "Gray", "depth": 16, "ppl-loss": 7},
        {"mode": "Color", "depth": 8},
        {"mode": "Color", "depth": 16},
    ):
        options: dict[str, Value] = {**area, "ppl-loss": 0, **values}
        here, there = (scan(device, network, options).page for device in (LOCAL, remote(saned)))
        assert there.pixel_sha256 == here.pixel_sha256, values
        assert there.pixel_sha256 == hashlib.sha256(there.path.read_bytes()[there.pixel_offset :]).hexdigest()
        assert (there.width, there.height, there.dpi) == (here.width, here.height, here.dpi)


@pytest.mark.sane
def test_a_pass_that_saned_loses_never_makes_a_wrong_page(
    saned: Saned, network: HardwareConfiguration, scan: Callable[..., Any]
) -> None:
    # saned 1.2.1 skips passes of the test device now and then, and scanimage then delivers wrong colours
    values: dict[str, Value] = {"mode": "Color", "resolution": 61, "br-x": 67, "br-y": 43, "three-pass": True}
    expected = scan(LOCAL, network, values).page.pixel_sha256
    for _ in range(5):
        try:
            page = scan(remote(saned), network, values).page
        except (IncompletePage, UnsupportedFrame):
            continue
        assert page.pixel_sha256 == expected


@pytest.mark.sane
def test_an_unknown_height_comes_through_saned(
    saned: Saned, network: HardwareConfiguration, scan: Callable[..., Any]
) -> None:
    values: dict[str, Value] = {"hand-scanner": True, "resolution": 61, "test-picture": "Grid"}
    here, there = (scan(device, network, values) for device in (LOCAL, remote(saned)))
    assert there.events[0].height is None
    assert there.page.pixel_sha256 == here.page.pixel_sha256


def _interrupted(
    saned: Saned,
    network: HardwareConfiguration,
    opened: Callable[..., Any],
    spool: Path,
    number: signal.Signals,
) -> tuple[Any, ScannerError, float]:
    """A session whose saned got a signal in the middle of a page, the error, and how long it took."""
    session = opened(remote(saned), network)
    session.apply({"mode": "Color", "resolution": 300, "read-delay": True, "read-delay-duration": 20000})
    events = session.scan(ScanRequest(spool, 1))
    next(event for event in events if isinstance(event, PageProgress))
    saned.signal(number)
    began = time.monotonic()
    told: list[PageEvent] = []
    error: ScannerError | None = None
    try:
        told.extend(event for event in events if not isinstance(event, PageProgress))
    except ScannerError as caught:
        error = caught
    assert error is not None, "the page was taken for complete"
    (void,) = told
    assert isinstance(void, PageVoid)
    assert void.error.to_json() == error.to_json()
    assert [*spool.iterdir()] == []
    return session, error, time.monotonic() - began


def _usable(session: Any, spool: Path) -> None:
    assert session.get("resolution") == 300
    session.apply({"read-delay": False, "resolution": 50})
    assert list(session.scan(ScanRequest(spool, 1)))[-1] == BatchEnded("limit")


@pytest.mark.sane
def test_a_saned_that_is_killed_costs_one_page_and_one_error(
    saned: Saned, network: HardwareConfiguration, opened: Callable[..., Any], tmp_path: Path
) -> None:
    spool = tmp_path / "spool"
    session, error, seconds = _interrupted(saned, network, opened, spool, signal.SIGKILL)
    # which of the two depends on whether the last packet was whole
    assert isinstance(error, (Disconnected, InputOutputFailure))
    assert seconds < 10
    saned.stop()
    saned.start()
    _usable(session, spool)


@pytest.mark.sane
def test_a_saned_that_freezes_costs_one_page_and_one_error(
    saned: Saned, network: HardwareConfiguration, opened: Callable[..., Any], tmp_path: Path
) -> None:
    spool = tmp_path / "spool"
    session, error, seconds = _interrupted(saned, network, opened, spool, signal.SIGSTOP)
    assert isinstance(error, DriverHung)
    assert seconds < 10
    saned.signal(signal.SIGCONT)
    _usable(session, spool)


# Passwords

DEVICE = "sane:acme:libusb:001:004"


@pytest.mark.parametrize("salted", [False, True])
def test_a_device_that_asks_for_a_password_is_opened_with_it(
    script: Any, opened: Callable[..., Any], *, salted: bool
) -> None:
    salt = "k3j4h5g6"
    digest = hashlib.md5((salt + PASSWORD).encode(), usedforsecurity=False).hexdigest()
    script.write("resource", f"archive:acme$MD5${salt}" if salted else "archive:acme")
    script.write("password", f"reader:$MD5${digest}" if salted else f"reader:{PASSWORD}")
    known = (Credentials("other", "wrong", "elsewhere:*"), Credentials("reader", PASSWORD, "archive:*"))
    with capture_logs() as logs:
        session = opened(DEVICE, replace(script.configuration, credentials=known))
        assert session.device.model == "Copier 5"
        # a fresh driver must ask again
        session._drop_child()
        assert session.get("resolution") == 75
    assert PASSWORD not in repr((logs, known, script.configuration))


@pytest.mark.parametrize(
    "known", [(), (Credentials("reader", "wrong"),), (Credentials("reader", PASSWORD, "x:*"),)]
)
def test_without_the_right_password_access_is_denied_and_nothing_is_told(
    script: Any, opened: Callable[..., Any], known: tuple[Credentials, ...]
) -> None:
    script.write("resource", "archive:acme")
    script.write("password", f"reader:{PASSWORD}")
    with pytest.raises(AccessDenied) as caught:
        opened(DEVICE, replace(script.configuration, credentials=known))
    assert "credentials" in caught.value.remedy
    assert not any(each.password in repr(caught.value.to_json()) for each in known)
