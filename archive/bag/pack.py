# SPDX-License-Identifier: Apache-2.0
"""The one pass over a bag's files: read, digest, compare with the recorded digests, hand on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

from archive.bag.contents import TagFile, blocks_of_file, blocks_of_tag_file
from archive.bag.manifest_lines import format_manifest, manifest_name, tag_manifest_name
from archive.bag.plan import ALWAYS_DIGEST, BagPlan
from archive.bag.sinks import BagSink
from archive.digests import DigestSet
from archive.errors import PayloadChanged
from archive.progress import ProgressCallback
from archive.progress_meter import ProgressMeter

_WORTH_A_THREAD = 1 << 16
"""Bytes from which handing a block to a thread costs less than it gains."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What is known once all files have passed.

    Attributes:
        bytes_in_files: Of all files, tag files included.
        tag_manifest_sha256: Digest of tagmanifest-sha256.txt, or of the last one where the profile forbids that.
    """

    bytes_in_files: int
    tag_manifest_sha256: str


def pack(plan: BagPlan, sink: BagSink, progress: ProgressCallback) -> Packed:
    """Pass all files of a bag to a sink, payload before manifests.

    Manifests come last, so that one pass serves both digests recorded at capture and digests first
    taken here.

    Raises:
        PayloadMissing, PayloadChanged: A file is not the one recorded.
    """
    meter = ProgressMeter(progress, f"Writing bag {plan.name}", plan.payload_bytes)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="payload-digests") as digester:
        packed = _pack(plan, sink, meter, _Packer(plan, sink, digester))
    meter.finish()
    return packed


def _pack(plan: BagPlan, sink: BagSink, meter: ProgressMeter, packer: _Packer) -> Packed:
    meter.start()
    sink.add_folder("")
    for tag_file in plan.leading:
        packer.add_tag_file(tag_file)
    sink.add_folder("data")
    payload = {
        f"data/{file.path}": packer.add(
            f"data/{file.path}",
            file.size,
            meter_blocks(blocks_of_file(file.source, file.size), meter),
            file.digests,
        )
        for file in plan.payload
    }
    for tag_file in plan.trailing:
        packer.add_tag_file(tag_file)
    for algorithm in plan.algorithms:
        lines = format_manifest((path, digests[algorithm]) for path, digests in payload.items())
        packer.add_tag_file(TagFile(manifest_name(algorithm), lines))
    tag_manifest_sha256 = packer.add_tag_manifests()
    sink.finish()
    return Packed(packer.bytes_in_files, tag_manifest_sha256)


def meter_blocks(blocks: Iterable[bytes], meter: ProgressMeter) -> Iterator[bytes]:
    """Count blocks as they pass."""
    for block in blocks:
        yield block
        meter.advance(len(block))


class _Packer:
    def __init__(self, plan: BagPlan, sink: BagSink, digester: Executor) -> None:
        self._plan = plan
        self._taken = {*plan.algorithms, *plan.tag_algorithms, ALWAYS_DIGEST}
        self._sink = sink
        self._digester = digester
        self._tags: dict[str, dict[str, str]] = {}
        self.bytes_in_files = 0

    def add(
        self, path: str, size: int, blocks: Iterable[bytes], recorded: Mapping[str, str]
    ) -> dict[str, str]:
        """Pass one file on and return its digests, which must equal those recorded."""
        digests = DigestSet({*self._taken, *recorded})
        self._sink.add_file(path, size, _digested(blocks, digests, self._digester))
        found = digests.hexdigests()
        for algorithm, expected in recorded.items():
            if found[algorithm] != expected.lower():
                raise PayloadChanged(
                    f"{path} is not the file that was recorded: its {algorithm} is {found[algorithm]}, "
                    f"recorded was {expected}.",
                    path=path,
                    algorithm=algorithm,
                    expected=expected,
                    found=found[algorithm],
                )
        self.bytes_in_files += size
        return found

    def add_tag_file(self, tag_file: TagFile) -> None:
        size = tag_file.size
        blocks = blocks_of_tag_file(tag_file, size)
        self._tags[tag_file.path] = self.add(tag_file.path, size, blocks, tag_file.digests)

    def add_tag_manifests(self) -> str:
        sealed = dict(self._tags)
        for algorithm in self._plan.tag_algorithms:
            lines = format_manifest((path, digests[algorithm]) for path, digests in sealed.items())
            self.add_tag_file(TagFile(tag_manifest_name(algorithm), lines))
        telling = (
            ALWAYS_DIGEST if ALWAYS_DIGEST in self._plan.tag_algorithms else self._plan.tag_algorithms[-1]
        )
        return self._tags[tag_manifest_name(telling)][ALWAYS_DIGEST]


def _digested(blocks: Iterable[bytes], digests: DigestSet, digester: Executor) -> Iterator[bytes]:
    """Pass blocks on while another thread digests them, beside whoever writes and digests the tar."""
    for block in blocks:
        if len(block) < _WORTH_A_THREAD:
            digests.update(block)
            yield block
        else:
            running = digester.submit(digests.update, block)
            yield block
            running.result()
