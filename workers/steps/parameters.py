# SPDX-License-Identifier: Apache-2.0
"""Parameters of steps: their names, their types, and what their values may be."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Never, Protocol

Kind = Literal["text", "whole", "number", "flag", "texts"]

KIND_NAMES: dict[Kind, str] = {
    "text": "a text",
    "whole": "a whole number",
    "number": "a number",
    "flag": "true or false",
    "texts": "a list of texts",
}
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class ParameterRefused(ValueError):
    """A value is none that the parameter can have; the message is a whole sentence."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a pipeline may set for a step.

    Attributes:
        name: As it is written in a pipeline.
        kind: Its type.
        description: What it changes, with the unit of measure.
        least: The lowest number; `most` the highest.
        choices: The texts that it, or each of its list, may be; any where empty.
        problem: What else is wrong with a value, as a whole sentence; "" for nothing.
        may_be_none: Whether nothing is a value too, written as `~`.
    """

    name: str
    kind: Kind
    description: str
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    problem: Callable[[Any], str] | None = None
    may_be_none: bool = False

    def read(self, value: Any, *, loose: bool = False) -> Any:
        """The value as the step gets it.

        Args:
            value: A JSON value.
            loose: Whether a text's type is open, as that of a plain YAML scalar.

        Raises:
            ParameterRefused: The parameter cannot have this value.
        """
        if value is None and self.may_be_none:
            return None
        try:
            read = _READERS[self.kind](value, loose=loose)
        except (TypeError, ValueError):
            raise ParameterRefused(f"{self.name} is {KIND_NAMES[self.kind]}, not {value!r}.") from None
        self._require_bounds(read)
        told = self.problem(read) if self.problem else ""
        if told:
            raise ParameterRefused(told)
        return read

    def _require_bounds(self, value: Any) -> None:
        if isinstance(value, int | float) and not isinstance(value, bool):
            if self.least is not None and value < self.least:
                raise ParameterRefused(f"{self.name} is {value}; {self.least:g} is the least.")
            if self.most is not None and value > self.most:
                raise ParameterRefused(f"{self.name} is {value}; {self.most:g} is the most.")
        if not self.choices:
            return
        for text in value if isinstance(value, list) else [value]:
            if text not in self.choices:
                raise ParameterRefused(
                    f"{self.name} cannot be {text!r}; it may be {', '.join(self.choices)}."
                )


class _Reader(Protocol):
    def __call__(self, value: Any, *, loose: bool) -> Any: ...


def _text(value: Any, *, loose: bool) -> str:
    del loose
    text = value.strip() if isinstance(value, str) else ""
    return text or _refuse()


def _whole(value: Any, *, loose: bool) -> int:
    if isinstance(value, str) and loose:
        return int(value) if value.isascii() else _refuse()
    return value if isinstance(value, int) and not isinstance(value, bool) else _refuse()


def _number(value: Any, *, loose: bool) -> float:
    if isinstance(value, str) and loose and value.isascii():
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        _refuse()
    return int(value) if value == int(value) else float(value)


def _flag(value: Any, *, loose: bool) -> bool:
    if isinstance(value, str) and loose and value.casefold() in _FLAGS:
        return _FLAGS[value.casefold()]
    return value if isinstance(value, bool) else _refuse()


def _texts(value: Any, *, loose: bool) -> list[str]:
    # a list of one need not be written as one
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not values:
        _refuse()
    return list(dict.fromkeys(_text(each, loose=loose) for each in values))


def _refuse() -> Never:
    raise TypeError


_READERS: dict[Kind, _Reader] = {
    "text": _text,
    "whole": _whole,
    "number": _number,
    "flag": _flag,
    "texts": _texts,
}
