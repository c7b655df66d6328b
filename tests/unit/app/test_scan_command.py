# SPDX-License-Identifier: Apache-2.0
"""`recto scan` in this process: what is kept, what is told, and the exit code, whatever happens on the way."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from app.command_line import main
from app.commands.scan import _command
from app.commands.scan_job import ScanJob
from app.commands.scan_pages import PageNames, keep
from app.commands.scan_profile import read_profile
from app.commands.scan_start import wait_for_button, wait_until_loaded
from archive.unfinished_files import living_folder
from hardware.configuration import HardwareConfiguration, SimulatedDevice
from hardware.discovery import open_session
from hardware.errors import BadOption, Jam, UnsupportedFrame
from hardware.scanner import DeviceInfo, PageFile

SETTINGS = """\
[devices]
sane = false

[[devices.simulated]]
name = "bed"

[[devices.simulated]]
name = "stack"
kind = "feeder"
sheets = 4
faults = "{faults}"

[[devices.simulated]]
name = "empty"
kind = "feeder"
sheets = 0
"""
QUICK = ("--set", "resolution=60", "--set", "mode=Gray")


@pytest.fixture
def folder(recto_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the command is called in; its devices have no faults yet."""
    (recto_home / "config").mkdir(parents=True)
    script = tmp_path / "faults.yaml"
    script.write_text("faults: []")
    (recto_home / "config" / "recto.toml").write_text(SETTINGS.format(faults=script))
    made = tmp_path / "here"
    made.mkdir()
    monkeypatch.chdir(made)
    return made


def fault(folder: Path, entry: str) -> None:
    (folder.parent / "faults.yaml").write_text(f"faults: [{entry}]")


def scan(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["scan", *arguments])


def told(result: Result) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def interrupted_when(condition: Callable[[], bool]) -> Iterator[None]:
    """Ctrl-C as soon as a condition holds."""
    over = threading.Event()

    def wait() -> None:
        while not condition():
            if over.wait(0.005):
                return
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=wait)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


# Errors in the middle


def test_after_a_jam_the_pages_before_are_kept_and_the_command_told_scans_the_rest(folder: Path) -> None:
    fault(folder, "{fault: jam, at: {page: 3, line: 40%}}")
    ended = scan("simulated:stack", "-o", "a.tif", "--pages", "all", *QUICK, "--json")
    document = told(ended)
    assert ended.exit_code == 3
    assert [page["path"] for page in document["pages"]] == names(folder)[::-1] == ["a.tif", "a-0002.tif"]
    assert document["options"]["mode"] == {"requested": "Gray", "actual": "Gray"}
    error = document["error"]
    assert (error["code"], error["facts"]["last_good_page"]) == ("scanner.jam", 2)
    command = shlex.split(error["remedy"].partition("The command for that: ")[2])
    assert command[:2] == ["recto", "scan"]
    rest = scan(*command[2:], "--json")
    assert rest.exit_code == 0, rest.stderr
    assert [page["path"] for page in told(rest)["pages"]] == [f"a-{number:04d}.tif" for number in range(3, 7)]


def test_without_json_the_kept_pages_and_the_three_parts_are_told(folder: Path) -> None:
    fault(folder, "{fault: double_feed, at: {page: 2}}")
    # there is paper already, so the scan begins at once
    ended = scan("simulated:stack", "-o", "a.tif", "--pages", "3", *QUICK, "--when-loaded")
    assert ended.exit_code == 3
    assert "Waiting for a sheet in simulated:stack" in ended.stderr
    assert re.match(r"a\.tif: \d+ x \d+, 60 dpi, sha256 [0-9a-f]{64}\n$", ended.stdout)
    assert "The last good page is 1" in ended.stderr
    assert f"recto scan simulated:stack -o a.tif {' '.join(QUICK)} --pages 2 --first-page 2" in ended.stderr


@pytest.mark.parametrize(("device", "came"), [("stack", 4), ("bed", 1)])
def test_fewer_pages_than_were_asked_for_are_no_error_and_are_told(
    folder: Path, device: str, came: int
) -> None:
    ended = scan(f"simulated:{device}", "-o", "a.tif", "--pages", "6", *QUICK)
    assert ended.exit_code == 0
    assert len(names(folder)) == came
    assert f"{came} of 6 pages came" in ended.stderr


