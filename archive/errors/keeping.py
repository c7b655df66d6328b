# SPDX-License-Identifier: Apache-2.0
"""The states in which what is kept cannot be given back, or may not be deleted."""

from __future__ import annotations

from archive.errors.base import ArchiveError, Retry


class KeepingError(ArchiveError):
    """What is kept cannot be given back, or may not be deleted."""

    code = "keeping.error"


class ObjectUnknown(KeepingError):
    """No archival object has this identifier."""

    code = "keeping.object_unknown"
    default_consequence = "Nothing was read or changed."
    default_remedy = "See what is kept with: recto object list"


class FileUnknown(KeepingError):
    """A version of an object has no file of this path."""

    code = "keeping.file_unknown"
    default_consequence = "Nothing was read or changed."
    default_remedy = "See its versions and files with: recto object show OBJECT"


class ObjectDeleted(KeepingError):
    """The object was deleted, as two persons had agreed; only its history is kept."""

    code = "keeping.object_deleted"
    default_consequence = "There is nothing to give back."
    default_remedy = "See who asked for it, and why, with: recto object events OBJECT"


class CopiesLost(KeepingError):
    """No copy of some content is good any more."""

    code = "keeping.copies_lost"
    default_consequence = "Nothing was restored: no copy has the bytes that were ingested. What is left of them was not touched."
    default_remedy = (
        "See the copies with: recto object files OBJECT. Look for the bytes at the depositor and in backups."
    )


class RestorePlaceMissing(KeepingError):
    """Nobody said where restored bags of an institution go."""

    code = "keeping.restore_place_missing"
    default_consequence = "Nothing was restored."
    default_remedy = "Name a place with --to, or give the institution a restore location."


class RestorePlaceRefused(KeepingError):
    """Restored things must not lie where bags arrive or copies are kept."""

    code = "keeping.restore_place_refused"
    default_consequence = "Nothing was restored: there it would be taken for a bag that arrives, or make a missing disk look mounted."
    default_remedy = (
        "Name another place with --to; a bag that is to be ingested again can be copied from there."
    )


class RestoredDiffers(KeepingError):
    """What was restored is not a valid bag, or not the one that was ingested."""

    code = "keeping.restored_differs"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "What was written was taken away again; the copies were not touched."
    default_remedy = "Have the place checked that it was restored to, then restore again."


class DeletionRefused(KeepingError):
    """A deletion may not be asked for, agreed to or done as things are."""

    code = "keeping.deletion_refused"
    default_consequence = "Nothing was deleted or changed; that it was tried is recorded."
    default_remedy = "See how the requests stand with: recto object delete list"


class DeletionUnknown(KeepingError):
    """There is no deletion request of this number."""

    code = "keeping.deletion_unknown"
    default_consequence = "Nothing was deleted or changed."
    default_remedy = "See the requests with: recto object delete list"
