# SPDX-License-Identifier: Apache-2.0
"""The report on a bag that was refused, for programs as JSON and for the depositor as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.bag.findings import Rule

FORMAT = "recto.refusal"
VERSION = 1

MOST_LISTED = 100
"""Findings that the plain text lists; the JSON has all that are kept."""

_WIDTH = 100

_DAMAGED = (
    "Compare the tar with the one that was sent; if yours is whole, send it again, else make the bag again."
)
_MAKE_AGAIN = "Make the bag again from the original files; do not edit what lies in a bag."
_PROFILE = "Mend what the profile asks for with the program that makes the bags, then make the bag again."

REMEDIES: Mapping[Rule, str] = {
    Rule.BAG_UNREADABLE: _DAMAGED,
    Rule.BAG_CHANGED: _DAMAGED,
    Rule.TAR_DAMAGED: _DAMAGED,
    Rule.TAR_PADDING: _DAMAGED,
    Rule.FILE_UNREADABLE: _DAMAGED,
    Rule.COMPRESSION_BOMB: "Divide it: one bag does not hold so many files or bytes.",
    Rule.FILE_CHANGED: (
        "The file is not the one that the manifest lists. Find out which of the two is right; never mend the manifest "
        "to fit a damaged file."
    ),
    Rule.FILE_MISSING: "Put the file back from the originals, or leave it out, and make the bag again.",
    Rule.FILE_UNEXPECTED: "List the file in the manifests by making the bag again, or leave it out.",
    Rule.FILE_NOT_FETCHED: "Fetch what fetch.txt names, and send a bag that is complete in itself.",
    Rule.BAG_NAME: "Name the tar and the one folder in it alike.",
    Rule.TOP_FOLDER: "Put everything into one folder that is named like the tar, and nothing beside it.",
    Rule.UNSAFE_PATH: "Rename the file; paths must stay within the bag's own folder.",
    Rule.UNPORTABLE_NAME: "Rename the file in UTF-8.",
    Rule.LINK: "Put the file itself in place of the link.",
    Rule.SPECIAL_FILE: "Leave it out; a bag holds plain files only.",
    Rule.DUPLICATE_MEMBER: "Keep one of the files of this name.",
    Rule.PROFILE_TAG: _PROFILE,
    Rule.PROFILE_MANIFEST: _PROFILE,
    Rule.PROFILE_VERSION: _PROFILE,
    Rule.PROFILE_SERIALIZATION: _PROFILE,
    Rule.PROFILE_FETCH: _PROFILE,
    Rule.PROFILE_NAME: _PROFILE,
    Rule.PROFILE_FILES: _PROFILE,
    Rule.STORAGE_OPTION: "Choose a storage option that your agreement with the archive has.",
    Rule.DEPOSITOR: "Ask the archive.",
}
"""What a depositor can do about findings of each rule; of any other: make the bag again."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """That a bag was refused.

    Attributes:
        institution: Id of the depositor.
        depositor: Its name.
        key: Key of the tar where it arrived.
        size: Its bytes.
        arrived_at: When it was stored there, ISO 8601 in UTC.
        decided_at: When it was judged.
        work_item: Number under which the archive knows it.
        quarantine: Where it was moved to; "" where it was gone by then.
        reading: What was read of it: errors, warnings, digest, profile.
    """

    institution: str
    depositor: str
    key: str
    size: int
    arrived_at: str
    decided_at: str
    work_item: int
    quarantine: str
    reading: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The report for programs."""
        read = self.reading
        return {
            "format": FORMAT,
            "version": VERSION,
            "verdict": "refused",
            "institution": self.institution,
            "bag": self.key,
            "size": self.size,
            "bag_sha256": read["bag_sha256"],
            "arrived_at": self.arrived_at,
            "decided_at": self.decided_at,
            "work_item": self.work_item,
            "quarantine": self.quarantine,
            "profile": read["profile"],
            "error_count": read["error_count"],
            "errors": [{**error, "remedy": remedy(error)} for error in read["errors"]],
            "warning_count": read["warning_count"],
            "warnings": list(read["warnings"]),
        }

    def to_text(self) -> str:
        """The report for people, in lines of a hundred letters."""
        read = self.reading
        where = (
            f"It lies in {self.quarantine} now."
            if self.quarantine
            else "It was not there any more when it was to be put aside."
        )
        head = [
            f"The bag {shown(self.key)} was refused",
            "",
            f"Depositor   {shown(self.depositor)} ({self.institution})",
            f"Arrived     {self.arrived_at}, {self.size} bytes",
            f"SHA-256     {read['bag_sha256']}",
            f"Profile     {read['profile'] or 'none; held against BagIt alone'}",
            f"Decided     {self.decided_at} (work item {self.work_item})",
            "",
            *textwrap.wrap(f"Nothing of this bag was taken into the archive. {where}", _WIDTH),
        ]
        told = _listed(
            f"What is wrong ({read['error_count']})", read["errors"], read["error_count"], remedies=True
        )
        warned = _listed(
            f"Worth knowing, and no reason to refuse it ({read['warning_count']})",
            read["warnings"],
            read["warning_count"],
            remedies=False,
        )
        end = (
            "What to do: mend the bag as told above, or make it again, and send it under the same name. The archive "
            "looks at it again by itself. The same bytes would be refused again, so they are not looked at."
        )
        return "\n".join([*head, *told, *warned, "", *textwrap.wrap(end, _WIDTH), ""])


def remedy(finding: Mapping[str, str]) -> str:
    """What a depositor can do about a finding."""
    return REMEDIES.get(Rule(finding["rule"]), _MAKE_AGAIN)


def shown(text: str) -> str:
    """A text in one line: whoever names files must not be able to write lines of this report."""
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)


def _listed(title: str, findings: Sequence[Mapping[str, str]], count: int, *, remedies: bool) -> list[str]:
    if not findings:
        return []
    lines = ["", title]
    last = ""
    for number, finding in enumerate(findings[:MOST_LISTED], 1):
        lines.append("")
        lines.append(f"{number:4}. {shown(finding['file']) or 'The bag as a whole'}")
        lines += _indented(shown(finding["message"]))
        # the same advice again and again helps nobody
        if remedies and remedy(finding) != last:
            last = remedy(finding)
            lines += _indented(f"-> {last}")
    if count > MOST_LISTED:
        lines += ["", f"      and {count - MOST_LISTED} more; the report in JSON lists those that were kept."]
    return lines


def _indented(text: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6, break_on_hyphens=False
    )
