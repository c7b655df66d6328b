# SPDX-License-Identifier: Apache-2.0
"""Servers on loopback to fetch from: one of each kind in a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.fetching.access import Access
from archive.fetching.host_keys import fingerprint_of
from tests.integration.fetching.ssh import Ssh, serve_ssh
from tests.integration.fetching.web import Web, serve_web


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is reached directly, whatever this machine is set to."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server that holds nothing yet."""
    with serve_web() as server:
        yield server


@pytest.fixture(scope="session")
def ssh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ssh]:
    """An SSH server over an empty folder."""
    with serve_ssh(tmp_path_factory.mktemp("sftp")) as server:
        yield server


@pytest.fixture
def ssh(ssh_server: Ssh) -> Ssh:
    """The SSH server, its records empty; tests use folders of their own in it."""
    ssh_server.reads.clear()
    ssh_server.passwords.clear()
    ssh_server.break_after = None
    return ssh_server


@pytest.fixture
def key_file(ssh: Ssh, tmp_path: Path) -> Path:
    """The private key that the SSH server knows."""
    file = tmp_path / "key"
    ssh.client_key.write_private_key_file(str(file))
    return file


@pytest.fixture
def ssh_access(ssh: Ssh, key_file: Path, tmp_path: Path) -> Access:
    """Access to the SSH server by key file and fingerprint."""
    return Access(
        fingerprints={f"127.0.0.1:{ssh.port}": fingerprint_of(ssh.host_key)},
        ssh_key=key_file,
        known_hosts=tmp_path / "none",
        timeout=10,
    )
