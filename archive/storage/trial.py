# SPDX-License-Identifier: Apache-2.0
"""Trying a storage target before anything depends on it, without leaving a file or an object behind."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import StorageUnreachable
from archive.storage.local_directory import LocalDirectoryTarget
from archive.storage.local_file import refusal
from archive.storage.target import StorageTarget

TRIAL_BYTES = 1024
ATTEMPT_SECONDS = 10.0
"""How long a service may be silent in a trial: a person is waiting."""


@dataclass(frozen=True, slots=True)
class StorageTrial:
    """What a trial proved.

    Attributes:
        url: What was tried.
        kind: "directory": a small file was written, read back and removed. "bucket": an upload was
            begun, one part was sent and checked, the upload was abandoned, and a lookup was answered; no
            object was ever made, for a bucket may keep whatever was once stored in it. "other": only asked.
        seconds: How long it took.
        free: Bytes free, None where the storage does not tell.
    """

    url: str
    kind: str
    seconds: float
    free: int | None = None


def try_storage(target: StorageTarget) -> StorageTrial:
    """Prove that a target can be reached and written to.

    Raises:
        StorageError: One of its classes, by state.
    """
    begun = time.monotonic()
    free = None
    if isinstance(target, LocalDirectoryTarget):
        kind, free = "directory", _try_directory(target.directory)
    elif target.url.startswith("s3:"):
        kind = "bucket"
        _try_bucket(target)
    else:
        kind = "other"
        target.first_bytes(f"recto-connection-test-{secrets.token_hex(8)}", 1)
    return StorageTrial(target.url, kind, time.monotonic() - begun, free)


def _try_directory(directory: Path) -> int:
    """Write, read back and remove a file; a directory that was not there is not left behind."""
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    content = secrets.token_bytes(TRIAL_BYTES)
    try:
        with tempfile.TemporaryFile(dir=existing, prefix=".recto-connection-test-") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            if file.read() != content:
                raise StorageUnreachable(
                    f"{directory} gave back other bytes than were written.",
                    consequence="Nothing was stored there.",
                    remedy="Have the disk or the share examined before any bag goes there.",
                )
        return shutil.disk_usage(existing).free
    except OSError as error:
        raise refusal(directory, error) from error


def _try_bucket(target: Any) -> None:
    from archive.storage.s3_client import make_client
    from archive.storage.s3_completion import abort_upload, base64_of, begin_upload, require_same
    from archive.storage.s3_errors import s3_errors

    options = dataclasses.replace(target.options, attempts=1, timeout=ATTEMPT_SECONDS)
    name = f"recto-connection-test-{secrets.token_hex(8)}"
    key = f"{target.prefix}/{name}" if target.prefix else name
    where: Mapping[str, Any] = {"Bucket": target.bucket, "Key": key}
    content = secrets.token_bytes(TRIAL_BYTES)
    digest = hashlib.sha256(content).hexdigest()
    with s3_errors(target.url):
        client = make_client(options)
        upload_id = begin_upload(client, where, {})
        try:
            answer = client.upload_part(
                **where, UploadId=upload_id, PartNumber=1, Body=content, ChecksumSHA256=base64_of(digest)
            )
            require_same(answer, digest, target.url, 1)
        finally:
            abort_upload(client, {"bucket": target.bucket, "key": key, "upload_id": upload_id})
        _look_up(client, where)


def _look_up(client: Any, where: Mapping[str, Any]) -> None:
    """Ask for an object that is not there: whoever may not look is refused instead."""
    from botocore.exceptions import ClientError

    from archive.storage.s3_errors import error_code

    try:
        client.get_object(**where, Range="bytes=0-0")["Body"].close()
    except ClientError as error:
        if error_code(error) != "NoSuchKey":
            raise
