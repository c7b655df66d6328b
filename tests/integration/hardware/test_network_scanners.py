# SPDX-License-Identifier: Apache-2.0
"""Scanners behind a real saned on the loopback: found, lost in one error when it dies or freezes, passwords."""

from __future__ import annotations

import hashlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
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
    InputOutputFailure,
    ScannerError,
)
from hardware.options import Value
from hardware.scanner import BatchEnded, PageEvent, PageProgress, PageVoid, ScanRequest
from tests.integration.hardware.saned import Saned

LOCAL = "sane:test:0"
DEVICE = "sane:acme:libusb:901:004"
SLOW: dict[str, Value] = {
    "mode": "Color",
    "resolution": 300,
    "read-delay": True,
    "read-delay-duration": 20000,
}
PASSWORD = "open-sesame"  # noqa: S105  # of a test


@pytest.fixture
def saned(sane: HardwareConfiguration, tmp_path: Path) -> Iterator[Saned]:
    folder = tmp_path / "saned"
    folder.mkdir()
    running = Saned.installed(folder)
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


@pytest.mark.sane
def test_devices_behind_saned_are_found(saned: Saned, network: HardwareConfiguration) -> None:
    devices = {device.id: device for device in list_devices(network)}
    assert devices[saned.device].model == "frontend-tester"
    assert devices[saned.device].backend == "net"
    assert LOCAL in devices


def _interrupted(
    saned: Saned,
    network: HardwareConfiguration,
    opened: Callable[..., Any],
    spool: Path,
    number: signal.Signals,
) -> tuple[Any, ScannerError, float]:
    """A session whose saned got a signal in the middle of a page, the error, and how long it took."""
    session = opened(saned.device, network)
    session.apply(SLOW)
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
    assert seconds < network.read_timeout + 2
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


@pytest.mark.sane
def test_a_cancel_gives_control_back_when_saned_is_frozen_and_the_driver_is_replaced(
    saned: Saned, network: HardwareConfiguration, opened: Callable[..., Any], tmp_path: Path
) -> None:
    spool = tmp_path / "spool"
    session = opened(saned.device, network)
    session.apply(SLOW)
    events = session.scan(ScanRequest(spool, 1))
    next(event for event in events if isinstance(event, PageProgress))
    driver = session.process_id
    saned.signal(signal.SIGSTOP)
    session.cancel()
    began = time.monotonic()
    assert [type(event) for event in events if not isinstance(event, PageProgress)] == [PageVoid, BatchEnded]
    assert time.monotonic() - began < 0.5
    # another saned takes its place, as after a restart of that machine
    saned.stop()
    saned.start()
    began = time.monotonic()
    _usable(session, spool)
    assert time.monotonic() - began < 10
    assert session.process_id != driver
    assert [path.name for path in spool.iterdir()] == ["0001.raw"]


@pytest.mark.sane
def test_a_saned_that_was_restarted_between_two_scans_is_not_noticed(
    saned: Saned, network: HardwareConfiguration, opened: Callable[..., Any], tmp_path: Path
) -> None:
    session = opened(saned.device, network)
    session.apply({"mode": "Color", "resolution": 30})
    saned.stop()
    saned.start()
    # libsane would take what lies in memory for the answer
    assert (session.get("mode"), session.get("resolution")) == ("Color", 30)
    saned.stop()
    with pytest.raises(InputOutputFailure, match="sane_open"):
        session.get("mode")
    saned.start()
    assert list(session.scan(ScanRequest(tmp_path / "spool", 1)))[-1] == BatchEnded("limit")
    assert session.get("resolution") == 30


def test_a_device_that_sends_nothing_is_lost_in_time_and_costs_no_work(
    script: Any, opened: Callable[..., Any], tmp_path: Path
) -> None:
    # so does libsane's net backend when a saned is gone: "good, no bytes", for ever
    script.write("silent", "")
    session = opened(DEVICE, replace(script.configuration, read_timeout=0.5))
    stat = Path(f"/proc/{session.process_id}/stat")
    caught: list[ScannerError] = []
    thread = threading.Thread(target=_scan_to_an_error, args=(session, tmp_path / "spool", caught))
    before, began = _processor_time(stat), time.monotonic()
    thread.start()
    thread.join(0.4)
    assert _processor_time(stat) - before < 0.2
    thread.join()
    assert time.monotonic() - began < 3
    (error,) = caught
    assert isinstance(error, Disconnected)
    assert "nothing for 0.5 seconds after 0 bytes" in error.message
    (tmp_path / "script" / "silent").unlink()
    assert list(session.scan(ScanRequest(tmp_path / "spool", 1)))[-1] == BatchEnded("limit")


def test_a_driver_that_never_comes_back_from_its_cancel_is_left_and_replaced(
    script: Any, opened: Callable[..., Any], tmp_path: Path
) -> None:
    script.write("silent", "")
    script.write("stuck", "")
    session = opened(DEVICE, replace(script.configuration, cancel_timeout=0.5))
    driver = session.process_id
    events = session.scan(ScanRequest(tmp_path / "spool", 1))
    session.cancel()
    began = time.monotonic()
    # the driver tells the end, and is then held by its last cancel
    assert list(events) == [BatchEnded("cancelled")]
    assert time.monotonic() - began < 0.5
    assert session.get("resolution") == 75
    assert session.process_id != driver
    for name in ("silent", "stuck"):
        (tmp_path / "script" / name).unlink()
    assert list(session.scan(ScanRequest(tmp_path / "spool", 1)))[-1] == BatchEnded("limit")


def _scan_to_an_error(session: Any, spool: Path, caught: list[ScannerError]) -> None:
    try:
        list(session.scan(ScanRequest(spool, 1)))
    except ScannerError as error:
        caught.append(error)


def _processor_time(stat: Path) -> float:
    """Seconds of processor time of a process (utime and stime of proc(5))."""
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


# Passwords


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
