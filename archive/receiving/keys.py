# SPDX-License-Identifier: Apache-2.0
"""The keys under which files of objects lie in preservation locations; no name from outside ever stands in one."""

from __future__ import annotations

OBJECTS = "objects"
"""The prefix of all that is kept."""


def object_prefix(uid: str) -> str:
    """Where everything of an object lies; ends with a slash, so that no other object's keys begin like it."""
    return f"{OBJECTS}/{uid}/"


def content_key(uid: str, sha256: str) -> str:
    """Where bytes of an object lie: by their own digest, so that nothing is stored twice and nothing overwritten."""
    return f"{object_prefix(uid)}{sha256[:2]}/{sha256}"


def inventory_key(uid: str, version: int) -> str:
    """Where the inventory of a version lies."""
    return f"{object_prefix(uid)}v{version}/inventory.json"


def inventory_digest_key(uid: str, version: int) -> str:
    """Where the digest of the inventory of a version lies, as sha256sum writes and checks it."""
    return f"{inventory_key(uid, version)}.sha256"


def earlier_inventory_key(uid: str, version: int, sha256: str) -> str:
    """Where an inventory is kept that the registry does not know, when its version's number is given once more."""
    return f"{object_prefix(uid)}v{version}/inventory.{sha256[:16]}.json"


def damaged_key(uid: str, sha256: str, found: str) -> str:
    """Where damaged bytes are kept aside in the location where they were found.

    Args:
        uid: Of the object.
        sha256: What the bytes should have been.
        found: What they are: bytes that are kept aside again after a crash get the same key.
    """
    return f"{object_prefix(uid)}damaged/{sha256}.{found[:16]}"
