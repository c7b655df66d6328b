# SPDX-License-Identifier: Apache-2.0
"""How often each quality check finds what it is for, and how often it is wrong: real pages as they are, and spoilt.

    python -m benchmarks.quality_rates PAGES [--profile house]

prints the table of docs/quality.md. PAGES is a folder of images of sound pages; each is measured as it is, which
gives the false alarms, and once for each way to spoil it, which gives the hits.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from archive.errors import ImagingError
from archive.imaging.page_area import find_page_area
from archive.imaging.pixels import decode_for_viewing, gray_proxy
from archive.imaging.quality.fingerprint import difference, fingerprint
from archive.imaging.quality.measurements import PageMeasurements, measure_page
from archive.imaging.quality.profile import DEFAULT, QualityProfile, load_quality_profile
from archive.imaging.quality.review import review_page
from archive.text.page_order import NumberedPage, find_order_breaks
from archive.text.printed_numbers import PrintedNumber

Spoil = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True, slots=True)
class Tried:
    """One way to spoil pages.

    Attributes:
        check: The check that should tell.
        how: What is done, in words.
        spoil: Does it.
        kinds: Modes of pages for which it has a meaning.
    """

    check: str
    how: str
    spoil: Spoil
    kinds: str = "1 L RGB"


def _paper(page: Image.Image) -> int:
    return int(find_page_area(gray_proxy(page)).paper)


def _turned(page: Image.Image, degrees: float = 2.5) -> Image.Image:
    plain = page.convert("L") if page.mode == "1" else page
    fill = _paper(page)
    color = fill if plain.mode == "L" else (fill, fill, fill)
    return plain.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=color)


def _streaked(page: Image.Image) -> Image.Image:
    dusty = page.convert("L")
    column = int(0.44 * page.width)
    ImageDraw.Draw(dusty).line(
        (column, 0, column, page.height), fill=int(_paper(page) * 0.7), width=max(1, page.width // 1000)
    )
    return dusty


def _scaled(page: Image.Image, times: float, more: float = 0.0) -> Image.Image:
    return page.point(lambda level: level * times + more)


def _fading(page: Image.Image) -> Image.Image:
    light = np.linspace(1.0, 0.7, page.width)[None, :]
    gray = np.asarray(page.convert("L")) * light
    return Image.fromarray(gray.astype(np.uint8))


def _noisy(page: Image.Image, deviation: float = 10.0) -> Image.Image:
    samples = np.asarray(page.convert("L"), dtype=np.float32)
    grain = np.random.default_rng(3).normal(0, deviation, samples.shape)
    # below white: clipped noise is half a noise
    return Image.fromarray(np.clip(samples * 0.9 + grain, 0, 255).astype(np.uint8))


def _emptied(page: Image.Image) -> Image.Image:
    return _noisy(Image.new("L", page.size, _paper(page)), 2.0)


def _left_cut(page: Image.Image) -> Image.Image:
    return page.crop((page.width * 4 // 10, 0, page.width, page.height))


def _right_cut(page: Image.Image) -> Image.Image:
    return page.crop((0, 0, page.width * 6 // 10, page.height))


def _lost(page: Image.Image) -> Image.Image:
    ground = Image.new("L", (page.width * 2, page.height * 2), 12)
    ground.paste(page.convert("L"), (page.width // 2, page.height // 2))
    return ground


def _again(page: Image.Image) -> Image.Image:
    scanned = _noisy(_turned(page, 0.4), 4.0)
    return scanned.crop((6, 9, scanned.width, scanned.height))


def _blurred(page: Image.Image) -> Image.Image:
    return page.convert("L").filter(ImageFilter.GaussianBlur(2))


WAYS = (
    Tried("skew", "turned by 2.5 degrees", _turned),
    Tried("streaks", "a streak of 30 % contrast", _streaked),
    Tried("cut_text", "cropped through the text at the left", _left_cut),
    Tried("cut_text", "cropped through the text at the right", _right_cut),
    Tried("blank", "emptied: bare paper", _emptied),
    Tried("sheet", "in the middle of a ground of twice its sides", _lost),
    Tried("highlight_clipping", "lightened by a half", lambda page: _scaled(page, 1.5), "L RGB"),
    Tried("shadow_clipping", "darkened by 120 levels", lambda page: _scaled(page, 1.0, -120), "L RGB"),
    Tried("paper_white", "dimmed to 45 %", lambda page: _scaled(page, 0.45), "L RGB"),
    Tried("evenness", "the light falls by 30 % to the right", _fading, "L RGB"),
    Tried("noise", "noise of 10 levels", _noisy, "L RGB"),
)

Share = tuple[int, int]


def flagged(found: PageMeasurements, profile: QualityProfile) -> dict[str, bool]:
    """By check whether it tells something against a page; checks that could not be made are left out."""
    return {check.check: check.verdict != "pass" for check in review_page(found, profile)}


def rates_of_pages(
    pages: dict[str, Image.Image], profile: QualityProfile
) -> Iterator[tuple[str, str, Share, Share]]:
    """For each way to spoil: check, words, hits of tried, false alarms of sound pages."""
    sound = {name: flagged(measure_page(page), profile) for name, page in pages.items()}
    for way in WAYS:
        fitting = {name: page for name, page in pages.items() if page.mode in way.kinds.split()}
        hits = sum(
            flagged(measure_page(way.spoil(page)), profile).get(way.check, False) for page in fitting.values()
        )
        told = [flags[way.check] for flags in sound.values() if way.check in flags]
        alarms = [name for name, flags in sound.items() if flags.get(way.check)]
        print(f"{way.check}: told of sound pages: {', '.join(alarms) or 'none'}", file=sys.stderr)
        yield way.check, way.how, (hits, len(fitting)), (sum(told), len(told))


def rates_beside_others(
    pages: dict[str, Image.Image], profile: QualityProfile
) -> Iterator[tuple[str, str, Share, Share]]:
    """The same of what is compared: with the page itself, which is what its neighbours are like."""
    prints = {name: fingerprint(gray_proxy(page)) for name, page in pages.items()}
    most = profile.limits("duplicate").review_below or 0
    hits = sum(
        difference(prints[name], fingerprint(gray_proxy(_again(page)))) < most for name, page in pages.items()
    )
    pairs = [difference(one, other) < most for one, other in combinations(prints.values(), 2)]
    yield (
        "duplicate",
        "scanned again, a little turned, cropped, noisy",
        (hits, len(pages)),
        (sum(pairs), len(pairs)),
    )
    least = profile.limits("sharpness").review_below or 0
    sharp = {name: measure_page(page).sharpness for name, page in pages.items()}
    blurred = [measure_page(_blurred(page)).sharpness < least * sharp[name] for name, page in pages.items()]
    series = [(one, other) for one, other in combinations(pages, 2) if Path(one).parent == Path(other).parent]
    same = [min(sharp[one], sharp[other]) < least * max(sharp[one], sharp[other]) for one, other in series]
    yield "unsharp", "blurred by 2 pixels", (sum(blurred), len(blurred)), (sum(same), len(same))


def rates_of_files(paths: list[Path]) -> Iterator[tuple[str, str, Share, Share]]:
    """The same of damage to files: what does not decode."""
    for how, damage in (
        ("cut off at half its length", _cut_off),
        ("one bit turned in its middle", _bit_turned),
    ):
        found: Counter[str] = Counter()
        for path in paths:
            with TemporaryDirectory() as folder:
                spoilt = Path(folder, path.name)
                spoilt.write_bytes(damage(path.read_bytes()))
                found[_decodes(spoilt)] += 1
        wrong = sum(_decodes(path) != "whole" for path in paths)
        yield "decode", how, (found["damaged"], len(paths)), (wrong, len(paths))


def _cut_off(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _bit_turned(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0x10]) + content[middle + 1 :]


def _decodes(path: Path) -> str:
    try:
        decode_for_viewing(path)
    except ImagingError:
        return "damaged"
    return "whole"


def rates_of_order(items: int = 400, length: int = 40) -> Iterator[tuple[str, str, Share, Share]]:
    """The same of the order of pages, drawn: one number in ten is misread, and one in ten is not read."""
    chance = random.Random(7)  # noqa: S311 (no secret)
    false = sum(bool(find_order_breaks(_read(list(range(1, length + 1)), chance))) for _ in range(items))
    ways: tuple[tuple[str, Callable[[list[int], int], None]], ...] = (
        ("one page missing", lambda numbers, at: numbers.__delitem__(at)),
        ("one page twice", lambda numbers, at: numbers.insert(at, numbers[at])),
        ("two neighbours swapped", _swap),
    )
    for how, spoil in ways:
        hits = 0
        for _ in range(items):
            numbers = list(range(1, length + 1))
            at = chance.randrange(4, length - 4)
            spoil(numbers, at)
            hits += any(abs(each.page - 1 - at) <= 2 for each in find_order_breaks(_read(numbers, chance)))  # noqa: PLR2004 (unread ones lie between)
        yield "page_order", f"{how}, 10 % misread, 10 % unread", (hits, items), (false, items)


def _swap(numbers: list[int], at: int) -> None:
    numbers[at], numbers[at + 1] = numbers[at + 1], numbers[at]


def _read(numbers: list[int], chance: random.Random) -> list[NumberedPage]:
    pages = []
    for page, number in enumerate(numbers, start=1):
        luck = chance.random()
        value = chance.randrange(1, 400) if luck < 0.1 else number  # noqa: PLR2004 (one in ten)
        borne = () if luck > 0.9 else (PrintedNumber("arabic", value),)  # noqa: PLR2004 (one in ten)
        pages.append(NumberedPage(page, borne))
    return pages


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("pages", type=Path)
    parser.add_argument("--profile", default=DEFAULT)
    arguments = parser.parse_args()
    profile = load_quality_profile(arguments.profile)
    paths = sorted(
        path
        for path in arguments.pages.rglob("*")
        if path.suffix.lower() in {".tif", ".tiff", ".jpg", ".png"}
    )
    pages = {str(path): decode_for_viewing(path) for path in paths}
    print("| check | spoilt pages | found | false alarms |\n|---|---|---|---|")
    for rates in (
        rates_of_pages(pages, profile), rates_beside_others(pages, profile), rates_of_files(paths), rates_of_order()
    ):  # fmt: skip
        for check, how, (hits, tried), (alarms, sound) in rates:
            print(f"| `{check}` | {how} | {hits} of {tried} | {alarms} of {sound} |", flush=True)


if __name__ == "__main__":
    main()
