# SPDX-License-Identifier: Apache-2.0
"""What only shows when the pages of an item are seen together: one that came twice, is not sharp, or noisy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from archive.imaging.quality.finding import CheckResult
from archive.imaging.quality.fingerprint import BITS
from archive.imaging.quality.profile import Limits, QualityProfile

FEWEST = 5
"""Pages below which there is no usual sharpness or noise to compare with."""

VISIBLE = 0.5
"""Noise in L* below which no page is called noisy, however clean the others are."""

Prints = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What order checks need to know of a page.

    Attributes:
        number: The page's number.
        fingerprint: As `archive.imaging.quality.fingerprint` makes it; "" where nobody took it.
        sharpness: As `archive.imaging.quality.sharpness` measures it; None where nobody did.
        blank: Whether there is next to nothing on it; blank pages look like each other and are not sharp.
        pixel_sha256: Digest of the pixels as the scanner delivered them, or "".
        noise: Of its paper, as `archive.imaging.quality.paper` measures it; None where nobody did.
        device: The scanner that captured it, or "".
    """

    number: int
    fingerprint: str
    sharpness: float | None
    blank: bool
    pixel_sha256: str = ""
    noise: float | None = None
    device: str = ""

    @classmethod
    def of_checks(
        cls,
        number: int,
        checks: Sequence[Mapping[str, Any]],
        pixel_sha256: str = "",
        device: str = "",
    ) -> PageFacts:
        """The facts of a page from the results of its checks, as the registry keeps them."""
        by_name = {check["check"]: check for check in checks}
        blank = by_name.get("blank")
        return cls(
            number=number,
            fingerprint=str(by_name["fingerprint"]["measured"]) if "fingerprint" in by_name else "",
            sharpness=float(by_name["sharpness"]["measured"]) if "sharpness" in by_name else None,
            blank=blank is not None and blank["verdict"] != "pass",
            pixel_sha256=pixel_sha256,
            noise=float(by_name["noise"]["measured"]) if "noise" in by_name else None,
            device=device,
        )


@dataclass(frozen=True, slots=True)
class Usual:
    """The middle figures of many pages of one scanner; None where there were too few.

    Attributes:
        sharpness: As in `PageFacts`.
        noise: As in `PageFacts`.
    """

    sharpness: float | None = None
    noise: float | None = None


NOBODY_KNOWS: Mapping[str, Usual] = {}
"""Where nothing is known of other items: pages are compared with the others of their own."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A page that looks like an earlier one.

    Attributes:
        number: The page.
        earlier: The page that it looks like.
        difference: Bits of the fingerprint that differ, 0 to 256.
        exact: Whether the very same pixels came twice.
    """

    number: int
    earlier: int
    difference: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Unsharp:
    """A page that is far less sharp than its neighbours.

    Attributes:
        number: The page.
        share: Its sharpness, as a share of the usual one.
    """

    number: int
    share: float


@dataclass(frozen=True, slots=True)
class Noisy:
    """A page whose paper is far noisier than that of its neighbours.

    Attributes:
        number: The page.
        times: Its noise, as a multiple of the usual one.
    """

    number: int
    times: float


def find_duplicates(pages: Sequence[PageFacts], limits: Limits) -> tuple[Duplicate, ...]:
    """Pages that came twice; each is told once, beside the most similar page before it.

    Args:
        pages: The pages of an item in their order.
        limits: `review_below`: fingerprints that differ in fewer bits are of one page.
    """
    known = [page for page in pages if page.fingerprint and not page.blank]
    if not known or limits.review_below is None:
        return ()
    prints = np.array([list(bytes.fromhex(page.fingerprint)) for page in known], dtype=np.uint8)
    found = []
    for index in range(1, len(known)):
        differences = _differences(prints[:index], prints[index])
        nearest = int(np.argmin(differences))
        if differences[nearest] < limits.review_below:
            page, earlier = known[index], known[nearest]
            exact = bool(page.pixel_sha256) and page.pixel_sha256 == earlier.pixel_sha256
            found.append(Duplicate(page.number, earlier.number, int(differences[nearest]), exact))
    return tuple(found)


