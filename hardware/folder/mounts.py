# SPDX-License-Identifier: Apache-2.0
"""Whether a folder lies on another machine, whose changes this machine's kernel does not hear of."""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
"""What is mounted where, see proc(5)."""

_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|9p|afs|ceph|glusterfs|davfs|ncpfs|virtiofs|vboxsf|prl_fs|fuse\..+|fuseblk"
)
"""File systems whose files others can change unseen; FUSE may be anything, and most often is a network."""

_OCTAL = re.compile(r"\\([0-7]{3})")


def is_network_mount(folder: Path, mounts: Path = MOUNTS) -> bool:
    """Whether a folder lies on such a file system; false where nobody can tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    wanted = folder.resolve()
    nearest, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) > 4 and after:  # noqa: PLR2004  # the fifth field is the mount point
            point = Path(_OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[4]))
            # of two mounts on one point the later hides the earlier
            if wanted.is_relative_to(point) and len(point.parts) >= nearest:
                nearest, kind = len(point.parts), after.split()[0]
    return _NETWORK.fullmatch(kind) is not None
