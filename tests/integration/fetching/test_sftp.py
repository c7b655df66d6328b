# SPDX-License-Identifier: Apache-2.0
"""Fetching over SFTP from a real SSH server: only from a known host, continued where it broke off."""

from __future__ import annotations

import hashlib
import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import HostNotTrusted, SftpMissing, SourceGone, SourceRefused, SourceUnreachable
from archive.fetching.access import Access
from archive.fetching.addresses import parse_address
from archive.fetching.download import download
from archive.fetching.listing import list_server
from archive.fetching.servers import Servers
from tests.integration.fetching.ssh import PASSWORD, Ssh

CONTENT = random.Random(5).randbytes(3 << 20)  # noqa: S311 - contents, no secret
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def volume(ssh: Ssh, tmp_path: Path) -> str:
    """A folder of this test's own on the server; its name."""
    folder = ssh.root / tmp_path.name / "vol 1"
    folder.mkdir(parents=True)
    (folder / "0001.tif").write_bytes(CONTENT)
    return f"{tmp_path.name}/vol%201"


def test_a_file_comes_over_a_connection_to_a_known_host(
    ssh: Ssh, ssh_access: Access, volume: str, tmp_path: Path
) -> None:
    address = parse_address(f"{ssh.url}/{volume}/0001.tif#sha256={DIGEST}")
    with Servers(ssh_access) as servers:
        fetched = download(servers, address, tmp_path / "0001.tif")
    assert (tmp_path / "0001.tif").read_bytes() == CONTENT
    assert (fetched.sha256, fetched.url) == (DIGEST, f"{ssh.url}/{volume}/0001.tif")


def test_known_hosts_tells_which_host_is_the_right_one(
    ssh: Ssh, ssh_access: Access, volume: str, tmp_path: Path
) -> None:
    known = tmp_path / "known_hosts"
    known.write_text(f"[127.0.0.1]:{ssh.port} {ssh.host_key.get_name()} {ssh.host_key.get_base64()}\n")
    with Servers(replace(ssh_access, fingerprints={}, known_hosts=known)) as servers:
        download(servers, parse_address(f"{ssh.url}/{volume}/0001.tif"), tmp_path / "0001.tif")
    assert (tmp_path / "0001.tif").stat().st_size == len(CONTENT)


def test_an_unknown_host_gets_no_password(ssh: Ssh, ssh_access: Access, volume: str, tmp_path: Path) -> None:
    access = replace(ssh_access, fingerprints={}, ssh_key=None, password_of=lambda _: PASSWORD)
    with Servers(access) as servers, pytest.raises(HostNotTrusted, match="SHA256:") as told:
        download(servers, parse_address(f"{ssh.url}/{volume}/0001.tif"), tmp_path / "0001.tif")
    assert told.value.facts["fingerprint"].startswith("SHA256:")
    assert not ssh.passwords


def test_a_host_with_another_key_gets_no_password(
    ssh: Ssh, ssh_access: Access, volume: str, tmp_path: Path
) -> None:
    known = tmp_path / "known_hosts"
    known.write_text(f"[127.0.0.1]:{ssh.port} {ssh.client_key.get_name()} {ssh.client_key.get_base64()}\n")
    for changed in (
        {"fingerprints": {}, "known_hosts": known},
        {"fingerprints": {"127.0.0.1": "SHA256:" + "A" * 43}},
    ):
        access = replace(ssh_access, password_of=lambda _: PASSWORD, ssh_key=None, **changed)  # type: ignore[arg-type]
        with Servers(access) as servers, pytest.raises(HostNotTrusted):
            download(servers, parse_address(f"{ssh.url}/{volume}/0001.tif"), tmp_path / "0001.tif")
    assert not ssh.passwords


