# SPDX-License-Identifier: Apache-2.0
"""The states in which images and pages are not what they must be."""

from __future__ import annotations

from archive.errors.base import ArchiveError, Retry


class ImagingError(ArchiveError):
    """An image is not what it must be."""

    code = "imaging.error"


class DamagedImage(ImagingError):
    """An image file does not decode whole: truncated, rubbish, or its header promises what is not there."""

    code = "imaging.damaged"
    default_consequence = "The file is not taken into the batch; nothing was written."
    default_remedy = "Get an undamaged copy of the file, or scan the page again."


class UnsupportedImage(ImagingError):
    """An image is of a kind that is not accepted as a master, or that this installation cannot decode."""

    code = "imaging.unsupported"
    default_consequence = "The file is not taken into the batch; nothing was written."
    default_remedy = "Deliver the page as TIFF, JPEG, PNG or JPEG 2000, gray or RGB, in 1, 8 or 16 bit."


class ImageTooLarge(ImagingError):
    """An image claims more pixels or bytes than the limit; it is not decoded, it may be a bomb."""

    code = "imaging.too_large"
    default_consequence = "The file was not decoded, so that it cannot exhaust this machine."
    default_remedy = "If the page really is that large, raise the pixel limit and run the step again."


class SpoolIncomplete(ImagingError):
    """The spool file of a page does not hold the rows that its geometry says."""

    code = "imaging.spool_incomplete"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No master was written; the page does not exist yet."
    default_remedy = "Scan the page again."


class PixelDigestMismatch(ImagingError):
    """The pixels read back from a master are not those that the scanner delivered."""

    code = "imaging.pixel_digest_mismatch"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The master was discarded; no file stands under its name."
    default_remedy = "Scan the page again. If it happens twice, have memory and disk of this machine tested."


class MasterExists(ImagingError):
    """Another page, or a damaged file, already stands under the name of a master."""

    code = "imaging.master_exists"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The file that stands there was not touched, and no master was written."
    default_remedy = "Move the file to superseded/ if this page replaces it, or give the page another name."


class CopyMismatch(ImagingError):
    """A copy read back from disk is not the file it was made from."""

    code = "imaging.copy_mismatch"
    retry = Retry.AUTO
    default_consequence = "The copy was discarded; no file stands under its name."
    default_remedy = "Run the step again. If it happens twice, have memory and disk of this machine tested."


class ColorProfileUnknown(ImagingError):
    """A colour profile is not built in and no usable .icc file was named for it."""

    code = "imaging.color_profile_unknown"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No image can be written or checked with this profile."
    default_remedy = "Use sRGB, gray or bitonal, or give the path of the profile's .icc file in the settings."


class WorkerExtraMissing(ArchiveError):
    """A library of the extra `recto[worker]` is needed and is not installed on this machine."""

    code = "worker_extra.missing"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "This machine cannot do the step; a machine with the worker extra can."
    default_remedy = "Install the extra with: pip install 'recto[worker]'"


class QualityProfileUnknown(ImagingError):
    """A quality profile is asked for that is neither shipped nor a file."""

    code = "imaging.quality_profile_unknown"
    default_consequence = "No page was checked."
    default_remedy = "Name a shipped profile, or the path of a TOML file."


class QualityProfileInvalid(ImagingError):
    """A file is no quality profile."""

    code = "imaging.quality_profile_invalid"
    default_consequence = "No page was checked."
    default_remedy = "Mend the file; the shipped profiles show what one looks like."


class MasterPolicyUnknown(ImagingError):
    """Masters are asked for in a way in which none are written."""

    code = "imaging.master_policy_unknown"
    default_consequence = "No master was written."
    default_remedy = "Choose none or deflate as the compression of masters."


class MasterTagsUnfit(ImagingError):
    """A page is none that the institution's tag set allows."""

    code = "imaging.master_tags_unfit"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No master was written; what was scanned waits in the spool."
    default_remedy = "Scan with a resolution, depth and colour that the tag set allows, or choose another tag set or compression."


class TagSetUnknown(ImagingError):
    """A tag set is asked for that is neither shipped nor a file."""

    code = "imaging.tag_set_unknown"
    default_consequence = "No master was written or checked."
    default_remedy = "Name a shipped tag set, or the path of a TOML file."


class TagSetInvalid(ImagingError):
    """A file is no tag set."""

    code = "imaging.tag_set_invalid"
    default_consequence = "No master was written or checked."
    default_remedy = "Mend the file; the shipped tag sets show what one looks like."


class TargetGeometryInvalid(ImagingError):
    """A file does not describe a target sheet, or there is none of that name."""

    code = "imaging.target_geometry_invalid"
    default_consequence = "No target was measured."
    default_remedy = "Mend the file; the shipped target sheets show what one looks like."


class TargetLevelsInvalid(ImagingError):
    """A file does not say what is asked of a target at each level, or there is none of that name."""

    code = "imaging.target_levels_invalid"
    default_consequence = "No target was measured."
    default_remedy = "Mend the file; the shipped levels show what one looks like."


class TargetNotFound(ImagingError):
    """An image shows no target sheet of the kind that it should, or one that cannot be measured."""

    code = "imaging.target_not_found"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The scanner was not measured; nothing is known of its colours today."
    default_remedy = (
        "Lay the target flat and upright on the glass, alone and whole in the picture, and scan it again."
    )
