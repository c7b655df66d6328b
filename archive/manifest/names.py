# SPDX-License-Identifier: Apache-2.0
"""Which names may stand for a bag, a folder or a file on every system that the bag may pass through.

Sources: BagIt (RFC 8493) section 5.2 on interoperable names, the APTrust depositing guide on file names
(1 to 255 characters, no leading hyphen, no control characters), and the Windows naming rules, because
storage roots are often shares and bags are often unpacked on a desk.
"""

from __future__ import annotations

import re
import unicodedata

from archive.manifest.problems import Code, Refused, shown

LONGEST_ID = 200
"""Bytes of UTF-8 an id may have: file systems allow 255 a name, and page numbers and suffixes are added."""

LONGEST_NAME = 255
"""Bytes of UTF-8 a file name may have on common file systems (POSIX NAME_MAX on Linux)."""

_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_WINDOWS_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_SEPARATORS_AND_WILDCARDS = '/\\:*?"<>|'


def legal_text(text: str) -> str:
    """Text that may stand in XML, or `Refused` (XML 1.0 section 2.2, production Char)."""
    if found := _NOT_IN_XML.search(text):
        raise Refused(
            Code.ILLEGAL_CHARACTER,
            f"{shown(text)} holds the character U+{ord(found[0]):04X}, which METS and PREMIS cannot carry.",
            "Delete the invisible character; typing the text anew is the surest way.",
        )
    return text


def legal_id(name: str) -> str:
    """An id that may name a bag, a folder and files, or `Refused` with every reason."""
    reasons = [*_character_reasons(name), *_shape_reasons(name)]
    length = len(name.encode("utf-8", "surrogatepass"))
    if length > LONGEST_ID:
        reasons.append(f"is {length} bytes long where {LONGEST_ID} are allowed")
    if reasons:
        raise Refused(
            Code.NAME_ILLEGAL,
            f"The id {shown(name)} cannot name a bag and its files: it {'; it '.join(reasons)}.",
            "Use letters, digits, '.', '-' and '_', beginning with a letter or digit.",
        )
    return name


def same_name_key(name: str) -> str:
    """What two names share when a file system that folds case or normalises could take them for one.

    Canonical caseless matching, Unicode chapter 3.13, definition D145.
    """
    return unicodedata.normalize(
        "NFD", unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold()).casefold()
    )


def is_nfc(name: str) -> bool:
    """Whether a name is in Unicode normal form C, which most systems write."""
    return unicodedata.is_normalized("NFC", name)


def component_reason(component: str) -> str | None:
    """Why one part of a path cannot be the name of a payload file, or None."""
    if _CONTROL.search(component):
        return "holds a control character"
    if "|" in component:
        return "holds '|', which separates paths in a cell"
    if component.startswith("-"):
        return "has a part that begins with '-'"
    if len(component.encode("utf-8", "surrogatepass")) > LONGEST_NAME:
        return f"has a part of more than {LONGEST_NAME} bytes"
    return None


def _character_reasons(name: str) -> list[str]:
    reasons = []
    if _CONTROL.search(name):
        reasons.append("holds a control character")
    if found := sorted(set(name) & set(_SEPARATORS_AND_WILDCARDS)):
        reasons.append(f"holds {' '.join(found)}")
    invisible = {c for c in name if c != " " and unicodedata.category(c) in ("Zs", "Cf")}
    if invisible:
        reasons.append(
            f"holds the invisible character {', '.join(f'U+{ord(c):04X}' for c in sorted(invisible))}"
        )
    return reasons


def _shape_reasons(name: str) -> list[str]:
    reasons = []
    if name.startswith("-"):
        reasons.append("begins with '-', which programs take for an option")
    if name.startswith("."):
        reasons.append("begins with '.', which hides it")
    if name.endswith((".", " ")) and name.strip("."):
        reasons.append("ends with a dot or a space, which Windows drops")
    if _WINDOWS_DEVICE.fullmatch(name):
        reasons.append("is a device name on Windows")
    return reasons
