# SPDX-License-Identifier: Apache-2.0
"""Addresses of files on servers, as a manifest holds them: what is declared of a file stands in the fragment.

`https://host/vol-1/0001.tif#sha256=<64 digits>&size=<bytes>`: the fragment never goes to a server
(RFC 3986 section 3.5), and has room in every format of manifest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from archive.errors import SourceUrlInvalid

SCHEMES = ("https", "http", "s3", "sftp")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SECRET_IN_QUERY = re.compile(
    r"(?:secret|passw(?:or)?d|token|signature|credential|api[_-]?key|authorization)[^=&]*=", re.IGNORECASE
)
_DIGITS = {"sha256": re.compile(r"[0-9a-f]{64}"), "md5": re.compile(r"[0-9a-f]{32}")}
_LARGEST = 1 << 62
_KEPT_IN_PATHS = "/~!$&'()*+,=:@"
"""What need not be written as %XX in a path (RFC 3986 section 3.3), but for `;`, which parts lists in a cell."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What is said of a file before it is fetched.

    Attributes:
        sha256: Lower-case hexadecimal, "" where nothing is said.
        md5: Likewise.
        size: Bytes, None where nothing is said.
    """

    sha256: str = ""
    md5: str = ""
    size: int | None = None

    @property
    def fragment(self) -> str:
        """As it stands behind the `#` of an address; "" where nothing is said."""
        said = {"sha256": self.sha256, "md5": self.md5, "size": "" if self.size is None else str(self.size)}
        return "&".join(f"{name}={value}" for name, value in said.items() if value)

    def beside(self, other: Declared) -> Declared:
        """What is said here and, where nothing is, what the other says."""
        size = other.size if self.size is None else self.size
        return Declared(self.sha256 or other.sha256, self.md5 or other.md5, size)


@dataclass(frozen=True, slots=True)
class SourceAddress:
    """The address of a file or a folder on a server, without any secret.

    Attributes:
        scheme: One of `SCHEMES`.
        host: Name of the host, or of the bucket.
        port: None for the scheme's own.
        user: Who asks; "" where nobody is named.
        path: As it stands in the address, with its %XX.
        query: As it stands in the address.
        declared: What is said of the file.
    """

    scheme: str
    host: str
    port: int | None = None
    user: str = ""
    path: str = ""
    query: str = ""
    declared: Declared = Declared()

    @property
    def url(self) -> str:
        """The address without what is declared of the file: as it may be asked for, shown and recorded."""
        query = f"?{self.query}" if self.query else ""
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        return f"{self.scheme}://{user}{self.place}{self.path}{query}"

    @property
    def place(self) -> str:
        """Host and port as they stand in an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int | None]:
        """What two addresses of the same server share."""
        return self.scheme, self.host, self.port or {"https": 443, "http": 80, "sftp": 22}.get(self.scheme)

    @property
    def whole(self) -> str:
        """The address with what is declared of the file: as it stands in a manifest."""
        return f"{self.url}#{self.declared.fragment}" if self.declared.fragment else self.url

    @property
    def plain_path(self) -> str:
        """The path without %XX, as file systems and buckets know it."""
        return unquote(self.path)

    @property
    def suffix(self) -> str:
        """What the file's name ends in, in small letters; "" where it has no such ending."""
        name = self.plain_path.rpartition("/")[2]
        return f".{name.rpartition('.')[2].lower()}" if "." in name.strip(".") else ""

    def below(self, name: str, declared: Declared | None = None) -> SourceAddress:
        """The address of what lies below this folder.

        Args:
            name: Relative path without %XX.
            declared: What is said of it.
        """
        path = f"{self.path.rstrip('/')}/{quote(name, safe=_KEPT_IN_PATHS)}"
        return replace(self, path=path, query="", declared=declared or Declared())

    def as_folder(self) -> SourceAddress:
        """The same address with a `/` at its end."""
        return self if self.path.endswith("/") else replace(self, path=f"{self.path}/")


def is_address(text: str) -> bool:
    """Whether a text has the form of an address, whatever its scheme."""
    return _ADDRESS.match(text) is not None


def parse_address(text: str, *, from_server: bool = False) -> SourceAddress:
    """The source that a text names.

    Args:
        text: The address.
        from_server: Whether a server gave it, which may sign addresses; its fragment then says nothing.

    Raises:
        SourceUrlInvalid: It is no address of a file on a server, or has a secret in it (`facts["secret"]`).
    """
    # a secret is looked for first, and never repeated
    if from_server:
        text = text.partition("#")[0]
    elif _has_secret(text):
        raise SourceUrlInvalid(
            "An address of a source carries a password, a token or a signature.",
            remedy="Take it out; keep passwords in the keyring, and keys where AWS's own tools find them.",
            secret=True,
        )
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"} for c in text) or "\\" in text:
        raise _no_address(text, "it holds a space, a control character or a backslash")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise _no_address(text, str(error)) from error
    scheme = parts.scheme.lower()
    if scheme not in SCHEMES:
        raise _no_address(text, f"files are fetched from {', '.join(SCHEMES)}, not from {scheme}")
    if not parts.hostname:
        raise _no_address(text, "it names no host")
    if reason := _path_problem(parts):
        raise _no_address(text, reason)
    host = parts.hostname
    if scheme == "s3":
        # names of buckets keep their case
        host = parts.netloc.rpartition("@")[2]
        if parts.query or "@" in parts.netloc:
            raise _no_address(text, "a bucket's endpoint and user stand in the settings")
    return SourceAddress(
        scheme, host, port, unquote(parts.username or ""), parts.path, parts.query, _declared(text, parts)
    )


def _has_secret(text: str) -> bool:
    authority = text.partition("://")[2].partition("/")[0]
    user, at, _ = authority.rpartition("@")
    return bool((at and ":" in user) or _SECRET_IN_QUERY.search(text.partition("?")[2].partition("#")[0]))


def _path_problem(parts: SplitResult) -> str:
    path = unquote(parts.path)
    if ".." in path.split("/"):
        return "its path has '..' in it"
    if any(unicodedata.category(c) == "Cc" for c in path):
        return "its path holds a control character"
    return ""


def _declared(text: str, parts: SplitResult) -> Declared:
    facts: Mapping[str, str] = dict(parse_qsl(parts.fragment, keep_blank_values=True))
    unknown = sorted(set(facts) - {*_DIGITS, "size"})
    if unknown or (parts.fragment and not facts):
        raise _no_address(text, "behind the # stand sha256=, md5= or size= only", declared=True)
    found = {name: facts.get(name, "").lower() for name in _DIGITS}
    for name, digits in _DIGITS.items():
        if name in facts and not digits.fullmatch(found[name]):
            raise _no_address(text, f"its {name} is no {name}", declared=True)
    size = facts.get("size")
    if size is not None and (not size.isascii() or not size.isdecimal() or int(size) > _LARGEST):
        raise _no_address(text, "its size is no number of bytes", declared=True)
    return Declared(found["sha256"], found["md5"], None if size is None else int(size))


def _no_address(text: str, reason: str, *, declared: bool = False) -> SourceUrlInvalid:
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:200])
    return SourceUrlInvalid(f"{shown} cannot be fetched: {reason}.", reason=reason, declared=declared)
