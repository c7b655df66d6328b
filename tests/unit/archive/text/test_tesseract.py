# SPDX-License-Identifier: Apache-2.0
"""Finding Tesseract and its data, running it, and killing it."""

from __future__ import annotations

import os
import pickle
import signal
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import LanguageDataMissing, RecognitionFailed, RecognitionTimedOut, TesseractMissing
from archive.text import tesseract as tesseract_module
from archive.text.tesseract import (
    debian_package,
    installed_models,
    run_tesseract,
    tesseract_version,
    traineddata,
    traineddata_digest,
)

Install = Callable[[str], Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a program named tesseract on the PATH that does what its shell lines say."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "deu.traineddata").write_bytes(b"data")

    def put(lines: str) -> Path:
        program = folder / "tesseract"
        program.write_text(
            "#!/bin/sh\n"
            f'[ "$1" = --list-langs ] && {{ echo \'List of available languages in "{folder}/" (1):\'; exit; }}\n'
            '[ "$1" = --version ] && { echo "tesseract 9.9"; exit; }\n'
            f"echo $$ > {tmp_path}/pid\n{lines}\n"
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
        return program

    return put


def run(tmp_path: Path, timeout: float = 20) -> None:
    run_tesseract(
        tmp_path / "in.png", tmp_path, "out", "txt", language="deu", config="--psm 3", timeout=timeout
    )


def is_running(pid_file: Path) -> bool:
    try:
        os.kill(int(pid_file.read_text()), 0)
    except ProcessLookupError:
        return False
    return True


def has_ended(pid_file: Path) -> bool:
    """Whether a process is gone, or waits for whoever adopted it."""
    try:
        status = (Path("/proc") / pid_file.read_text().strip() / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return status.rpartition(")")[2].split()[0] == "Z"


def test_a_missing_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for ask in (tesseract_version, lambda: traineddata("deu")):
        with pytest.raises(TesseractMissing) as caught:
            ask()
        assert "tesseract-ocr" in caught.value.remedy


@pytest.mark.parametrize(
    ("model", "package"),
    [
        ("deu", "tesseract-ocr-deu"), ("Fraktur", "tesseract-ocr-script-frak"), ("chi_sim", "tesseract-ocr-chi-sim"),
        ("HanT_vert", "tesseract-ocr-script-hant-vert"), ("frk", "tesseract-ocr-frk"),
    ],
)  # fmt: skip
def test_a_model_is_in_a_debian_package(model: str, package: str) -> None:
    assert debian_package(model) == package


def test_missing_language_data_is_named_with_its_package(install: Install) -> None:
    install("exit 1")
    with pytest.raises(LanguageDataMissing) as caught:
        traineddata("deu+Fraktur")
    error = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own error, as Celery sends it
    assert "'Fraktur'" in error.message
    assert "tesseract-ocr-script-frak" in error.remedy


def test_data_installed_later_is_found_without_a_restart(install: Install) -> None:
    program = install("exit 1")
    with pytest.raises(LanguageDataMissing):
        traineddata("fra")
    (program.parent / "fra.traineddata").write_bytes(b"later")
    assert traineddata("deu+fra") == {name: program.parent / f"{name}.traineddata" for name in ("deu", "fra")}


def test_the_installed_models_are_told_without_the_one_that_reads_nothing(install: Install) -> None:
    program = install("exit 1")
    (program.parent / "osd.traineddata").write_bytes(b"data")
    assert installed_models() == {"deu"}


@pytest.mark.parametrize("language", ["", "deu+", "../../etc/passwd", "-l", "deu fra", "deu;rm", "d\0"])
def test_a_language_that_is_no_name_is_refused(language: str, install: Install) -> None:
    install("exit 1")
    with pytest.raises(LanguageDataMissing):
        traineddata(language)


def test_the_digest_of_data_follows_the_file(tmp_path: Path) -> None:
    data = tmp_path / "x.traineddata"
    data.write_bytes(b"one")
    first = traineddata_digest(data)
    data.write_bytes(b"other")
    assert traineddata_digest(data) != first


def test_it_runs_on_one_thread_in_a_session_of_its_own(install: Install, tmp_path: Path) -> None:
    install(f'echo "$OMP_THREAD_LIMIT" > {tmp_path}/limit\ncut -d" " -f6 /proc/$$/stat > {tmp_path}/session')
    run(tmp_path)
    assert (tmp_path / "limit").read_text() == "1\n"
    assert int((tmp_path / "session").read_text()) == int((tmp_path / "pid").read_text()) != os.getsid(0)


def test_its_complaint_is_passed_on(install: Install, tmp_path: Path) -> None:
    install("echo 'Error during processing.' >&2; exit 3")
    with pytest.raises(RecognitionFailed, match=r"status 3 on in\.png: Error during processing") as caught:
        run(tmp_path)
    assert pickle.loads(pickle.dumps(caught.value)).facts["status"] == 3  # noqa: S301


def test_a_program_that_ignores_being_asked_to_end_is_killed(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tesseract_module, "_GRACE", 0.1)
    install("trap '' TERM\nwhile :; do sleep 1; done")
    started = time.monotonic()
    with pytest.raises(RecognitionTimedOut, match=r"more than 0\.3 seconds"):
        run(tmp_path, timeout=0.3)
    assert time.monotonic() - started < 5
    assert not is_running(tmp_path / "pid")


def test_a_child_of_the_program_that_ignores_being_asked_to_end_is_killed_too(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tesseract_module, "_GRACE", 0.5)
    install(
        f"sh -c 'trap \"\" TERM; echo $$ > {tmp_path}/child; exec sleep 60' &\n"
        f"while [ ! -s {tmp_path}/child ]; do :; done\nexec sleep 60"
    )
    with pytest.raises(RecognitionTimedOut):
        run(tmp_path, timeout=2)
    assert not is_running(tmp_path / "pid")
    deadline = time.monotonic() + 10
    while not has_ended(tmp_path / "child"):
        assert time.monotonic() < deadline


class SoftTimeLimit(Exception):
    pass


def test_an_interruption_from_outside_kills_it_too(install: Install, tmp_path: Path) -> None:
    install("exec sleep 60")

    def interrupt(number: int, frame: object) -> None:
        raise SoftTimeLimit

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        with pytest.raises(SoftTimeLimit):
            run(tmp_path, timeout=30)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert not is_running(tmp_path / "pid")
