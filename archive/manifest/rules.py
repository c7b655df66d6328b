# SPDX-License-Identifier: Apache-2.0
"""What a single value of a manifest may be; each rule returns the value, tidied, or raises `Refused`."""

from __future__ import annotations

import math
import re
from typing import Any
from urllib.parse import urlsplit

from archive.errors import SourceUrlInvalid
from archive.fetching.addresses import is_address, parse_address
from archive.manifest.names import component_reason, legal_text
from archive.manifest.nearest import did_you_mean
from archive.manifest.problems import Code, Refused, shown

LONGEST_TEXT = 10_000
"""Characters a text may have: below the 32,767 that a spreadsheet cell can hold."""

LOWEST_DPI, HIGHEST_DPI = 50, 4800
"""Resolutions that scanners for paper deliver; below lies no legible page, above no optics."""

MOST_PAGES = 100_000
"""Pages an item may have at most; more is a slip of the finger."""

MANY_PAGES = 5_000
"""Pages above which a person should look again: the thickest bound volumes have fewer."""

COLOR_PROFILES = ("sRGB", "AdobeRGB", "eciRGBv2", "gray", "bitonal")
BACKENDS = ("sane", "simulated", "folder")
_COMPUTED_TAGS = ("payload-oxum", "bag-size")


def tidy(value: Any) -> Any:
    """Text without surrounding space and with LF line ends, as XML would hand it on; anything else unchanged."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    return value


def blank_is_none(value: Any) -> Any:
    """None for empty text: an empty cell says nothing."""
    return None if isinstance(value, str) and not value.strip() else value


def required_text(text: str) -> str:
    """Text that is there, of bearable length, legal in XML."""
    if not text:
        raise Refused(Code.REQUIRED, "The value is empty.", "Fill it in.")
    if len(text) > LONGEST_TEXT:
        raise Refused(
            Code.TOO_LONG,
            f"The text {shown(text, 30)} has {len(text)} characters where {LONGEST_TEXT} are allowed.",
            "Shorten it, or put the long text into a file of its own.",
        )
    return legal_text(text)


def one_line(text: str) -> str:
    """Text without line ends or other control characters."""
    if any(not c.isprintable() and c.isspace() and c != "\u00a0" and ord(c) < 0x2000 for c in text):  # noqa: PLR2004
        raise Refused(
            Code.ILLEGAL_CHARACTER,
            f"{shown(text)} holds a line end or a tab.",
            "Write the value on one line.",
        )
    return text


def legal_resolution(value: Any) -> Any:
    """A resolution that a scanner can have."""
    if isinstance(value, int) and not isinstance(value, bool) and not LOWEST_DPI <= value <= HIGHEST_DPI:
        raise Refused(
            Code.RESOLUTION_RANGE,
            f"No scanner delivers {value} dots per inch.",
            f"Write a whole number from {LOWEST_DPI} to {HIGHEST_DPI}, such as 300 or 400.",
        )
    return value


def legal_color_profile(value: Any) -> Any:
    """A colour profile by its name, however it is cased or spaced."""
    if not isinstance(value, str):
        return value
    plain = re.sub(r"[\s_()-]+", "", value).casefold()
    for known in COLOR_PROFILES:
        if plain == known.casefold():
            return known
    other = {
        "grey": "gray",
        "grayscale": "gray",
        "greyscale": "gray",
        "adobergb1998": "AdobeRGB",
        "1bit": "bitonal",
    }
    remedy = f"Write {other[plain]}." if plain in other else did_you_mean(value, COLOR_PROFILES)
    raise Refused(Code.UNKNOWN_COLOR_PROFILE, f"{shown(value)} is not a colour profile Recto knows.", remedy)


def legal_scanner_id(text: str) -> str:
    """A device id: a back end, a colon, and the back end's own name for the device."""
    backend, colon, name = text.partition(":")
    if colon and backend in BACKENDS and name:
        return text
    raise Refused(
        Code.SCANNER_ID_FORM,
        f"{shown(text)} is not a device id.",
        "Write an id as `recto devices` lists it, such as sane:test:0 or simulated:flatbed.",
    )


def legal_pages(value: Any) -> Any:
    """A number of pages that an item can have."""
    if isinstance(value, int) and not isinstance(value, bool) and not 1 <= value <= MOST_PAGES:
        raise Refused(
            Code.PAGES_RANGE,
            f"An item cannot have {value} pages.",
            f"Write the number of pages to capture, from 1 to {MOST_PAGES}.",
        )
    return value


def legal_settings(settings: Any) -> Any:
    """Scanner settings with usable names and values; whole floating-point numbers become integers."""
    if not isinstance(settings, dict):
        return settings
    return {legal_setting_name(name): legal_setting(name, value) for name, value in settings.items()}


def legal_setting_name(name: Any) -> Any:
    """A SANE option name of some kind: text on one line, without space."""
    if isinstance(name, str) and (not name or re.search(r"[\s\x00-\x20\x7f\ud800-\udfff]", name)):
        raise Refused(
            Code.SETTING_VALUE,
            f"{shown(name)} cannot be the name of a scanner setting.",
            "Write an option name as `recto options DEVICE` lists it.",
        )
    return name