def test_the_command_for_the_rest_of_a_duplex_scan_leaves_out_the_back_of_a_kept_front() -> None:
    job = ScanJob("simulated:both", PageNames(Path("a.tif"), 1, 6), pages=[{}, {}, {}])
    assert job.rest() == "recto scan simulated:both -o a.tif --pages 3 --first-page 4"
    failure = Jam("Stuck.", next_page=4, front_kept=True).to_json()
    assert _command(job, failure) == (
        " For the sheets after it: recto scan simulated:both -o a.tif --pages 2 --first-page 5"
    )
    job.pages += [{}, {}]
    assert _command(job, failure) == ""


def test_a_call_that_would_fail_again_is_not_recommended() -> None:
    refused = BadOption("A file states 50 dpi.", next_page=1).to_json()
    assert _command(ScanJob("folder:hot", PageNames(Path("a.tif"))), refused) == ""
    later = ScanJob("folder:hot", PageNames(Path("a.tif"), 1, 2), pages=[{}])
    assert "--first-page 2" in _command(later, refused)


def test_a_scan_that_is_stopped_at_the_device_is_no_success(folder: Path) -> None:
    fault(folder, "{fault: cancelled, at: {page: 2, line: 50%}}")
    ended = scan("simulated:stack", "-o", "a.tif", "--pages", "2", *QUICK, "--json")
    assert (ended.exit_code, told(ended)["error"]["code"]) == (3, "scanner.cancelled")
    assert names(folder) == ["a.tif"]


def test_a_scan_that_is_interrupted_keeps_whole_pages_and_nothing_else(folder: Path) -> None:
    fault(folder, "{fault: slow, at: {page: 2}, seconds: 0.2}")
    with interrupted_when((folder / "a.tif").exists):
        ended = scan("simulated:stack", "-o", "a.tif", "--pages", "all", *QUICK, "--json")
    document = told(ended)
    assert (ended.exit_code, document["error"]["code"]) == (130, "interrupted")
    assert [page["path"] for page in document["pages"]] == names(folder) == ["a.tif"]
    assert "--pages all --first-page 2" in document["error"]["remedy"]
    assert "Another Ctrl-C does not wait" in ended.stderr


def test_a_page_is_told_when_it_is_kept_and_not_at_the_end(folder: Path) -> None:
    fault(folder, "{fault: slow, at: {page: 2}, seconds: 3}")
    command = [sys.executable, "-m", "app", "scan", "simulated:stack", "-o", "a.tif", "--pages", "2", *QUICK]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("a.tif: ")
        running.send_signal(signal.SIGINT)
        assert running.stdout.read() == ""
    assert running.returncode == 130


