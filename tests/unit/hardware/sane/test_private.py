# SPDX-License-Identifier: Apache-2.0
"""A private configuration names only what one process needs, and waits for no host for minutes."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.sane.private import hosts_for, write_configuration

HOSTS = ("attic", "10.0.0.1", "[::1]")


@pytest.mark.parametrize(
    ("name", "hosts"),
    [
        ("net:attic:epson2:libusb:001:004", ("attic",)),
        ("net:[::1]:test:0", ("[::1]",)),
        ("net:10.0.0.11:test:0", HOSTS),
        ("epson2:libusb:001:004", HOSTS),
    ],
)
def test_only_the_scanners_own_host_is_asked_to_open_it(name: str, hosts: tuple[str, ...]) -> None:
    assert hosts_for(name, HOSTS) == hosts


def test_hosts_are_listed_with_a_limit_of_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANE_CONFIG_DIR", raising=False)
    environment = write_configuration(tmp_path, ["net"], HOSTS)
    assert environment == {"SANE_CONFIG_DIR": f"{tmp_path}:"}
    assert (tmp_path / "dll.conf").read_text() == "net\n"
    assert (tmp_path / "net.conf").read_text() == "connect_timeout = 5\nattic\n10.0.0.1\n[::1]\n"
    assert (tmp_path / "dll.d").is_dir()
