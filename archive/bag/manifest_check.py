# SPDX-License-Identifier: Apache-2.0
"""Holding the manifests of a bag against its files."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from archive.bag.declaration import Declaration
from archive.bag.findings import Finding, Rule
from archive.bag.manifest_lines import MANIFEST_NAME, ManifestLine, manifest_lines
from archive.bag.names import escape_problem
from archive.bag.readers import printable

_ALGORITHMS = {
    re.sub(r"[-_]", "", name).lower(): name
    for name in hashlib.algorithms_guaranteed
    if not name.startswith("shake")
}


def hashlib_name(algorithm: str) -> str | None:
    """The name hashlib has for the algorithm in a manifest's file name, or None where it is not known."""
    return _ALGORITHMS.get(re.sub(r"[-_]", "", algorithm).lower())


def algorithms_of(paths: Iterable[str], *, tag: bool) -> dict[str, str]:
    """The manifests among the files of a bag: file name -> algorithm as it is written there."""
    matches = (MANIFEST_NAME.fullmatch(path) for path in paths)
    return {match[0]: match["algorithm"] for match in matches if match and bool(match["tag"]) == tag}


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What reading a file gave, kept small because there may be a million of them.

    Attributes:
        path: Inside the bag.
        size: Bytes.
        algorithms: hashlib names of the digests that were taken.
        digests: Theirs, in the same order and without anything between.
    """

    path: str
    size: int
    algorithms: tuple[str, ...] = ()
    digests: bytes = b""

    def with_digests(self, running: Mapping[str, hashlib._Hash]) -> Self:
        """The same with what digests give that have taken in the whole file."""
        digests = b"".join(running[name].digest() for name in self.algorithms)
        return dataclasses.replace(self, digests=digests)

    def hexdigest(self, algorithm: str) -> str | None:
        """A digest in lower-case hexadecimal, or None where it was not taken."""
        if algorithm not in self.algorithms:
            return None
        before = self.algorithms[: self.algorithms.index(algorithm)]
        start = sum(map(_digest_size, before))
        return self.digests[start : start + _digest_size(algorithm)].hex()


@functools.cache
def _digest_size(algorithm: str) -> int:
    return hashlib.new(algorithm, usedforsecurity=False).digest_size


@dataclass(slots=True)
class Findings:
    """Errors and warnings, as they come up."""

    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def error(self, rule: Rule, path: str, message: str) -> None:
        """Add an error."""
        self.errors.append(Finding(rule, printable(path), message))

    def warn(self, rule: Rule, path: str, message: str) -> None:
        """Add a warning."""
        self.warnings.append(Finding(rule, printable(path), message))

    def judge(self, rule: Rule, path: str, message: str, *, error: bool) -> None:
        """Add an error or a warning."""
        (self.error if error else self.warn)(rule, path, message)


class ManifestCheck:
    """Checks all manifests of a bag.

    Args:
        files: All regular files that could be read.
        unread: Files that are there and could not be read; they are told elsewhere.
        declaration: What bagit.txt says.
        findings: Where findings go.
        fetchable: Files that fetch.txt names: absent, they are yet to be fetched and not lost.
    """

    def __init__(
        self,
        files: Mapping[str, FileFacts],
        unread: set[str],
        declaration: Declaration,
        findings: Findings,
        fetchable: Collection[str] = (),
    ) -> None:
        self._files = files
        self._unread = unread
        self._declaration = declaration
        self._findings = findings
        self._fetchable = fetchable
        # those in normal form C are found under their own names
        self._by_nfc = {
            composed: path
            for path in (*files, *unread)
            if not path.isascii() and (composed := unicodedata.normalize("NFC", path)) != path
        }

    def payload(self, manifests: Mapping[str, str]) -> set[str]:
        """Check the payload manifests: each must list every file below data/ and nothing else.

        Args:
            manifests: Text by file name.

        Returns:
            All files that they list.
        """
        listed = {name: self._check(name, text, tag=False) for name, text in manifests.items()}
        known = set().union(*listed.values()) if listed else set()
        for path in sorted(path for path in [*self._files, *self._unread] if path.startswith("data/")):
            if path not in known:
                self._findings.error(Rule.FILE_UNEXPECTED, path, "No payload manifest lists this file.")
                continue
            for name in sorted(name for name, paths in listed.items() if path not in paths):
                self._findings.judge(
                    Rule.MANIFEST_INCOMPLETE,
                    path,
                    f"{name} does not list this file.",
                    error=self._declaration.is_rfc,
                )
        return known

    def tags(self, manifests: Mapping[str, str]) -> None:
        """Check the tag manifests: each must list every payload manifest, and should list every tag file.

        Args:
            manifests: Text by file name.
        """
        for name, text in manifests.items():
            listed = self._check(name, text, tag=True)
            for path in sorted({*self._files, *self._unread} - listed):
                match = MANIFEST_NAME.fullmatch(path)
                if path.startswith("data/") or (match and match["tag"]):
                    continue
                self._findings.judge(
                    Rule.TAG_FILE_UNLISTED,
                    path,
                    f"{name} does not list this file.",
                    error=bool(match) and self._declaration.is_rfc,
                )

    def _check(self, name: str, text: str, *, tag: bool) -> set[str]:
        match = MANIFEST_NAME.fullmatch(name)
        algorithm = hashlib_name(match["algorithm"]) if match else None
        decorated = upper = False
        listed: set[str] = set()
        again: set[str] = set()
        for line in manifest_lines(text):
            if isinstance(line, str):
                self._findings.error(
                    Rule.MANIFEST_FORM, name, f"{name} has a line that is no entry: {line[:80]!r}."
                )
                continue
            decorated |= line.starred or line.dotted
            upper |= line.upper
            path = self._resolve(name, line, tag=tag)
            if path in listed:
                again.add(path)
            elif path is not None:
                listed.add(path)
                self._compare(name, path, algorithm, line)
        if decorated:
            self._findings.warn(Rule.MANIFEST_FORM, name, f"{name} has an asterisk or ./ before paths.")
        if upper:
            self._findings.warn(
                Rule.MANIFEST_FORM,
                name,
                f"{name} has digests in capitals, which some archives take for others.",
            )
        if again:
            self._duplicates(name, text, again)
        return listed

    def _resolve(self, name: str, line: ManifestLine, *, tag: bool) -> str | None:
        """The path a line means, as the bag spells it; None where it may not be followed."""
        problem = escape_problem(line.path)
        if problem is None and line.path != line.written:
            problem = escape_problem(line.written)
        if problem:
            self._findings.error(Rule.UNSAFE_PATH, line.written, f"In {name}, the path {problem}.")
            return None
        path = self._spelled(name, line)
        if not tag and not path.startswith("data/"):
            self._findings.error(Rule.MANIFEST_FORM, path, f"{name} lists a file outside data/.")
            return None
        return path

    def _spelled(self, name: str, line: ManifestLine) -> str:
        path = self._spelled_here(line)
        if path is None:
            return line.path
        if path == line.path:
            return path
        if path == line.written:
            self._findings.warn(Rule.NAME_ENCODING, path, f"{name} does not encode % as RFC 8493 asks.")
        else:
            self._findings.warn(
                Rule.NAME_NORMALISATION, path, f"{name} spells this name in another Unicode normalisation."
            )
        return path

    def _spelled_here(self, line: ManifestLine) -> str | None:
        """The path a line means, as a file of the bag is named; None where there is no such file."""
        composed = unicodedata.normalize("NFC", line.path)
        for candidate in (line.path, line.written, composed):
            if (facts := self._files.get(candidate)) is not None:
                # the same string, not only an equal one: a manifest has a line for every file
                return facts.path
            if candidate in self._unread:
                return candidate
        return self._by_nfc.get(composed)

    def _duplicates(self, name: str, text: str, paths: set[str]) -> None:
        """Tell of the files that a manifest lists more than once; only for them it is read again."""
        first: dict[str, ManifestLine] = {}
        for line in manifest_lines(text):
            if isinstance(line, str):
                continue
            path = self._spelled_here(line) or line.path
            if path in paths and path in first:
                self._duplicate(name, path, line, first[path])
            elif path in paths:
                first[path] = line

    def _duplicate(self, name: str, path: str, line: ManifestLine, first: ManifestLine) -> None:
        same = line.digest == first.digest
        respelled = line.written != first.written
        self._findings.judge(
            Rule.MANIFEST_DUPLICATE,
            path,
            f"{name} lists this file twice, with {'the same digest' if same else 'different digests'}.",
            error=not same or (self._declaration.is_rfc and not respelled),
        )

    def _compare(self, name: str, path: str, algorithm: str | None, line: ManifestLine) -> None:
        if path in self._unread:
            return
        facts = self._files.get(path)
        if facts is None and path in self._fetchable:
            self._findings.error(
                Rule.FILE_NOT_FETCHED,
                path,
                f"{name} lists this file, and it is not there yet: fetch.txt says where to get it.",
            )
        elif facts is None:
            self._findings.error(Rule.FILE_MISSING, path, f"{name} lists this file, and it is not there.")
        elif algorithm is not None and (found := facts.hexdigest(algorithm) or "not taken") != line.digest:
            self._findings.error(Rule.FILE_CHANGED, path, f"{name} says {line.digest}, the file has {found}.")
