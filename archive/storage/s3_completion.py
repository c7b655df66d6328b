# SPDX-License-Identifier: Apache-2.0
"""The beginning and the end of an S3 multipart upload, the same for files and for streams."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import botocore.exceptions

from archive.errors import DamagedInTransit, StoredBytesDiffer
from archive.storage.parts import composite_sha256, is_composite_sha256
from archive.storage.s3_errors import error_code, error_status
from archive.storage.target import Proof, StoredCopy

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

NOT_IMPLEMENTED = 501
"""What a store without conditional writes answers to a condition."""

KEY_IS_FREE: Mapping[str, Any] = {"IfNoneMatch": "*"}
"""The condition under which objects are made: nothing stored is overwritten."""

_GONE = frozenset({"NoSuchUpload", "NoSuchBucket", "NoSuchKey"})


def base64_of(digest: str) -> str:
    """A hexadecimal digest in the form that S3 takes."""
    return base64.b64encode(bytes.fromhex(digest)).decode()


def begin_upload(client: S3Client, where: Mapping[str, Any], facts: Mapping[str, str]) -> str:
    """Begin an upload whose parts carry SHA-256.

    Returns:
        Its id.
    """
    answer = client.create_multipart_upload(
        **where, ChecksumAlgorithm="SHA256", ContentType="application/x-tar", Metadata=dict(facts)
    )
    return answer["UploadId"]


def held_parts(client: S3Client, where: Mapping[str, Any], upload_id: str) -> dict[int, Any] | None:
    """The parts that the storage holds by number, or None where it does not know the upload."""
    pages = client.get_paginator("list_parts")
    try:
        return {
            part["PartNumber"]: part
            for page in pages.paginate(**where, UploadId=upload_id)
            for part in page.get("Parts", [])
        }
    except botocore.exceptions.ClientError as error:
        if error_code(error) == "NoSuchUpload":
            return None
        raise


def is_part(held: Mapping[str, Any], size: int, sha256: str, remembered_etag: str | None) -> bool:
    """Whether a held part is the one meant: by the digest the storage tells, else by the tag we were given."""
    if held["Size"] != size:
        return False
    if "ChecksumSHA256" in held:
        return bool(held["ChecksumSHA256"] == base64_of(sha256))
    return bool(held["ETag"] == remembered_etag)


def require_same(answer: Mapping[str, Any], sha256: str, url: str, number: int) -> None:
    """Hold what the storage says of a part against what was sent.

    Raises:
        DamagedInTransit: It has other bytes.
    """
    expected = base64_of(sha256)
    if answer.get("ChecksumSHA256", expected) != expected:
        raise DamagedInTransit(
            f"The storage has other bytes of part {number} of {url} than were sent.", part=number
        )


def complete_upload(
    client: S3Client,
    where: Mapping[str, Any],
    upload_id: str,
    parts: Sequence[tuple[str, str]],
    condition: Mapping[str, Any] = KEY_IS_FREE,
) -> Mapping[str, Any]:
    """Make the object of its parts, unless the key is taken.

    Args:
        client: The S3 client.
        where: Bucket and key.
        upload_id: The upload.
        parts: Tag and SHA-256 (hexadecimal) of each part, in order.
        condition: What must hold of the key.
    """
    listed: list[CompletedPartTypeDef] = [
        {"PartNumber": number, "ETag": etag, "ChecksumSHA256": base64_of(sha256)}
        for number, (etag, sha256) in enumerate(parts, start=1)
    ]
    request: dict[str, Any] = {**where, "UploadId": upload_id, "MultipartUpload": {"Parts": listed}}
    try:
        return client.complete_multipart_upload(**request, **condition)
    except botocore.exceptions.ClientError as error:
        if error_status(error) != NOT_IMPLEMENTED:
            raise
        return client.complete_multipart_upload(**request)


def compare_completed(
    client: S3Client,
    where: Mapping[str, Any],
    answer: Mapping[str, Any],
    copy: StoredCopy,
    part_sha256: Sequence[str],
) -> StoredCopy:
    """Hold what the storage says of the finished object against what was sent.

    Raises:
        StoredBytesDiffer: It made something else of it.
    """
    head: Any = client.head_object(**where, ChecksumMode="ENABLED")
    told = answer.get("ChecksumSHA256") or head.get("ChecksumSHA256") or ""
    equal = is_composite_sha256(told, part_sha256)
    if head["ContentLength"] != copy.size or (told and not equal):
        raise StoredBytesDiffer(
            f"The storage made something else of {copy.url} than was sent.",
            url=copy.url,
            size=head["ContentLength"],
            expected=composite_sha256(part_sha256),
            found=told,
        )
    proof = Proof.COMPOSITE_SHA256 if told else Proof.SIZE_ONLY
    return dataclasses.replace(copy, etag=head.get("ETag", "").strip('"'), proof=proof)


def abort_upload(client: S3Client, state: Mapping[str, Any]) -> None:
    """Remove the parts of a remembered upload; one that is gone already is no error."""
    if not all(state.get(name) for name in ("bucket", "key", "upload_id")):
        return
    try:
        client.abort_multipart_upload(Bucket=state["bucket"], Key=state["key"], UploadId=state["upload_id"])
    except botocore.exceptions.ClientError as error:
        if error_code(error) not in _GONE:
            raise
