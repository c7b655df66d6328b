# SPDX-License-Identifier: Apache-2.0
"""Devices are found, whatever SANE does, and opened by their id."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.discovery import FoundScanner, list_devices, open_session
from hardware.errors import DeviceNotFound, DriverMissing
from hardware.notices import DiscoveryNotice
from tests.integration.hardware.conftest import compiler
from tests.integration.hardware.saned import PORT, Saned

BED = SimulatedDevice("bed")


def ids(configuration: HardwareConfiguration) -> list[str]:
    return [device.id for device in list_devices(configuration)]


@pytest.mark.sane
def test_simulated_and_sane_devices_are_listed_together(sane: HardwareConfiguration) -> None:
    devices = list(list_devices(replace(sane, simulated=(BED,))))
    assert [device.id for device in devices] == ["simulated:bed", "sane:test:0", "sane:test:1"]
    assert [device.simulated for device in devices] == [True, False, False]
    assert devices[1].to_json() == {
        "id": "sane:test:0",
        "backend": "test",
        "vendor": "Noname",
        "model": "frontend-tester",
        "type": "virtual device",
        "simulated": False,
        "state": "ready",
        "serial": "",
        "driver": devices[1].driver,
    }
    assert re.fullmatch(r"SANE 1\.\d+\.\d+", devices[1].driver)


def test_simulated_devices_do_not_wait_for_sane() -> None:
    began = time.monotonic()
    first = next(iter(list_devices(HardwareConfiguration(simulated=(BED,)))))
    assert first.id == "simulated:bed"
    assert time.monotonic() - began < 1


def test_a_missing_libsane_does_not_stop_the_list_and_is_said_once() -> None:
    with capture_logs() as logs:
        found = ids(
            HardwareConfiguration(
                simulated=(BED,), sane_library="libsane-absent.so.9", sane_backends=("a", "b", "c")
            )
        )
    assert found == ["simulated:bed"]
    (warning,) = [entry for entry in logs if entry["log_level"] == "warning"]
    assert warning["code"] == "scanner.driver_missing"
    assert "libsane-absent.so.9" in warning["message"]
    assert "apt install libsane1" in warning["remedy"]


def test_a_search_that_takes_too_long_does_not_stop_the_list() -> None:
    told: list[DiscoveryNotice] = []
    configuration = HardwareConfiguration(simulated=(BED,), sane_backends=("test",), discovery_deadline=0.001)
    assert [device.id for device in list_devices(configuration, told.append)] == ["simulated:bed"]
    (notice,) = told
    assert (notice.code, notice.facts["backends"]) == ("discovery.out_of_time", ["test"])
    assert "not done within 0.001 s; these backends had not answered: test." in notice.message


def test_no_sane_means_no_sane() -> None:
    assert ids(HardwareConfiguration(simulated=(BED,), sane=False)) == ["simulated:bed"]


@pytest.mark.sane
def test_only_the_backends_that_were_chosen_are_asked(sane: HardwareConfiguration) -> None:
    assert ids(replace(sane, sane_backends=())) == []


# Backends that hang and crash


@pytest.fixture(scope="module")
def backends(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of backends that libsane loads beside its own: one that works, and some that do not."""
    folder = tmp_path_factory.mktemp("backends")
    source = Path(__file__).with_name("scripted_backend.c")
    many = ((f"hangs{number}", ["-DHANG"]) for number in range(4))
    for name, behaviour in (
        *many,
        ("works", ()),
        ("hangs", ["-DHANG"]),
        ("dies", ["-DCRASH"]),
        ("breeds", ["-DBREED"]),
        ("follows", ["-DAFTER"]),
    ):
        library = folder / f"libsane-{name}.so.1"
        command = [compiler(), "-shared", "-fPIC", "-Wall", "-Werror", f"-DNAME={name}", *behaviour]
        subprocess.run([*command, "-o", str(library), str(source)], check=True)
    return folder


