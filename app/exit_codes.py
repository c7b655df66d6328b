# SPDX-License-Identifier: Apache-2.0
"""The exit codes that scripts rely on, and which error has which."""

from __future__ import annotations

from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    INVALID = 1
    WRONG_USAGE = 2
    HARDWARE = 3
    STORAGE_OR_NETWORK = 4
    HELD = 5
    INTERRUPTED = 130


_BY_FAMILY = {
    "usage": ExitCode.WRONG_USAGE,
    "desktop": ExitCode.WRONG_USAGE,
    "interrupted": ExitCode.INTERRUPTED,
    "settings": ExitCode.WRONG_USAGE,
    "manifest": ExitCode.INVALID,
    "pipeline": ExitCode.INVALID,
    "bag": ExitCode.INVALID,
    "imaging": ExitCode.INVALID,
    "scanner": ExitCode.HARDWARE,
    "storage": ExitCode.STORAGE_OR_NETWORK,
    "staging": ExitCode.STORAGE_OR_NETWORK,
    "fetch": ExitCode.STORAGE_OR_NETWORK,
    "broker": ExitCode.STORAGE_OR_NETWORK,
    "registry": ExitCode.STORAGE_OR_NETWORK,
    "node": ExitCode.STORAGE_OR_NETWORK,
    "notification": ExitCode.STORAGE_OR_NETWORK,
    "backup": ExitCode.INVALID,
    "deposit": ExitCode.WRONG_USAGE,
    "filesystem": ExitCode.STORAGE_OR_NETWORK,
    "disk": ExitCode.STORAGE_OR_NETWORK,
}
_BY_CODE = {
    "fetch.url_invalid": ExitCode.WRONG_USAGE,
    "fetch.differs": ExitCode.INVALID,
    "imaging.quality_profile_unknown": ExitCode.WRONG_USAGE,
    "imaging.quality_profile_invalid": ExitCode.WRONG_USAGE,
    "bag.profile_unknown": ExitCode.WRONG_USAGE,
    "bag.unwritable": ExitCode.STORAGE_OR_NETWORK,
    "step.unknown": ExitCode.WRONG_USAGE,
    "registry.batch_unknown": ExitCode.WRONG_USAGE,
    "registry.item_unknown": ExitCode.WRONG_USAGE,
    "registry.stage_unknown": ExitCode.WRONG_USAGE,
    "registry.unit_unknown": ExitCode.WRONG_USAGE,
    "registry.batch_exists": ExitCode.WRONG_USAGE,
    "registry.masters_released": ExitCode.WRONG_USAGE,
    "registry.chain_broken": ExitCode.INVALID,
    "backup.registry_in_use": ExitCode.WRONG_USAGE,
    "keeping.object_unknown": ExitCode.WRONG_USAGE,
    "keeping.file_unknown": ExitCode.WRONG_USAGE,
    "keeping.restore_place_missing": ExitCode.WRONG_USAGE,
    "keeping.restore_place_refused": ExitCode.WRONG_USAGE,
    "keeping.deletion_unknown": ExitCode.WRONG_USAGE,
    "keeping.copies_lost": ExitCode.INVALID,
    "keeping.object_deleted": ExitCode.INVALID,
    "keeping.restored_differs": ExitCode.INVALID,
    "receipt.refused": ExitCode.INVALID,
    "custody.public_key_unreadable": ExitCode.INVALID,
    "custody.public_key_needed": ExitCode.INVALID,
}


def exit_code_of(error: dict[str, Any]) -> ExitCode:
    """The exit code for an error as JSON: by its code, else by its family."""
    code = str(error["code"])
    if code in _BY_CODE:
        return _BY_CODE[code]
    # whatever else stands in the way of a batch waits for a person
    return _BY_FAMILY.get(code.split(".", maxsplit=1)[0], ExitCode.HELD)
