# SPDX-License-Identifier: Apache-2.0
"""Serial numbers of USB scanners come from the kernel."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.sane.usb_serial import usb_serial


@pytest.fixture
def devices(tmp_path: Path) -> Path:
    """What the kernel shows of two scanners alike, a hub without a serial number, and an interface."""
    facts = {"1-1": ("1", "4", "K1\n"), "1-2": ("1", "5", "K2"), "usb1": ("1", "1", None), "1-1:1.0": None}
    for name, known in facts.items():
        (tmp_path / name).mkdir()
        for file, text in zip(("busnum", "devnum", "serial"), known or (), strict=False):
            if text is not None:
                (tmp_path / name / file).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "serial"),
    [
        ("epson2:libusb:001:004", "K1"),
        ("genesys:libusb:001:005", "K2"),
        ("epson2:libusb:001:001", ""),
        ("epson2:libusb:002:004", ""),
        ("net:attic:epson2:libusb:001:004", ""),
        ("test:0", ""),
        ("acme:xlibusb:001:004", ""),
    ],
)
def test_the_place_in_the_name_tells_the_serial_number(devices: Path, name: str, serial: str) -> None:
    assert usb_serial(name, devices) == serial


def test_a_machine_without_usb_knows_none(tmp_path: Path) -> None:
    assert usb_serial("epson2:libusb:001:004", tmp_path / "away") == ""
