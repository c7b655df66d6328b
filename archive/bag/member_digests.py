# SPDX-License-Identifier: Apache-2.0
"""The digests of a bag's files when it is checked: those its manifests speak of, in one reading where that can be."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, MutableMapping

from archive.bag.manifest_check import FileFacts, hashlib_name
from archive.bag.manifest_lines import MANIFEST_NAME
from archive.bag.readers import BagReader, Member
from archive.digest_threads import WORTH_A_THREAD, DigestThreads
from archive.digests import digest_constructor

USUAL = ("md5", "sha1", "sha256", "sha512")
"""What manifests are made of nearly everywhere (RFC 8493, section 2.4)."""


class MemberDigests:
    """Takes the digests of one file after the other, those of large ones in threads.

    The manifests of a compressed stream may stand behind the files that they list. While none is known
    the usual digests are taken, and only files of which a manifest wants another one are read again.

    Args:
        reader: The open bag.
        threads: Where large blocks are digested.
        facts: Where the facts of each file are put, by path; complete after `finish`.
        always: Digests that are taken of every file, whatever the manifests are made of.
    """

    def __init__(
        self,
        reader: BagReader,
        threads: DigestThreads,
        facts: MutableMapping[str, FileFacts],
        always: Collection[str] = (),
    ) -> None:
        self._reader = reader
        self._threads = threads
        self._facts = facts
        self._constructor = functools.cache(digest_constructor)
        # one tuple for all files that have the same digests taken
        self._with_always = functools.cache(lambda wanted: tuple(sorted({*wanted, *always})))
        self._payload: tuple[str, ...] = ()
        self._tags: tuple[str, ...] = ()
        for member in reader.inventory.members:
            self._learn(member)

    def watched(self, member: Member, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Pass the blocks of a file on while they are digested."""
        self._learn(member)
        algorithms = self._wanted(member)
        if not (algorithms or self._reader.foresees):
            algorithms = USUAL
        algorithms = self._with_always(algorithms)
        hashes = {name: self._constructor(name)() for name in algorithms}
        threaded = member.size >= WORTH_A_THREAD
        size = 0
        for block in blocks:
            for name, running in hashes.items():
                if threaded:
                    self._threads.hand(name, running.update, block)
                else:
                    running.update(block)
            size += len(block)
            yield block
        # the same number, not only an equal one, where it is
        facts = FileFacts(member.path, member.size if size == member.size else size, algorithms)
        if not threaded or not hashes:
            self._facts[member.path] = facts.with_digests(hashes)
            return
        left = set(hashes)

        def end(name: str) -> None:
            left.discard(name)
            if not left:
                self._facts[member.path] = facts.with_digests(hashes)

        for name in hashes:
            self._threads.hand(name, end, name)

    def finish(self) -> list[Member]:
        """Wait for all digests; returns the files of which a manifest wants one that was not taken."""
        self._threads.wait()
        return [
            member
            for member in self._reader.inventory.members
            if (facts := self._facts.get(member.path)) is not None
            and not set(facts.algorithms).issuperset(self._wanted(member))
        ]

    def _wanted(self, member: Member) -> tuple[str, ...]:
        return self._payload if member.path.startswith("data/") else self._tags

    def _learn(self, member: Member) -> None:
        """Note what a manifest's name tells."""
        match = MANIFEST_NAME.fullmatch(member.path)
        name = hashlib_name(match["algorithm"]) if match else None
        if match is None or name is None:
            return
        if match["tag"]:
            self._tags = tuple(sorted({*self._tags, name}))
        else:
            self._payload = tuple(sorted({*self._payload, name}))
