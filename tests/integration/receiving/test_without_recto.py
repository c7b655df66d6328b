# SPDX-License-Identifier: Apache-2.0
"""Of one location alone, with no Recto and no registry, every bag can be had again by what the handbook says."""

from __future__ import annotations

import re
import shlex
import subprocess
import tarfile
from pathlib import Path

from tests.arrivals import INSTITUTION, ReceivingSite, make_bag

HANDBOOK = Path(__file__).parents[3] / "docs" / "receiving.md"
NAMES = {
    "100%25 sure.txt": b"percent",
    "Stra\u00dfe K\u00f6ln/\u6f22.txt": b"NFC",
    "with  two spaces.txt": b"spaces",
    "twice.bin": b"the same bytes",
    "once more.bin": b"the same bytes",
    "empty": b"",
    "it's $HOME & 'more'.txt": b"shell",
}


def recipe(identifier: str, to: Path) -> str:
    section = HANDBOOK.read_text(encoding="utf-8").partition("### Without Recto\n")[2]
    found = re.search(r"```bash\n(.*?)```", section, re.DOTALL)
    assert found is not None
    first, _, rest = found[1].partition("\n")
    assert first.startswith("object=")
    return f"set -euo pipefail\nobject={shlex.quote(identifier)} to={shlex.quote(str(to))}\n{rest}"


def run(location: Path, identifier: str, to: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["/bin/bash", "-c", recipe(identifier, to)],
        cwd=location,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def contents(tar: Path) -> dict[str, bytes]:
    with tarfile.open(tar) as opened:
        return {
            member.name: file.read() for member in opened if (file := opened.extractfile(member)) is not None
        }


def test_the_handbooks_way_without_recto_gives_the_newest_bag_back_and_finds_damage(
    site: ReceivingSite, tmp_path: Path
) -> None:
    for content in ({"first.txt": b"first"}, NAMES):
        site.deposit(make_bag(tmp_path, name="K\u00f6ln_1", content=content)).run()
    location = site.locations[1]
    ended = run(location, rf"{INSTITUTION}/K\u00f6ln_1", tmp_path / "again")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert contents(tmp_path / "again" / "K\u00f6ln_1.tar") == contents(tmp_path / "K\u00f6ln_1.tar")
    damaged = next(path for path in location.rglob("*") if path.is_file() and path.read_bytes() == b"percent")
    damaged.write_bytes(b"perceNt")
    ended = run(location, rf"{INSTITUTION}/K\u00f6ln_1", tmp_path / "once more")
    assert ended.returncode
    assert damaged.name in ended.stdout