def test_a_kept_password_opens_and_a_wrong_one_is_told_without_repeating_it(
    ssh: Ssh, ssh_access: Access, volume: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    address = parse_address(f"{ssh.url}/{volume}/0001.tif")
    with Servers(replace(ssh_access, ssh_key=None, password_of=lambda _: PASSWORD)) as servers:
        assert download(servers, address, tmp_path / "0001.tif").sha256 == DIGEST
    wrong = replace(ssh_access, ssh_key=None, password_of=lambda _: "wrong-password")
    with Servers(wrong) as servers, pytest.raises(SourceRefused) as told:
        download(servers, address, tmp_path / "0002.tif")
    assert "wrong-password" not in str(told.value.to_json())


def test_a_broken_connection_is_continued_from_there(
    ssh: Ssh, ssh_access: Access, volume: str, tmp_path: Path
) -> None:
    address = parse_address(f"{ssh.url}/{volume}/0001.tif")
    ssh.break_after = 2 << 20
    with Servers(ssh_access) as servers:
        with pytest.raises(SourceUnreachable):
            download(servers, address, tmp_path / "0001.tif")
        arrived = (tmp_path / ".0001.tif.fetching").stat().st_size
        ssh.reads.clear()
        fetched = download(servers, address, tmp_path / "0001.tif")
    assert fetched.resumed_at == arrived > 0
    assert fetched.sha256 == DIGEST
    assert min(ssh.reads) >= arrived


def test_a_file_that_is_not_there_is_told(ssh: Ssh, ssh_access: Access, volume: str, tmp_path: Path) -> None:
    with Servers(ssh_access) as servers, pytest.raises(SourceGone):
        download(servers, parse_address(f"{ssh.url}/{volume}/0009.tif"), tmp_path / "0009.tif")


def test_a_folder_is_listed_with_sizes_and_digests_and_its_links_left_out(
    ssh: Ssh, ssh_access: Access, volume: str, tmp_path: Path
) -> None:
    folder = ssh.root / tmp_path.name / "vol 1"
    (folder / "0010.tif").write_bytes(b"10")
    (folder / "0002.tif").write_bytes(b"two")
    (folder / "letter.pdf").write_bytes(b"%PDF")
    (folder / "0003.tif").symlink_to("/etc/passwd")
    (folder / "manifest-sha256.txt").write_text(f"{DIGEST}  0001.tif\n")
    with Servers(ssh_access) as servers:
        found = list_server(servers, parse_address(f"{ssh.url}/{tmp_path.name}"))
    (item,) = found.items
    base = f"{ssh.url}/{volume}"
    assert item.name == "vol 1"
    assert item.pages == (
        f"{base}/0001.tif#sha256={DIGEST}&size={len(CONTENT)}",
        f"{base}/0002.tif#size=3",
        f"{base}/0010.tif#size=2",
    )
    assert item.others == (f"{base}/letter.pdf#size=4",)
    assert [(finding.name, finding.severity) for finding in found.findings] == [("vol 1/0003.tif", "note")]


def test_a_server_that_is_not_there_is_worth_another_attempt(ssh_access: Access, tmp_path: Path) -> None:
    with Servers(ssh_access) as servers, pytest.raises(SourceUnreachable):
        download(servers, parse_address("sftp://anna@127.0.0.1:9/a.tif"), tmp_path / "a.tif")


@pytest.mark.parametrize("content", [None, "no key at all", "locked"])
def test_a_private_key_that_cannot_be_used_is_told_before_the_host_is_asked(
    ssh: Ssh, ssh_access: Access, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "own-key"
    if content == "locked":
        ssh.client_key.write_private_key_file(str(file), password="opensesame")  # noqa: S106 - of this test
    elif content is not None:
        file.write_text(content)
    with Servers(replace(ssh_access, ssh_key=file)) as servers, pytest.raises(SourceRefused) as told:
        download(servers, parse_address(f"{ssh.url}/a.tif"), tmp_path / "a.tif")
    assert str(file) in told.value.message
    assert "ssh_key" in told.value.remedy


def test_without_paramiko_the_way_to_install_it_is_told(
    ssh: Ssh, ssh_access: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "paramiko", None)
    with Servers(ssh_access) as servers, pytest.raises(SftpMissing, match="paramiko") as told:
        download(servers, parse_address(f"{ssh.url}/a.tif"), tmp_path / "a.tif")
    assert "recto[sftp]" in told.value.remedy
