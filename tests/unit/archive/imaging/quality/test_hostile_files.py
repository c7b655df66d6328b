# SPDX-License-Identifier: Apache-2.0
"""What is no whole image is found out quickly, in little memory, by checks and by accession, and nothing is taken."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.unit.archive.imaging.quality.hostile_files import HOSTILE

LONGEST = 2.0
"""Seconds of processor time for both ways together; what waits for a pipe never ends."""

MOST = 200
"""Megabytes of the whole process."""

PROBE = """
import json, resource, sys
from pathlib import Path
from archive.errors import ImagingError
from archive.imaging.accession import accession
from archive.imaging.quality.files import check_files
from archive.imaging.quality.profile import load_quality_profile

def usage():
    return resource.getrusage(resource.RUSAGE_SELF)

def peak():
    # not ru_maxrss, in which a large parent's memory is counted too (getrusage(2))
    told = Path("/proc/self/status").read_text()
    return int(told.split("VmHWM:")[1].split()[0]) / 1024

for path in map(Path, sys.argv[1:]):
    began = usage().ru_utime + usage().ru_stime
    (file,) = check_files([path], load_quality_profile("house"))
    try:
        refused = str(accession(path, path.with_name("taken.tif")).path)
    except (ImagingError, OSError) as error:
        refused = type(error).__name__
    spent = usage().ru_utime + usage().ru_stime - began
    print(json.dumps({
        "name": path.name, "verdict": file.verdict, "sentence": file.checks[-1].sentence,
        "refused": refused, "seconds": spent, "megabytes": peak(),
    }), flush=True)
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What one process that met all hostile files, the worst of them too, tells of each."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, (make, _) in HOSTILE.items():
        make(folder / name)
    paths = [str(folder / name) for name in HOSTILE]
    ended = subprocess.run(
        [sys.executable, "-c", PROBE, *paths], capture_output=True, text=True, check=True, timeout=60
    )
    assert not (folder / "taken.tif").exists()
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    return {answer["name"]: answer for answer in answers}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_finding_and_is_not_taken_in(name: str, found: dict[str, dict[str, Any]]) -> None:
    answer = found[name]
    assert answer["verdict"] == "hold"
    assert name in answer["sentence"]
    assert HOSTILE[name][1] in answer["sentence"]
    assert answer["refused"] in {"DamagedImage", "UnsupportedImage", "ImageTooLarge", "OSError"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_neither_time_nor_memory(name: str, found: dict[str, dict[str, Any]]) -> None:
    assert found[name]["seconds"] < LONGEST
    assert found[name]["megabytes"] < MOST
