# SPDX-License-Identifier: Apache-2.0
"""What the manifest demands of a page's pixels, and the refusal of a scanner that has, or delivers, something else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from archive.imaging.color_profiles import color_profile
from hardware.options import OneOf, OptionDescriptor, Value
from hardware.scanner import PageFile, ScanSession
from workers.errors import CaptureRefused

DPI_TOLERANCE = 0.01
"""Share by which the scanner's resolution may differ from the manifest's (FADGI four stars: one per cent)."""

_RESOLUTIONS = ("resolution", "x-resolution", "y-resolution")

BILEVEL, GRAY, COLOUR = "bilevel", "gray", "colour"

# the standard's words (SANE 1.06, section 4.5.2) stand first: they are taken where a device has several
_MODES = {
    BILEVEL: ("lineart", "black & white", "binary"),
    GRAY: ("gray", "grey", "grayscale", "greyscale", "true gray"),
    COLOUR: ("color", "colour", "24bit color"),
}

_DITHERED = re.compile(r"halftone|dither|diffusion", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Requirements:
    """What each page of an item must be.

    Attributes:
        dpi: Resolution, in both directions.
        kind: "bilevel", "gray" or "colour", by the manifest's colour profile.
        depth: Bits a sample, where the settings demand a depth.
        mode: The device's mode that the settings demand, if they do.
    """

    dpi: int
    kind: str
    depth: int | None = None
    mode: str | None = None

    @classmethod
    def of(cls, manifest: Mapping[str, Any], settings: Mapping[str, Any]) -> Self:
        """The requirements of an item.

        Args:
            manifest: The batch's part of the manifest.
            settings: The item's scanner settings, with those of the batch.
        """
        depth, mode = settings.get("depth"), settings.get("mode")
        profile = color_profile(manifest["color_profile"])
        return cls(
            manifest["resolution_dpi"],
            _kind(profile.samples_per_pixel, bilevel=profile.bilevel),
            int(str(depth)) if str(depth).isdecimal() else None,
            str(mode) if mode is not None else None,
        )

    def mode_to_choose(self, options: Iterable[OptionDescriptor]) -> dict[str, Value]:
        """The device's mode of the kind that the manifest demands, where its settings name none.

        Returns:
            Settings of `mode`, and of `depth` where a device has bilevel pages as gray ones of one
            bit; none when the device has no such choice.
        """
        by_name = {option.name: option for option in options if option.active and option.settable}
        if self.mode is not None or "mode" not in by_name:
            return {}
        found = _mode(by_name["mode"], self.kind)
        if (
            found is None
            and self.kind == BILEVEL
            and self.depth is None
            and 1 in _words(by_name.get("depth"))
        ):
            gray = _mode(by_name["mode"], GRAY)
            return {"mode": gray, "depth": 1} if gray else {}
        return {"mode": found} if found else {}

    def refuse_device(self, actual: Mapping[str, Value], modes: Collection[object] = ()) -> None:
        """Refuse to scan with settings that the device has made into something else.

        Args:
            actual: The values that the device has now, by option.
            modes: The modes that the device names; one that is demanded by another name was translated.

        Raises:
            CaptureRefused: Resolution, depth or mode are not those that are demanded.
        """
        problems = [
            f"{name} {_number(actual[name]):g}" for name in _RESOLUTIONS if self._is_off(actual.get(name))
        ]
        depth, mode = actual.get("depth"), actual.get("mode")
        if self.depth is not None and depth is not None and _number(depth) != self.depth:
            problems.append(f"depth {_number(depth):g}")
        if mode is not None and _is_other_mode(str(mode), self, modes):
            problems.append(f"mode {mode}")
        if problems:
            raise CaptureRefused(
                f"The manifest demands {self}; the scanner would give {', '.join(problems)}.",
                demanded=self.to_json(),
                actual={name: actual.get(name) for name in (*_RESOLUTIONS, "depth", "mode")},
            )

    def refuse_page(self, page: PageFile) -> None:
        """Refuse a page whose pixels are not what is demanded, whatever the device had announced.

        Raises:
            CaptureRefused: Resolution, kind or depth are not those that are demanded.
        """
        kind = _kind(page.samples_per_pixel, bilevel=page.bits_per_sample == 1)
        # a device that does not tell its resolution gives 0: nobody could say that it is the one demanded
        dpi_off = any(self._is_off(dpi) for dpi in page.dpi)
        depth_off = self.depth is not None and page.bits_per_sample != _bits_delivered(self.depth, kind)
        if kind == self.kind and not dpi_off and not depth_off:
            return
        delivered = f"{kind}, {page.bits_per_sample} bit, {page.dpi[0]:g} x {page.dpi[1]:g} dpi"
        raise CaptureRefused(
            f"The manifest demands {self}; page {page.number} was delivered as {delivered}.",
            remedy=(
                "Choose another scanner or correct the manifest's resolution, colour profile or settings. "
                f"Then put the sheet of page {page.number} back before the rest, and: recto batch retry."
            ),
            demanded=self.to_json(),
            page=page.number,
            options=page.options,
        )

    def _is_off(self, dpi: Value) -> bool:
        return dpi is not None and abs(_number(dpi) - self.dpi) > self.dpi * DPI_TOLERANCE

    def to_json(self) -> dict[str, Any]:
        """The requirements as a JSON object."""
        return {"dpi": self.dpi, "kind": self.kind, "depth": self.depth, "mode": self.mode}

    def __str__(self) -> str:
        parts = [f"{self.dpi} dpi", self.kind]
        parts += [f"{self.depth} bit"] if self.depth is not None else []
        parts += [f"mode {self.mode}"] if self.mode is not None else []
        return ", ".join(parts)


def set_up(session: ScanSession, settings: Mapping[str, Value], demanded: Requirements) -> None:
    """Set a device as the manifest wants it, and refuse it when it cannot be so.

    Args:
        session: The open device.
        settings: The settings of the item, its resolution among them.
        demanded: What the manifest demands; where the settings leave the mode open, it is chosen by that.

    Raises:
        CaptureRefused: The device has made something else of the settings.
        ScannerError: The device refuses a setting.
    """
    session.apply(settings)
    chosen = demanded.mode_to_choose(session.options())
    if chosen:
        session.apply({**settings, **chosen})
    options = {option.name: option for option in session.options() if option.readable}
    actual = {name: session.get(name) for name in (*_RESOLUTIONS, "depth", "mode") if name in options}
    demanded.refuse_device(actual, _words(options.get("mode")))


def _number(value: Value) -> float:
    return float(value) if isinstance(value, (int, float, str)) else 0.0


def _words(option: OptionDescriptor | None) -> tuple[int | float | str, ...]:
    return option.constraint.values if option and isinstance(option.constraint, OneOf) else ()


def _mode(option: OptionDescriptor, kind: str) -> str | None:
    words = {str(word).casefold(): str(word) for word in reversed(_words(option))}
    return next((words[name] for name in _MODES[kind] if name in words), None)


def _is_other_mode(mode: str, wanted: Requirements, modes: Collection[object]) -> bool:
    """Whether a mode is certainly not what is demanded; of modes with strange names the page will tell."""
    if wanted.mode in modes and mode != wanted.mode:
        return True
    known = next((kind for kind, names in _MODES.items() if mode.casefold() in names), None)
    # gray of one bit is how some devices say bilevel
    bilevel_as_gray = known == GRAY and wanted.kind == BILEVEL
    dithered = wanted.mode is None and _DITHERED.search(mode) is not None
    return dithered or (known not in {None, wanted.kind} and not bilevel_as_gray)


def _bits_delivered(depth: int, kind: str) -> int:
    """Bits of the samples of a page: SANE's frames have 1, 8 and 16 (section 4.3.8), colour at least 8 here."""
    if depth == 1:
        return 8 if kind == COLOUR else 1
    return 8 if depth <= 8 else 16  # noqa: PLR2004  # 12 bits come as 16


def _kind(samples_per_pixel: int, *, bilevel: bool) -> str:
    if samples_per_pixel > 1:
        return COLOUR
    return BILEVEL if bilevel else GRAY
