# SPDX-License-Identifier: Apache-2.0
"""How the words of a page lie on it, as ALTO tells: how much they cover, how large their lines are, in which columns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from statistics import median

from lxml import etree

from archive.errors import InvalidAlto

_BINS = 200
"""Parts into which the width of a page is cut to look for columns."""
_CROSSED = 0.1
"""Share of lines, such as headlines, that may run across the space between two columns."""
_FEWEST_LINES = 8
"""Lines below which nothing is said about columns."""
_NARROWEST = 2
"""Bins that a space between columns has at least; a space between words has fewer, and lies elsewhere in each line."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PageLayout:
    """What a page's ALTO tells about its look.

    Attributes:
        words: How many words there are.
        numeric: The share of them in which digits are, 0 to 1.
        mean_confidence: Of the words, 0 to 100; 0 without any.
        area: Share of the image that the words cover, 0 to 1.
        large_lines: Lines more than twice as high as the middle one.
        gutters: Spaces between columns.
    """

    words: int
    numeric: float
    mean_confidence: float
    area: float
    large_lines: int
    gutters: int


def read_layout(document: bytes) -> PageLayout:
    """The layout that an ALTO document of any version tells of.

    Raises:
        InvalidAlto: It is not ALTO, or lacks what it must have.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
        return _layout(root)
    except (etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise InvalidAlto(f"The layout of an ALTO document cannot be read: {error}.") from error


def _layout(root: etree._Element) -> PageLayout:
    page = next(root.iter("{*}Page"), None)
    if page is None:
        raise InvalidAlto("An ALTO document has no page.")
    width, height = float(page.attrib["WIDTH"]), float(page.attrib["HEIGHT"])
    if width <= 0 or height <= 0:
        raise InvalidAlto("The page of an ALTO document has no size.")
    strings = list(page.iter("{*}String"))
    covered = sum(float(word.attrib["WIDTH"]) * float(word.attrib["HEIGHT"]) for word in strings)
    heights = [float(line.attrib["HEIGHT"]) for line in page.iter("{*}TextLine")]
    middle = median(heights) if heights else 0.0
    count = len(strings)
    return PageLayout(
        words=count,
        numeric=sum(_has_digit(word) for word in strings) / count if count else 0.0,
        mean_confidence=sum(float(word.get("WC", 0)) for word in strings) * 100 / count if count else 0.0,
        area=covered / (width * height),
        large_lines=sum(line > 2 * middle for line in heights),
        gutters=_gutters([_spans(line) for line in page.iter("{*}TextLine")], width),
    )


def _has_digit(word: etree._Element) -> bool:
    return any(letter.isdigit() for letter in str(word.attrib["CONTENT"]))


def _spans(line: etree._Element) -> list[Span]:
    starts = [(float(word.attrib["HPOS"]), float(word.attrib["WIDTH"])) for word in line.iter("{*}String")]
    return [(left, left + width) for left, width in starts]


def _gutters(lines: list[list[Span]], width: float) -> int:
    """How many vertical strips stay free of words between words at both sides of them."""
    if len(lines) < _FEWEST_LINES:
        return 0
    crossing = [0] * _BINS
    for spans in lines:
        for place in {place for left, right in spans for place in _places(left, right, width)}:
            crossing[place] += 1
    free = [count <= _CROSSED * len(lines) for count in crossing]
    runs = [(is_free, len(list(run))) for is_free, run in groupby(free)]
    return sum(is_free and length >= _NARROWEST for is_free, length in runs[1:-1])


def _places(left: float, right: float, width: float) -> range:
    first, last = (min(_BINS - 1, max(0, int(edge / width * _BINS))) for edge in (left, right))
    return range(first, last + 1)