@pytest.fixture
def unruly(
    sane: HardwareConfiguration, backends: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> HardwareConfiguration:
    """SANE's own test backend among backends that hang and crash, before and after it."""
    # where libsane looks for backends first: sane-dll(5)
    monkeypatch.setenv("LD_LIBRARY_PATH", str(backends))
    monkeypatch.setenv("SCRIPTED_CHILD", str(tmp_path / "child"))
    return replace(sane, sane_backends=("hangs", "dies", "test", "breeds", "works"), backend_deadline=2.0)


@pytest.mark.sane
def test_backends_that_hang_or_crash_are_named_and_cost_no_other_its_scanners(
    unruly: HardwareConfiguration, tmp_path: Path, gone: Callable[[int, float], bool]
) -> None:
    told: dict[str, DiscoveryNotice] = {}
    came: dict[str, float] = {}
    began = time.monotonic()
    for device in list_devices(unruly, lambda notice: told.update({notice.backend: notice})):
        came[device.id] = time.monotonic() - began
    took = time.monotonic() - began
    assert sorted(came) == ["sane:test:0", "sane:test:1", "sane:works:one"]
    # streamed: nobody waited for those that hang
    assert max(came.values()) < unruly.backend_deadline < took < unruly.discovery_deadline
    assert {name: notice.code for name, notice in told.items()} == {
        "hangs": "discovery.silent",
        "dies": "discovery.crashed",
        "breeds": "discovery.silent",
    }
    assert told["hangs"].message == (
        "The SANE backend hangs did not answer within 2 s; its scanners are missing."
    )
    assert "crashed (signal SIGSEGV)" in told["dies"].message
    assert "the driver's last words" in told["dies"].facts["last_words"]
    assert gone(int((tmp_path / "child").read_text()), 5)


@pytest.mark.sane
def test_many_that_hang_do_not_keep_the_others_waiting_for_their_end(unruly: HardwareConfiguration) -> None:
    hanging = ("hangs", *(f"hangs{number}" for number in range(4)))
    began = time.monotonic()
    search = list_devices(replace(unruly, sane_backends=(*hanging, "works"), backend_deadline=15.0))
    assert next(search).id == "sane:works:one"
    assert time.monotonic() - began < 10
    search.close()  # type: ignore[attr-defined]


@pytest.mark.sane
def test_a_host_that_takes_the_call_and_says_nothing_costs_no_other_host_its_scanners(
    sane: HardwareConfiguration, tmp_path: Path, opened: Callable[..., Any]
) -> None:
    (tmp_path / "saned").mkdir()
    saned = Saned.installed(tmp_path / "saned")
    saned.start()
    told: list[DiscoveryNotice] = []
    try:
        with socket.create_server(("127.0.3.7", PORT)):
            network = replace(
                # hosts that are named are asked, whichever backends are chosen
                sane,
                sane_backends=(),
                sane_hosts=("127.0.3.7", saned.host),
                backend_deadline=1.5,
            )
            found = [device.id for device in list_devices(network, told.append)]
            # nor when it is opened
            assert opened(saned.device, replace(network, open_timeout=5)).get("resolution") == 50
    finally:
        saned.stop()
    assert saned.device in found
    (notice,) = told
    assert (notice.backend, notice.code) == ("net:127.0.3.7", "discovery.silent")
    assert notice.message.startswith("The host 127.0.3.7, called by the SANE backend net, did not answer")


@pytest.mark.sane
def test_a_named_host_on_which_nobody_takes_the_call_is_told(sane: HardwareConfiguration) -> None:
    told: list[DiscoveryNotice] = []
    # nothing listens at this address of the loopback
    assert not [*list_devices(replace(sane, sane_backends=(), sane_hosts=("127.0.3.9",)), told.append)]
    (notice,) = told
    assert (notice.backend, notice.code) == ("net:127.0.3.9", "discovery.nothing_offered")
    assert "saned" in notice.remedy


@pytest.mark.sane
def test_a_backend_that_the_settings_name_and_nobody_installed_is_told(sane: HardwareConfiguration) -> None:
    told: list[DiscoveryNotice] = []
    found = list_devices(replace(sane, sane_backends=("tset", "test")), told.append)
    assert [device.id for device in found] == ["sane:test:0", "sane:test:1"]
    (notice,) = told
    assert (notice.backend, notice.code) == ("tset", "discovery.not_installed")


@pytest.mark.sane
def test_backends_come_from_the_systems_own_configuration(
    unruly: HardwareConfiguration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dll.conf").write_text("# comment\ntest\n")
    (tmp_path / "dll.d").mkdir()
    (tmp_path / "dll.d" / "more").write_text("dies\nabsent\nworks\n")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(tmp_path))
    told: list[DiscoveryNotice] = []
    found = list_devices(replace(unruly, sane_backends=None), told.append)
    assert sorted(device.id for device in found) == ["sane:test:0", "sane:test:1", "sane:works:one"]
    assert [notice.backend for notice in told] == ["dies"]


@pytest.mark.sane
def test_a_search_that_nobody_follows_to_its_end_leaves_no_process_behind(
    unruly: HardwareConfiguration, tmp_path: Path, gone: Callable[[int, float], bool]
) -> None:
    search = list_devices(replace(unruly, sane_backends=("breeds", "follows")))
    assert next(search).id == "sane:follows:one"
    search.close()  # type: ignore[attr-defined]
    assert gone(int((tmp_path / "child").read_text()), 5)


FOLLOWER = """
import os
from hardware.configuration import HardwareConfiguration
from hardware.discovery import list_devices

for device in list_devices(HardwareConfiguration(sane_backends=("breeds", "follows"))):
    os.kill(os.getpid(), 9)
"""


@pytest.mark.sane
def test_a_search_whose_process_was_killed_leaves_no_process_behind(
    unruly: HardwareConfiguration, tmp_path: Path, gone: Callable[[int, float], bool]
) -> None:
    folder = tmp_path / "left"
    folder.mkdir()
    environment = {**os.environ, "TMPDIR": str(folder)}
    assert subprocess.run([sys.executable, "-c", FOLLOWER], env=environment, check=False).returncode == -9
    assert gone(int((tmp_path / "child").read_text()), 5)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "device_id", ["simulated:bad", "simulated:", "bed", "", "folder:x", "sane:", "sane:test:0"]
)
def test_an_unknown_id_is_not_found(device_id: str) -> None:
    configuration = HardwareConfiguration(simulated=(BED,), sane=False)
    with pytest.raises(DeviceNotFound) as caught:
        open_session(device_id, configuration)
    assert caught.value.facts["device"] == device_id


