# SPDX-License-Identifier: Apache-2.0
"""Secrets in the keyring: kept there, used where a connection is made, and seen nowhere else."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
import structlog
from keyring.backends import fail, null
from keyring.errors import KeyringLocked

from app.storage_choice import chosen_target
from archive.storage.s3 import S3Target
from tests.memory_keyring import MemoryKeyring, memory_keyring
from workers import redaction, secrets
from workers.celery import broker_addresses
from workers.errors import SecretsUnavailable
from workers.logs import configure_logging
from workers.node import Node
from workers.redaction import redact
from workers.secrets import AccessKey
from workers.settings import Settings, load_settings, settings_file

SECRET = 'wJalr/XUt"nFEMI'  # noqa: S105 (made up, with letters that JSON and addresses write otherwise)


class LockedKeyring(MemoryKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")


@pytest.fixture(autouse=True)
def private_keyring(recto_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    monkeypatch.setattr(redaction, "_known", set())
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with memory_keyring() as memory:
        yield memory


def vault(credentials: str = "keyring") -> Settings:
    return Settings(
        storage={
            "vault": {"url": "s3://bucket/bags", "endpoint": "http://127.0.0.1:9", "credentials": credentials}
        }
    )  # type: ignore[dict-item]


def credentials_used(target: object) -> tuple[str, str]:
    assert isinstance(target, S3Target)
    used = target._client._request_signer._credentials  # type: ignore[attr-defined]
    return used.access_key, used.secret_key


def test_a_target_is_opened_with_its_own_key(recto_home: Path) -> None:
    secrets.keep_access_key("vault", AccessKey("AKIA", SECRET))
    secrets.keep_access_key("other", AccessKey("OTHER", "x" * 8))
    assert credentials_used(Node(vault()).storage_target("vault")) == ("AKIA", SECRET)
    assert credentials_used(chosen_target(vault(), "vault")) == ("AKIA", SECRET)


@pytest.mark.parametrize("case", ["aws is chosen", "nothing is kept", "no keyring"])
def test_the_aws_chain_serves_where_the_keyring_does_not(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "FROM-ENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "environment's")
    if case == "aws is chosen":
        secrets.keep_access_key("vault", AccessKey("AKIA", SECRET))
    if case == "no keyring":
        keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    node = Node(vault("aws" if case == "aws is chosen" else "keyring"))
    assert credentials_used(node.storage_target("vault"))[0] == "FROM-ENVIRONMENT"


def test_a_locked_keyring_is_told_and_no_other_key_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "FROM-ENVIRONMENT")
    keyring.set_keyring(LockedKeyring())
    with pytest.raises(SecretsUnavailable, match="locked") as refused:
        Node(vault()).storage_target("vault")
    assert "Unlock the keyring" in refused.value.remedy


@pytest.mark.parametrize("error", [RuntimeError("org.freedesktop.DBus.Error.NoReply"), OSError("no bus")])
def test_whatever_a_keyring_raises_is_told_in_our_words(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(MemoryKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            raise error

    keyring.set_keyring(Broken())
    with pytest.raises(SecretsUnavailable, match=str(error)) as refused:
        Node(vault()).storage_target("vault")
    assert refused.value.__cause__ is error


def test_a_keyring_that_waits_for_nobody_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    release = threading.Event()

    class Waiting(MemoryKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            release.wait(10)
            return None

    keyring.set_keyring(Waiting())
    monkeypatch.setattr(secrets, "ANSWER_SECONDS", 0.05)
    with pytest.raises(SecretsUnavailable, match="has not answered"):
        secrets.password_of("broker")
    release.set()


def test_a_keyring_that_keeps_nothing_is_found_out() -> None:
    keyring.set_keyring(null.Keyring())
    with pytest.raises(SecretsUnavailable, match="did not keep"):
        secrets.keep_password("broker", "s3cret")


def test_a_keyring_that_anybody_can_read_is_none() -> None:
    class PlaintextKeyring(MemoryKeyring):
        """As keyrings.alt has one."""

    keyring.set_keyring(PlaintextKeyring())
    assert "can be read" in secrets.keyring_state().reason
    with pytest.raises(SecretsUnavailable, match="can be read"):
        secrets.keep_password("broker", "s3cret")


def test_what_keeps_secrets_is_told_and_why_nothing_does() -> None:
    assert secrets.keyring_state().usable
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    state = secrets.keyring_state()
    assert not state.usable
    assert "No service" in state.reason


@pytest.mark.parametrize(
    ("address", "with_it"),
    [
        ("redis://broker:6379/0", "redis://:p%40ss%2F@broker:6379/0"),
        ("amqp://recto@broker/vhost", "amqp://recto:p%40ss%2F@broker/vhost"),
        ("redis://:inline@broker/0", "redis://:inline@broker/0"),
        ("redis+socket:///run/x.sock?virtual_host=0", "redis+socket:///run/x.sock?virtual_host=0"),
    ],
)
def test_the_brokers_password_joins_its_address(address: str, with_it: str) -> None:
    secrets.keep_password("broker", "p@ss/")
    secrets.keep_password("results", "other")
    settings = Settings(
        broker_url=address, result_url="redis://results/1", passwords_in_keyring=("broker", "results")
    )
    assert broker_addresses(settings) == (with_it, "redis://:other@results/1")
    not_kept = Settings(broker_url=address, result_url="redis://results/1")
    assert broker_addresses(not_kept) == (address, "redis://results/1")


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("redis://:p%40ss@broker:6379/0", ("redis://broker:6379/0", "p@ss")),
        ("amqp://recto:pw@broker/v", ("amqp://recto@broker/v", "pw")),
        ("redis://broker/0", ("redis://broker/0", None)),
        ("amqp://recto:p@ss@broker/v", ("amqp://recto@broker/v", "p@ss")),
        ("redis+socket:///run/x.sock?virtual_host=0", ("redis+socket:///run/x.sock?virtual_host=0", None)),
    ],
)
def test_a_password_is_taken_out_of_an_address(address: str, parts: tuple[str, str | None]) -> None:
    assert secrets.without_password(address) == parts


def test_homes_do_not_see_each_others_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets.keep_password("broker", "of this home")
    monkeypatch.setenv("RECTO_HOME", "/another")
    assert secrets.password_of("broker") is None


def test_what_is_forgotten_is_gone_and_may_be_forgotten_again(private_keyring: MemoryKeyring) -> None:
    secrets.keep_access_key("vault", AccessKey("AKIA", SECRET))
    secrets.keep_password("broker", "s3cret")
    for _ in range(2):
        secrets.forget_access_key("vault")
        secrets.forget_password("broker")
    assert private_keyring.kept == {}
    assert secrets.access_key_of("vault") is None


def test_no_secret_is_seen_in_a_representation_or_in_the_settings_file() -> None:
    key = AccessKey("AKIA", SECRET)
    secrets.keep_access_key("vault", key)
    target = Node(vault()).storage_target("vault")
    assert isinstance(target, S3Target)
    for text in (repr(key), str(key), repr(target.options), repr(vault()), target.url):
        assert SECRET not in text
    assert not settings_file().exists()


@pytest.mark.parametrize("form", ["console", "json"])
def test_no_secret_gets_into_a_log(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        configure_logging("info", form)  # type: ignore[arg-type]
        secrets.keep_access_key("vault", AccessKey("AKIA", SECRET))
        log = structlog.get_logger("x")
        log.warning("said", url=f"amqp://recto:pa55@broker/{SECRET}")
        try:
            json.loads(f"{{{SECRET}")
        except ValueError:
            log.exception("failed", text=SECRET)
        logging.getLogger("foreign").warning("connecting to %s", "redis://:pa55@host/0")
    finally:
        root.handlers[:], _ = before[0], root.setLevel(before[1])
        structlog.reset_defaults()
    written = stream.getvalue()
    assert written.count("***") >= 4
    for secret in (SECRET, json.dumps(SECRET)[1:-1], "pa55"):
        assert secret not in written


def test_a_whole_password_is_taken_out_of_a_text() -> None:
    assert redact("amqp://u:p@ss/word@host:1/v") == "amqp://u:***@host:1/v"


def test_ordinary_text_is_left_as_it_is() -> None:
    for text in (
        "s3://bucket/a:b@c",
        "http://host:80/x",
        "The password is asked for",
        "M. Muster <m@example.org>",
    ):
        assert redact(text) == text


BACKEND = """
import json, pathlib
from keyring.backend import KeyringBackend