def legal_setting(name: Any, value: Any) -> Any:
    """A setting's value, within what SANE can carry: 32-bit words and text (SANE 1.06 section 4.2)."""
    if isinstance(value, str):
        return legal_text(tidy(value))
    if isinstance(value, float) and not math.isfinite(value):
        raise Refused(Code.SETTING_VALUE, f"{value} is no value for the setting {name}.", "Write a number.")
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not -(2**31) <= value < 2**31:
            raise Refused(
                Code.SETTING_VALUE,
                f"{value} is beyond what the setting {name} can hold.",
                "Write a number that the scanner can take.",
            )
        return int(value) if value == int(value) else value
    return value


def legal_tags(tags: Any) -> Any:
    """Tags with names that bag tag files can carry; blank values say nothing and are left out."""
    if not isinstance(tags, dict):
        return tags
    legal: dict[Any, Any] = {}
    for name, value in tags.items():
        key = legal_tag_name(tidy(name))
        if key in legal:
            raise Refused(Code.TAG_NAME, f"The tag {shown(key)} is there twice.", "Keep one of them.")
        if blank_is_none(value) is not None:
            legal[key] = value
    return legal


def legal_tag_name(name: Any) -> Any:
    """A label of a bag's tag file (RFC 8493 section 2.2.2: no colon, no line end, no space around it)."""
    if not isinstance(name, str):
        return name
    if not name or ":" in name or not name.isprintable():
        raise Refused(
            Code.TAG_NAME,
            f"{shown(name)} cannot be the name of a tag.",
            "Write a name without colon and line end, such as Access or Storage-Option.",
        )
    if name.casefold() in _COMPUTED_TAGS:
        raise Refused(Code.TAG_NAME, f"Recto computes the tag {name} itself.", "Leave this tag out.")
    return name


def legal_storage(text: str) -> str:
    """A storage target's name or URL, without secrets in it."""
    if re.search(r"[\s\x00-\x20|]", text):
        raise Refused(
            Code.STORAGE_FORM,
            f"{shown(text)} is neither the name of a storage target nor a URL.",
            "Write a name from the settings, or a URL such as s3://bucket/prefix.",
        )
    try:
        address = urlsplit(text)
    except ValueError:
        address = None
    if address is None:
        raise Refused(
            Code.STORAGE_FORM, f"{shown(text)} is not a URL.", "Write a URL such as s3://bucket/prefix."
        )
    if "@" in address.netloc or re.search(
        r"(?:secret|password|token|signature|credential)[^=&]*=", text.casefold()
    ):
        raise Refused(
            Code.STORAGE_SECRET,
            "A storage URL in this manifest carries a user name or a secret.",
            "Take it out of the manifest; keep credentials in the environment or the keyring.",
        )
    return text


def legal_source(text: str) -> str:
    """A file below the manifest's folder, or the address of one on a server."""
    return legal_address(text) if is_address(text) else legal_relative_path(text)


def legal_address(text: str) -> str:
    """An address that a file can be fetched from, without secrets in it."""
    try:
        parse_address(text)
    except SourceUrlInvalid as error:
        if error.facts.get("secret"):
            raise Refused(
                Code.ADDRESS_SECRET,
                "An address in this manifest carries a password, a token or a signature.",
                "Take it out of the manifest; keep passwords in the keyring.",
            ) from error
        if error.facts.get("declared"):
            raise Refused(
                Code.ADDRESS_FORM,
                f"What stands behind the # of {shown(text)} is neither a digest nor a size.",
                "Write #sha256= or #md5= with the digest, and &size= with the number of bytes, or leave it out.",
            ) from error
        raise Refused(
            Code.ADDRESS_FORM,
            f"{shown(text)} is no address that a file can be fetched from.",
            "Write an address such as https://host/0001.tif, s3://bucket/0001.tif or sftp://user@host/0001.tif, "
            "with %20 in place of a space.",
        ) from error
    return text


def legal_relative_path(text: str) -> str:
    """A path below the manifest's folder, written with '/', each part a possible payload name."""
    if text.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:|[a-z]+://", text):
        raise Refused(
            Code.PATH_LEAVES_FOLDER,
            f"{shown(text)} is an absolute path.",
            "Put the files below the manifest's folder and write the path from there.",
        )
    if "\\" in text:
        raise Refused(
            Code.PATH_FORM,
            f"{shown(text)} is written with backslashes.",
            f"Write {text.replace(chr(92), '/')!r}.",
        )
    parts = text.split("/")
    if ".." in parts:
        raise Refused(
            Code.PATH_LEAVES_FOLDER,
            f"{shown(text)} leaves the manifest's folder.",
            "Put the files below the manifest's folder and write the path without '..'.",
        )
    for part in parts:
        if reason := component_reason(part):
            raise Refused(
                Code.PATH_FORM,
                f"The path {shown(text)} {reason}.",
                "Rename the file, and write the new name here.",
            )
    return text
