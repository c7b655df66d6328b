# SPDX-License-Identifier: Apache-2.0
"""From what boto3 and S3 services raise to the named states of storage errors."""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3.exceptions
import botocore.exceptions

from archive.errors import (
    AccessRefused,
    BucketMissing,
    ClockSkewed,
    CredentialsMissing,
    DamagedInTransit,
    SessionExpired,
    StorageError,
    StorageFull,
    StorageRefused,
    StorageUnreachable,
    StorageUrlInvalid,
    StoredObjectMissing,
)

_BY_CODE: dict[str, type[StorageError]] = {
    # Amazon S3 API reference, "Error responses", and the codes MinIO and Ceph add
    "AccessDenied": AccessRefused,
    "AccountProblem": AccessRefused,
    "AllAccessDisabled": AccessRefused,
    "ExpiredToken": SessionExpired,
    "Forbidden": AccessRefused,
    "InvalidAccessKeyId": AccessRefused,
    "InvalidToken": AccessRefused,
    "NotSignedUp": AccessRefused,
    "SignatureDoesNotMatch": AccessRefused,
    "TokenRefreshRequired": SessionExpired,
    "UnauthorizedAccess": AccessRefused,
    "NoSuchBucket": BucketMissing,
    "NoSuchKey": StoredObjectMissing,
    "RequestTimeTooSkewed": ClockSkewed,
    "BadDigest": DamagedInTransit,
    "IncompleteBody": DamagedInTransit,
    "InvalidDigest": DamagedInTransit,
    "InvalidPart": DamagedInTransit,
    "XAmzContentChecksumMismatch": DamagedInTransit,
    "XAmzContentSHA256Mismatch": DamagedInTransit,
    "ConditionalRequestConflict": StorageUnreachable,
    "InternalError": StorageUnreachable,
    # the storage gave up an unfinished upload: the next attempt begins it anew
    "NoSuchUpload": StorageUnreachable,
    "OperationAborted": StorageUnreachable,
    "RequestTimeout": StorageUnreachable,
    "ServiceUnavailable": StorageUnreachable,
    "SlowDown": StorageUnreachable,
    "QuotaExceeded": StorageFull,
    "XMinioAdminBucketQuotaExceeded": StorageFull,
    "XMinioStorageFull": StorageFull,
}

_BY_STATUS: dict[int, type[StorageError]] = {
    401: AccessRefused,
    403: AccessRefused,
    404: StoredObjectMissing,
    408: StorageUnreachable,
    429: StorageUnreachable,
    507: StorageFull,
}

_NO_CREDENTIALS = (
    botocore.exceptions.NoCredentialsError,
    botocore.exceptions.PartialCredentialsError,
    botocore.exceptions.CredentialRetrievalError,
    botocore.exceptions.TokenRetrievalError,
    botocore.exceptions.SSOError,
    botocore.exceptions.ProfileNotFound,
    botocore.exceptions.ConfigParseError,
    botocore.exceptions.ConfigNotFound,
)

_BROKEN_CONNECTION = (
    botocore.exceptions.ConnectionError,
    botocore.exceptions.HTTPClientError,
    botocore.exceptions.IncompleteReadError,
    botocore.exceptions.ReadTimeoutError,
)

_WRONG_ADDRESS = (
    botocore.exceptions.ParamValidationError,
    botocore.exceptions.EndpointProviderError,
    botocore.exceptions.NoRegionError,
    botocore.exceptions.InvalidRegionError,
)


def error_code(error: botocore.exceptions.ClientError) -> str:
    """The service's own code, such as "NoSuchUpload"."""
    return str(error.response.get("Error", {}).get("Code", ""))


def error_status(error: botocore.exceptions.ClientError) -> int:
    """The HTTP status of the answer, 0 where there was none."""
    metadata: Any = error.response.get("ResponseMetadata", {})
    return int(metadata.get("HTTPStatusCode", 0))


@contextmanager
def s3_errors(url: str) -> Iterator[None]:
    """Let no boto exception out of the block.

    Args:
        url: What is being worked on, for the message.

    Raises:
        StorageError: The class that names the state.
    """
    try:
        yield
    except botocore.exceptions.ClientError as error:
        raise _from_answer(url, error) from error
    except _NO_CREDENTIALS as error:
        raise CredentialsMissing(f"No usable credentials for {url}: {error}.") from error
    except botocore.exceptions.SSLError as error:
        raise StorageUnreachable(
            f"The certificate or TLS connection of {url} was not accepted: {error}.",
            remedy="Name the institution's certificate authority with ca=FILE, or have the certificate renewed.",
        ) from error
    except _BROKEN_CONNECTION as error:
        raise StorageUnreachable(f"{url} cannot be reached: {error}") from error
    except botocore.exceptions.FlexibleChecksumError as error:
        raise DamagedInTransit(f"{url}: {error}") from error
    except _WRONG_ADDRESS as error:
        raise StorageUrlInvalid(f"{url} is not an address S3 can use: {error}") from error
    except (botocore.exceptions.BotoCoreError, boto3.exceptions.Boto3Error) as error:
        raise StorageRefused(f"{url}: {error}") from error


def _from_answer(url: str, error: botocore.exceptions.ClientError) -> StorageError:
    code, status = error_code(error), error_status(error)
    known = _BY_CODE.get(code) or _BY_STATUS.get(status)
    if known is None:
        known = StorageUnreachable if status >= 500 or status == 0 else StorageRefused  # noqa: PLR2004 - HTTP
    told = error.response.get("Error", {}).get("Message") or "no reason given"
    facts: dict[str, Any] = {"code": code, "status": status}
    if known is ClockSkewed and (off := _seconds_off(error)) is not None:
        facts["seconds_off"] = off
        told += f" (this machine's clock is {abs(off)} seconds {'ahead' if off > 0 else 'behind'})"
    return known(f"{url}: the storage answered {code or status}: {told}", **facts)


def _seconds_off(error: botocore.exceptions.ClientError) -> int | None:
    """Seconds by which this machine's clock is ahead of the storage's, as far as its answer tells the time."""
    metadata: Any = error.response.get("ResponseMetadata", {})
    told = {name.lower(): value for name, value in metadata.get("HTTPHeaders", {}).items()}.get("date", "")
    try:
        theirs = email.utils.parsedate_to_datetime(told)
    except ValueError:
        return None
    return round((_our_time() - theirs).total_seconds()) if theirs.tzinfo else None


def _our_time() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