def test_a_scan_goes_on_when_nobody_reads_what_it_tells(folder: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "app",
        "scan",
        "simulated:stack",
        "-o",
        "a.tif",
        "--pages",
        "all",
        *QUICK,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert running.stdout is not None
        running.stdout.close()
    assert running.returncode == 0
    assert len(names(folder)) == 4


def test_an_error_before_the_first_page_is_one_document_too(folder: Path) -> None:
    ended = scan("simulated:empty", "-o", "new/a.tif", "--json")
    assert ended.exit_code == 3
    assert told(ended).keys() == {"file", "pages", "options", "error"}
    assert told(ended)["error"]["code"] == "scanner.feeder_empty"
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_what_a_killed_scan_left_is_removed_by_the_next_to_the_same_file_and_that_of_a_living_one_is_not(
    folder: Path,
) -> None:
    dead, living, other = (
        folder / name for name in (".a.tif.dead.part", ".a.tif.live.part", ".b.tif.x.part")
    )
    for left in (dead, living, other):
        (left / "spool").mkdir(parents=True)
        (left / "spool" / "0001.raw").touch()
    fault(folder, "{fault: jam, at: {page: 2, line: 40%}}")
    with living_folder(living):
        assert scan("simulated:stack", "-o", "a.tif", "--pages", "all", *QUICK).exit_code == 3
    assert names(folder) == [living.name, other.name, "a.tif"]


# Waiting for a hand


def test_waiting_for_a_sheet_can_be_interrupted(folder: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    with interrupted_when(lambda: signal.getsignal(signal.SIGINT) != before):
        ended = scan("simulated:empty", "-o", "a.tif", "--when-loaded", "--json")
    assert (ended.exit_code, told(ended)["error"]["code"]) == (130, "interrupted")
    assert names(folder) == []
    assert signal.getsignal(signal.SIGINT) == before


def test_a_button_that_is_not_there_is_named_with_those_that_are(folder: Path) -> None:
    ended = scan("simulated:bed", "-o", "a.tif", "--on-button", "scam")
    assert ended.exit_code == 3
    assert "Did you mean scan? It has: page-loaded, cover-open, scan." in ended.stderr


def test_a_press_and_a_sheet_are_waited_for() -> None:
    configuration = HardwareConfiguration((SimulatedDevice("stack", "feeder", sheets=0),), sane=False)
    with open_session("simulated:stack", configuration) as session:
        stop = threading.Event()
        hand = threading.Event()

        def press() -> None:
            # a press counts when the button was seen up before
            while not hand.wait(0.05):
                session.set("simulate-scan-button", None)
            session.set("simulate-page-loaded", value=True)

        thread = threading.Thread(target=press)
        thread.start()
        try:
            assert wait_for_button(session, "scan", 0.01, stop)
        finally:
            hand.set()
            thread.join()
        assert wait_until_loaded(session, 0.01, stop)
        stop.set()
        assert not wait_for_button(session, "scan", 0.01, stop)


def test_a_device_that_does_not_tell_of_paper_cannot_be_waited_for() -> None:
    class Silent:
        class device:  # noqa: N801
            id = "sane:silent"

        def sensors(self) -> dict[str, bool]:
            return {}

    with pytest.raises(BadOption, match="no button or sensor named 'page-loaded'"):
        wait_until_loaded(Silent(), 0.01, threading.Event())  # type: ignore[arg-type]


# What a device lacks


def test_a_page_of_unknown_resolution_is_no_master(tmp_path: Path) -> None:
    page = PageFile(
        path=tmp_path / "0001.raw",
        number=1,
        width=1,
        height=1,
        bits_per_sample=8,
        samples_per_pixel=1,
        photometric="black_is_zero",
        pixel_sha256="",
        dpi=(0, 0),
        options={},
        device=DeviceInfo("sane:camera", "v4l", "", "", "", simulated=False),
        started_at="",
        finished_at="",
        bytes_received=1,
        complete=True,
    )
    with pytest.raises(UnsupportedFrame, match="does not tell the resolution"):
        keep(page, tmp_path / "a.tif")
    assert list(tmp_path.iterdir()) == []


# Settings


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.toml", 'resolution = 75\nmode = "Gray"\nbr-x = 50.5\ntable = [1, 2]\n'),
        ("p.yaml", "resolution: 75\nmode: Gray\nbr-x: 50.5\ntable: [1, 2]\n"),
        ("p.json", '{"resolution": 75, "mode": "Gray", "br-x": 50.5, "table": [1, 2]}'),
    ],
)
def test_a_profile_holds_values_of_options(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert read_profile(tmp_path / name) == {"resolution": 75, "mode": "Gray", "br-x": 50.5, "table": [1, 2]}


def test_what_is_set_by_hand_goes_over_the_profile_and_a_region_is_a_setting_too(folder: Path) -> None:
    Path("p.yaml").write_text("resolution: 75\nmode: Gray\n")
    area = ("--area", "20,30,50.8,25.4")
    ended = scan(
        "simulated:bed", "-o", "a.tif", "--profile", "p.yaml", "--set", "resolution=60", *area, "--json"
    )
    assert ended.exit_code == 0, ended.stderr
    [page] = told(ended)["pages"]
    assert (page["width"], page["height"]) == (120, 60)
    options = told(ended)["options"]
    assert options["resolution"] == {"requested": "60", "actual": 60}
    assert options["mode"] == {"requested": "Gray", "actual": "Gray"}
    assert options["br-y"] == {"requested": 55.4, "actual": pytest.approx(55.4, abs=1e-4)}


def test_a_person_is_told_of_numbers_that_the_device_has_rounded(folder: Path) -> None:
    ended = scan("simulated:bed", "-o", "a.tif", *QUICK, "--area", "0,0,25.4,5000")
    assert ended.exit_code == 0
    assert [line for line in ended.stderr.splitlines() if "rounded" in line] == [
        "The device has rounded an option: br-y is 297 and not 5000.0."
    ]
    assert names(folder) == ["a.tif"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("p.json", "[" * 100_000, "nested too deeply"),
        ("p.ini", "resolution = 75", "ends in none of .toml"),
        ("p.toml", "resolution 75", "cannot be used"),
        ("p.yaml", "resolution: [", "cannot be used"),
        ("p.json", "[75]", "no names and values"),
        ("p.yaml", "resolution: 2026-01-01", "resolution is no number"),
        ("p.json", '{"gamma": ["a"]}', "gamma is no number"),
        ("p.toml", "", "No such file"),
    ],
)
def test_a_profile_that_cannot_be_used_is_wrong_usage(folder: Path, name: str, text: str, words: str) -> None:
    if text:
        Path(name).write_text(text)
    ended = scan("simulated:bed", "-o", "a.tif", "--profile", name, "--json")
    assert ended.exit_code == 2
    assert words in told(ended)["error"]["message"]
    assert "scan --help" in told(ended)["error"]["remedy"]
    assert not Path("a.tif").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--set", "resolution"),
        ("--pages", "0"),
        ("--pages", "some"),
        ("--first-page", "0"),
        ("--preview", "--pages", "2"),
        ("--area", "1,2,3"),
        ("--area", "0,0,nan,10"),
        ("--area", "0,0,-5,10"),
        ("--when-loaded", "--on-button", "scan"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(folder: Path, arguments: tuple[str, ...]) -> None:
    ended = scan("simulated:bed", "-o", "a.tif", *arguments)
    assert ended.exit_code == 2, ended.output
    assert names(folder) == []


@pytest.mark.parametrize("arguments", [("-o", "a.png"), ("-o", "a.jpg", "--preview")])
def test_a_file_with_the_name_of_another_format_is_not_written(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    assert scan("simulated:bed", *arguments).exit_code == 2
    assert names(folder) == []


def test_a_name_that_a_later_page_would_need_is_noticed_before(tmp_path: Path) -> None:
    (tmp_path / "a-0007.tif").touch()
    free = [(1, 6), (8, 3), (8, None)]
    taken = [(1, 7), (7, 1), (1, None), (7, None)]
    for first, count in free:
        PageNames(tmp_path / "a.tif", first, count).refuse_taken()
    for first, count in taken:
        with pytest.raises(Exception, match=r"a-0007\.tif exists already"):
            PageNames(tmp_path / "a.tif", first, count).refuse_taken()


# The preview


def test_a_preview_is_a_small_image_of_a_region(folder: Path) -> None:
    name = "look.png"
    ended = scan("simulated:bed", "-o", name, "--preview", "--area", "0,0,101.6,50.8", "--json")
    assert ended.exit_code == 0, ended.stderr
    [page] = told(ended)["pages"]
    assert (page["path"], page["width"], page["height"], page["dpi"]) == (name, 300, 150, [75.0, 75.0])
    with Image.open(name) as image:
        assert (image.size, image.mode) == ((300, 150), "RGB")
        assert image.info["dpi"] == pytest.approx((75, 75), abs=0.1)
    assert names(folder) == [name]


def test_a_preview_would_use_up_a_sheet_of_a_feeder(folder: Path) -> None:
    ended = scan("simulated:stack", "-o", "look.png", "--preview")
    assert ended.exit_code == 3
    assert "would use up a sheet" in ended.stderr
    assert names(folder) == []
