# SPDX-License-Identifier: Apache-2.0
"""Recto's OCR stage on all cores beside `tesseract` itself in parallel, and beside OCRmyPDF.

All read the same gray renditions. Recto's side is the stage as workers run it: units of one page each with their
lease, files written durably, digests, and the history. Tesseract's side is `xargs -P` with OMP_THREAD_LIMIT=1 and the
same four outputs, which stay as the program leaves them. OCRmyPDF makes one searchable PDF and a text; it writes
neither ALTO nor hOCR, and makes PDF/A only where Ghostscript is. What comes before the reading (capture, renditions, the PDF that OCRmyPDF gets) is not counted.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import measuring
from measuring import Account, alternate, print_machine, print_table, ratios, seconds_of, spread, work_folder

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

TEXT = "The archivist opened the parcel carefully. Inside lay forty letters, tied with ribbon, and a note."
CORES = os.cpu_count() or 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="4 pages, 1 round")
    parser.add_argument("--pages", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--image", type=Path, help="a page of 300 dpi in English; a drawn one when left out")
    parser.add_argument("--work", type=Path, help="where the files go; the temporary folder when left out")
    arguments = parser.parse_args()
    pages, rounds = (4, 1) if arguments.small else (arguments.pages, arguments.rounds)
    for name in [name for name in os.environ if name.startswith("RECTO_")]:
        # nothing that is configured for this user may come into a private home
        del os.environ[name]
    with work_folder(arguments.work) as folder:
        print_machine(folder)
        image = arguments.image or _draw(folder / "drawn.png")
        renditions = _renditions(image, folder / "renditions", pages)
        batches = iter(range(rounds + 1))
        contenders = {
            "tesseract": lambda: _tesseract(renditions, folder / "tesseract"),
            "Recto": lambda: _recto(image, pages, folder / f"home-{next(batches)}"),
        }
        if shutil.which("ocrmypdf", path=_path()):
            contenders["OCRmyPDF"] = lambda: _ocrmypdf(renditions, folder / "ocrmypdf")
        accounts = alternate(contenders, rounds)
    _print(accounts, pages)


def _print(accounts: dict[str, list[Account]], pages: int) -> None:
    peer = seconds_of(accounts["tesseract"])
    rows = [
        [name, spread(seconds_of(found)), spread([pages / one for one in seconds_of(found)]),
         spread(ratios(seconds_of(found), peer)), spread(_processor(found)),
         spread(ratios(_processor(found), _processor(accounts["tesseract"])))]
        for name, found in accounts.items()
    ]  # fmt: skip
    title = f"{pages} pages, {CORES} at a time"
    columns = ["", "seconds", "pages a second", "by tesseract", "processor seconds", "by tesseract"]
    print_table(title, columns, rows)


def _processor(accounts: list[Account]) -> list[float]:
    """The processor seconds of each round: what is left to compare while others use the machine."""
    return [account.cpu_seconds for account in accounts]


def _draw(path: Path) -> Path:
    """An A4 page of 300 dpi full of text."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("L", (2480, 3508), 245)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(46)
    for number in range(40):
        draw.text((220, 220 + number * 76), TEXT[number % 7 :], fill=20, font=font)
    page.save(path, dpi=(300, 300))
    return path


def _renditions(image: Path, folder: Path, pages: int) -> list[Path]:
    from archive.imaging.derivatives import make_ocr_rendition

    folder.mkdir()
    first = make_ocr_rendition(image, folder / "0001.png", dpi=300).path
    return [first, *(shutil.copy(first, folder / f"{number:04d}.png") for number in range(2, pages + 1))]


def _tesseract(renditions: list[Path], folder: Path) -> Account:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    names = " ".join(f"{path.stem}" for path in renditions)
    each = f"tesseract {renditions[0].parent}/{{}}.png {folder}/{{}} -l eng --psm 3 --dpi 300 -c textonly_pdf=1 txt hocr alto pdf"
    line = f"printf '%s\\n' {names} | xargs -P {CORES} -I{{}} {each}"
    account = measuring.run(["sh", "-c", line], {"OMP_THREAD_LIMIT": "1"})
    _require(len(list(folder.glob("*.xml"))) == len(renditions), "tesseract")
    return account


def _ocrmypdf(renditions: list[Path], folder: Path) -> Account:
    import img2pdf

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "in.pdf").write_bytes(img2pdf.convert([str(path) for path in renditions]))
    command = ["ocrmypdf", "--jobs", str(CORES), "-l", "eng", "--quiet", "--output-type", "pdf"]
    files = ["--sidecar", str(folder / "out.txt"), str(folder / "in.pdf"), str(folder / "out.pdf")]
    account = measuring.run([*command, *files], {"OMP_THREAD_LIMIT": "1", "PATH": _path()})
    _require((folder / "out.pdf").is_file(), "ocrmypdf")
    return account