@pytest.mark.parametrize("device_id", ["sane:test:\udcff", "sane:test:\0"])
def test_an_id_that_is_no_text_is_not_found(device_id: str, tmp_path: Path) -> None:
    configuration = HardwareConfiguration(sane_backends=("test",), known_devices=tmp_path)
    with pytest.raises(DeviceNotFound):
        open_session(device_id, configuration)


def test_the_nearest_id_is_suggested() -> None:
    with pytest.raises(DeviceNotFound) as caught:
        open_session("simulated:bef", HardwareConfiguration(simulated=(BED,), sane=False))
    assert "Did you mean simulated:bed?" in caught.value.remedy


@pytest.mark.sane
def test_a_sane_device_that_is_away_is_not_found_and_the_nearest_is_suggested(
    sane: HardwareConfiguration,
) -> None:
    with pytest.raises(DeviceNotFound, match="test:7") as caught:
        open_session("sane:test:7", sane)
    assert "sane:test:0" in caught.value.remedy


def test_a_backend_that_was_not_chosen_is_not_loaded() -> None:
    with pytest.raises(DeviceNotFound):
        open_session("sane:epson2:usb", HardwareConfiguration(sane_backends=("test",), sane_library="none"))


def test_a_sane_device_without_libsane_is_said_with_what_to_install() -> None:
    with pytest.raises(DriverMissing, match="could not be loaded"):
        open_session("sane:test:0", HardwareConfiguration(sane_library="libsane-absent.so.9"))


@pytest.mark.sane
def test_a_device_opens_under_the_systems_own_configuration(
    opened: Callable[..., Any], sane: HardwareConfiguration
) -> None:
    session = opened("sane:test:0", replace(sane, sane_backends=None))
    assert session.device.model == "frontend-tester"


def test_a_found_scanner_can_be_opened() -> None:
    configuration = HardwareConfiguration(simulated=(BED,), sane=False)
    (info,) = list_devices(configuration)
    with FoundScanner(info, configuration).open() as session:
        assert session.device == info
