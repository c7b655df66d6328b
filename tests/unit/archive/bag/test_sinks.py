# SPDX-License-Identifier: Apache-2.0
"""The tar stream itself."""

from __future__ import annotations

import io
import tarfile

from archive.bag.sinks import TarSink


def test_a_file_beyond_eight_gibibytes_has_its_size_in_a_pax_record() -> None:
    out = bytearray()
    sink = TarSink(out.extend, "bag", 0)
    size = 9 << 30
    sink.add_file("data/huge.tif", size, [])
    with tarfile.open(fileobj=io.BytesIO(bytes(out)), mode="r:") as tar:
        assert (tar.firstmember or tar.getmembers()[0]).size == size


def test_a_stream_ends_on_a_whole_record() -> None:
    out = bytearray()
    sink = TarSink(out.extend, "bag", 0)
    sink.add_folder("")
    sink.add_file("bagit.txt", 3, [b"ab", b"c"])
    sink.finish()
    assert len(out) == tarfile.RECORDSIZE
    with tarfile.open(fileobj=io.BytesIO(bytes(out))) as tar:
        member = tar.extractfile("bag/bagit.txt")
        assert member is not None
        assert member.read() == b"abc"
