# SPDX-License-Identifier: Apache-2.0
"""Trying a bucket: with the key of the keyring, and without an object or a part left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.errors import AccessRefused, BucketMissing
from archive.storage.open_target import open_target
from archive.storage.trial import try_storage
from tests.integration.storage.conftest import ACCESS_KEY
from tests.memory_keyring import memory_keyring
from workers import connection_trials, secrets
from workers.settings import Settings


@pytest.fixture
def private_keyring(recto_home: Path) -> Iterator[None]:
    with memory_keyring():
        yield


def test_a_trial_leaves_no_object_and_no_upload(strict_s3: Any) -> None:
    trial = try_storage(open_target(f"s3://strict/bags?endpoint={strict_s3.endpoint}"))
    assert trial.kind == "bucket"
    assert strict_s3.objects == {}
    assert strict_s3.uploads == {}


@pytest.mark.parametrize(("secret", "accepted"), [("not-a-secret", True), ("another", False)])
def test_the_key_of_the_keyring_signs(
    strict_s3: Any, private_keyring: None, monkeypatch: pytest.MonkeyPatch, secret: str, *, accepted: bool
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "" if accepted else "not-a-secret")
    secrets.keep_access_key("vault", secrets.AccessKey(ACCESS_KEY, secret))
    target = {"url": "s3://strict", "endpoint": strict_s3.endpoint, "credentials": "keyring"}
    settings = Settings(storage={"vault": target})  # type: ignore[dict-item]
    if accepted:
        assert connection_trials.try_storage(settings, "vault").kind == "bucket"
    else:
        with pytest.raises(AccessRefused):
            connection_trials.try_storage(settings, "vault")


def test_a_bucket_that_is_not_there_is_told(moto_endpoint: str) -> None:
    with pytest.raises(BucketMissing):
        try_storage(open_target(f"s3://no-such-bucket?endpoint={moto_endpoint}"))
