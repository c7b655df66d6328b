# SPDX-License-Identifier: Apache-2.0
"""A driver with quirks, made to look like one that has none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from hardware.driver import Driver, PageAddress
from hardware.errors import BadOption, DoubleFeed, Jam, ScannerError
from hardware.frames import FrameParameters
from hardware.options import OneOf, OptionDescriptor, SetResult, Value
from hardware.originals import RendersFiles, SourceFile
from hardware.quirks import Quirks
from hardware.scanner import DeviceInfo
from hardware.sensors import DOUBLE_FEED
from hardware.sources import is_feeder


class AdaptedDriver:
    """A driver under standard names of options and values; its own names are understood as well.

    Args:
        driver: The driver as it is.
        quirks: What is odd about it.
    """

    def __init__(self, driver: Driver, quirks: Quirks) -> None:
        self._driver = driver
        self._quirks = quirks
        self._last_frame = True
        self._page_ended = False

    @property
    def own(self) -> Driver:
        """The driver as it is."""
        return self._driver

    @property
    def quirks(self) -> Quirks:
        """What is odd about it."""
        return self._quirks

    @property
    def info(self) -> DeviceInfo:
        """The device that is open."""
        return self._driver.info

    @property
    def feeds(self) -> bool:
        """Whether the source chosen now is a feeder that holds more than one page."""
        source = next((each for each in self.descriptors() if each.name == "source"), None)
        if source is None or not source.readable:
            return self._driver.feeds and not self._quirks.one_page("")
        chosen = str(self.get("source"))
        if self._quirks.one_page(chosen) or self._quirks.one_page(str(self._own_value(source, chosen))):
            return False
        # a driver looks for an option named source; where that has another name, it knows nothing
        knows = self._own_name("source") == "source"
        return is_feeder(chosen) or (knows and self._driver.feeds)

    # Names

    def _names(self) -> dict[str, str]:
        """The driver's names of options that have another standard name, unless the driver has that too."""
        own = {option.name for option in self._driver.descriptors()}
        names: dict[str, str] = {}
        for name, standard in self._quirks.options.items():
            if name in own and standard not in own and standard not in names.values():
                names[name] = standard
        return names

    def standard_name(self, name: str) -> str:
        """The standard name of an option that may be called by the driver's name."""
        return self._names().get(name, name)

    def _own_name(self, name: str) -> str:
        return next((own for own, standard in self._names().items() if standard == name), name)

    def _words(self, option: OptionDescriptor) -> dict[str, str]:
        """The driver's values of an option that have standard ones: each standard value once."""
        words: dict[str, str] = {}
        if isinstance(option.constraint, OneOf):
            listed = option.constraint.values
            for own, standard in self._quirks.values.get(option.name, {}).items():
                if own in listed and standard not in listed and standard not in words.values():
                    words[own] = standard
        return words

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        """All options, as they stand now, under standard names and with standard values."""
        names = self._names()
        renamed = (
            replace(option, name=names.get(option.name, option.name)) for option in self._driver.descriptors()
        )
        return tuple(self._translated(option) for option in renamed)

    def _renamed(self, name: str) -> OptionDescriptor | None:
        """The option of a standard name, with the driver's own values."""
        own = self._own_name(name)
        found = [option for option in self._driver.descriptors() if option.name == own and own]
        option = next((each for each in found if each.active), found[0] if found else None)
        return replace(option, name=name) if option else None

    def _translated(self, option: OptionDescriptor) -> OptionDescriptor:
        words = self._words(option)
        if not words or not isinstance(option.constraint, OneOf):
            return option
        values = tuple(words.get(str(value), value) for value in option.constraint.values)
        longest = max(len(str(value).encode()) for value in values)
        return replace(option, constraint=OneOf(values), size=max(option.size, longest + 1))

    def standard(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Settings under standard names and with standard values, from either.

        Raises:
            BadOption: One option is named twice, by its standard name and by the driver's.
        """
        settings: dict[str, Value] = {}
        for name, value in values.items():
            standard = self.standard_name(name)
            if standard in settings:
                raise BadOption(
                    f"Options {standard!r} and {self._own_name(standard)!r} are one.", option=standard
                )
            settings[standard] = self._standard_value(standard, value)
        return settings

    def latest(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Settings that were made one after the other, under standard names: of two names the later counts."""
        return {
            self.standard_name(name): self._standard_value(self.standard_name(name), value)
            for name, value in values.items()
        }

    def _standard_value(self, name: str, value: Value) -> Value:
        option = self._renamed(name)
        return self._words(option).get(value, value) if option and isinstance(value, str) else value

    def _own_value(self, option: OptionDescriptor | None, value: Value) -> Value:
        raw = self._renamed(option.name) if option else None
        words = self._words(raw) if raw else {}
        return next((own for own, standard in words.items() if standard == value), value)

    # Values

    def get(self, name: str) -> Value:
        """The value of one option."""
        standard = self.standard_name(name)
        return self._standard_value(standard, self._driver.get(self._own_name(standard)))

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option."""
        standard = self.standard_name(name)
        own = self._own_value(self._renamed(standard), value)
        result = self._driver.set(self._own_name(standard), own)
        return replace(result, actual=self._standard_value(standard, result.actual))

    # Scanning

    def load(self, pages: int | None) -> None:
        """Be told, before the first page, how many pages are wanted."""
        self._driver.load(pages)

    def start(self, page: PageAddress) -> None:
        """Start the next frame; after a page, a driver that needs it is cancelled first."""
        if self._page_ended and self._quirks.cancel_between_pages:
            self._driver.cancel()
        self._page_ended = False
        with self._double_feeds_told():
            self._driver.start(page)

    def parameters(self) -> FrameParameters:
        """The frame that was started."""
        frame = self._driver.parameters()
        self._last_frame = frame.last_frame
        return frame

    def read(self, size: int) -> bytes | memoryview | None:
        """At most `size` bytes of the frame."""
        with self._double_feeds_told():
            block = self._driver.read(size)
        if block is None:
            self._page_ended = self._last_frame
        return block

    def original(self) -> SourceFile | None:
        """The file behind the page that was started, if it is to be kept."""
        return self._driver.original() if isinstance(self._driver, RendersFiles) else None

    @contextmanager
    def _double_feeds_told(self) -> Iterator[None]:
        try:
            yield
        except Jam as error:
            if not self._double_fed():
                raise
            facts = {**error.facts, "reported_as": error.code}
            raise DoubleFeed(f"{self.info.id} took in more than one sheet at once.", **facts) from error

    def _double_fed(self) -> bool:
        """Whether the device, having reported a jam, says that it is a double feed: SANE has no status for that."""
        option = self._renamed(DOUBLE_FEED)
        if option is None or option.settable or not option.readable:
            return False
        # no option can be asked for while a scan runs
        self._driver.cancel()
        try:
            return bool(self._driver.get(self._own_name(DOUBLE_FEED)))
        except ScannerError:
            return False

    def cancel(self) -> None:
        """Stop the frame that runs, or the batch."""
        self._page_ended = False
        self._driver.cancel()

    def close(self) -> None:
        """Let the device go."""
        self._driver.close()
