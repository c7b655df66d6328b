# SPDX-License-Identifier: Apache-2.0
"""The tesseract program: where it is, which languages it has, and running it so that it can be killed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from archive.digests import digest_file
from archive.errors import (
    LanguageDataMissing,
    RecognitionFailed,
    RecognitionTimedOut,
    TesseractMissing,
    WorkerExtraMissing,
)

_MODEL = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_DATA_FOLDER = re.compile(r'^List of available languages in "(?P<folder>.*)"')
_SCRIPT_PACKAGES = {
    "Arabic": "arab", "Armenian": "armn", "Bengali": "beng", "Canadian_Aboriginal": "cans", "Cherokee": "cher",
    "Cyrillic": "cyrl", "Devanagari": "deva", "Ethiopic": "ethi", "Fraktur": "frak", "Georgian": "geor",
    "Greek": "grek", "Gujarati": "gujr", "Gurmukhi": "guru", "HanS": "hans", "HanS_vert": "hans-vert",
    "HanT": "hant", "HanT_vert": "hant-vert", "Hangul": "hang", "Hangul_vert": "hang-vert", "Hebrew": "hebr",
    "Japanese": "jpan", "Japanese_vert": "jpan-vert", "Kannada": "knda", "Khmer": "khmr", "Lao": "laoo",
    "Latin": "latn", "Malayalam": "mlym", "Myanmar": "mymr", "Oriya": "orya", "Sinhala": "sinh",
    "Syriac": "syrc", "Tamil": "taml", "Telugu": "telu", "Thaana": "thaa", "Thai": "thai", "Tibetan": "tibt",
    "Vietnamese": "viet",
}  # fmt: skip
_IMAGE = "rendition"
_WORKING_FOLDER: ContextVar[Path | None] = ContextVar("working_folder", default=None)

_GRACE = 2.0
"""Seconds that a process gets between being asked to end and being killed."""


def tesseract_program() -> str:
    """The path of the tesseract program.

    Raises:
        TesseractMissing: It is not on the PATH.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise TesseractMissing("The program tesseract is not on the PATH of this machine.")
    return program


def tesseract_version() -> str:
    """Name and version, such as "tesseract 5.3.0".

    Raises:
        TesseractMissing: It is not on the PATH.
    """
    return _ask(tesseract_program(), "--version").splitlines()[0].strip()


def debian_package(model: str) -> str:
    """The Debian package that carries a language or script model."""
    if model in _SCRIPT_PACKAGES:
        return f"tesseract-ocr-script-{_SCRIPT_PACKAGES[model]}"
    return f"tesseract-ocr-{model.lower().replace('_', '-')}"


def traineddata(language: str) -> dict[str, Path]:
    """The trained data files of a language or of several joined by "+", by model name.

    Raises:
        LanguageDataMissing: One of them is not installed; the message names it and its package.
        TesseractMissing: The program is not there.
    """
    folder = _data_folder(tesseract_program(), os.environ.get("TESSDATA_PREFIX", ""))
    files = {}
    for model in language.split("+"):
        if not _MODEL.fullmatch(model):
            raise LanguageDataMissing(
                f"{language!r} does not name languages of Tesseract.",
                remedy='Write codes such as "deu" or "Fraktur", several joined by "+".',
                language=language,
            )
        file = folder / f"{model}.traineddata"
        if not file.is_file():
            package = debian_package(model)
            raise LanguageDataMissing(
                f"Tesseract has no trained data for {model!r} in {folder}.",
                remedy=f"Install it (Debian: apt install {package}) and run the stage again.",
                language=model,
                package=package,
            )
        files[model] = file
    return files


def installed_models() -> frozenset[str]:
    """The models whose trained data is there, scripts among them; not `osd`, which reads nothing.

    Raises:
        TesseractMissing: The program is not there.
    """
    folder = _data_folder(tesseract_program(), os.environ.get("TESSDATA_PREFIX", ""))
    return frozenset(file.stem for file in folder.glob("*.traineddata")) - {"osd"}


def traineddata_digest(file: Path) -> str:
    """SHA-256 of a trained data file, taken once as long as the file does not change."""
    facts = file.stat()
    return _digest(file, facts.st_size, facts.st_mtime_ns)


