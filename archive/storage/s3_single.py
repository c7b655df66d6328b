# SPDX-License-Identifier: Apache-2.0
"""An S3 object stored in one request, on the condition that its key is free."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.exceptions

from archive.progress_meter import ProgressMeter
from archive.storage.s3_body import PartBody
from archive.storage.s3_completion import KEY_IS_FREE, NOT_IMPLEMENTED, base64_of
from archive.storage.s3_errors import error_status
from archive.storage.target import Proof, StoredCopy

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CONTENT_TYPES = {".tar": "application/x-tar", ".json": "application/json", ".txt": "text/plain"}


def content_type(key: str) -> str:
    """What a browser is told that an object is, by the ending of its key."""
    return _CONTENT_TYPES.get(Path(key).suffix, "application/octet-stream")


def put_object(
    client: S3Client,
    where: Mapping[str, Any],
    body: PartBody,
    copy: StoredCopy,
    facts: Mapping[str, str],
    meter: ProgressMeter,
    condition: Mapping[str, Any] = KEY_IS_FREE,
) -> StoredCopy:
    """Store a body with its SHA-256, which the storage checks.

    Args:
        client: The S3 client.
        where: Bucket and key; the key was found free a moment ago.
        body: The bytes.
        copy: Their size and digest.
        facts: The object's metadata.
        meter: Told when it is stored.
        condition: What must hold of the key.

    Returns:
        The copy with what the storage's answer proves.

    Raises:
        ClientError, BotoCoreError: For the caller to translate; status 412 when the key was taken meanwhile.
    """
    meter.start()
    checksum = base64_of(copy.sha256)
    request: dict[str, Any] = {
        **where,
        "Body": body,
        "ChecksumSHA256": checksum,
        "ContentType": content_type(copy.key),
        "Metadata": dict(facts),
    }
    try:
        answer = client.put_object(**request, **condition)
    except botocore.exceptions.ClientError as error:
        if error_status(error) != NOT_IMPLEMENTED:
            raise
        # a store without conditional writes
        body.seek(0)
        answer = client.put_object(**request)
    meter.advance(copy.size)
    meter.finish()
    proof = Proof.STORE_SHA256 if answer.get("ChecksumSHA256") == checksum else Proof.SIZE_ONLY
    return dataclasses.replace(copy, etag=answer.get("ETag", "").strip('"'), proof=proof)
