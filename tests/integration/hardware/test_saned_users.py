# SPDX-License-Identifier: Apache-2.0
"""A real saned that lets only its users in: the right password opens, every other is denied, none is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from hardware.configuration import HardwareConfiguration
from hardware.credentials import Credentials, credentials_from_file
from hardware.discovery import list_devices
from hardware.errors import AccessDenied
from hardware.scanner import BatchEnded, ScanRequest
from tests.integration.hardware.saned import Saned

pytestmark = pytest.mark.sane

PASSWORD = "s3cret"  # noqa: S105  # of a test


@pytest.fixture(scope="module")
def guarded(sane: HardwareConfiguration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saned]:
    """A saned whose test device is for one user (saned(8))."""
    running = Saned.installed(tmp_path_factory.mktemp("saned"))
    (running.folder / "saned.users").write_text(f"clerk:{PASSWORD}:test\n")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def network(guarded: Saned) -> HardwareConfiguration:
    return HardwareConfiguration(sane_backends=("net",), sane_hosts=(guarded.host,))


def test_its_user_opens_the_scanner_and_scans_and_the_password_is_nowhere(
    guarded: Saned, network: HardwareConfiguration, opened: Callable[..., Any], tmp_path: Path
) -> None:
    file = tmp_path / "pass"
    file.write_text(f"nobody:x:net:elsewhere:*\nclerk:{PASSWORD}:net:{guarded.host}:*\n")
    file.chmod(0o600)
    known = credentials_from_file(file)
    assert guarded.device in [device.id for device in list_devices(network)]
    with capture_logs() as logs:
        session = opened(guarded.device, replace(network, credentials=known))
        session.apply({"resolution": 50})
        assert list(session.scan(ScanRequest(tmp_path / "spool", 1)))[-1] == BatchEnded("limit")
        command = Path(f"/proc/{session.process_id}/cmdline").read_bytes()
        environment = Path(f"/proc/{session.process_id}/environ").read_bytes()
    assert PASSWORD not in repr((logs, known, command, environment))


@pytest.mark.parametrize("known", [(), (Credentials("clerk", "wrong"),)])
def test_all_others_are_denied_with_what_to_do(
    guarded: Saned,
    network: HardwareConfiguration,
    opened: Callable[..., Any],
    known: tuple[Credentials, ...],
) -> None:
    with pytest.raises(AccessDenied) as denied:
        opened(guarded.device, replace(network, credentials=known))
    assert "credentials" in denied.value.remedy
    assert PASSWORD not in repr(denied.value.to_json())
