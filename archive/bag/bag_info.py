# SPDX-License-Identifier: Apache-2.0
"""What a tar says of itself in bag-info.txt, found without reading its payload."""

from __future__ import annotations

import tarfile
from pathlib import Path

from archive.bag.readers import TAR_ERRORS
from archive.bag.tag_files import BAG_INFO, first_values, parse_tags

_LARGEST = 1 << 20
"""Bytes of a bag-info.txt that are read; one is a few lines long."""


def bag_info_of(tar: Path) -> dict[str, str]:
    """The tags of a tar's bag-info.txt, the first value of each; none where there is no such file to read."""
    try:
        with tarfile.open(tar, "r:") as archive:
            for member in archive:
                top, _, path = member.name.partition("/")
                if top and path == BAG_INFO and member.isreg() and member.size <= _LARGEST:
                    file = archive.extractfile(member)
                    text = file.read() if file else b""
                    return first_values(parse_tags(text.decode(errors="replace"))[0])
    except (OSError, *TAR_ERRORS):
        # what is wrong with the tar is the validator's to say
        return {}
    return {}
