# SPDX-License-Identifier: Apache-2.0
"""Telling a person where a page comes from: who captured it, on what, and how."""

from __future__ import annotations

from app.output import out
from archive.custody.report import PageCustody


def tell_page(page: PageCustody) -> None:
    """Print the origin of a page, a fact a line."""
    options = ", ".join(f"{name}={_actual(value)}" for name, value in sorted(page.options.items()))
    lines = {
        f"Page {page.page}": page.file,
        "recorded": page.captured_at,
        "operator": page.operator or "nobody was named",
        "device": _device(page),
        "software": ", ".join(page.software),
        "options": options or "none",
        "SHA-256": page.sha256,
        "of the pixels": page.pixel_sha256,
    }
    for label, value in lines.items():
        out.print(f"{label:<14} {value}", markup=False)


def _actual(value: object) -> object:
    return value["actual"] if isinstance(value, dict) and "actual" in value else value


def _device(page: PageCustody) -> str:
    if page.device is None:
        return "none: an existing image was taken in"
    facts = [str(page.device.get(name) or "") for name in ("vendor", "model", "id")]
    serial = f"serial {page.device['serial']}" if page.device.get("serial") else ""
    simulated = "SIMULATED, no paper was scanned" if page.simulated else ""
    return ", ".join(fact for fact in [" ".join(facts), serial, simulated] if fact)
