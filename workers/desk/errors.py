# SPDX-License-Identifier: Apache-2.0
"""Errors of the desk.

DeskError
├── DeskClosed          the item is handed over, or was never at the desk
├── DeskBusy            a scan of the item is still under way
├── PagesWaiting        pages of an interrupted scan were kept for later
├── PlaceUnknown        a place is not, or no longer, in the item
├── SheetsUnequal       fronts and backs cannot be put together
├── LabelUnreadable     a page label is none of its scheme
├── FileRefused         a file cannot become a page
└── PagesNotReady       the pages cannot be handed over as they are
"""

from __future__ import annotations

from archive.errors import Retry
from workers.errors import WorkflowError


class DeskError(WorkflowError):
    """Base of the desk's errors."""

    code = "desk.error"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The item is as it was; every captured page is kept."


class DeskClosed(DeskError):
    """The item is handed over, or was never at the desk."""

    code = "desk.closed"
    default_remedy = "Choose an item that is still to be captured; pages of this one are retaken in Quality."


class DeskBusy(DeskError):
    """A scan of the item is still under way."""

    code = "desk.busy"
    default_remedy = "Wait until the scanner has finished, or stop it, then try again."


class PagesWaiting(DeskError):
    """A scan of the item was interrupted, and its pages wait for somebody to say whether they belong to it."""

    code = "desk.pages_waiting"
    default_remedy = "Recover or discard the interrupted captures; then mark the item done."


class PlaceUnknown(DeskError):
    """A place is not, or no longer, in the item."""

    code = "desk.place_unknown"
    default_remedy = "Look at the pages as they are now, and choose again."


class SheetsUnequal(DeskError):
    """Fronts and backs cannot be put together."""

    code = "desk.sheets_unequal"
    default_remedy = "Look for the page that is too many or missing; mark a missing one, then try again."


class LabelUnreadable(DeskError):
    """A page label is none of its scheme."""

    code = "desk.label_unreadable"
    default_remedy = (
        "Write 1 for arabic, i or I for roman, 1r or 1v for folios; or choose custom for any text."
    )


class FileRefused(DeskError):
    """A file cannot become a page."""

    code = "desk.file_refused"
    default_consequence = "No file was taken in; the item is as it was."
    default_remedy = "Use TIFF, JPEG, PNG or JPEG 2000 files that open whole."


class PagesNotReady(DeskError):
    """The pages cannot be handed over as they are."""

    code = "desk.pages_not_ready"
    default_consequence = "The item stays at the desk; every captured page is kept."
    default_remedy = (
        "Capture these pages again as the manifest demands, or discard them; then mark the item done."
    )
