# SPDX-License-Identifier: Apache-2.0
"""A log that has grown too large begins anew under whoever writes to it, and one older part is kept."""

from __future__ import annotations

from pathlib import Path

from workers.nodes.log_bounds import bound_logs


def test_a_large_log_is_set_aside_and_its_writer_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "io.log"
    (tmp_path / "beat.log").write_bytes(b"short\n")
    with path.open("ab", buffering=0) as writer:
        for words in (b"first\n" * 4, b"second\n" * 4):
            writer.write(words)
            bound_logs(tmp_path.glob("*.log"), largest=20)
            assert path.stat().st_size == 0
            assert (tmp_path / "io.log.1").read_bytes() == words
        writer.write(b"third\n")
        bound_logs(tmp_path.glob("*.log"), largest=20)
    assert path.read_bytes() == b"third\n"
    assert (tmp_path / "beat.log").read_bytes() == b"short\n"


def test_a_log_that_cannot_be_set_aside_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "io.log").write_bytes(b"x" * 30)
    (tmp_path / "io.log.1").mkdir()
    bound_logs(tmp_path.glob("*.log"), largest=20)
    assert (tmp_path / "io.log").stat().st_size == 30
