# SPDX-License-Identifier: Apache-2.0
"""From an address to the storage target behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from archive.errors import StorageUrlInvalid
from archive.storage.bandwidth import parse_rate
from archive.storage.local_directory import LocalDirectoryTarget
from archive.storage.target import StorageTarget, checked_key

_S3_OPTIONS = frozenset({"endpoint", "region", "addressing", "ca", "proxy", "parts-at-once", "bandwidth"})

_ACCESS_KEY, _SECRET_KEY = "access-key", "secret-key"
"""Among the options that were given, and never in an address."""

_MOST_AT_ONCE = 64

Opener = Callable[[str, Mapping[str, str]], StorageTarget]
"""Opens the target of an address, with the options that were given beside it."""


def open_target(
    url: str,
    *,
    endpoint: str | None = None,
    region: str | None = None,
    addressing: str | None = None,
    ca: str | None = None,
    bandwidth: str | None = None,
    access_key: str | None = None,
    secret_key: str | None = None,
) -> StorageTarget:
    """The storage target of an address: a path, `file:///directory`, or `s3://bucket/prefix`.

    The options of S3 may also stand in the address, as in
    `s3://bucket/prefix?endpoint=https://minio.example.org&addressing=path`; only there stand
    `proxy=http://host:port` and `parts-at-once=4`. Credentials never do:
    they are given, or come from the environment and the AWS credential chain.

    Args:
        url: The address.
        endpoint: Address of an S3 service other than Amazon's.
        region: Its region.
        addressing: "path" or "virtual"; path is the default with an endpoint of its own.
        ca: A file with the certificates to trust.
        bandwidth: Bytes a second for all uploads together, as "10M"; no limit where None.
        access_key: The public half of the key, as the service knows it; both halves or none.
        secret_key: The secret half.

    Raises:
        StorageUrlInvalid: The address cannot be understood.
        AccessRefused: No usable credential configuration (S3).
    """
    if "://" not in url:
        if not url.strip():
            raise StorageUrlInvalid("The address of the storage target is empty.")
        return LocalDirectoryTarget(Path(url).expanduser())
    scheme = url.split("://", maxsplit=1)[0].lower()
    if scheme not in _OPENERS:
        known = ", ".join(f"{name}://" for name in sorted(_OPENERS))
        raise StorageUrlInvalid(
            f"{url!r}: no storage is known for {scheme}://, only paths and {known}.", url=url
        )
    given = {
        "endpoint": endpoint,
        "region": region,
        "addressing": addressing,
        "ca": ca,
        "bandwidth": bandwidth,
        _ACCESS_KEY: access_key,
        _SECRET_KEY: secret_key,
    }
    return _OPENERS[scheme](url, {name: value for name, value in given.items() if value})


def sends_parts(url: str) -> bool:
    """Whether the storage behind an address proves an upload part by part, and so wants digests of the parts."""
    return "://" in url and not url.lower().startswith("file://")


def require_understood(url: str) -> None:
    """Refuse an address of S3 that cannot be understood or carries a credential; nothing is opened.

    Raises:
        StorageUrlInvalid: It does.
    """
    if url.lower().startswith("s3://"):
        _understood(url)


def register_scheme(scheme: str, opener: Opener) -> None:
    """Let addresses of a scheme mean a kind of storage of one's own.

    Args:
        scheme: As it stands before "://", in small letters.
        opener: Opens such a target.
    """
    _OPENERS[scheme] = opener


def _open_directory(url: str, _: Mapping[str, str]) -> StorageTarget:
    parts = _split(url)
    if parts.netloc not in {"", "localhost"} or not parts.path or parts.query or parts.fragment:
        raise StorageUrlInvalid(f"{url!r} does not name a directory of this machine.", url=url)
    return LocalDirectoryTarget(Path(unquote(parts.path)))


def _open_bucket(url: str, given: Mapping[str, str]) -> StorageTarget:
    from archive.storage.s3 import S3Options, S3Target  # boto3 takes a third of a second to import

    parts, told = _understood(url)
    options = {**told, **given}
    prefix = unquote(parts.path).strip("/")
    chosen = S3Options(
        endpoint=options.get("endpoint"),
        region=options.get("region"),
        addressing=options.get("addressing"),
        ca=options.get("ca"),
        proxy=options.get("proxy"),
        parts_at_once=_parts_at_once(options.get("parts-at-once")),
        bytes_per_second=parse_rate(options["bandwidth"]) if "bandwidth" in options else 0,
        access_key=given.get(_ACCESS_KEY),
        secret_key=given.get(_SECRET_KEY),
    )
    return S3Target(parts.netloc, checked_key(prefix) if prefix else "", chosen)


def _understood(url: str) -> tuple[SplitResult, dict[str, str]]:
    """The parts of an S3 address, and its options."""
    parts = _split(url)
    options = _query_options(parts)
    if not parts.netloc or "@" in parts.netloc or "@" in _split(options.get("endpoint", "")).netloc:
        raise StorageUrlInvalid(
            "An S3 address is s3://bucket/prefix; credentials come from the environment, never from the address."
        )
    return parts, options


_OPENERS: dict[str, Opener] = {"file": _open_directory, "s3": _open_bucket}
"""The kinds of storage by the scheme of their addresses."""


def _parts_at_once(text: str | None) -> int:
    if text is None:
        return 4
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_AT_ONCE:
        raise StorageUrlInvalid(f"parts-at-once is a number from 1 to {_MOST_AT_ONCE}, not {text!r}.")
    return int(text)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise StorageUrlInvalid(f"{url!r} is no address: {error}.", url=url) from error


def _query_options(parts: SplitResult) -> dict[str, str]:
    options = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    unknown = sorted(set(options) - _S3_OPTIONS)
    if unknown or parts.fragment:
        raise StorageUrlInvalid(
            f"The S3 address has unknown options: {', '.join(unknown) or parts.fragment}.",
            remedy=f"Known options are {', '.join(sorted(_S3_OPTIONS))}.",
        )
    return options
