# SPDX-License-Identifier: Apache-2.0
"""From what HTTP servers answer, and connections suffer, to the named states of fetching."""

from __future__ import annotations

import datetime as dt
import email.utils
import http.client
import ssl
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager

from archive.errors import (
    AnswerUnusable,
    FetchError,
    HostNotTrusted,
    SourceBusy,
    SourceGone,
    SourceRefused,
    SourceUnreachable,
)

_BY_STATUS: dict[int, type[FetchError]] = {
    401: SourceRefused,
    403: SourceRefused,
    404: SourceGone,
    407: SourceRefused,
    408: SourceUnreachable,
    410: SourceGone,
    425: SourceBusy,
    429: SourceBusy,
    503: SourceBusy,
}
LONGEST_WAIT = 24 * 3600.0
"""Seconds that a server may make us wait by Retry-After; more is a mistake, or a refusal."""


@contextmanager
def http_errors(url: str) -> Iterator[None]:
    """Let no error of sockets, TLS or HTTP out of the block.

    Args:
        url: What is asked for, for the message.

    Raises:
        FetchError: The class that names the state.
    """
    try:
        yield
    except urllib.error.HTTPError as error:
        with error:
            raise from_status(url, error.code, error.reason, error.headers.get("Retry-After")) from error
    except urllib.error.URLError as error:
        raise _broken(url, error.reason) from error
    except (OSError, http.client.HTTPException) as error:
        raise _broken(url, error) from error


def from_status(url: str, status: int, reason: str, retry_after: str | None = None) -> FetchError:
    """The state that a status stands for."""
    known = _BY_STATUS.get(status) or (SourceUnreachable if status >= 500 else AnswerUnusable)  # noqa: PLR2004 - HTTP
    said = f"{status} {reason}".strip()
    if known is SourceBusy and (wait := seconds_to_wait(retry_after)):
        return SourceBusy(
            f"{url}: the server answers {said} and asks to wait {wait:.0f} seconds.", not_before_seconds=wait
        )
    return known(f"{url}: the server answers {said}.", status=status)


def seconds_to_wait(retry_after: str | None) -> float:
    """What a Retry-After header asks for, in seconds (RFC 9110 section 10.2.3); 0 where it says nothing."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[:9]), LONGEST_WAIT)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    seconds = (moment.replace(tzinfo=moment.tzinfo or dt.UTC) - dt.datetime.now(dt.UTC)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _broken(url: str, reason: object) -> FetchError:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return HostNotTrusted(
            f"The certificate of {url} is not accepted: {reason.verify_message}.",
            remedy="Name the institution's certificate authority in fetch.ca_file, or have the certificate renewed.",
        )
    if isinstance(reason, TimeoutError):
        return SourceUnreachable(f"{url} did not answer in time.")
    told = str(reason).rstrip(".") or type(reason).__name__
    return SourceUnreachable(f"The connection to {url} broke: {told}.")
