# SPDX-License-Identifier: Apache-2.0
"""Checking requests as S3 does: the signature is computed again (AWS Signature Version 4)."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>[^,]+), ?SignedHeaders=(?P<headers>[^,]+), ?"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)
_MUST_BE_SIGNED = {"host", "x-amz-date", "x-amz-content-sha256"}


def refusal(
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    body: bytes,
    secrets: Mapping[str, tuple[str, ...]],
) -> tuple[int, str] | None:
    """The status and code with which S3 refuses a request, or None.

    Args:
        method: Such as "PUT".
        path: As it was sent, percent-encoded.
        query: Likewise.
        headers: Of the request, by lower-case name.
        body: As it arrived.
        secrets: The secrets that each access key may have.
    """
    match = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    signed = match["headers"].split(";") if match else []
    # every x-amz header must be covered, else it could be changed on the way
    covered = {*_MUST_BE_SIGNED, *(name for name in headers if name.startswith("x-amz-"))}
    if match is None or not set(signed) >= covered:
        return 403, "AccessDenied"
    if match["key"] not in secrets:
        return 403, "InvalidAccessKeyId"
    sent = dt.datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    if abs(dt.datetime.now(dt.UTC) - sent) > dt.timedelta(minutes=15):
        return 403, "RequestTimeTooSkewed"
    canonical = "\n".join(
        [
            method,
            path or "/",
            _canonical_query(query),
            *(f"{name}:{' '.join(headers[name].split())}" for name in signed),
            "",
            match["headers"],
            headers["x-amz-content-sha256"],
        ]
    )
    right = {_signature(secret, match["scope"], headers, canonical) for secret in secrets[match["key"]]}
    if match["signature"] not in right:
        return 403, "SignatureDoesNotMatch"
    told = headers["x-amz-content-sha256"]
    if told != "UNSIGNED-PAYLOAD" and told != hashlib.sha256(body).hexdigest():
        return 400, "XAmzContentSHA256Mismatch"
    return None


def _canonical_query(query: str) -> str:
    pairs = [pair.partition("=")[::2] for pair in query.split("&") if pair]
    encoded = [tuple(quote(unquote(text), safe="-_.~") for text in pair) for pair in pairs]
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))


def _signature(secret: str, scope: str, headers: Mapping[str, str], canonical: str) -> str:
    key = f"AWS4{secret}".encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    text = f"AWS4-HMAC-SHA256\n{headers['x-amz-date']}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.digest(key, text.encode(), "sha256").hex()
