# SPDX-License-Identifier: Apache-2.0
"""The lines of payload and tag manifests, written strictly and read tolerantly (RFC 8493, section 2.1.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MANIFEST_NAME = re.compile(r"(?P<tag>tag)?manifest-(?P<algorithm>[A-Za-z0-9_-]+)\.txt")
"""manifest-<algorithm>.txt and tagmanifest-<algorithm>.txt at the top of a bag."""

_ESCAPES = {"%0a": "\n", "%0d": "\r", "%25": "%"}
_CONTENT = re.compile(r"[^\r\n]+")
_LINE = re.compile(r"(?P<digest>[0-9A-Fa-f]+)[ \t]+(?P<star>\*?)(?P<path>.+)")


def manifest_name(algorithm: str) -> str:
    """The file name of a payload manifest."""
    return f"manifest-{algorithm}.txt"


def tag_manifest_name(algorithm: str) -> str:
    """The file name of a tag manifest."""
    return f"tagmanifest-{algorithm}.txt"


def encode_path(path: str) -> str:
    """Percent-encode exactly CR, LF and % (RFC 8493, section 2.1.3)."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def decode_path(written: str) -> str:
    """The path that a manifest line means by RFC 8493: %0A, %0D and %25 decoded, nothing else."""
    if "%" not in written:
        return written
    return re.sub(r"%(?:0[AaDd]|25)", lambda match: _ESCAPES[match[0].lower()], written)


def manifest_line(path: str, digest: str) -> bytes:
    """One line of a manifest, in UTF-8: the digest in lower-case hexadecimal, two spaces, the path.

    The form that every reader in use understands: no asterisk, no leading dot.
    """
    return f"{digest}  {encode_path(path)}\n".encode()


def format_manifest(entries: Iterable[tuple[str, str]]) -> bytes:
    """A manifest of (path, lower-case hex digest), sorted by path."""
    return b"".join(manifest_line(path, digest) for path, digest in sorted(entries))


@dataclass(frozen=True, slots=True)
class ManifestLine:
    """One line of a manifest.

    Attributes:
        digest: Lower-case hexadecimal.
        written: The path as it stands there, without a leading asterisk or `./`.
        starred: Whether md5sum's binary marker stood before it.
        dotted: Whether `./` stood before it.
        upper: Whether the digest was written with capitals, which some archives take for another digest.
    """

    digest: str
    written: str
    starred: bool
    dotted: bool
    upper: bool = False

    @property
    def path(self) -> str:
        """The path meant by RFC 8493."""
        return decode_path(self.written)


def manifest_lines(text: str) -> Iterator[ManifestLine | str]:
    """The lines of a manifest in their order, one at a time: entries, and as text those that are none."""
    for found in _CONTENT.finditer(text):
        line = found[0]
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            yield line
            continue
        written, star, path = match.groups()
        bare = path.removeprefix("./")
        digest = written.lower()
        yield ManifestLine(digest, bare, star != "", bare != path, digest != written)


def parse_manifest(text: str) -> tuple[list[ManifestLine], list[str]]:
    """Read a manifest as a whole.

    Returns:
        The entries in their order, and the lines that are no entries.
    """
    entries: list[ManifestLine] = []
    rubbish: list[str] = []
    for line in manifest_lines(text):
        if isinstance(line, str):
            rubbish.append(line)
        else:
            entries.append(line)
    return entries, rubbish
