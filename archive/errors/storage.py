# SPDX-License-Identifier: Apache-2.0
"""The states in which storage targets refuse, or hold other bytes than ours."""

from __future__ import annotations

from archive.errors.base import ArchiveError, Retry


class StorageError(ArchiveError):
    """A storage target refuses or cannot be reached."""

    code = "storage.error"


class StorageUrlInvalid(StorageError):
    """The address of a storage target, or a key in it, cannot be understood."""

    code = "storage.url_invalid"
    retry = Retry.NEVER
    default_consequence = "Nothing was uploaded."
    default_remedy = "Give a folder, file:///folder, or s3://bucket/prefix?endpoint=https://host."


class StorageUnreachable(StorageError):
    """The storage does not answer, or answers that it cannot serve now."""

    code = "storage.unreachable"
    retry = Retry.AUTO
    default_consequence = "The upload waits; parts that arrived are remembered and not sent again."
    default_remedy = (
        "Nothing needs doing if the network comes back; otherwise check the endpoint and the network."
    )


class AccessRefused(StorageError):
    """The storage does not accept the credentials, or they lack a right."""

    code = "storage.access_refused"
    retry = Retry.NEVER
    default_consequence = "Nothing was stored; trying again with the same credentials cannot help."
    default_remedy = "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_PROFILE, and that they may read, write and list there."


class CredentialsMissing(AccessRefused):
    """No credentials were found in the environment or the AWS credential chain."""

    code = "storage.credentials_missing"
    default_remedy = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile in AWS_PROFILE."


class SessionExpired(AccessRefused):
    """The credentials were good and their time is over."""

    code = "storage.session_expired"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The upload waits; parts that arrived are remembered and not sent again."
    default_remedy = (
        "Get new session credentials (AWS_SESSION_TOKEN, or log in with `aws sso login`), then resume."
    )


class BucketMissing(StorageError):
    """There is no such bucket."""

    code = "storage.bucket_missing"
    retry = Retry.NEVER
    default_consequence = "Nothing was stored."
    default_remedy = "Check the spelling of the bucket, its region and the endpoint; Recto makes no buckets."


class ClockSkewed(StorageError):
    """This machine's clock and the storage's are too far apart for a signed request."""

    code = "storage.clock_skewed"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "Nothing was stored."
    default_remedy = "Set this machine's clock (timedatectl set-ntp true), then resume."


class DamagedInTransit(StorageError):
    """The storage received other bytes than were sent, noticed it and kept nothing."""

    code = "storage.damaged_in_transit"
    retry = Retry.AUTO
    default_consequence = "The damaged part was not stored; it is sent again."
    default_remedy = "If it happens often, have the network card, cable or proxy checked."


class StorageRefused(StorageError):
    """The storage refuses the request for a reason of its own, told in the message."""

    code = "storage.refused"
    retry = Retry.NEVER
    default_consequence = "Nothing was stored."


class StorageFull(StorageError):
    """There is not enough room, or no leave to write, at the storage target."""

    code = "storage.full"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "Nothing was stored, and nothing half-written is left behind."
    default_remedy = "Make room or allow writing there, then resume."


class ObjectExists(StorageError):
    """Another object stands under this key, and nothing stored is ever overwritten."""

    code = "storage.object_exists"
    retry = Retry.NEVER
    default_consequence = "The stored object was left as it is; this bag was not stored."
    default_remedy = "Find out which of the two is right; store this one under another name or prefix."


class StoredBytesDiffer(StorageError):
    """What the storage holds is not what was sent."""

    code = "storage.bytes_differ"
    retry = Retry.AFTER_OPERATOR
    default_consequence = (
        "This copy proves nothing and must not be counted; the bag here is still the good one."
    )
    default_remedy = "Keep the local bag, have the storage checked, remove the bad copy and upload again."


class StoredObjectMissing(StorageError):
    """The storage does not hold the object that was sent."""

    code = "storage.object_missing"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "This copy does not exist; the bag here is still the good one."
    default_remedy = "Upload the bag again and find out who removed it."


class StoredObjectChanged(StorageError):
    """Another object has taken the place of the one that is being read."""

    code = "storage.object_changed"
    retry = Retry.NEVER
    default_consequence = (
        "What was read of the old one counts for nothing; nothing was made from a mixture of both."
    )
    default_remedy = "Nothing need be done: the new object is found and read by itself."


class UploadSourceChanged(StorageError):
    """The file to upload is not the one whose digests were recorded."""

    code = "storage.source_changed"
    retry = Retry.NEVER
    default_consequence = "The upload was abandoned; no object was made from the changed bytes."
    default_remedy = "Verify the bag with `recto bag verify`; make it again from its pages if it is damaged."


class UploadUnrecorded(StorageError):
    """How far an upload came cannot be written down here."""

    code = "storage.upload_unrecorded"
    retry = Retry.AFTER_OPERATOR
    default_consequence = (
        "The upload was stopped, since a crash would have sent everything again; parts that arrived stay."
    )
    default_remedy = "Make room, or allow writing, in the state directory, then resume."
