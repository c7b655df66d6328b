# SPDX-License-Identifier: Apache-2.0
"""The whole way to an S3 server on loopback, and what happens when it refuses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.e2e.conftest import Home, small_batch
from tests.integration.storage.conftest import ACCESS_KEY, StrictS3, strict_s3

pytestmark = [pytest.mark.tesseract, pytest.mark.usefixtures("tesseract")]


__all__ = ["strict_s3"]

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "opensesame",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@pytest.fixture
def s3_address() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_address: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return boto3.client("s3", endpoint_url=s3_address)


@pytest.fixture
def vault(home: Home, s3_address: str, request: pytest.FixtureRequest) -> str:
    """The name of a bucket of the test's own, as the storage target of its home."""
    name = "vault-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:8]
    home.configure(
        f"\n[bag]\npart_bytes = 5242880\n"
        f'[storage.vault]\nurl = "s3://{name}/bags"\nendpoint = "{s3_address}"\n'
    )
    home.environment |= CREDENTIALS
    return name


def test_a_batch_goes_to_s3_in_parts_and_its_bytes_are_proved(
    home: Home, s3: Any, vault: str, s3_address: str
) -> None:
    s3.create_bucket(Bucket=vault)
    manifest = home.manifest("cloud.yaml", small_batch("cloud", pages=3, dpi=300))
    document = home.json("batch", "submit", manifest, "--wait")
    [item] = document["items"]
    [copy] = item["copies"]
    assert copy["url"] == f"s3://{vault}/bags/Test-Library.cloud_item.tar?endpoint={s3_address}"
    assert copy["proof"].startswith("whole-digest-read-back")
    stored = s3.get_object(Bucket=vault, Key="bags/Test-Library.cloud_item.tar")
    content = stored["Body"].read()
    assert len(content) > 2 * 5242880
    assert stored["Metadata"]["bag-sha256"] == hashlib.sha256(content).hexdigest()
    assert s3.list_multipart_uploads(Bucket=vault).get("Uploads", []) == []


def test_wrong_keys_end_with_their_exit_code_and_only_the_upload_is_done_again(
    home: Home, strict_s3: StrictS3
) -> None:
    home.configure(f'\n[storage.vault]\nurl = "s3://strict/bags"\nendpoint = "{strict_s3.endpoint}"\n')
    home.environment |= {**CREDENTIALS, "AWS_ACCESS_KEY_ID": "SOMEBODYELSE"}
    manifest = home.manifest("refused.yaml", small_batch("refused", pages=1))
    document = home.json("batch", "submit", manifest, "--wait", expect=4)
    [item] = document["items"]
    assert item["stages"]["bag"] == "done"
    assert item["stages"]["upload"] == "failed"
    assert item["copies"] == []
    [problem] = item["problems"]
    assert problem["code"] == "storage.access_refused"
    assert "What to do" not in problem["remedy"]
    assert problem["consequence"]
    assert "opensesame" not in json.dumps(document)
    assert strict_s3.objects == {}
    # the operator mends the keys
    home.environment["AWS_ACCESS_KEY_ID"] = ACCESS_KEY
    document = home.json("batch", "retry", "refused", "--stage", "upload")
    assert document["state"] == "done"
    [copy] = document["items"][0]["copies"]
    assert copy["proof"].startswith("whole-digest-read-back")
    assert len(strict_s3.objects) == 1