FILE = pathlib.Path(__file__).with_name("kept.json")

class Keyring(KeyringBackend):
    priority = 1
    def get_password(self, service, username):
        return json.loads(FILE.read_text()).get(service + username) if FILE.exists() else None
    def set_password(self, service, username, password):
        kept = json.loads(FILE.read_text()) if FILE.exists() else {}
        FILE.write_text(json.dumps(kept | {service + username: password}))
"""

WORKER = """
from workers.node import this_node
target = this_node().storage_target("vault")
print(target._client._request_signer._credentials.secret_key)
from workers.celery import app
print(app.conf.broker_url)
"""


def test_another_process_of_the_same_session_reads_what_this_one_kept(
    recto_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "file_keyring.py").write_text(BACKEND)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path(__file__).parents[3])]),
        "PYTHON_KEYRING_BACKEND": "file_keyring.Keyring",
    }
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text(
        'broker_url = "redis://broker/0"\npasswords_in_keyring = ["broker"]\n'
        '[storage.vault]\nurl = "s3://bucket"\ncredentials = "keyring"\n'
    )
    assert load_settings().storage["vault"].credentials == "keyring"
    keep = (
        "from workers.secrets import *\nkeep_access_key('vault', AccessKey('AKIA', 'the secret'))\n"
        "keep_password('broker', 'pw')"
    )
    subprocess.run([sys.executable, "-c", keep], env=environment, check=True)
    answer = subprocess.run(
        [sys.executable, "-c", WORKER], env=environment, check=True, capture_output=True, text=True
    )
    assert answer.stdout.splitlines() == ["the secret", "redis://:pw@broker/0"]