def run_tesseract(
    image: Path, folder: Path, stem: str, outputs: str, *, language: str, config: str, timeout: float
) -> None:
    """Run tesseract once, on one thread, in a session of its own.

    Args:
        image: The image to read. It is given a plain name in `folder`: Tesseract writes the path
            into its outputs as it is, and "&" or a quotation mark in it would break them.
        folder: Where it runs and writes.
        stem: The name of the outputs, without their suffixes.
        outputs: Tesseract's names of the outputs, separated by spaces.
        language: Models joined by "+".
        config: Further arguments.
        timeout: Seconds after which it is killed.

    Raises:
        RecognitionTimedOut: It took longer.
        RecognitionFailed: It ended with an error.
        TesseractMissing, WorkerExtraMissing: It cannot be run here.
    """
    library = _pytesseract()
    (folder / _IMAGE).symlink_to(image.resolve())
    token = _WORKING_FOLDER.set(folder)
    try:
        library.run_tesseract(
            input_filename=_IMAGE,
            output_filename_base=stem,
            extension=outputs,
            lang=language,
            config=config,
            timeout=timeout,
        )
    except library.TesseractNotFoundError as error:
        raise TesseractMissing("The program tesseract is not on the PATH of this machine.") from error
    except library.TesseractError as error:
        raise RecognitionFailed(
            f"Tesseract ended with status {error.status} on {image.name}: {error.message or 'no message'}",
            image=str(image),
            status=error.status,
        ) from error
    except subprocess.TimeoutExpired as error:
        raise RecognitionTimedOut(
            f"Tesseract worked on {image.name} for more than {timeout:g} seconds and was stopped.",
            image=str(image),
            timeout=timeout,
        ) from error
    finally:
        _WORKING_FOLDER.reset(token)


def ask_about_page(image: Path, config: str, *, language: str, timeout: float) -> str:
    """What Tesseract says of an image on a question that needs no reading, such as its orientation.

    Args:
        image: The image.
        config: The arguments that ask.
        language: The model that answers.
        timeout: Seconds after which it is killed.

    Raises:
        RecognitionTimedOut, RecognitionFailed, TesseractMissing, WorkerExtraMissing: As `run_tesseract`.
    """
    with tempfile.TemporaryDirectory(prefix="recto-look.") as name:
        folder = Path(name)
        run_tesseract(image, folder, "look", "osd", language=language, config=config, timeout=timeout)
        return (folder / "look.osd").read_text(encoding="utf-8", errors="replace")


@lru_cache(maxsize=1)
def _pytesseract() -> ModuleType:
    """pytesseract, its two process functions replaced.

    Its own start the program in our session with every thread of the machine, and leave it running
    when anything but a timeout interrupts the wait; it has no parameters for either.
    """
    try:
        from pytesseract import pytesseract
    except ImportError as error:
        raise WorkerExtraMissing("Recognising text needs the library pytesseract.") from error
    pytesseract.subprocess_args = _process_arguments
    pytesseract.timeout_manager = _finished
    module: ModuleType = pytesseract
    return module


def _process_arguments(include_stdout: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - pytesseract's signature
    return {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE if include_stdout else subprocess.DEVNULL,
        "stderr": subprocess.PIPE,
        # one thread a process is several times faster than all of them, and cores are shared
        "env": {**os.environ, "OMP_THREAD_LIMIT": "1"},
        "start_new_session": True,
        "cwd": _WORKING_FOLDER.get(),
    }


@contextmanager
def _finished(process: subprocess.Popen[bytes], seconds: float | None = None) -> Iterator[bytes]:
    """What the process wrote to its error stream, once it has ended; it never outlives the wait."""
    try:
        _, complaints = process.communicate(timeout=seconds or None)
    except BaseException:
        _kill_session(process)
        raise
    yield complaints


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    # also where it ended when it was asked to: a child of its own may not have
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with suppress(OSError):
                stream.close()


@lru_cache
def _data_folder(program: str, prefix: str) -> Path:  # noqa: ARG001 - the prefix decides what the program answers
    first = _ask(program, "--list-langs").splitlines()[0]
    match = _DATA_FOLDER.match(first)
    if match is None:
        raise RecognitionFailed(f"{program} does not say where its language data is: {first!r}.")
    return Path(match["folder"])


def _ask(program: str, question: str) -> str:
    try:
        answer = subprocess.run(
            [program, question], capture_output=True, check=True, timeout=30, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise RecognitionFailed(f"{program} {question} does not answer: {error}") from error
    return (answer.stdout or answer.stderr).decode("utf-8", "replace") or "nothing"


@lru_cache
def _digest(file: Path, size: int, modified: int) -> str:  # noqa: ARG001 - part of what the digest is cached for
    return digest_file(file, ("sha256",)).hexdigests()["sha256"]
