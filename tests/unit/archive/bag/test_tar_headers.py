# SPDX-License-Identifier: Apache-2.0
"""Headers of tar members: fast or not, they are the bytes that the standard library makes."""

from __future__ import annotations

import tarfile

from hypothesis import example, given
from hypothesis import strategies as st

from archive.bag.tar_headers import TarHeaders

_plain = st.text(st.characters(min_codepoint=1, max_codepoint=127), min_size=1, max_size=110)
_names = _plain | st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=110)
_sizes = st.integers(0, 1 << 20) | st.integers(0, 1 << 40)


def _of_tarfile(name: str, size: int, mtime: int, kind: bytes, mode: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.type, member.mode = size, mtime, kind, mode
    return member.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


@given(name=_names, size=_sizes, mtime=st.integers(-10, 1 << 40))
@example(name="x" * 100, size=0o77777777777, mtime=0)
@example(name="x" * 101, size=0o100000000000, mtime=0)
@example(name="bag/data/dir/", size=1, mtime=1_774_915_200)
@example(name="bag/data/é", size=1, mtime=1_774_915_200)
def test_they_are_those_of_the_standard_library(name: str, size: int, mtime: int) -> None:
    headers = TarHeaders(mtime)
    assert headers.of_file(name, size) == _of_tarfile(name, size, mtime, tarfile.REGTYPE, 0o644)
    assert headers.of_folder(name) == _of_tarfile(name, 0, mtime, tarfile.DIRTYPE, 0o755)
