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

from archive.errors.bag import (
    AlreadyABag,
    BagContentsRefused,
    BagError,
    BagExists,
    BagInvalid,
    BagTagsInvalid,
    BagUnreadable,
    BagUnwritable,
    BatchSheetInvalid,
    PayloadChanged,
    PayloadMissing,
    ProfileUnknown,
    ProfileUnwritable,
)
from archive.errors.base import ArchiveError, Retry
from archive.errors.imaging import (
    ColorProfileUnknown,
    CopyMismatch,
    DamagedImage,
    ImageTooLarge,
    ImagingError,
    MasterExists,
    PixelDigestMismatch,
    QualityProfileInvalid,
    QualityProfileUnknown,
    SpoolIncomplete,
    UnsupportedImage,
    WorkerExtraMissing,
)
from archive.errors.manifest import (
    ManifestAccessRefused,
    ManifestError,
    ManifestExists,
    ManifestMissing,
    ManifestNotASpreadsheet,
    ManifestNotRegularFile,
)
from archive.errors.registry import (
    BatchExists,
    BatchUnknown,
    ChainBroken,
    ItemUnknown,
    LeaseLost,
    MastersReleased,
    RegistryError,
    RegistryTooNew,
    RegistryUnreachable,
)
from archive.errors.storage import (
    AccessRefused,
    BucketMissing,
    ClockSkewed,
    CredentialsMissing,
    DamagedInTransit,
    ObjectExists,
    SessionExpired,
    StorageError,
    StorageFull,
    StorageRefused,
    StorageUnreachable,
    StorageUrlInvalid,
    StoredBytesDiffer,
    StoredObjectMissing,
    UploadSourceChanged,
    UploadUnrecorded,
)
from archive.errors.text import (
    InvalidAlto,
    LanguageDataMissing,
    PdfNotArchival,
    RecognitionFailed,
    RecognitionTimedOut,
    TesseractMissing,
    TextError,
)

__all__ = [
    "AccessRefused",
    "AlreadyABag",
    "ArchiveError",
    "BagContentsRefused",
    "BagError",
    "BagExists",
    "BagInvalid",
    "BagTagsInvalid",
    "BagUnreadable",
    "BagUnwritable",
    "BatchExists",
    "BatchSheetInvalid",
    "BatchUnknown",
    "BucketMissing",
    "ChainBroken",
    "ClockSkewed",
    "ColorProfileUnknown",
    "CopyMismatch",
    "CredentialsMissing",
    "DamagedImage",
    "DamagedInTransit",
    "ImageTooLarge",
    "ImagingError",
    "InvalidAlto",
    "ItemUnknown",
    "LanguageDataMissing",
    "LeaseLost",
    "ManifestAccessRefused",
    "ManifestError",
    "ManifestExists",
    "ManifestMissing",
    "ManifestNotASpreadsheet",
    "ManifestNotRegularFile",
    "MasterExists",
    "MastersReleased",
    "ObjectExists",
    "PayloadChanged",
    "PayloadMissing",
    "PdfNotArchival",
    "PixelDigestMismatch",
    "ProfileUnknown",
    "ProfileUnwritable",
    "QualityProfileInvalid",
    "QualityProfileUnknown",
    "RecognitionFailed",
    "RecognitionTimedOut",
    "RegistryError",
    "RegistryTooNew",
    "RegistryUnreachable",
    "Retry",
    "SessionExpired",
    "SpoolIncomplete",
    "StorageError",
    "StorageFull",
    "StorageRefused",
    "StorageUnreachable",
    "StorageUrlInvalid",
    "StoredBytesDiffer",
    "StoredObjectMissing",
    "TesseractMissing",
    "TextError",
    "UnsupportedImage",
    "UploadSourceChanged",
    "UploadUnrecorded",
    "WorkerExtraMissing",
]
