# SPDX-License-Identifier: Apache-2.0
"""The quality check `tags`: whether a TIFF has the tags that the institution asks for."""

from __future__ import annotations

from pathlib import Path

from archive.errors import DamagedImage
from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.profile import Verdict
from archive.imaging.tag_sets import load_tag_set
from archive.imaging.tag_values import read_tag_values

_NAMED = 4
"""Problems that a sentence can name and still be read."""


def check_tags(path: Path, name: str, differs: Verdict) -> CheckResult:
    """Whether the tags of a TIFF fit a set.

    Args:
        path: The TIFF.
        name: The set, shipped or by path.
        differs: The verdict where they do not.

    Raises:
        TagSetUnknown, TagSetInvalid: There is no such set.
        OSError: The file cannot be read.
    """
    tag_set = load_tag_set(name)
    try:
        problems = tag_set.problems(read_tag_values(path))
    except DamagedImage as error:
        return CheckResult("tags", "hold", None, tag_set.name, error.message)
    if not problems:
        sentence = f"The tags are those that the set {tag_set.name} asks for."
        return CheckResult("tags", "pass", 0, tag_set.name, sentence)
    named = "; ".join(problems[:_NAMED])
    rest = f" (and {len(problems) - _NAMED} more)" if len(problems) > _NAMED else ""
    sentence = f"The tags are not those that the set {tag_set.name} asks for: {named}{rest}."
    return CheckResult("tags", differs, len(problems), tag_set.name, sentence)
