# SPDX-License-Identifier: Apache-2.0
"""The discipline of a driver's handle: what SANE drivers refuse to callers who do not keep their rules."""

from __future__ import annotations

from hardware.errors import BadOption
from hardware.options import OptionDescriptor, OptionTarget, SetResult, Value


class Handle:
    """Options that are refused to whoever asks with stale descriptors, or while a page is being scanned.

    After an option that reloads the others, SANE drivers answer INVAL to every option whose descriptor
    was not fetched anew; and from `sane_start` to `sane_cancel` they answer it to every option.

    Args:
        options: The options of the device.
    """

    def __init__(self, options: OptionTarget) -> None:
        self._options = options
        self._stale = False
        self._scanning = False

    def descriptors(self) -> tuple[OptionDescriptor, ...]:
        """All options, as they stand now; with them the caller knows them anew."""
        self._stale = False
        return self._options.descriptors()

    def get(self, name: str) -> Value:
        """The value of one option.

        Raises:
            BadOption: It is asked for at the wrong time, there is no such option, or it cannot be read now.
        """
        self._refuse(name)
        return self._options.get(name)

    def set(self, name: str, value: Value) -> SetResult:
        """Set one option.

        Raises:
            BadOption: It is set at the wrong time, there is no such option, or it cannot be set to this.
        """
        self._refuse(name)
        result = self._options.set(name, value)
        self._stale = result.reload_options
        return result

    def _refuse(self, name: str) -> None:
        if self._scanning:
            raise BadOption(f"Option {name!r} cannot be used while a page is scanned.", option=name)
        if self._stale:
            raise BadOption(
                f"Option {name!r} was asked for by a descriptor that has been reloaded since.",
                option=name,
                stale=True,
            )

    def begin_scan(self) -> None:
        """From now on no option may be used."""
        self._scanning = True

    def end_scan(self) -> None:
        """From now on options may be used again."""
        self._scanning = False
