# SPDX-License-Identifier: Apache-2.0
"""What a device can do is tried once for each version of its driver, and remembered across sessions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.device_process.session import DeviceSession
from hardware.discovery import open_session

pytestmark = pytest.mark.sane


@pytest.fixture(scope="module")
def remembering(
    sane: HardwareConfiguration, tmp_path_factory: pytest.TempPathFactory
) -> HardwareConfiguration:
    return replace(sane, capability_cache=tmp_path_factory.mktemp("state") / "capabilities")


@pytest.fixture(scope="module")
def session(remembering: HardwareConfiguration) -> Iterator[DeviceSession]:
    with open_session("sane:test:0", remembering) as opened:
        yield opened


def note(remembering: HardwareConfiguration) -> Path:
    assert remembering.capability_cache is not None
    [file] = remembering.capability_cache.iterdir()
    return file


@pytest.fixture
def again(session: DeviceSession) -> Callable[..., Any]:
    """Asks as a new session would: what this one knows already is forgotten."""

    def ask(**how: bool) -> Any:
        session._capabilities = None
        return session.capabilities(**how)

    return ask


def alter(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_what_is_remembered_is_not_tried_again_until_that_is_wanted(
    remembering: HardwareConfiguration, again: Callable[..., Any]
) -> None:
    tried = again(fresh=True)
    document = json.loads(note(remembering).read_text())
    assert document["version"].startswith("SANE 1.")
    assert "libsane-test.so" in document["version"]
    alter(note(remembering), capabilities={**document["capabilities"], "buttons": ["remembered"]})
    assert again().buttons == ("remembered",)
    assert again(fresh=True) == tried
    assert again() == tried


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "SANE 0.9"},
        {"form": 0},
        {"device": None},
        {"capabilities": {"sources": 7}},
        {"capabilities": None},
    ],
)
def test_notes_of_another_version_and_rubbish_are_passed_over_and_replaced(
    remembering: HardwareConfiguration, again: Callable[..., Any], changes: dict[str, Any]
) -> None:
    tried = again(fresh=True)
    whole = note(remembering).read_text()
    alter(note(remembering), **changes)
    assert again() == tried
    assert note(remembering).read_text() == whole


@pytest.mark.parametrize("text", ["", "{", "[]", "\0"])
def test_a_note_that_cannot_be_read_is_said_and_replaced(
    remembering: HardwareConfiguration, again: Callable[..., Any], text: str
) -> None:
    tried = again(fresh=True)
    note(remembering).write_text(text)
    with capture_logs() as logs:
        assert again() == tried
    assert [entry["event"] for entry in logs] == ["record of a device is unreadable"]
    json.loads(note(remembering).read_text())


def test_another_model_under_the_same_name_is_tried(
    remembering: HardwareConfiguration, again: Callable[..., Any]
) -> None:
    tried = again(fresh=True)
    document = json.loads(note(remembering).read_text())
    other = {**document["capabilities"], "buttons": ["other"]}
    alter(note(remembering), device={**document["device"], "model": "Another"}, capabilities=other)
    assert again() == tried


def test_a_device_whose_driver_has_no_version_is_tried_each_time(tmp_path: Path) -> None:
    configuration = HardwareConfiguration(
        simulated=(SimulatedDevice("bed"),), sane=False, capability_cache=tmp_path / "capabilities"
    )
    with open_session("simulated:bed", configuration) as session:
        assert session.capabilities().sources
    assert not (tmp_path / "capabilities").exists()
