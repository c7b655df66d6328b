# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a manifest before any of its rows is looked at."""

from __future__ import annotations

from archive.errors.base import ArchiveError, Retry


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
