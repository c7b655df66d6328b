# SPDX-License-Identifier: Apache-2.0
"""What a check of a bag finds: the closed list of rules, and one finding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """The rule a finding is about. Scripts rely on these words."""

    BAG_UNREADABLE = "bag-unreadable"
    BAGIT_TXT = "bagit-txt"
    BAG_INFO = "bag-info"
    PAYLOAD_FOLDER = "payload-folder"
    PAYLOAD_OXUM = "payload-oxum"
    FETCH = "fetch"

    MANIFEST_NEEDED = "manifest-needed"
    MANIFEST_FORM = "manifest-form"
    MANIFEST_ALGORITHM = "manifest-algorithm"
    MANIFEST_DUPLICATE = "manifest-duplicate"
    MANIFEST_INCOMPLETE = "manifest-incomplete"

    FILE_MISSING = "file-missing"
    FILE_NOT_FETCHED = "file-not-fetched"
    FILE_CHANGED = "file-changed"
    FILE_UNEXPECTED = "file-unexpected"
    FILE_UNREADABLE = "file-unreadable"
    TAG_FILE_UNLISTED = "tag-file-unlisted"

    UNSAFE_PATH = "unsafe-path"
    UNPORTABLE_NAME = "unportable-name"
    NAME_NORMALISATION = "name-normalisation"
    NAME_ENCODING = "name-encoding"
    LINK = "link"
    SPECIAL_FILE = "special-file"
    DUPLICATE_MEMBER = "duplicate-member"
    TOP_FOLDER = "top-folder"
    TAR_DAMAGED = "tar-damaged"
    TAR_PADDING = "tar-padding"
    COMPRESSION_BOMB = "compression-bomb"

    PROFILE_TAG = "profile-tag"
    PROFILE_MANIFEST = "profile-manifest"
    PROFILE_VERSION = "profile-version"
    PROFILE_SERIALIZATION = "profile-serialization"
    PROFILE_FETCH = "profile-fetch"
    PROFILE_NAME = "profile-name"
    PROFILE_FILES = "profile-files"
    PROFILE_UNKNOWN = "profile-unknown"

    SECOND_OPINION = "second-opinion"

    BAG_CHANGED = "bag-changed"
    BAG_NAME = "bag-name"
    DEPOSITOR = "depositor"
    STORAGE_OPTION = "storage-option"
    FORMAT = "format"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or worth a warning.

    Attributes:
        rule: Which rule.
        file: The path inside the bag, "" where the whole bag is meant.
        message: What was found, in one sentence.
    """

    rule: Rule
    file: str
    message: str

    def to_json(self) -> dict[str, str]:
        """The finding as `{rule, file, message}`."""
        return {"rule": str(self.rule), "file": self.file, "message": self.message}
