# SPDX-License-Identifier: Apache-2.0
"""The one pass over a bag's files: read, hold against the recorded digests, hand on, list in manifests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from archive.bag.contents import PayloadFile, TagFile, blocks_of_file, content_of_file
from archive.bag.file_digests import FileDigests
from archive.bag.manifest_lines import format_manifest, manifest_line, manifest_name, tag_manifest_name
from archive.bag.plan import ALWAYS_DIGEST, BagPlan
from archive.bag.read_ahead import ReadAhead
from archive.bag.sinks import BagSink
from archive.digest_threads import WORTH_A_THREAD, DigestThreads
from archive.progress import ProgressCallback
from archive.progress_meter import ProgressMeter


@dataclass(frozen=True, slots=True)
class Packed:
    """What is known once all files have passed.

    Attributes:
        bytes_in_files: Of all files, tag files included.
        tag_manifest_sha256: Digest of tagmanifest-sha256.txt, or of the last one where the profile forbids that.
    """

    bytes_in_files: int
    tag_manifest_sha256: str


def pack(
    plan: BagPlan, sink: BagSink, progress: ProgressCallback, threads: DigestThreads | None = None
) -> Packed:
    """Pass all files of a bag to a sink, payload before manifests.

    Manifests come last, so that one pass serves both digests recorded at capture and digests first
    taken here.

    Args:
        plan: The bag.
        sink: Where it goes; that a file has changed may be noticed when the next ones have gone there
            too, but before the sink is finished.
        progress: Told of payload bytes; what it raises cancels.
        threads: Where digests of large files are taken; threads of its own where None.

    Raises:
        PayloadMissing, PayloadChanged: A file is not the one recorded.
    """
    if threads is None:
        with DigestThreads() as own:
            return pack(plan, sink, progress, own)
    meter = ProgressMeter(progress, f"Writing bag {plan.name}", plan.payload_bytes)
    meter.start()
    sink.add_folder("")
    tag_files = _TagFiles(plan, sink, threads)
    tag_files.add(plan.leading)
    sink.add_folder("data")
    manifests = _add_payload(plan, sink, meter, threads)
    tag_files.add(plan.trailing)
    tag_files.add(manifests)
    tag_manifest_sha256 = tag_files.add_tag_manifests()
    sink.finish()
    meter.finish()
    return Packed(plan.payload_bytes + tag_files.size, tag_manifest_sha256)


def _add_payload(plan: BagPlan, sink: BagSink, meter: ProgressMeter, threads: DigestThreads) -> list[TagFile]:
    """Pass the payload on; returns its manifests."""
    # the payload is sorted, so that its manifests can be written line by line
    manifests = {algorithm: bytearray() for algorithm in plan.algorithms}

    def listed(path: str, found: Mapping[str, str]) -> None:
        for algorithm, lines in manifests.items():
            lines.extend(manifest_line(path, found[algorithm]))

    digests = FileDigests({*plan.algorithms}, threads, listed)
    with ReadAhead(plan.payload) as opened:
        for file, descriptor in opened:
            _add_payload_file(file, descriptor, sink, meter, digests)
    digests.finish()
    return [TagFile(manifest_name(algorithm), bytes(lines)) for algorithm, lines in manifests.items()]


def _add_payload_file(
    file: PayloadFile, descriptor: int, sink: BagSink, meter: ProgressMeter, digests: FileDigests
) -> None:
    path = f"data/{file.path}"
    if file.size < WORTH_A_THREAD:
        content = content_of_file(file.source, file.size, descriptor)
        digests.small(path, content, file.digests)
        sink.add_file(path, file.size, (content,))
        meter.advance(file.size)
    else:
        blocks = _metered(blocks_of_file(file.source, file.size, descriptor), meter)
        sink.add_file(path, file.size, digests.watched(path, blocks, file.digests))


def _metered(blocks: Iterable[bytes], meter: ProgressMeter) -> Iterator[bytes]:
    for block in blocks:
        yield block
        meter.advance(len(block))


class _TagFiles:
    """The files beside data/: all but the tag manifests themselves are listed in the tag manifests."""

    def __init__(self, plan: BagPlan, sink: BagSink, threads: DigestThreads) -> None:
        self._plan = plan
        self._sink = sink
        self._known: dict[str, Mapping[str, str]] = {}
        self._digests = FileDigests({*plan.tag_algorithms, ALWAYS_DIGEST}, threads, self._known.__setitem__)
        self.size = 0

    def add(self, tag_files: Iterable[TagFile]) -> None:
        for tag_file in tag_files:
            size = tag_file.size
            self.size += size
            if size < WORTH_A_THREAD:
                content = (
                    tag_file.content if tag_file.source is None else content_of_file(tag_file.source, size)
                )
                self._digests.small(tag_file.path, content, tag_file.digests)
                self._sink.add_file(tag_file.path, size, (content,))
            else:
                blocks = (
                    [tag_file.content] if tag_file.source is None else blocks_of_file(tag_file.source, size)
                )
                watched = self._digests.watched(tag_file.path, blocks, tag_file.digests)
                self._sink.add_file(tag_file.path, size, watched)

    def add_tag_manifests(self) -> str:
        """Add the tag manifests; returns the SHA-256 of the one that is told."""
        self._digests.finish()
        sealed = dict(self._known)
        for algorithm in self._plan.tag_algorithms:
            lines = format_manifest((path, digests[algorithm]) for path, digests in sealed.items())
            self.add([TagFile(tag_manifest_name(algorithm), lines)])
        self._digests.finish()
        algorithms = self._plan.tag_algorithms
        telling = ALWAYS_DIGEST if ALWAYS_DIGEST in algorithms else algorithms[-1]
        return self._known[tag_manifest_name(telling)][ALWAYS_DIGEST]