def find_unsharp(
    pages: Sequence[PageFacts], limits: Limits, usual: Mapping[str, Usual] = NOBODY_KNOWS
) -> tuple[Unsharp, ...]:
    """Pages that are far less sharp than the middle one of their scanner in the batch, else of the item.

    Args:
        pages: The pages of an item.
        limits: `review_below`: the share of the usual sharpness below which a page is told.
        usual: What is usual in the batch, by scanner.
    """
    if limits.review_below is None:
        return ()
    measured = {
        page.number: page.sharpness for page in pages if page.sharpness is not None and not page.blank
    }
    return tuple(
        Unsharp(number, share)
        for number, share in _beside_usual(measured, _of_scanners(pages, usual, "sharpness")).items()
        if share < limits.review_below
    )


def find_noisy(
    pages: Sequence[PageFacts], limits: Limits, usual: Mapping[str, Usual] = NOBODY_KNOWS
) -> tuple[Noisy, ...]:
    """Pages whose paper is far noisier than usual on their scanner in the batch, else in the item.

    A lamp or a gain has changed.

    Args:
        pages: The pages of an item.
        limits: `review_above`: the multiple of the usual noise above which a page is told.
        usual: What is usual in the batch, by scanner.
    """
    if limits.review_above is None:
        return ()
    measured = {page.number: page.noise for page in pages if page.noise is not None}
    return tuple(
        Noisy(number, times)
        for number, times in _beside_usual(measured, _of_scanners(pages, usual, "noise")).items()
        if times > limits.review_above and measured[number] > VISIBLE
    )


def check_order(
    pages: Sequence[PageFacts],
    profile: QualityProfile,
    names: Mapping[int, str],
    usual: Mapping[str, Usual] = NOBODY_KNOWS,
) -> list[tuple[int, CheckResult]]:
    """All findings of this module, each with the number of its page.

    Args:
        pages: The pages of an item in their order.
        profile: From where on to flag.
        names: What a page is called in a sentence, by its number.
        usual: What is usual in the batch, by scanner.
    """
    found = []
    limits = profile.limits("duplicate")
    for double in find_duplicates(pages, limits):
        sentence = f"The page looks like {names[double.earlier]}: one of the two may be too many."
        result = CheckResult("duplicate", "review", double.difference, limits.review_below, sentence)
        found.append((double.number, result))
    limits = profile.limits("sharpness")
    for blurred in find_unsharp(pages, limits, usual):
        sentence = f"The page has {blurred.share:.0%} of the usual sharpness: look whether it is in focus."
        found.append(
            (blurred.number, CheckResult("unsharp", "review", blurred.share, limits.review_below, sentence))
        )
    limits = profile.limits("noisy")
    for noisy in find_noisy(pages, limits, usual):
        sentence = (
            f"The paper is {noisy.times:g} times as noisy as usual: look whether lamp or settings changed."
        )
        found.append(
            (noisy.number, CheckResult("noisy", "review", noisy.times, limits.review_above, sentence))
        )
    return found


def check_page_count(found: int, expected: int | None, missing: int) -> CheckResult | None:
    """Whether an item has as many pages as its manifest announces; None where it has.

    Args:
        found: Its pages.
        expected: What the manifest announces; None where it announces nothing.
        missing: How many a person marked as missing.
    """
    if expected is None or found == expected:
        return None
    sentence = f"The item has {found} pages; the manifest announces {expected}"
    if missing:
        sentence += f", and {missing} are marked as missing"
    return CheckResult("page_count", "review", found, expected, f"{sentence}.")


def _of_scanners(
    pages: Sequence[PageFacts], usual: Mapping[str, Usual], figure: Literal["sharpness", "noise"]
) -> dict[int, float]:
    """What is usual of each page by its scanner, where enough is known of that."""
    known = {page.number: getattr(usual.get(page.device), figure, None) for page in pages}
    return {number: value for number, value in known.items() if value is not None}


def _beside_usual(measured: Mapping[int, float], of_scanners: Mapping[int, float]) -> dict[int, float]:
    """Each value as a multiple of the usual one, or of the middle one where that is unknown.

    Nothing is told where there are too few values to tell what is usual.
    """
    middle = median(measured.values()) if len(measured) >= FEWEST else 0.0
    usual = {number: of_scanners.get(number, middle) for number in measured}
    return {
        number: round(value / usual[number], 2) for number, value in measured.items() if usual[number] > 0
    }


def likeness(difference: int) -> float:
    """How sure a likeness is, 0 to 1: two pages that have nothing in common differ in half of the bits."""
    return round(max(0.0, 1.0 - 2 * difference / BITS), 2)


def _differences(prints: Prints, one: Prints) -> npt.NDArray[np.int64]:
    differing: npt.NDArray[np.int64] = np.unpackbits(prints ^ one, axis=1).sum(axis=1, dtype=np.int64)
    return differing
