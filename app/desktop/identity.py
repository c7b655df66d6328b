# SPDX-License-Identifier: Apache-2.0
"""The names by which the desktop environment knows Recto; the files in packaging/linux carry the same."""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = "org.recto_archive.Recto"
"""The reverse-DNS id: names of desktop entry, AppStream metadata and icons, and Wayland's application id."""

APPLICATION_NAME: Final = "Recto"
"""What people call it, and what its folders below the XDG base directories are called, in small letters."""

ORGANIZATION_NAME: Final = "Recto"
ORGANIZATION_DOMAIN: Final = "recto-archive.org"

MANIFEST_MIME_TYPES: Final = {
    suffix: f"application/vnd.recto-archive.batch-manifest+{form}"
    for suffix, form in (
        (".recto.csv", "csv"),
        (".recto.xlsx", "xlsx"),
        (".recto.json", "json"),
        (".recto.yaml", "yaml"),
        (".recto.yml", "yaml"),
    )
}
"""Types of the batch manifests that open with Recto, by the end of their names; any other name can be opened too."""
