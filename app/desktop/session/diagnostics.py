# SPDX-License-Identifier: Apache-2.0
"""The diagnostics bundle: what helps to find a defect, without secrets and without pages."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from archive.durable import write_durably
from workers.redaction import redact
from workers.settings import Settings

LOG_BYTES = 200_000
"""Of each log, its end."""

CONTENTS = """\
This report of Recto holds versions, settings without secrets, and the ends of the logs. Look through it
before you send it on: names of batches and folders are in it, pages are not.
"""


def write_bundle(
    target: Path, settings: Settings, versions: dict[str, str], *, failures: list[dict[str, Any]]
) -> None:
    """Write the bundle as a ZIP file, whole or not at all.

    Args:
        target: The file.
        settings: The station's settings; secrets are taken out.
        versions: What runs here.
        failures: Failures that are shown now.

    Raises:
        OSError: The file cannot be written.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("read-me-first.txt", CONTENTS)
        bundle.writestr("versions.json", _document(versions))
        bundle.writestr("settings.json", _document(settings.model_dump(mode="json")))
        bundle.writestr("failures.json", _document(failures))
        for name, text in _ends_of_logs(settings):
            bundle.writestr(f"logs/{name}", redact(text))
    write_durably(target, packed.getvalue())


def _document(value: Any) -> str:
    plain = json.loads(json.dumps(value, default=str))
    return json.dumps(_without_secrets(plain), indent=2, ensure_ascii=False)


def _without_secrets(value: Any, name: str = "") -> Any:
    """A JSON document whose texts hold no secrets, each judged together with its name."""
    if isinstance(value, dict):
        return {key: _without_secrets(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_secrets(inner, name) for inner in value]
    if isinstance(value, str):
        return redact(f"{name}={value}").removeprefix(f"{name}=")
    return value


def _ends_of_logs(settings: Settings) -> list[tuple[str, str]]:
    """Name and end of each log of the station and of the desktop."""
    folders = (settings.state_directory / "logs", settings.state_directory / "desktop")
    files = [file for folder in folders for file in sorted(folder.glob("*.log")) if file.is_file()]
    return [(f"{file.parent.name}-{file.name}", end_of(file)) for file in files]


def end_of(file: Path, size: int = LOG_BYTES) -> str:
    """The last bytes of a file as text."""
    with file.open("rb") as opened:
        opened.seek(0, 2)
        opened.seek(max(0, opened.tell() - size))
        return opened.read().decode(errors="replace")
