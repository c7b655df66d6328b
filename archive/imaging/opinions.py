# SPDX-License-Identifier: Apache-2.0
"""What exiftool, jpylyzer and checkit_tiff say of image files, where they are installed; none of them is needed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree as ET

from archive.imaging.outside_program import NoAnswer, answer_of, find_program, version_of
from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.profile import Verdict
from archive.imaging.technical_metadata import TechnicalMetadata

TOOLS = ("exiftool", "jpylyzer", "checkit_tiff")

SLUB_RULES = Path("/usr/share/checkit_tiff/example_configs/cit_tiff6_baseline_SLUB.cfg")
"""Where Debian has the rules of the SLUB Dresden, which the tag set `slub` has too."""

SECONDS = 60.0
_NAMED = 3
"""Remarks that a sentence can name and still be read."""

_USUAL = ("[minor]", "Invalid value for IFD0 tag 0x0103 Compression")
"""Remarks of exiftool that mean nothing: it does not know deflate (8) as a compression."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a program says of a file.

    Attributes:
        tool: Its name.
        version: Its version; "" where it tells none.
        verdict: "valid", "invalid", or "silent" where there was no answer.
        told: What it objects to or remarks, or why it said nothing; "" where there is nothing to tell.
    """

    tool: str
    version: str
    verdict: Literal["valid", "invalid", "silent"]
    told: str = ""

    @property
    def agent(self) -> str:
        """The program with its version, as an agent of events: "unknown" where it tells none."""
        return f"{self.tool} {self.version or 'unknown'}"

    def to_check(self, differs: Verdict) -> CheckResult:
        """The opinion as the result of a check of the program's name.

        Args:
            differs: What becomes of a file that it finds wrong.
        """
        named = f"{self.tool} {self.version}".strip()
        if self.verdict == "valid":
            sentence = f"{named} finds nothing wrong with the file."
            if self.told:
                sentence = f"{named} finds the file good and remarks: {self.told}."
            return CheckResult(self.tool, "pass", "valid", "valid", sentence)
        if self.verdict == "silent":
            sentence = f"{named} has not judged the file: {self.told}."
            return CheckResult(self.tool, "review", None, "valid", sentence)
        sentence = f"{named} finds the file wrong: {self.told}."
        return CheckResult(self.tool, differs, "invalid", "valid", sentence)


def installed_tools() -> dict[str, str]:
    """The programs that are installed here, with their versions ("" where one tells none)."""
    arguments = {"exiftool": "-ver", "jpylyzer": "--version"}
    found = {tool: find_program(tool) for tool in TOOLS}
    return {
        tool: version_of(program, arguments[tool]) if tool in arguments else ""
        for tool, program in found.items()
        if program is not None
    }


def ask_exiftool(
    files: Sequence[tuple[Path, TechnicalMetadata]], seconds: float = SECONDS
) -> dict[Path, Opinion]:
    """What exiftool says of files; one start of it for all, which costs more than a file does.

    A file is invalid where exiftool cannot read it, or reads another width or height than we do.

    Args:
        files: Image files, each with what we read of it.
        seconds: How long it may take, and a second more for each further file, before it is ended.

    Returns:
        An opinion on each file; empty where exiftool is not installed.
    """
    program = find_program("exiftool")
    if program is None or not files:
        return {}
    version = version_of(program, "-ver")
    fields = ["-validate", "-warning", "-error", "-imagewidth", "-imageheight"]
    names = [str(path.absolute()) for path, _ in files]
    try:
        # no configuration file of whoever runs this; -a: all remarks; -s: tags by their names
        _, answer = answer_of(
            [program, "-config", "", "-j", "-a", "-G4", *fields, *names], seconds + len(files) - 1
        )
        told = {each["SourceFile"]: each for each in json.loads(answer)}
    except NoAnswer as error:
        return {path: Opinion("exiftool", version, "silent", str(error)) for path, _ in files}
    except (ValueError, TypeError, KeyError):
        why = "its answer cannot be read"
        return {path: Opinion("exiftool", version, "silent", why) for path, _ in files}
    return {
        path: _exiftool_opinion(told.get(name), technical, version)
        for name, (path, technical) in zip(names, files, strict=True)
    }


def _exiftool_opinion(told: dict[str, Any] | None, technical: TechnicalMetadata, version: str) -> Opinion:
    if told is None:
        return Opinion("exiftool", version, "silent", "its answer has nothing about the file")
    # groups number what comes several times: Copy1:Warning
    plain = [(name.rpartition(":")[2], value) for name, value in told.items()]
    if errors := [str(value) for name, value in plain if name == "Error"]:
        return Opinion("exiftool", version, "invalid", _shortened(errors))
    widths, heights = (
        {value for name, value in plain if name == side} for side in ("ImageWidth", "ImageHeight")
    )
    # a small picture in the file has a size of its own
    if technical.width not in widths or technical.height not in heights:
        found = f"it does not read {technical.width} x {technical.height} pixels, as Recto does"
        return Opinion("exiftool", version, "invalid", found)
    remarks = [str(value) for name, value in plain if name == "Warning"]
    telling = [remark for remark in remarks if not any(usual in remark for usual in _USUAL)]
    return Opinion("exiftool", version, "valid", _shortened(telling))


def ask_jpylyzer(path: Path, seconds: float = SECONDS) -> Opinion | None:
    """Whether a JPEG 2000 file is valid, by jpylyzer; None where that is not installed."""
    program = find_program("jpylyzer")
    if program is None:
        return None
    version = version_of(program, "--version")
    try:
        _, answer = answer_of([program, str(path.absolute())], seconds)
        return _jpylyzer_opinion(ET.fromstring(answer), version)  # noqa: S314 - of a program, not of the file
    except NoAnswer as error:
        return Opinion("jpylyzer", version, "silent", str(error))
    except ET.ParseError:
        return Opinion("jpylyzer", version, "silent", "its answer cannot be read")


def _jpylyzer_opinion(report: ET.Element, version: str) -> Opinion:
    valid = report.find(".//{*}isValid")
    if valid is None:
        return Opinion("jpylyzer", version, "silent", "its answer has nothing about the file")
    if valid.text == "True":
        return Opinion("jpylyzer", version, "valid")
    tests = report.find(".//{*}tests")
    failed = [] if tests is None else [each for each in tests.iter() if (each.text or "").strip() == "False"]
    return Opinion(
        "jpylyzer", version, "invalid", _shortened([each.tag.rpartition("}")[2] for each in failed])
    )


def ask_checkit_tiff(path: Path, rules: Path, seconds: float = SECONDS) -> Opinion | None:
    """Whether a TIFF fits a file of rules, by checkit_tiff; None where that, or the rules, are not installed."""
    program = find_program("checkit_tiff")
    if program is None or not rules.is_file():
        return None
    try:
        status, answer = answer_of([program, "-q", str(rules), str(path.absolute())], seconds)
    except NoAnswer as error:
        return Opinion("checkit_tiff", "", "silent", str(error))
    # it begins with its version, which Debian's was built without
    stated = re.search(r"version: (\d\S*)", answer)
    version = stated[1] if stated else ""
    if status == 0:
        return Opinion("checkit_tiff", version, "valid")
    if "is not valid" not in answer:
        return Opinion("checkit_tiff", version, "silent", f"it ended with status {status}")
    return Opinion("checkit_tiff", version, "invalid", _shortened(_checkit_objections(answer)))


def _checkit_objections(answer: str) -> list[str]:
    """The tags it objects to, each once, with what is wrong."""
    objections: dict[str, str] = {}
    for line in answer.splitlines():
        where, arrow, what = line.partition("-->")
        if arrow and "logical_or" not in what:
            tag = where.partition(")")[2].strip()
            objections.setdefault(tag, what.partition("(lineno")[0].strip(" ,."))
    return [f"{tag}: {what}" for tag, what in objections.items()]


def _shortened(remarks: Sequence[str]) -> str:
    more = f" (and {len(remarks) - _NAMED} more)" if len(remarks) > _NAMED else ""
    return "; ".join(" ".join(remark.split())[:160].rstrip(".") for remark in remarks[:_NAMED]) + more
