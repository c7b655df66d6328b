# SPDX-License-Identifier: Apache-2.0
"""Whether an arriving bag can be kept: what its reading found, and what an archive asks besides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from archive.bag.findings import Finding, Rule
from archive.bag.names import component_problem
from archive.receiving.storage_options import OPTION_TAGS, asked_option


def judge(
    reading: Mapping[str, Any], *, name: str, depositor: str, active: bool, options: Collection[str]
) -> list[Finding]:
    """What stands against keeping a bag besides the errors that its reading found.

    Args:
        reading: What was read of it (`archive.receiving.reading.Arrived.to_json`).
        name: The bag's name, that of its tar without the end.
        depositor: Who sent it.
        active: Whether bags of that depositor are taken.
        options: The depositor's storage options.
    """
    findings = []
    if not active:
        message = f"The archive takes no bags of {depositor} at present."
        findings.append(Finding(Rule.DEPOSITOR, "", message))
    problem = component_problem(name)
    if problem is not None:
        findings.append(Finding(Rule.BAG_NAME, "", f"The bag's name {problem}."))
    top, told = reading["foreign_top"], {error["rule"] for error in reading["errors"]}
    if top and Rule.TOP_FOLDER not in told:
        message = f"The folder in the tar is named {top}; its object would be named {name}."
        findings.append(Finding(Rule.BAG_NAME, "", message))
    asked = asked_option(reading["tags"])
    if asked and asked not in options:
        message = f"The bag asks for the storage option {asked!r}; there are {', '.join(sorted(options))}."
        findings.append(Finding(Rule.STORAGE_OPTION, _asking_file(reading), message))
    return findings


def _asking_file(reading: Mapping[str, Any]) -> str:
    """The tag file in which the storage option stands."""
    return next(file for file, _ in OPTION_TAGS if asked_option({file: reading["tags"].get(file, ())}))
