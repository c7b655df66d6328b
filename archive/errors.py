# SPDX-License-Identifier: Apache-2.0
"""The tree of errors of the archive floor, each class named by the state it describes.

    ArchiveError
    ├── ManifestError         a manifest cannot be read at all
    ├── ImagingError          an image is not what it must be
    ├── TextError             OCR, PDF/A or language data
    ├── BagError              a bag cannot be written or read
    ├── StorageError          a storage target refuses or cannot be reached
    └── RegistryError         the registry refuses or cannot be reached

Every error speaks in three parts: what happened (the message), what it means for the work
(`consequence`) and what to do (`remedy`). It survives pickle and JSON, so that a worker's error
reads the same at the station.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar, Self


class Retry(StrEnum):
    """Who can make the work go on after an error."""

    AUTO = "auto"
    AFTER_OPERATOR = "after_operator"
    REOPEN = "reopen"
    NEVER = "never"


class ArchiveError(Exception):
    """Base of all errors of the archive floor.

    Args:
        message: What happened, in one sentence that names the file, item or address.
        consequence: What it means for the work; the class's own sentence when left out.
        remedy: What to do; the class's own sentence when left out.
        facts: JSON-able details for logs and diagnostics.
    """

    code: ClassVar[str] = "archive.error"
    retry: ClassVar[Retry] = Retry.NEVER
    default_consequence: ClassVar[str] = "This step did not finish; nothing was changed by it."
    default_remedy: ClassVar[str] = "Look at the details, mend the cause and run the step again."

    def __init__(self, message: str, *, consequence: str = "", remedy: str = "", **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.consequence = consequence or self.default_consequence
        self.remedy = remedy or self.default_remedy
        self.facts = facts

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.to_json())

    def to_json(self) -> dict[str, Any]:
        """The error as a JSON object with code, message, consequence, remedy, retry and facts."""
        return {
            "code": self.code,
            "message": self.message,
            "consequence": self.consequence,
            "remedy": self.remedy,
            "retry": str(self.retry),
            "facts": self.facts,
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """The error that `to_json` described, of this class."""
        return cls(
            document["message"],
            consequence=document["consequence"],
            remedy=document["remedy"],
            **document["facts"],
        )


def _rebuild(error_class: type[ArchiveError], document: dict[str, Any]) -> ArchiveError:
    return error_class.from_json(document)


# Manifests


class ManifestError(ArchiveError):
    """A manifest cannot be read at all."""

    code = "manifest.unreadable"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No batch was created."
    default_remedy = "Check the path and the file, and run the command again."


class ManifestMissing(ManifestError):
    """There is no file where the manifest should be."""

    code = "manifest.missing"
    default_remedy = "Correct the path, or make a manifest with `recto manifest template`."


class ManifestNotRegularFile(ManifestError):
    """A folder or a device stands where the manifest should be."""

    code = "manifest.not_a_file"
    default_remedy = "Name the manifest file itself."


class ManifestAccessRefused(ManifestError):
    """The manifest may not be read, or the disk fails on it."""

    code = "manifest.access_refused"
    default_remedy = "Give this user the right to read the file, and make sure that its disk is there."


class ManifestExists(ManifestError):
    """A file stands already where a template should be written."""

    code = "manifest.exists"
    default_consequence = "Nothing was written; the file is as it was."
    default_remedy = "Choose another name, or move the file away."


class ManifestNotASpreadsheet(ManifestError):
    """A column of problems was asked for in a file that has no columns."""

    code = "manifest.not_a_spreadsheet"
    default_remedy = "Use `recto manifest check --json` for JSON and YAML manifests."


# Images


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
    default_consequence = "No image can be written or checked with this profile."
    default_remedy = "Use sRGB, gray or bitonal, or give the path of the profile's .icc file in the settings."


class WorkerExtraMissing(ArchiveError):
    """A library of the extra `recto[worker]` is needed and is not installed on this machine."""

    code = "worker_extra.missing"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "This machine cannot do the step; a machine with the worker extra can."
    default_remedy = "Install the extra with: pip install 'recto[worker]'"


# Text


class TextError(ArchiveError):
    """OCR, PDF/A or language data failed."""

    code = "text.error"


class TesseractMissing(TextError):
    """The tesseract program is not installed or not on the PATH."""

    code = "text.tesseract_missing"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "No text can be recognised on this machine; the pages stay as they are."
    default_remedy = "Install it (Debian: apt install tesseract-ocr) and run the stage again."


class LanguageDataMissing(TextError):
    """Tesseract has no trained data for a language that the manifest asks for."""

    code = "text.language_data_missing"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "The page was not recognised; no other language was tried in its place."
    default_remedy = "Install the language data and run the stage again."


class RecognitionFailed(TextError):
    """Tesseract ended with an error, or did not write what it was asked for."""

    code = "text.recognition_failed"
    default_consequence = "The page has no text; its master and its other files are untouched."
    default_remedy = "Look at Tesseract's message, mend the cause and run the OCR stage again for this page."


class RecognitionTimedOut(TextError):
    """Tesseract worked on one page for longer than allowed and was killed."""

    code = "text.recognition_timed_out"
    retry = Retry.AUTO
    default_consequence = "The page has no text; its master and its other files are untouched."
    default_remedy = "Raise the time limit, or accept the page without text if it is a plate or a map."


class InvalidAlto(TextError):
    """A document is not the ALTO XML that was expected."""

    code = "text.invalid_alto"
    default_consequence = "The page's text positions cannot be used."
    default_remedy = "Run the OCR stage again for this page."


class PdfNotArchival(TextError):
    """The assembled PDF does not conform to PDF/A-2b; the findings say where."""

    code = "text.pdf_not_archival"
    default_consequence = "No PDF was written for the item; its pages are untouched."
    default_remedy = "Look at the findings; most often one page image is damaged or of an unusual colour space."


# Bags


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
    default_remedy = "Name a profile that is shipped, or the path of a profile file in Recto's JSON form."


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


# Storage


class StorageError(ArchiveError):
    """A storage target refuses or cannot be reached."""

    code = "storage.error"
    retry = Retry.AUTO


class StorageUrlInvalid(StorageError):
    """The address of a storage target, or a key in it, cannot be understood."""

    code = "storage.url_invalid"
    retry = Retry.NEVER
    default_consequence = "Nothing was uploaded."
    default_remedy = "Give a folder, file:///folder, or s3://bucket/prefix?endpoint=https://host."


class StorageUnreachable(StorageError):
    """The storage does not answer, or answers that it cannot serve now."""

    code = "storage.unreachable"
    default_consequence = "The upload waits; parts that arrived are remembered and not sent again."
    default_remedy = "Nothing needs doing if the network comes back; otherwise check the endpoint and the network."


class AccessRefused(StorageError):
    """The storage does not accept the credentials, or they lack a right."""

    code = "storage.access_refused"
    retry = Retry.NEVER
    default_consequence = "Nothing was stored; trying again with the same credentials cannot help."
    default_remedy = (
        "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_PROFILE, and that they may read, write and list there."
    )


class CredentialsMissing(AccessRefused):
    """No credentials were found in the environment or the AWS credential chain."""

    code = "storage.credentials_missing"
    default_remedy = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile in AWS_PROFILE."


class BucketMissing(StorageError):
    """There is no such bucket."""

    code = "storage.bucket_missing"
    retry = Retry.NEVER
    default_consequence = "Nothing was stored."
    default_remedy = "Check the spelling of the bucket, its region and the endpoint; Recto makes no buckets."


class ClockSkewed(StorageError):
    """This machine's clock and the storage's are too far apart for a signed request."""

    code = "storage.clock_skewed"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "Nothing was stored."
    default_remedy = "Set this machine's clock (timedatectl set-ntp true), then resume."


class DamagedInTransit(StorageError):
    """The storage received other bytes than were sent, noticed it and kept nothing."""

    code = "storage.damaged_in_transit"
    default_consequence = "The damaged part was not stored; it is sent again."
    default_remedy = "If it happens often, have the network card, cable or proxy checked."


class StorageRefused(StorageError):
    """The storage refuses the request for a reason of its own, told in the message."""

    code = "storage.refused"
    retry = Retry.NEVER
    default_consequence = "Nothing was stored."


class StorageFull(StorageError):
    """There is not enough room, or no leave to write, at the storage target."""

    code = "storage.full"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "Nothing was stored, and nothing half-written is left behind."
    default_remedy = "Make room or allow writing there, then resume."


class ObjectExists(StorageError):
    """Another object stands under this key, and nothing stored is ever overwritten."""

    code = "storage.object_exists"
    retry = Retry.NEVER
    default_consequence = "The stored object was left as it is; this bag was not stored."
    default_remedy = "Find out which of the two is right; store this one under another name or prefix."


class StoredBytesDiffer(StorageError):
    """What the storage holds is not what was sent."""

    code = "storage.bytes_differ"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "This copy proves nothing and must not be counted; the bag here is still the good one."
    default_remedy = "Keep the local bag, have the storage checked, remove the bad copy and upload again."


class StoredObjectMissing(StorageError):
    """The storage does not hold the object that was sent."""

    code = "storage.object_missing"
    retry = Retry.AFTER_OPERATOR
    default_consequence = "This copy does not exist; the bag here is still the good one."
    default_remedy = "Upload the bag again and find out who removed it."


class UploadSourceChanged(StorageError):
    """The file to upload is not the one whose digests were recorded."""

    code = "storage.source_changed"
    retry = Retry.NEVER
    default_consequence = "The upload was abandoned; no object was made from the changed bytes."
    default_remedy = "Verify the bag with `recto bag verify`; make it again from its pages if it is damaged."


# Registry


class RegistryError(ArchiveError):
    """The registry refuses or cannot be reached."""

    code = "registry.error"


class RegistryUnreachable(RegistryError):
    """The database is locked, full, read-only or away."""

    code = "registry.unreachable"
    retry = Retry.AUTO
    default_consequence = "No state was changed; work that was running comes back when its lease ends."
    default_remedy = "Check the disk's free space and rights, or the database server, then run the command again."


class RegistryTooNew(RegistryError):
    """A newer Recto has upgraded the registry."""

    code = "registry.too_new"
    default_consequence = "Nothing was read or written, so that nothing written by the newer Recto is harmed."
    default_remedy = "Install the newer Recto on this machine too."


class BatchUnknown(RegistryError):
    """No batch of that name is in the registry."""

    code = "registry.batch_unknown"
    default_consequence = "Nothing was changed."
    default_remedy = "See the names with: recto batch status"


class BatchExists(RegistryError):
    """Another batch of that name is in the registry already."""

    code = "registry.batch_exists"
    default_consequence = "Nothing was created; the batch in the registry is untouched."
    default_remedy = "Give the new batch an id of its own, or go on with the old one: recto batch resume"


class ChainBroken(RegistryError):
    """An event of the chain was altered, inserted or removed."""

    code = "registry.chain_broken"
    default_consequence = "The history of this batch can no longer be proved from here on."
    default_remedy = "Restore the registry from its backup and compare; tell whoever answers for the archive."


class LeaseLost(RegistryError):
    """Another worker has taken over the unit: what this one found no longer counts."""

    code = "registry.lease_lost"
    default_consequence = "This worker's result was dropped; the unit's new owner carries on."
    default_remedy = "Nothing to do; if it happens often, raise lease_seconds in the settings."
