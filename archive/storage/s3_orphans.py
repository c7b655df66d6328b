# SPDX-License-Identifier: Apache-2.0
"""Uploads that somebody began and nobody will finish: their parts cost money and are seen in no listing."""

from __future__ import annotations

import datetime as dt
import email.utils
from typing import TYPE_CHECKING, Any

from archive.storage.s3_parts import abort_upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def abort_orphans(client: S3Client, bucket: str, prefix: str, older_than: dt.timedelta) -> int:
    """Abort the unfinished uploads below a prefix that were begun long ago.

    Ages are told by the storage's own clock where it tells the time, so that a wrong clock here aborts
    nothing that is still going on.

    Returns:
        How many were aborted.

    Raises:
        ClientError, BotoCoreError: For the caller to translate.
    """
    below = f"{prefix}/" if prefix else ""
    pages = client.get_paginator("list_multipart_uploads")
    orphans: list[dict[str, Any]] = []
    for page in pages.paginate(Bucket=bucket, Prefix=below):
        latest = _now(page) - older_than
        orphans += [
            {"bucket": bucket, "key": upload["Key"], "upload_id": upload["UploadId"]}
            for upload in page.get("Uploads", [])
            # not every S3 service keeps to the prefix asked for
            if upload["Initiated"] < latest and upload["Key"].startswith(below)
        ]
    for orphan in orphans:
        abort_upload(client, orphan)
    return len(orphans)


def _now(answer: Any) -> dt.datetime:
    told = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        now = email.utils.parsedate_to_datetime(told)
    except ValueError:
        return dt.datetime.now(dt.UTC)
    return now if now.tzinfo else now.replace(tzinfo=dt.UTC)
