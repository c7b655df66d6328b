# SPDX-License-Identifier: Apache-2.0
"""fetch.txt: the files that a bag names by address instead of holding them (RFC 8493, section 2.2.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from archive.bag.declaration import Declaration
from archive.bag.findings import Rule
from archive.bag.manifest_check import Findings
from archive.bag.manifest_lines import decode_path
from archive.bag.names import escape_problem
from archive.bag.tag_files import FETCH_TXT

_LINE = re.compile(r"(?P<address>\S+)[ \t]+(?P<length>\d+|-)[ \t]+(?P<path>.*\S)[ \t]*")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+")


def read_fetch(text: str, declaration: Declaration, findings: Findings) -> dict[str, int | None]:
    """Read fetch.txt. Nothing is ever fetched.

    Args:
        text: The file.
        declaration: What bagit.txt says: the drafts forgive what RFC 8493 does not.
        findings: Where findings go; entries that lead out of the bag are errors and left out.

    Returns:
        The files it names, with their bytes where it tells them.
    """
    named: dict[str, int | None] = {}
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            findings.error(Rule.FETCH, FETCH_TXT, f"A line is no entry: {line[:80]!r}.")
            continue
        path = decode_path(match["path"])
        problem = escape_problem(path) or escape_problem(match["path"])
        if problem:
            findings.error(Rule.UNSAFE_PATH, path, f"In fetch.txt, the path {problem}.")
            continue
        if not _ADDRESS.fullmatch(match["address"]):
            findings.error(
                Rule.FETCH, path, f"fetch.txt gives {match['address'][:80]!r}, which is no address."
            )
        if not path.startswith("data/"):
            findings.judge(
                Rule.FETCH, path, "fetch.txt names a file outside data/.", error=declaration.is_rfc
            )
        if path in named:
            findings.warn(Rule.FETCH, path, "fetch.txt names this file twice.")
        named[path] = None if match["length"] == "-" else int(match["length"])
    return named


def check_fetched(
    named: Mapping[str, int | None], sizes: Mapping[str, int], listed: Iterable[str], findings: Findings
) -> None:
    """Hold the entries of fetch.txt against the files that are there and the manifests.

    Args:
        named: What `read_fetch` gave.
        sizes: Bytes of the files in the bag.
        listed: The files that payload manifests list.
        findings: Where findings go.
    """
    known = set(listed)
    for path, length in named.items():
        if path.startswith("data/") and path not in known:
            findings.error(Rule.FETCH, path, "fetch.txt names this file, and no payload manifest lists it.")
        if length is not None and sizes.get(path, length) != length:
            findings.warn(
                Rule.FETCH, path, f"fetch.txt says {length} bytes, the file here has {sizes[path]}."
            )
