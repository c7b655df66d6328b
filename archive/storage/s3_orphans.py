# SPDX-License-Identifier: Apache-2.0
"""Uploads that somebody began and nobody will finish: their parts cost money and are seen in no listing."""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from archive.storage.s3_completion import abort_upload
from archive.storage.target import Orphan

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def find_orphans(
    client: S3Client, bucket: str, prefix: str, older_than: dt.timedelta, spare: Collection[str]
) -> list[Orphan]:
    """The unfinished uploads below a prefix that were begun long ago.

    Ages are told by the storage's own clock where it tells the time, so that a wrong clock here aborts
    nothing that is still going on.

    Args:
        client: The S3 client.
        bucket: The bucket.
        prefix: What their keys start with, "" for all of the bucket.
        older_than: How long ago.
        spare: Ids of uploads that somebody still counts on.

    Raises:
        ClientError, BotoCoreError: For the caller to translate.
    """
    below = f"{prefix}/" if prefix else ""
    pages = client.get_paginator("list_multipart_uploads")
    return [
        Orphan(
            f"s3://{bucket}/{upload['Key']}",
            upload["UploadId"],
            upload["Initiated"].astimezone(dt.UTC).isoformat(timespec="seconds"),
        )
        for page in pages.paginate(Bucket=bucket, Prefix=below)
        for upload in page.get("Uploads", [])
        # not every S3 service keeps to the prefix asked for, or tells when an upload was begun
        if upload["Key"].startswith(below)
        and "Initiated" in upload
        and upload["Initiated"] < storage_time(page) - older_than
        and upload["UploadId"] not in spare
    ]


def abort_orphans(client: S3Client, bucket: str, orphans: Iterable[Orphan]) -> None:
    """Abort uploads; one that has ended meanwhile is no error.

    Raises:
        ClientError, BotoCoreError: For the caller to translate.
    """
    for orphan in orphans:
        key = orphan.url.removeprefix(f"s3://{bucket}/")
        abort_upload(client, {"bucket": bucket, "key": key, "upload_id": orphan.upload_id})


def storage_time(answer: Any) -> dt.datetime:
    """The time by the storage's own clock, as an answer tells it; ours where it does not."""
    told = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        now = email.utils.parsedate_to_datetime(told)
    except ValueError:
        return dt.datetime.now(dt.UTC)
    return now if now.tzinfo else now.replace(tzinfo=dt.UTC)
