# SPDX-License-Identifier: Apache-2.0
"""What the operator reads about images and colour targets: one entry for each code."""

from __future__ import annotations

from app.desktop.failures.wording import Wording
from app.desktop.language.marking import QT_TRANSLATE_NOOP

IMAGING: dict[str, Wording] = {
    "imaging.error": Wording(
        QT_TRANSLATE_NOOP("failures", "An image is not as it must be"),
        QT_TRANSLATE_NOOP("failures", "No page was made from it."),
        QT_TRANSLATE_NOOP("failures", "Look at the details, then capture the page again."),
        QT_TRANSLATE_NOOP("failures", "Capture again"),
        "capture",
        message_matters=True,
    ),
    "imaging.damaged": Wording(
        QT_TRANSLATE_NOOP("failures", "An image is damaged"),
        QT_TRANSLATE_NOOP("failures", "No page was made from it."),
        QT_TRANSLATE_NOOP("failures", "Capture the page again, or put an undamaged file in its place."),
        QT_TRANSLATE_NOOP("failures", "Capture again"),
        "capture",
        message_matters=True,
    ),
    "viewer.image_process_died": Wording(
        QT_TRANSLATE_NOOP("failures", "An image could not be read"),
        QT_TRANSLATE_NOOP("failures", "The page is not shown. Its file was not touched."),
        QT_TRANSLATE_NOOP("failures", "Show the page again. If it happens twice, capture the page again."),
        QT_TRANSLATE_NOOP("failures", "Show again"),
        "quality",
        message_matters=True,
    ),
    "imaging.unsupported": Wording(
        QT_TRANSLATE_NOOP("failures", "Recto does not read this kind of image"),
        QT_TRANSLATE_NOOP("failures", "The file was not taken in."),
        QT_TRANSLATE_NOOP("failures", "Save it as TIFF, JPEG or PNG and add it again."),
        QT_TRANSLATE_NOOP("failures", "Add another file"),
        "capture",
        message_matters=True,
    ),
    "imaging.quality_profile_invalid": Wording(
        QT_TRANSLATE_NOOP("failures", "The quality profile cannot be used"),
        QT_TRANSLATE_NOOP("failures", "No page was checked."),
        QT_TRANSLATE_NOOP("failures", "Mend the file, or choose a profile that comes with Recto."),
        QT_TRANSLATE_NOOP("failures", "Open the settings"),
        "settings",
    ),
    "imaging.master_policy_unknown": Wording(
        QT_TRANSLATE_NOOP("failures", "Masters cannot be written as they are asked for"),
        QT_TRANSLATE_NOOP("failures", "No master was written."),
        QT_TRANSLATE_NOOP("failures", "Choose none or deflate as the compression of masters."),
        QT_TRANSLATE_NOOP("failures", "Open the settings"),
        "settings",
        message_matters=True,
    ),
    "imaging.master_tags_unfit": Wording(
        QT_TRANSLATE_NOOP("failures", "The page does not fit the rules for masters"),
        QT_TRANSLATE_NOOP("failures", "No master was written. What was scanned waits in the spool."),
        QT_TRANSLATE_NOOP(
            "failures", "Scan with settings that the rules allow, or choose other rules for masters."
        ),
        QT_TRANSLATE_NOOP("failures", "Choose other settings"),
        "devices",
        message_matters=True,
    ),
    "imaging.tag_set_invalid": Wording(
        QT_TRANSLATE_NOOP("failures", "The tag set cannot be used"),
        QT_TRANSLATE_NOOP("failures", "No master was written or checked."),
        QT_TRANSLATE_NOOP("failures", "Mend the file, or choose a tag set that comes with Recto."),
        QT_TRANSLATE_NOOP("failures", "Open the settings"),
        "settings",
        message_matters=True,
    ),
    "imaging.tag_set_unknown": Wording(
        QT_TRANSLATE_NOOP("failures", "There is no such tag set"),
        QT_TRANSLATE_NOOP("failures", "No master was written or checked."),
        QT_TRANSLATE_NOOP("failures", "Choose a tag set that comes with Recto, or the path of your own."),
        QT_TRANSLATE_NOOP("failures", "Open the settings"),
        "settings",
    ),
    "imaging.target_geometry_invalid": Wording(
        QT_TRANSLATE_NOOP("failures", "The description of the target sheet cannot be used"),
        QT_TRANSLATE_NOOP("failures", "No target was measured."),
        QT_TRANSLATE_NOOP("failures", "Mend the file; the shipped target sheets show what one looks like."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "imaging.target_levels_invalid": Wording(
        QT_TRANSLATE_NOOP("failures", "The levels for targets cannot be used"),
        QT_TRANSLATE_NOOP("failures", "No target was measured."),
        QT_TRANSLATE_NOOP("failures", "Mend the file; the shipped levels show what one looks like."),
        QT_TRANSLATE_NOOP("failures", "Save a report"),
        "report",
        message_matters=True,
    ),
    "imaging.target_not_found": Wording(
        QT_TRANSLATE_NOOP("failures", "No target was found in the picture"),
        QT_TRANSLATE_NOOP("failures", "The scanner was not measured; nothing is known of its colours today."),
        QT_TRANSLATE_NOOP(
            "failures",
            "Lay the target flat and upright on the glass, alone and whole in the picture, and scan it again.",
        ),
        QT_TRANSLATE_NOOP("failures", "Open devices"),
        "devices",
        message_matters=True,
    ),
    "imaging.quality_profile_unknown": Wording(
        QT_TRANSLATE_NOOP("failures", "There is no such quality profile"),
        QT_TRANSLATE_NOOP("failures", "No page was checked."),
        QT_TRANSLATE_NOOP("failures", "Choose a profile that comes with Recto, or the path of your own."),
        QT_TRANSLATE_NOOP("failures", "Open the settings"),
        "settings",
    ),
    "imaging.too_large": Wording(
        QT_TRANSLATE_NOOP("failures", "An image is too large"),
        QT_TRANSLATE_NOOP("failures", "No page was made from it."),
        QT_TRANSLATE_NOOP("failures", "Scan with a lower resolution or in parts."),
        QT_TRANSLATE_NOOP("failures", "Choose other settings"),
        "devices",
    ),
    "imaging.spool_incomplete": Wording(
        QT_TRANSLATE_NOOP("failures", "A page did not come whole onto the disk"),
        QT_TRANSLATE_NOOP("failures", "No page was made from it. The pages before it are kept."),
        QT_TRANSLATE_NOOP("failures", "Capture the page again."),
        QT_TRANSLATE_NOOP("failures", "Capture again"),
        "capture",
    ),
    "imaging.pixel_digest_mismatch": Wording(
        QT_TRANSLATE_NOOP("failures", "A page on the disk is not what the scanner delivered"),
        QT_TRANSLATE_NOOP("failures", "The page does not count. The pages before it are kept."),
        QT_TRANSLATE_NOOP(
            "failures", "Capture the page again. If it happens again, have disk and memory checked."
        ),
        QT_TRANSLATE_NOOP("failures", "Capture again"),
        "capture",
    ),
    "imaging.master_exists": Wording(
        QT_TRANSLATE_NOOP("failures", "There is a page of this name already"),
        QT_TRANSLATE_NOOP("failures", "The page that is there was left as it is."),
        QT_TRANSLATE_NOOP("failures", "Show the item and see which page is right."),
        QT_TRANSLATE_NOOP("failures", "Show the item"),
        "capture",
    ),
    "imaging.copy_mismatch": Wording(
        QT_TRANSLATE_NOOP("failures", "A copy is not the same as its original"),
        QT_TRANSLATE_NOOP("failures", "The copy was thrown away. The original is untouched."),
        QT_TRANSLATE_NOOP("failures", "Try again. If it happens again, have the disk checked."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
    "imaging.color_profile_unknown": Wording(
        QT_TRANSLATE_NOOP("failures", "This colour profile is not known"),
        QT_TRANSLATE_NOOP("failures", "No image was changed."),
        QT_TRANSLATE_NOOP("failures", "Choose a known colour profile in the manifest."),
        QT_TRANSLATE_NOOP("failures", "Open import"),
        "importing",
        message_matters=True,
    ),
    "worker_extra.missing": Wording(
        QT_TRANSLATE_NOOP("failures", "Part of Recto is not installed here"),
        QT_TRANSLATE_NOOP("failures", "The step waits. Nothing is lost."),
        QT_TRANSLATE_NOOP("failures", "Have the part that is named below installed, then try again."),
        QT_TRANSLATE_NOOP("failures", "Try again"),
        "board",
        message_matters=True,
    ),
}
