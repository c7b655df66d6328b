# SPDX-License-Identifier: Apache-2.0
"""How the settings let this station reach servers: hosts, keys of SSH hosts, buckets, and passwords from the keyring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked
from pydantic import ValidationError

from archive.fetching.addresses import parse_address
from tests.memory_keyring import MemoryKeyring, memory_keyring
from workers import redaction
from workers.errors import SecretsUnavailable
from workers.fetch_access import access_of, keep_server_password
from workers.fetch_settings import FetchSettings
from workers.redaction import redact
from workers.secrets import AccessKey, keep_access_key
from workers.settings import Settings
from workers.storage_settings import StorageTargetSettings

FINGERPRINT = "SHA256:" + "aB3+/" * 8 + "xyz"
ANNA = parse_address("sftp://anna@host:2222/in")


@pytest.fixture(autouse=True)
def keyring(recto_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    monkeypatch.setattr(redaction, "_known", set())
    with memory_keyring() as memory:
        yield memory


@pytest.mark.parametrize("between", [" ", "=", "  "])
def test_a_fingerprint_stands_behind_its_host(between: str) -> None:
    settings = FetchSettings(fingerprints=(f"host:2222{between}{FINGERPRINT}",))
    assert access_of(Settings(fetch=settings)).fingerprints == {"host:2222": FINGERPRINT}


@pytest.mark.parametrize(
    "wrong",
    [
        {"fingerprints": ("host MD5:aa:bb",)},
        {"fingerprints": (FINGERPRINT,)},
        {"fingerprints": ("host SHA256:short",)},
        {"ssh_key": Path("id_ed25519")},
        {"known_hosts": Path("hosts")},
        {"timeout_seconds": 0},
        {"largest_file_bytes": 0},
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FetchSettings(**wrong)  # type: ignore[arg-type]


def test_a_bucket_is_reached_as_the_storage_target_in_it_and_no_bags_go_there() -> None:
    storage = {
        "vault": StorageTargetSettings(url="s3://vault/bags"),
        "delivery": StorageTargetSettings(
            url="s3://delivery/in", endpoint="https://s3.example.org", region="eu", credentials="keyring"
        ),
    }
    settings = Settings(storage=storage, fetch=FetchSettings(source_targets=("delivery",)))
    assert list(settings.storage_targets()) == ["vault"]
    keep_access_key("delivery", AccessKey("KEY", "opensesame"))
    bucket_of = access_of(settings).bucket_of
    assert bucket_of(parse_address("s3://delivery/other/a.tif")) == {
        "endpoint": "https://s3.example.org",
        "region": "eu",
        "access_key": "KEY",
        "secret_key": "opensesame",
    }
    assert bucket_of(parse_address("s3://elsewhere/a.tif")) == {}


def test_a_kept_password_is_for_one_user_of_one_host_and_is_taken_out_of_logs() -> None:
    keep_server_password(ANNA, "opensesame/7")
    password_of = access_of(Settings()).password_of
    assert password_of(parse_address("sftp://anna@host:2222/other/a.tif")) == "opensesame/7"
    for other in (
        "sftp://berta@host:2222/a",
        "sftp://anna@host/a",
        "sftp://host:2222/a",
        "https://anna@host:2222/a",
    ):
        assert password_of(parse_address(other)) is None
    assert redact("it is opensesame/7") == "it is ***"


def test_the_keyring_is_asked_once_for_each_user_and_host(
    keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(self: MemoryKeyring, service: str, username: str) -> str | None:
        asked.append(username)
        return None

    monkeypatch.setattr(MemoryKeyring, "get_password", ask)
    password_of = access_of(Settings()).password_of
    assert [password_of(ANNA), password_of(ANNA)] == [None, None]
    assert asked == ["fetch:sftp://anna@host:2222"]


def test_a_locked_keyring_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(self: MemoryKeyring, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")

    monkeypatch.setattr(MemoryKeyring, "get_password", locked)
    with pytest.raises(SecretsUnavailable):
        access_of(Settings()).password_of(ANNA)
