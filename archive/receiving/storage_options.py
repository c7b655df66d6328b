# SPDX-License-Identifier: Apache-2.0
"""Which storage option an arriving bag asks for: how many copies there will be, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive.bag.tag_files import BAG_INFO

OPTION_TAGS = (("aptrust-info.txt", "Storage-Option"), (BAG_INFO, "APTrust-Storage-Option"))
"""Where a bag may name its option, the first that has a value counts; profiles other than APTrust's have no file for it."""


def asked_option(tags: Mapping[str, Sequence[Sequence[str]]]) -> str:
    """The storage option that a bag names; "" where it leaves that to the archive.

    Args:
        tags: Labels and values by tag file; labels are compared without case (RFC 8493, section 2.2.2).
    """
    for file, label in OPTION_TAGS:
        for told, value in tags.get(file, ()):
            if told.lower() == label.lower() and value.strip():
                return value.strip()
    return ""
