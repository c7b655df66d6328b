# SPDX-License-Identifier: Apache-2.0
"""The process that decodes images and makes what is looked at of them: viewing copies and small images.

Damaged files can crash decoders; here nobody but the file suffers from it. It reads one JSON object a
line from stdin (`job`, `source`, `destination`, and `finest` or `side`; or `job`, `source` and `profile`),
and answers each with one line: `{}`, `{"checks": [...]}` or `{"failure": ...}`. It ends when stdin does.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archive.imaging.image_source import ImageSource
from archive.imaging.quality.captured import check_captured
from archive.imaging.quality.profile import load_quality_profile
from archive.imaging.viewing_cache import cache_file, prune_cache
from archive.imaging.viewing_overview import small_image
from archive.imaging.viewing_pyramid import build_viewing_copy
from workers.failures import describe_failure


def main() -> None:
    """Do jobs until there are no more."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # what libraries print must not be taken for an answer
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        answers.write(json.dumps(_answer(line)) + "\n")
        answers.flush()


def _answer(line: str) -> dict[str, Any]:
    try:
        document = json.loads(line)
        return _JOBS[document["job"]](document) or {}
    except Exception as error:  # noqa: BLE001 - told to whoever asked
        return {"failure": describe_failure(error)}


def _viewing_copy(document: dict[str, Any]) -> None:
    source = ImageSource.from_json(document["source"])
    build_viewing_copy(source, Path(document["destination"]), finest=document["finest"])


def _small_image(document: dict[str, Any]) -> None:
    image = small_image(ImageSource.from_json(document["source"]).read(), document["side"])
    with cache_file(Path(document["destination"])) as file:
        image.save(file, "JPEG", quality=85, subsampling="4:4:4")


def _prune(document: dict[str, Any]) -> None:
    prune_cache(Path(document["folder"]), document["limit"])


def _checks(document: dict[str, Any]) -> dict[str, Any]:
    profile = load_quality_profile(document["profile"])
    found = check_captured(ImageSource.from_json(document["source"]), profile)
    return {"checks": [check.to_json() for check in found]}


_JOBS: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {
    "viewing_copy": _viewing_copy,
    "small_image": _small_image,
    "prune": _prune,
    "checks": _checks,
}
