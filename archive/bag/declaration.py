# SPDX-License-Identifier: Apache-2.0
"""Reading bagit.txt: which version of BagIt a bag follows, and how its tag files are encoded."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from archive.bag.findings import Finding, Rule
from archive.bag.tag_files import BAGIT_TXT

VERSIONS = ("0.93", "0.94", "0.95", "0.96", "0.97", "1.0")
"""The drafts of BagIt in use, and RFC 8493."""

_NO_CHARACTER_SETS = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
)
"""Codecs of Python that are no character sets (docs.python.org, codecs, "Python Specific Encodings").

What they give may be no text, and punycode takes hours over a file that is made for it.
"""

_LINES = (
    re.compile(r"BagIt-Version:[ \t]*(\d+\.\d+)[ \t]*"),
    re.compile(r"Tag-File-Character-Encoding:[ \t]*(\S+)[ \t]*"),
)
_STRICT_LINES = (
    re.compile(r"BagIt-Version: (\d+\.\d+)"),
    re.compile(r"Tag-File-Character-Encoding: (\S+)"),
)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What bagit.txt says.

    Attributes:
        version: Such as "1.0"; what is assumed where bagit.txt cannot be read.
        encoding: A Python codec for the other tag files.
    """

    version: str = "1.0"
    encoding: str = "utf-8"

    @property
    def is_rfc(self) -> bool:
        """Whether RFC 8493 holds, not one of the drafts before it."""
        return self.version == "1.0"

    @property
    def bag_info(self) -> str:
        """The name of the metadata file, which changed with draft 0.96."""
        return "package-info.txt" if self.version in {"0.93", "0.94", "0.95"} else "bag-info.txt"

    def decode(self, content: bytes) -> str:
        """The text of a tag file, without a byte order mark.

        Raises:
            UnicodeError: It is not in the declared encoding, or no text.
        """
        text = content.decode(self.encoding).removeprefix("\ufeff")
        if self.encoding.lower() not in {"utf-8", "utf8"} and not text.isascii():
            # utf-7 can spell half a character, which nothing that we write could hold
            text.encode("utf-8")
        return text


def read_declaration(content: bytes | None) -> tuple[Declaration, list[Finding], list[Finding]]:
    """Read bagit.txt (RFC 8493, section 2.1.1).

    Args:
        content: The file, or None where it is missing.

    Returns:
        What it says, with defaults for what it does not; errors; warnings.
    """
    if content is None:
        return Declaration(), [_finding("There is no bagit.txt.")], []
    if content.startswith(codecs.BOM_UTF8):
        return Declaration(), [_finding("bagit.txt starts with a byte order mark.")], []
    try:
        lines = content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return Declaration(), [_finding("bagit.txt is not UTF-8.")], []
    matches = [pattern.fullmatch(line) for pattern, line in zip(_LINES, lines, strict=False)]
    if len(matches) != len(_LINES) or not all(matches):
        return Declaration(), [_finding("bagit.txt does not have the two lines that RFC 8493 asks for.")], []
    version, encoding = (match[1] for match in matches if match is not None)
    return _declared(version, encoding, lines)


def _declared(
    version: str, encoding: str, lines: list[str]
) -> tuple[Declaration, list[Finding], list[Finding]]:
    errors: list[Finding] = []
    warnings: list[Finding] = []
    if version not in VERSIONS:
        errors.append(_finding(f"BagIt version {version} is not known."))
        version = "1.0"
    if not _is_character_set(encoding):
        errors.append(_finding(f"The tag file encoding {encoding} is not known."))
        encoding = "utf-8"
    strict = len(lines) == len(_STRICT_LINES) and all(
        pattern.fullmatch(line) for pattern, line in zip(_STRICT_LINES, lines, strict=False)
    )
    if not strict:
        loose = _finding("bagit.txt has more than its two lines, or other spaces than RFC 8493 allows.")
        (errors if version == "1.0" else warnings).append(loose)
    return Declaration(version, encoding), errors, warnings


def _is_character_set(encoding: str) -> bool:
    try:
        "".encode(encoding)
        return codecs.lookup(encoding).name.replace("_", "-") not in _NO_CHARACTER_SETS
    except (LookupError, ValueError):
        # ValueError: a NUL in the name, or a codec that is made to fail
        return False


def _finding(message: str) -> Finding:
    return Finding(Rule.BAGIT_TXT, BAGIT_TXT, message)
