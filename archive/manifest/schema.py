# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of manifests in JSON and YAML, published as `resources/manifest.schema.json`."""

from __future__ import annotations

import json
from typing import Any

from archive.manifest.model import Manifest

SCHEMA_ID = "urn:recto:manifest:1"


def manifest_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a manifest.

    What a schema cannot say (ids that collide, files that are missing) `read_manifest` checks.
    """
    schema = Manifest.model_json_schema()
    schema["description"] = (
        "A batch to be digitised by Recto: how it is captured, packed and stored, and its items."
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}


def schema_text() -> str:
    """The schema as it stands in the published file."""
    return json.dumps(manifest_schema(), ensure_ascii=False, indent=2) + "\n"