def _path() -> str:
    return f"{Path(sys.executable).parent}:{os.environ['PATH']}"


def _require(done: bool, who: str) -> None:  # noqa: FBT001 - what it is about
    if not done:
        raise measuring.StepFailed(f"{who} did not do all pages")


# Recto


def _recto(image: Path, pages: int, home: Path) -> Account:
    """The OCR units of a fresh batch, in as many processes as there are cores; all before them is done first."""
    variables = {
        "RECTO_HOME": str(home), "RECTO_DEVICES__SANE": "false", "RECTO_LEDGER__CHUNK_PAGES": "1", "PYTHONPATH": str(REPOSITORY),
    }  # fmt: skip
    _in_a_process("_prepare", variables, str(image), pages)
    units = json.loads(_in_a_process("_ocr_units", variables))
    _require(len(units) == pages, "the preparation")
    with multiprocessing.get_context("spawn").Pool(CORES, _warm, (variables,)) as pool:
        # every process has its libraries and its registry before the time begins, as those of a station have
        pool.map(_is_ready, range(CORES * 4))
        begun = time.perf_counter()
        done = pool.map(_read, units, chunksize=1)
        seconds = time.perf_counter() - begun
    _require(all(each for each, _ in done), "Recto")
    return Account(seconds, sum(spent for _, spent in done), 0, 0, 0)


def _in_a_process(name: str, variables: dict[str, str], *values: Any) -> str:
    code = f"import sys; sys.path[:0] = [{str(Path(__file__).parent)!r}]; import ocr; ocr.{name}(*{values!r})"
    ended = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **variables}, stdout=subprocess.PIPE, check=True
    )
    return ended.stdout.decode().splitlines()[-1] if ended.stdout else ""


def _prepare(image: str, pages: int) -> None:
    """Take the pages in, up to their renditions."""
    from workers.node import Node
    from workers.operations import register_manifest
    from workers.run_unit import run_unit
    from workers.settings import load_settings

    node = Node(load_settings())
    folder = node.settings.data_directory / "images"
    folder.mkdir(parents=True)
    names = [f"{number:04d}{Path(image).suffix}" for number in range(1, pages + 1)]
    for name in names:
        shutil.copy(image, folder / name)
    item = {
        "id": "item",
        "title": "Pages",
        "language": "eng",
        "file_paths": [f"images/{name}" for name in names],
    }
    manifest = {
        "id": "bench", "institution": "Benchmark", "scanner_model": "Any", "resolution_dpi": 300,
        "color_profile": "gray", "items": [item],
    }  # fmt: skip
    (folder.parent / "bench.json").write_text(json.dumps(manifest))
    register_manifest(node, folder.parent / "bench.json")
    while ready := list(_waiting(node, {"validate", "capture", "characterise", "enrich"})):
        for unit in ready:
            run_unit(node, unit, "bench")
    node.close()


def _waiting(node: Any, stages: Iterable[str]) -> Iterable[int]:
    """The units of some stages whose predecessors are done."""
    connection = _ledger(node)
    rows = connection.execute(
        "SELECT id, stage, state FROM unit WHERE state IN ('waiting', 'queued') ORDER BY id"
    )
    found = [key for key, stage, state in rows if stage in stages]
    connection.close()
    return found


def _ledger(node: Any) -> Any:
    import sqlite3

    return sqlite3.connect(node.registry.url.removeprefix("sqlite:///"))


def _ocr_units() -> None:
    """Print the units of the OCR stage."""
    from workers.node import Node
    from workers.settings import load_settings

    node = Node(load_settings())
    print(json.dumps(list(_waiting(node, {"ocr"}))))
    node.close()


_node: Any = None


def _warm(variables: dict[str, str]) -> None:
    global _node  # noqa: PLW0603 - a process of the pool has one node
    os.environ.update(variables)
    import pikepdf  # noqa: F401 - loaded before the time begins
    from pytesseract import pytesseract  # noqa: F401

    import workers.stages.ocr  # noqa: F401
    from archive.text.engines import TESSERACT
    from workers.node import Node
    from workers.settings import load_settings

    _node = Node(load_settings())
    TESSERACT.models("eng")
    with _node.registry.reading():
        pass


def _is_ready(_number: int) -> bool:
    time.sleep(0.05)
    return _node is not None


def _read(unit: int) -> tuple[bool, float]:
    """Do a unit; whether it was done, and the processor seconds of this process and of Tesseract's."""
    from workers.run_unit import run_unit

    before = sum(os.times()[:4])
    done = run_unit(_node, unit, "bench") is not None
    return done, sum(os.times()[:4]) - before


if __name__ == "__main__":
    main()
