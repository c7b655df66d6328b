# SPDX-License-Identifier: Apache-2.0
"""The states in which bags cannot be written or read."""

from __future__ import annotations

from archive.errors.base import ArchiveError, Retry


class BagError(ArchiveError):
    """A bag cannot be written or read."""

    code = "bag.error"


class BagContentsRefused(BagError):
    """Names or files that cannot safely be in a bag: found before the first byte is written."""

    code = "bag.contents_refused"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No bag was begun; the files are as they were."
    default_remedy = "Rename, replace or leave out the files named here, then make the bag again."


class PayloadMissing(BagError):
    """A file that belongs in the bag is not there or cannot be read."""

    code = "bag.payload_missing"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The bag was not made; nothing is left under its name."
    default_remedy = "Bring the file back (or mount the disk it lies on) and make the bag again."


class PayloadChanged(BagError):
    """A file is no longer the one whose digest was recorded at capture."""

    code = "bag.payload_changed"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The bag was not made: it would have sealed damaged or edited content as genuine."
    default_remedy = "Restore the file from its copy or rescan the page; check the disk if nobody edited it."


class BagTagsInvalid(BagError):
    """Tags are missing or not allowed by the bag profile."""

    code = "bag.tags_invalid"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No bag was begun: the archive would refuse it."
    default_remedy = "Give the tags named here the values that the profile asks for."


class ProfileUnknown(BagError):
    """No bag profile has this name, or its file cannot be understood."""

    code = "bag.profile_unknown"
    default_consequence = "No bag was begun or checked."
    default_remedy = "Name a profile that is shipped, or the path of a profile file: BagIt Profiles JSON (to 1.4), or Recto's own."


class ProfileUnwritable(BagError):
    """The profile asks for bags of a kind that Recto does not write."""

    code = "bag.profile_unwritable"
    default_consequence = "No bag was begun; the files are as they were."
    default_remedy = "Choose another profile, or ask the archive whether it takes BagIt 1.0 with SHA-256."


class BatchSheetInvalid(BagError):
    """A CSV that names folders to bag has problems: all are told at once."""

    code = "bag.batch_sheet_invalid"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No bag was begun."
    default_remedy = "Mend the rows named here, counted as a spreadsheet counts, then run the command again."


class BagExists(BagError):
    """Another bag stands under this name already."""

    code = "bag.exists"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The existing bag was left as it is; the new one was not made."
    default_remedy = "Move the existing bag away, or choose another name or folder."


class AlreadyABag(BagError):
    """The folder that should be bagged is a bag itself."""

    code = "bag.already_a_bag"
    default_consequence = "No bag was made: it would have hidden one bag inside another."
    default_remedy = "Verify the bag with `recto bag verify`; to bag its content, name its data folder."


class BagUnwritable(BagError):
    """The disk is full, read-only or failing where the bag should be written."""

    code = "bag.unwritable"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The bag was not made; nothing is left under its name."
    default_remedy = "Make room or allow writing there, then make the bag again."


class BagUnreadable(BagError):
    """There is no bag to look at: the path is absent, unreadable or neither folder nor tar."""

    code = "bag.unreadable"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The bag was not checked; nothing is known about it."
    default_remedy = "Check the path and its permissions."


class BagInvalid(BagError):
    """A bag that should be sent on does not keep the rules."""

    code = "bag.invalid"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The bag was not sent; nothing of it is stored."
    default_remedy = "See all findings with `recto bag verify`, and mend the bag or make it again."
