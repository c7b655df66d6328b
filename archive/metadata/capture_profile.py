# SPDX-License-Identifier: Apache-2.0
"""What many pages have in common technically, so that METS tells it once and not page by page."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from archive.canonical_json import canonical_json
from archive.metadata.description import PageDescription

_SHARED_FACTS = (
    "bits_per_sample",
    "samples_per_pixel",
    "photometric",
    "color_space",
    "compression",
    "byte_order",
    "dpi",
    "icc",
    "mime",
    "format_version",
    "orientation",
)


@dataclass(frozen=True, slots=True)
class CaptureProfiles:
    """The distinct technical profiles of an item's pages.

    Attributes:
        common: One page per profile, stripped to what all pages of the profile share. Width and
            height stay where they are the same on every page of it.
        of_page: For each page, in order, the index of its profile.
        sizes: The distinct widths and heights of the pages whose profile does not tell theirs.
        size_of_page: For each page the index of its size; None where its profile tells it, or nobody.
    """

    common: tuple[PageDescription, ...]
    of_page: tuple[int, ...]
    sizes: tuple[tuple[int, int], ...] = ()
    size_of_page: tuple[int | None, ...] = ()


def capture_profiles(pages: Sequence[PageDescription]) -> CaptureProfiles:
    """Find the distinct profiles of some pages, in the order of their first page."""
    index_of: dict[bytes, int] = {}
    common: list[PageDescription] = []
    of_page: list[int] = []
    for page in pages:
        shared = _shared_part(page)
        key = canonical_json([shared.technical, shared.device, shared.options])
        index = index_of.setdefault(key, len(common))
        if index == len(common):
            common.append(_with_dimensions(shared, page))
        elif any(
            common[index].technical.get(name) != page.technical.get(name) for name in ("width", "height")
        ):
            common[index] = shared
        of_page.append(index)
    number_of: dict[tuple[int, int], int] = {}
    size_of_page = [
        number_of.setdefault(size, len(number_of)) if size else None
        for size in (_untold_size(page, common[index]) for page, index in zip(pages, of_page, strict=True))
    ]
    return CaptureProfiles(tuple(common), tuple(of_page), tuple(number_of), tuple(size_of_page))


def _untold_size(page: PageDescription, common: PageDescription) -> tuple[int, int] | None:
    width, height = page.technical.get("width"), page.technical.get("height")
    if "width" in common.technical or not isinstance(width, int) or not isinstance(height, int):
        return None
    return (width, height) if width > 0 < height else None


def _shared_part(page: PageDescription) -> PageDescription:
    technical = {name: page.technical[name] for name in _SHARED_FACTS if name in page.technical}
    options = {name: value for name, value in page.options.items() if name == "source"}
    return dataclasses.replace(
        page,
        number=0,
        label="",
        files=(),
        technical=technical,
        captured_at=None,
        options=options,
        pixel_sha256="",
    )


def _with_dimensions(shared: PageDescription, page: PageDescription) -> PageDescription:
    dimensions = {name: page.technical[name] for name in ("width", "height") if name in page.technical}
    return dataclasses.replace(shared, technical={**shared.technical, **dimensions})
